//! Connections: how EventBridge proves to an endpoint who it is.
//!
//! What proves it is in the sealed records alone, as secret texts; nobody is told of it again. A connection by OAuth is
//! authorized when it got its first token ([`authorization`]).
//!
//! Source: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-target-connection.html>

pub(crate) mod authorization;
pub(crate) mod credentials;
pub(crate) mod parameter;

use std::sync::Arc;

use alcazar_api_events::types::{self, ConnectionState};
use alcazar_base::{AccountId, Arn, Region, Timestamp};
use alcazar_crypto::Keyring;
use alcazar_engine::port::store::NameRange;
use alcazar_engine::{Check, Cx, Name, NameBuilder, Reads, Result};
use alcazar_shape::ApiError;
use minicbor::{Decode, Encode};

use crate::{error, id, quota};
use credentials::{Credentials, Kind};
use parameter::Parameters;

const TABLE: &str = "events.connection";

/// How many connections of an account in a region are read: more than there may be, unless an operator allows it.
const CONNECTIONS_READ: usize = 10_000;

/// How long the random end of a secret's name is.
const SECRET_SUFFIX_CHARACTERS: usize = 6;

/// The type of a connection in audit events.
const TYPE: &str = "AWS::Events::Connection";

/// A connection.
#[derive(Debug, Clone, Encode, Decode)]
pub(crate) struct Connection {
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
    /// What the name of its secret ends with.
    #[n(5)]
    pub secret: String,
    /// The KMS key that was named for its secret.
    #[n(6)]
    pub kms_key: Option<String>,
    /// How it proves who calls.
    #[n(7)]
    pub kind: Kind,
    /// What with; nothing once it was deauthorized.
    #[n(8)]
    pub credentials: Option<Credentials>,
    /// What every request has beside.
    #[n(9)]
    pub parameters: Option<Parameters>,
    /// How it is.
    #[n(10)]
    pub state: State,
    /// Why it is so.
    #[n(11)]
    pub reason: Option<String>,
    /// When it was made.
    #[n(12)]
    pub created: Timestamp,
    /// When it was last changed.
    #[n(13)]
    pub modified: Timestamp,
    /// When it was last authorized.
    #[n(14)]
    pub authorized: Option<Timestamp>,
}

/// How a connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub(crate) enum State {
    /// It can be used.
    #[n(0)]
    Authorized,
    /// It waits for its first token.
    #[n(1)]
    Authorizing,
    /// It cannot be used.
    #[n(2)]
    Deauthorized,
}

impl From<State> for ConnectionState {
    fn from(state: State) -> Self {
        match state {
            State::Authorized => Self::Authorized,
            State::Authorizing => Self::Authorizing,
            State::Deauthorized => Self::Deauthorized,
        }
    }
}

impl Connection {
    /// Its ARN.
    #[must_use]
    pub(crate) fn arn(&self) -> String {
        format!("{}/{}", arn_of(self.account, &self.region, &self.name), self.id)
    }

    /// The ARN of the secret that stands for what it holds.
    #[must_use]
    pub(crate) fn secret_arn(&self) -> String {
        let Self { account, region, name, secret, .. } = self;
        let partition = region.partition().as_str();
        format!("arn:{partition}:secretsmanager:{region}:{account}:secret:events!connection/{name}/{secret}")
    }

    /// What is told of how it proves who calls.
    #[must_use]
    pub(crate) fn shown(&self) -> types::ConnectionAuthResponseParameters {
        let mut shown = types::ConnectionAuthResponseParameters {
            invocation_http_parameters: self.parameters.as_ref().map(Parameters::shown),
            ..types::ConnectionAuthResponseParameters::default()
        };
        if let Some(credentials) = &self.credentials {
            credentials.show(&mut shown);
        }
        shown
    }

    /// Takes new credentials and parameters, and asks for a token if they are for one.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) fn authorize(&mut self, cx: &mut Cx<'_>) -> Result<()> {
        authorization::forget(cx, self)?;
        self.reason = None;
        if self.kind == Kind::OAuth {
            self.state = State::Authorizing;
            return authorization::request(cx, self);
        }
        self.state = State::Authorized;
        self.authorized = Some(cx.now());
        Ok(())
    }
}

/// Passes if all goes by public endpoints. There are no resource configurations of VPC Lattice here.
///
/// # Errors
/// A resource configuration is named.
pub(crate) fn check_public(
    given: [&Option<types::ConnectivityResourceParameters>; 2],
) -> Result<(), ApiError> {
    let named =
        given.into_iter().flatten().map(|given| &given.resource_parameters.resource_configuration_arn);
    match named.into_iter().find(|arn| !arn.is_empty()) {
        Some(arn) => Err(error::connection::resource_configuration_not_found(arn)),
        None => Ok(()),
    }
}

/// What the name of a new connection's secret ends with.
///
/// # Errors
/// Randomness failed.
pub(crate) fn new_secret(cx: &Cx<'_>) -> Result<String> {
    let mut drawn = [0; SECRET_SUFFIX_CHARACTERS];
    cx.entropy().fill_public(&mut drawn)?;
    let suffix: String = drawn.iter().map(|byte| char::from(b'a' + byte % 26)).collect();
    Ok(format!("{}-{suffix}", id::new(cx)?))
}

fn arn_of(account: AccountId, region: &Region, name: &str) -> String {
    format!("arn:{}:events:{region}:{account}:connection/{name}", region.partition().as_str())
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

/// A connection, if it is there.
///
/// # Errors
/// The store failed.
pub(crate) async fn find(
    reads: &mut Reads<'_>,
    account: AccountId,
    region: &Region,
    name: &str,
) -> Result<Option<Arc<Connection>>> {
    let name = record_name(&reads.keyring(), account, region, name);
    reads.get(&name).await
}

/// The connection of an ARN, if it is there.
///
/// # Errors
/// The store failed.
pub(crate) async fn find_by_arn(reads: &mut Reads<'_>, text: &str) -> Result<Option<Arc<Connection>>> {
    let Some((account, region, name)) = place_of(text) else { return Ok(None) };
    let found = find(reads, account, &region, &name).await?;
    Ok(found.filter(|connection| connection.arn() == text))
}

/// Account, region and name of the connection of an ARN.
#[must_use]
pub(crate) fn place_of(text: &str) -> Option<(AccountId, Region, String)> {
    let arn: Arn = text.parse().ok().filter(|arn: &Arn| arn.service == "events")?;
    let name = arn.resource.strip_prefix("connection/")?.split('/').next()?.to_owned();
    Some((arn.account.parse().ok()?, arn.region.parse().ok()?, name))
}

/// The caller's connections in the region, in the order of their names.
///
/// # Errors
/// The store failed.
pub(crate) async fn all(reads: &mut Reads<'_>) -> Result<Vec<Arc<Connection>>> {
    let range = range(reads.account(), reads.region());
    let found = reads.scan::<Connection>(&range, CONNECTIONS_READ).await?;
    let mut connections: Vec<_> = found.into_iter().map(|(_, connection)| connection).collect();
    connections.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(connections)
}

/// Stores a connection.
///
/// # Errors
/// The record cannot be sealed.
pub(crate) fn put(cx: &mut Cx<'_>, connection: Connection) -> Result<()> {
    let name = record_name(&cx.keyring(), connection.account, &connection.region, &connection.name);
    cx.put(name, connection)
}

/// Stores a new connection.
///
/// # Errors
/// There are as many as there may be, or the record cannot be sealed.
pub(crate) async fn put_new(cx: &mut Cx<'_>, connection: Connection) -> Result<()> {
    let Connection { account, region, name, .. } = &connection;
    let name = record_name(&cx.keyring(), *account, region, name);
    if let Some(most) = cx.quota(&quota::CONNECTIONS) {
        let room = cx.room_for(&name, &range(*account, region), most).await?;
        room.map_err(|_| error::limit_exceeded())?;
    }
    cx.put(name, connection)
}

/// Deletes a connection with all that proves who calls.
///
/// # Errors
/// The transaction is too large.
pub(crate) fn delete(cx: &mut Cx<'_>, connection: &Connection) -> Result<()> {
    authorization::forget(cx, connection)?;
    cx.destroys()?;
    let name = record_name(&cx.keyring(), connection.account, &connection.region, &connection.name);
    cx.delete(name)
}

/// A connection that a request names, as far as it is there.
pub struct NamedConnection {
    account: AccountId,
    region: Region,
    name: String,
    pub(crate) found: Option<Arc<Connection>>,
}

impl NamedConnection {
    /// Finds a connection of the caller's own.
    pub(crate) async fn find(reads: &mut Reads<'_>, name: &str) -> Result<Self> {
        let (account, region) = (reads.account(), reads.region().clone());
        let found = find(reads, account, &region, name).await?;
        Ok(Self { account, region, name: name.to_owned(), found })
    }

    /// Finds the connection of an ARN; one of another account or region is not there.
    pub(crate) async fn of_arn(reads: &mut Reads<'_>, text: &str) -> Result<Self> {
        let own = (reads.account(), reads.region().clone());
        let Some((account, region, name)) = place_of(text) else {
            return Ok(Self { account: own.0, region: own.1, name: text.to_owned(), found: None });
        };
        let is_own = (account, &region) == (own.0, &own.1);
        let found = if is_own { find_by_arn(reads, text).await? } else { None };
        Ok(Self { account, region, name, found })
    }

    /// The connection.
    ///
    /// # Errors
    /// There is none.
    pub(crate) fn connection(&self) -> Result<&Arc<Connection>> {
        Ok(self.found.as_ref().ok_or_else(|| error::connection::not_found(&self.name))?)
    }

    /// The question whether the caller may do `action` on it.
    pub(crate) fn check(&self, action: &'static str) -> Check {
        let arn = arn_of(self.account, &self.region, &self.name);
        Check::new(action, arn, TYPE, self.account)
    }
}
