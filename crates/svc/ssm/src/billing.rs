//! What is billed: from when to when each parameter was of the advanced tier, and the interactions with parameters.
//!
//! A parameter that becomes an advanced one gets a record, which stays when it is deleted: its hours are billed all the
//! same. Interactions go through the audit log, by the class and the caller's account alone, since a parameter's ARN holds
//! text that a user chose.

use alcazar_base::Timestamp;
use alcazar_engine::port::store::NameRange;
use alcazar_engine::{Cx, Name, Result};
use minicbor::{Decode, Encode};

use crate::parameter::Parameter;
use crate::version::Tier;
use crate::{price, setting};

const TABLE: &str = "ssm.billed";

/// An advanced parameter, whether it is there or was. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Billed {
    /// Since when it is of the advanced tier.
    #[n(0)]
    pub(crate) since: Timestamp,
    /// When it was deleted; none if it is there.
    #[n(1)]
    pub(crate) until: Option<Timestamp>,
}

/// Notes that a parameter became an advanced one, or that an advanced one was deleted.
///
/// # Errors
/// The transaction is too large.
pub(crate) fn update(cx: &mut Cx<'_>, before: Option<&Parameter>, after: Option<&Parameter>) -> Result<()> {
    let since = |parameter: Option<&Parameter>| parameter.and_then(|parameter| parameter.advanced_since);
    let Some(parameter) = after.or(before) else { return Ok(()) };
    let billed = match (since(before), since(after)) {
        (None, Some(since)) => Billed { since, until: None },
        (Some(since), None) => Billed { since, until: Some(cx.now()) },
        (None, None) | (Some(_), Some(_)) => return Ok(()),
    };
    cx.put(record_name(parameter), billed)
}

/// Notes an interaction of the caller's with a parameter.
///
/// # Errors
/// The store failed.
pub(crate) async fn interaction(cx: &mut Cx<'_>, parameter: &Parameter) -> Result<()> {
    let class = match parameter.latest.tier {
        Tier::Advanced => price::ADVANCED,
        Tier::Standard if setting::has_high_throughput(cx).await? => price::HIGH_THROUGHPUT,
        Tier::Standard => return Ok(()),
    };
    cx.meter_account(class, 1);
    Ok(())
}

/// All records, in the order of accounts and regions.
#[must_use]
pub(crate) fn all() -> NameRange {
    Name::table(TABLE).range()
}

/// The account and region of a record.
#[must_use]
pub(crate) fn place(name: &Name) -> Option<(String, String)> {
    let text = std::str::from_utf8(name.as_bytes()).ok()?;
    let mut parts = text.split('\0').skip(1);
    Some((parts.next()?.to_owned(), parts.next()?.to_owned()))
}

fn record_name(parameter: &Parameter) -> Name {
    Name::table(TABLE)
        .part(parameter.account.as_str())
        .part(parameter.region.as_str())
        .part(&parameter.id)
        .name()
}
