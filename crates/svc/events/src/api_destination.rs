//! API destinations: endpoints that events go to as requests.
//!
//! What is sent is in [`request`], when in [`turn`].
//!
//! Source: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html>

pub(crate) mod request;
pub(crate) mod turn;

use std::sync::Arc;

use alcazar_api_events::types::{ApiDestinationHttpMethod, ApiDestinationState};
use alcazar_base::{AccountId, Arn, Region, Timestamp};
use alcazar_crypto::Keyring;
use alcazar_engine::port::outbound::HttpUrl;
use alcazar_engine::port::store::NameRange;
use alcazar_engine::{Check, Cx, Name, NameBuilder, Reads, Result};
use alcazar_shape::ApiError;
use minicbor::{Decode, Encode};

use crate::connection::{self, State};
use crate::{error, quota};

const TABLE: &str = "events.api-destination";

/// How many API destinations of an account in a region are read: more than there may be, unless an operator allows it.
const DESTINATIONS_READ: usize = 10_000;

/// How many requests a second a destination takes, unless it says otherwise.
const RATE_DEFAULT: u32 = 300;

/// The type of an API destination in audit events.
const TYPE: &str = "AWS::Events::ApiDestination";

/// An API destination.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct ApiDestination {
    /// The account that it is in.
    #[n(0)]
    pub account: AccountId,
    /// The region.
    #[n(1)]
    pub region: Region,
    /// Its name.
    #[n(2)]
    pub name: String,
    /// Its unique id.
    #[n(3)]
    pub id: String,
    /// What it is for.
    #[n(4)]
    pub description: Option<String>,
    /// The ARN of its connection.
    #[n(5)]
    pub connection_arn: String,
    /// Where requests go.
    #[n(6)]
    pub endpoint: String,
    /// Their method.
    #[n(7)]
    pub method: String,
    /// How many go there in a second.
    #[n(8)]
    pub rate: Option<u32>,
    /// When it was made.
    #[n(9)]
    pub created: Timestamp,
    /// When it was last changed.
    #[n(10)]
    pub modified: Timestamp,
}

impl ApiDestination {
    /// Its ARN.
    #[must_use]
    pub(crate) fn arn(&self) -> String {
        format!("{}/{}", arn_of(self.account, &self.region, &self.name), self.id)
    }

    /// How many requests go there in a second.
    #[must_use]
    pub(crate) fn rate(&self) -> u32 {
        self.rate.unwrap_or(RATE_DEFAULT)
    }

    /// The same as it is told.
    #[must_use]
    pub(crate) fn shown_rate(&self) -> Option<i32> {
        i32::try_from(self.rate()).ok()
    }

    /// The method as it is told.
    #[must_use]
    pub(crate) fn shown_method(&self) -> Option<ApiDestinationHttpMethod> {
        self.method.parse().ok()
    }

    /// Whether requests go there: as long as the connection is authorized.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn state(&self, reads: &mut Reads<'_>) -> Result<ApiDestinationState> {
        let connection = connection::find_by_arn(reads, &self.connection_arn).await?;
        let is_authorized = connection.is_some_and(|connection| connection.state == State::Authorized);
        Ok(if is_authorized { ApiDestinationState::Active } else { ApiDestinationState::Inactive })
    }
}

fn arn_of(account: AccountId, region: &Region, name: &str) -> String {
    format!("arn:{}:events:{region}:{account}:api-destination/{name}", region.partition().as_str())
}

fn in_region(account: AccountId, region: &Region) -> NameBuilder {
    Name::table(TABLE).part(account.as_str()).part(region.as_str())
}

fn record_name(keyring: &Keyring, account: AccountId, region: &Region, name: &str) -> Name {
    in_region(account, region).blind(keyring, name).name()
}

fn range(account: AccountId, region: &Region) -> NameRange {
    in_region(account, region).range()
}

async fn find(
    reads: &mut Reads<'_>,
    account: AccountId,
    region: &Region,
    name: &str,
) -> Result<Option<Arc<ApiDestination>>> {
    let name = record_name(&reads.keyring(), account, region, name);
    reads.get(&name).await
}

/// The API destination of an ARN, if it is there.
///
/// # Errors
/// The store failed.
pub(crate) async fn find_by_arn(reads: &mut Reads<'_>, text: &str) -> Result<Option<Arc<ApiDestination>>> {
    let place = |arn: Arn| {
        let name = arn.resource.strip_prefix("api-destination/")?.split('/').next()?.to_owned();
        Some((arn.account.parse().ok()?, arn.region.parse().ok()?, name))
    };
    let place: Option<(AccountId, Region, String)> = text.parse().ok().and_then(place);
    let Some((account, region, name)) = place else { return Ok(None) };
    let found = find(reads, account, &region, &name).await?;
    Ok(found.filter(|destination| destination.arn() == text))
}

/// The caller's API destinations in the region, in the order of their names.
///
/// # Errors
/// The store failed.
pub(crate) async fn all(reads: &mut Reads<'_>) -> Result<Vec<Arc<ApiDestination>>> {
    let range = range(reads.account(), reads.region());
    let found = reads.scan::<ApiDestination>(&range, DESTINATIONS_READ).await?;
    let mut destinations: Vec<_> = found.into_iter().map(|(_, destination)| destination).collect();
    destinations.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(destinations)
}

/// Stores an API destination.
///
/// # Errors
/// The record cannot be sealed.
pub(crate) fn put(cx: &mut Cx<'_>, destination: ApiDestination) -> Result<()> {
    let name = record_name(&cx.keyring(), destination.account, &destination.region, &destination.name);
    cx.put(name, destination)
}

/// Stores a new API destination.
///
/// # Errors
/// There are as many as there may be, or the record cannot be sealed.
pub(crate) async fn put_new(cx: &mut Cx<'_>, destination: ApiDestination) -> Result<()> {
    let ApiDestination { account, region, name, .. } = &destination;
    let name = record_name(&cx.keyring(), *account, region, name);
    if let Some(most) = cx.quota(&quota::API_DESTINATIONS) {
        let room = cx.room_for(&name, &range(*account, region), most).await?;
        room.map_err(|_| error::limit_exceeded())?;
    }
    cx.put(name, destination)
}

/// Deletes an API destination.
///
/// # Errors
/// The transaction is too large.
pub(crate) fn delete(cx: &mut Cx<'_>, destination: &ApiDestination) -> Result<()> {
    let name = record_name(&cx.keyring(), destination.account, &destination.region, &destination.name);
    cx.delete(name)
}

/// Passes if requests can go to an endpoint.
///
/// # Errors
/// It is none of HTTPS.
pub(crate) fn check_endpoint(endpoint: &str) -> Result<(), ApiError> {
    let url = HttpUrl::parse(endpoint).filter(|url| url.tls && url.user_info.is_none());
    url.map(|_| ()).ok_or_else(|| error::connection::invalid_endpoint("InvocationEndpoint"))
}

/// The rate that a request gives.
///
/// # Errors
/// It is more than there may be.
pub(crate) fn read_rate(reads: &Reads<'_>, given: Option<i32>) -> Result<Option<u32>, ApiError> {
    let rate = given.and_then(|rate| u32::try_from(rate).ok());
    let most = reads.quota(&quota::API_DESTINATION_RATE);
    if most.zip(rate).is_some_and(|(most, rate)| u64::from(rate) > most) {
        return Err(error::limit_exceeded());
    }
    Ok(rate)
}

/// An API destination that a request names, as far as it is there.
pub struct NamedApiDestination {
    account: AccountId,
    region: Region,
    name: String,
    pub(crate) found: Option<Arc<ApiDestination>>,
}

impl NamedApiDestination {
    /// Finds an API destination of the caller's own.
    pub(crate) async fn find(reads: &mut Reads<'_>, name: &str) -> Result<Self> {
        let (account, region) = (reads.account(), reads.region().clone());
        let found = find(reads, account, &region, name).await?;
        Ok(Self { account, region, name: name.to_owned(), found })
    }

    /// The API destination.
    ///
    /// # Errors
    /// There is none.
    pub(crate) fn destination(&self) -> Result<&Arc<ApiDestination>> {
        Ok(self.found.as_ref().ok_or_else(|| error::connection::destination_not_found(&self.name))?)
    }

    /// The question whether the caller may do `action` on it.
    pub(crate) fn check(&self, action: &'static str) -> Check {
        Check::new(action, arn_of(self.account, &self.region, &self.name), TYPE, self.account)
    }
}

/// The question whether a role may send requests to it.
#[must_use]
pub(crate) fn invocation(destination: &ApiDestination) -> Check {
    Check::new("events:InvokeApiDestination", destination.arn(), TYPE, destination.account)
}
