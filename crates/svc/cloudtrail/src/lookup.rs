//! Looking events up: what a request asks for, its pages, and how events are told.
//!
//! A page's token is where the page ended, sealed and bound to what was asked for: nobody reads it, and nobody goes on
//! with another question.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html>

use std::time::Duration;

use alcazar_api_cloudtrail::operation::LookupEventsRequest;
use alcazar_api_cloudtrail::types::{self, LookupAttributeKey};
use alcazar_base::{AccountId, Timestamp};
use alcazar_crypto::Domain;
use alcazar_engine::audit::find::EventLookup;
use alcazar_engine::audit::render::to_cloudtrail;
use alcazar_engine::audit::{Attribute, AuditEvent};
use alcazar_engine::{Reads, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::error;

/// How long events are found, in milliseconds.
const KEPT_MILLIS: i64 = 90 * 24 * 60 * 60 * 1000;

/// How many events a page has at most, and unless the caller says otherwise.
const PAGE_MAX: usize = 50;

/// The longest token that is looked at, in characters.
const TOKEN_LENGTH_MAX: usize = 1024;

/// What is asked for.
#[derive(Debug)]
pub(crate) struct Asked {
    /// Which events.
    pub(crate) lookup: EventLookup,
    /// How many.
    pub(crate) limit: usize,
    /// What a token of it is bound to.
    bound: Vec<u8>,
}

impl Asked {
    /// Reads a request.
    ///
    /// # Errors
    /// It has more than one attribute, or ends before it begins.
    pub(crate) fn read(reads: &Reads<'_>, input: &LookupEventsRequest) -> Result<Self> {
        let (account, region, now) = (reads.account(), reads.region().clone(), reads.now());
        let attributes = input.lookup_attributes.as_ref().map(|list| list.0.as_slice()).unwrap_or_default();
        let attribute = match attributes {
            [] => None,
            [one] => Some(read_attribute(one)?),
            _ => return Err(error::lookup_attributes().into()),
        };
        if input.start_time.zip(input.end_time).is_some_and(|(start, end)| start > end) {
            return Err(error::time_range().into());
        }
        let oldest = Timestamp::from_millis(now.as_millis().saturating_sub(KEPT_MILLIS));
        let lookup = EventLookup {
            account,
            region,
            attribute,
            from: input.start_time.map_or(oldest, |start| second_of(start).max(oldest)),
            to: input.end_time.map_or(now, |end| second_of(end) + Duration::from_millis(999)),
        };
        let bound = format!(
            "cloudtrail.lookup\0{account}\0{}\0{:?}\0{:?}\0{:?}\0{:?}",
            lookup.region, lookup.attribute, input.start_time, input.end_time, input.event_category,
        );
        let most = input.max_results.and_then(|most| usize::try_from(most).ok()).unwrap_or(PAGE_MAX);
        Ok(Self { lookup, limit: most.clamp(1, PAGE_MAX), bound: bound.into_bytes() })
    }

    /// The token of a page that ended at this place.
    ///
    /// # Errors
    /// Randomness failed.
    pub(crate) fn token(&self, reads: &Reads<'_>, place: u64) -> Result<String> {
        let sealed = reads.keyring().seal(Domain::Token, reads.entropy(), &self.bound, &place.to_be_bytes());
        Ok(STANDARD.encode(sealed?))
    }

    /// The place of a token.
    ///
    /// # Errors
    /// No page of this lookup ended with it.
    pub(crate) fn place(&self, reads: &Reads<'_>, token: &str) -> Result<u64> {
        let invalid = error::next_token;
        if token.len() > TOKEN_LENGTH_MAX {
            return Err(invalid().into());
        }
        let sealed = STANDARD.decode(token).map_err(|_| invalid())?;
        let opened = reads.keyring().open(Domain::Token, &self.bound, &sealed).map_err(|_| invalid())?;
        let place: [u8; 8] = opened.expose().try_into().map_err(|_| invalid())?;
        Ok(u64::from_be_bytes(place))
    }
}

/// The second in which something happened: events tell no more.
fn second_of(time: Timestamp) -> Timestamp {
    Timestamp::from_secs(time.as_millis().div_euclid(1000))
}

fn read_attribute(given: &types::LookupAttribute) -> Result<(Attribute, String)> {
    let (key, value) = (given.attribute_key, &given.attribute_value);
    if key == LookupAttributeKey::ReadOnly && !matches!(value.as_str(), "true" | "false") {
        return Err(error::lookup_value(key.as_str(), value).into());
    }
    Ok((attribute(key), value.clone()))
}

fn attribute(key: LookupAttributeKey) -> Attribute {
    match key {
        LookupAttributeKey::EventId => Attribute::EventId,
        LookupAttributeKey::EventName => Attribute::EventName,
        LookupAttributeKey::ReadOnly => Attribute::ReadOnly,
        LookupAttributeKey::Username => Attribute::Username,
        LookupAttributeKey::ResourceType => Attribute::ResourceType,
        LookupAttributeKey::ResourceName => Attribute::ResourceName,
        LookupAttributeKey::EventSource => Attribute::EventSource,
        LookupAttributeKey::AccessKeyId => Attribute::AccessKeyId,
    }
}

/// An event as the account sees it.
#[must_use]
pub(crate) fn shown(event: &AuditEvent, account: AccountId) -> types::Event {
    let resources: Vec<types::Resource> = event
        .named_resources()
        .map(|(kind, name)| types::Resource {
            resource_type: Some(kind.to_owned()),
            resource_name: Some(name.to_owned()),
        })
        .collect();
    types::Event {
        event_id: Some(event.id_for(account).into_owned()),
        event_name: Some(event.event_name.clone()),
        read_only: Some(event.read_only.to_string()),
        access_key_id: event.access_key_id.clone().filter(|key| !key.is_empty()),
        event_time: Some(second_of(event.time)),
        event_source: Some(event.event_source.clone()),
        username: event.username().map(str::to_owned),
        resources: Some(resources.into()),
        cloud_trail_event: Some(to_cloudtrail(event, account).to_string()),
    }
}
