//! Parameter policies: what a parameter does by itself at its time.
//!
//! What always holds: for each policy of a parameter's latest version that has not acted there is one task, and no
//! other. New policies take the place of all that were there; what is left out stays as it was, but for the wait of a
//! `NoChangeNotification`, which begins anew with each version. AWS looks for what is due now and then; here each
//! policy acts at its time, and one whose time is past already acts at once, be it an expiration.
//!
//! Source: <https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-policies.html>

pub(crate) mod action;
mod read;

use alcazar_api_ssm::types::ParameterInlinePolicy;
use alcazar_base::Timestamp;
use alcazar_engine::{Cx, Result};
use alcazar_shape::convert::List;
use minicbor::{Decode, Encode};

use crate::parameter::Parameter;
use crate::version::Version;

/// A policy. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Policy {
    /// Its text: compact JSON.
    #[n(0)]
    pub(crate) text: String,
    /// What it does, and when.
    #[n(1)]
    pub(crate) rule: Rule,
    /// Whether it has done it.
    #[n(2)]
    pub(crate) is_done: bool,
}

/// What a policy does, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub(crate) enum Rule {
    /// Deletes the parameter at a time.
    #[n(0)]
    Expiration(#[n(0)] Timestamp),
    /// Tells of the expiration so many hours before it.
    #[n(1)]
    ExpirationNotification(#[n(0)] i64),
    /// Tells that there was no new version for so many hours.
    #[n(2)]
    NoChangeNotification(#[n(0)] i64),
}

impl Rule {
    /// What AWS calls the type.
    #[must_use]
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Expiration(_) => "Expiration",
            Self::ExpirationNotification(_) => "ExpirationNotification",
            Self::NoChangeNotification(_) => "NoChangeNotification",
        }
    }

    /// When it acts on a version.
    #[must_use]
    fn due(self, version: &Version) -> Timestamp {
        let hours = |from: Timestamp, hours: i64| {
            Timestamp::from_millis(from.as_millis().saturating_add(hours.saturating_mul(MILLIS_PER_HOUR)))
        };
        match self {
            Self::Expiration(at) => at,
            Self::ExpirationNotification(before) => match version.expiration() {
                Some(at) => hours(at, before.saturating_neg()),
                None => Timestamp::MAX,
            },
            Self::NoChangeNotification(after) => hours(version.modified, after),
        }
    }
}

const MILLIS_PER_HOUR: i64 = 3_600_000;

impl Version {
    /// When the parameter expires.
    fn expiration(&self) -> Option<Timestamp> {
        self.policies.iter().find_map(|policy| match policy.rule {
            Rule::Expiration(at) => Some(at),
            _ => None,
        })
    }
}

/// The policies that a request gives, or else those that were there.
///
/// # Errors
/// A policy is not right.
pub(crate) fn given(_: &Cx<'_>, text: Option<&str>, latest: Option<&Version>) -> Result<Vec<Policy>> {
    if let Some(text) = text {
        return Ok(read::policies(text)?);
    }
    let mut kept = latest.map(|latest| latest.policies.clone()).unwrap_or_default();
    for policy in &mut kept {
        if matches!(policy.rule, Rule::NoChangeNotification(_)) {
            policy.is_done = false;
        }
    }
    Ok(kept)
}

/// Schedules what the policies of a parameter want, and takes back what they wanted before it was put or deleted.
///
/// # Errors
/// The transaction is too large.
pub(crate) fn schedule(cx: &mut Cx<'_>, before: Option<&Parameter>, after: Option<&Parameter>) -> Result<()> {
    if let Some(before) = before {
        for task in action::tasks(cx, before) {
            cx.unschedule(&task)?;
        }
    }
    if let Some(after) = after {
        for task in action::tasks(cx, after) {
            cx.schedule(task)?;
        }
    }
    Ok(())
}

/// The policies of a parameter's latest version, and how far each has come. None ever failed: what cannot be done is
/// tried again.
#[must_use]
pub(crate) fn shown(latest: &Version, now: Timestamp) -> List<ParameterInlinePolicy> {
    let status = |policy: &Policy| match policy {
        policy if policy.is_done => "Finished",
        policy if policy.rule.due(latest) <= now => "InProgress",
        _ => "Pending",
    };
    let with_status = |policy: &Policy| ParameterInlinePolicy {
        policy_status: Some(status(policy).to_owned()),
        ..inline(policy)
    };
    List(latest.policies.iter().map(with_status).collect())
}

/// The policies that a version had, in the order in which they were given.
#[must_use]
pub(crate) fn shown_in_history(version: &Version) -> List<ParameterInlinePolicy> {
    List(version.policies.iter().map(inline).collect())
}

fn inline(policy: &Policy) -> ParameterInlinePolicy {
    ParameterInlinePolicy {
        policy_text: Some(policy.text.clone()),
        policy_type: Some(policy.rule.name().to_owned()),
        policy_status: None,
    }
}
