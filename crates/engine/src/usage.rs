//! What calls used: how often each resource was used in a month, and when last.
//!
//! An operation that was allowed says what it used ([`Cx::meter_use`] and its like). That goes into the audit event
//! of the call if the call succeeded, and nowhere else: so what a month's use was is a function of the audit log.
//! [`Meter`] computes it as the log grows, record by record, in memory; what it has so far is written to the store
//! every few seconds, in one transaction with the place in the log up to which it counts. After a crash the rest of
//! the log is counted again from that place. Nothing is lost thereby and nothing is counted twice, whenever the
//! process dies; and several nodes over one log agree, because whoever finds the place moved by another one forgets
//! what it had and goes on from there.
//!
//! Of every event with a caller it notes, beside that, when the [access key or role](LastCall) was used.
//!
//! [`Cx::meter_use`]: crate::Cx::meter_use

mod last_call;
mod meter;
#[cfg(test)]
mod tests;
mod writing;

use std::borrow::Cow;

use alcazar_base::{AccountId, Month, Timestamp};
use minicbor::{Decode, Encode};

use crate::audit::Resource;
use crate::error::{Error, Result};
use crate::name::Name;
use crate::port::store::NameRange;

pub use self::last_call::LastCall;
pub(crate) use self::meter::Meter;

const LAST: &str = "usage.last";
const MONTHS: &str = "usage.month";
const POSITION: &str = "usage.position";

/// A use, as it stands in an audit event. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Use {
    /// Which of the event's resources was used; none if the call was about no resource.
    #[n(0)]
    pub resource: Option<u32>,
    /// The price class that it counts in; none if it is not billed by itself.
    #[n(1)]
    pub class: Option<Cow<'static, str>>,
    /// Whether it counts as the resource's last use.
    #[n(2)]
    pub is_last_use: bool,
    /// How many requests of the class it counts as, if not as one.
    #[n(3)]
    pub count: Option<u32>,
}

/// How calls are billed that say nothing of what they use.
#[derive(Debug, Clone, Copy)]
pub struct RequestClass {
    /// The price class.
    pub class: &'static str,
    /// The type of the resource that they are billed with, if they are about one. What names a resource stands in names
    /// of records, so it must be one whose ARN holds no text that a user chose.
    pub resource_type: &'static str,
}

/// What an operation said it used.
#[derive(Debug)]
pub(crate) struct Metered {
    /// The resource; none for what the caller's account used of no resource in particular.
    pub(crate) resource: Option<String>,
    pub(crate) class: Option<&'static str>,
    pub(crate) is_last_use: bool,
    pub(crate) count: u32,
}

/// The uses for the event of a call that succeeded. A call that said nothing of its use counts as one request in the
/// class that its service bills calls in.
///
/// # Errors
/// The operation metered a resource that it was not allowed to use.
pub(crate) fn of_call(
    metered: Vec<Metered>,
    resources: &[Resource],
    requests: Option<&RequestClass>,
) -> Result<Option<Vec<Use>>> {
    if metered.is_empty() {
        let request = |requests: &RequestClass| {
            let billed = resources.iter().position(|resource| resource.kind == requests.resource_type);
            let resource = billed.and_then(|place| u32::try_from(place).ok());
            vec![Use {
                resource,
                class: Some(Cow::Borrowed(requests.class)),
                is_last_use: false,
                count: None,
            }]
        };
        return Ok(requests.map(request));
    }
    let place = |metered: Metered| {
        let place = |used: String| {
            let place = resources.iter().position(|resource| resource.arn == used);
            place
                .and_then(|place| u32::try_from(place).ok())
                .ok_or_else(|| Error::invariant(format!("{used} was used without a decision about it")))
        };
        Ok(Use {
            resource: metered.resource.map(place).transpose()?,
            class: metered.class.map(Cow::Borrowed),
            is_last_use: metered.is_last_use,
            count: Some(metered.count).filter(|count| *count != 1),
        })
    };
    metered.into_iter().map(place).collect::<Result<_>>().map(Some)
}

/// The last use of a resource.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct LastUse {
    /// The operation, e.g. `Encrypt`.
    #[n(0)]
    pub operation: String,
    /// When.
    #[n(1)]
    pub time: Timestamp,
    /// The id of the audit event.
    #[n(2)]
    pub event_id: String,
    /// The id that the caller was told.
    #[n(3)]
    pub request_id: String,
}

/// How often a resource was used in a month.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct MonthlyUse {
    /// The account that owns it, or that called where the calls were about no resource.
    #[n(0)]
    pub account: AccountId,
    /// The region.
    #[n(1)]
    pub region: String,
    /// Its ARN; empty for calls that were about no resource.
    #[n(2)]
    pub resource: String,
    /// The requests, each class once.
    #[n(3)]
    pub requests: Vec<Requests>,
}

/// How many requests there were in a price class.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Requests {
    /// The class, as the service names it.
    #[n(0)]
    pub class: String,
    /// How many.
    #[n(1)]
    pub count: u64,
}

/// How far the log was counted.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Position {
    /// The sequence number of the first record that is not counted yet.
    #[n(0)]
    pub(crate) sequence: u64,
    /// When counting began.
    #[n(1)]
    pub(crate) since: Timestamp,
}

pub(crate) fn last_name(resource: &str) -> Name {
    Name::table(LAST).part(resource).name()
}

pub(crate) fn position_name() -> Name {
    Name::table(POSITION).name()
}

fn month_name(month: Month, account: AccountId, region: &str, resource: &str) -> Name {
    Name::table(MONTHS).part(&month.to_string()).part(account.as_str()).part(region).part(resource).name()
}

/// The [`MonthlyUse`] of all resources in a month, ordered by account, region and resource.
#[must_use]
pub fn of_month(month: Month) -> NameRange {
    Name::table(MONTHS).part(&month.to_string()).range()
}
