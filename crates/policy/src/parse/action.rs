//! The `Action` and `NotAction` elements.

use super::{Faults, ParseError, ParseReason, each};
use crate::document::{Actions, PolicyKind};
use crate::json::Json;
use crate::place::Place;

/// What a trust policy may speak of.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html>
const ASSUME_ROLE_ACTIONS: [&str; 6] = [
    "AssumeRole",
    "AssumeRoleWithSAML",
    "AssumeRoleWithWebIdentity",
    "TagSession",
    "SetSourceIdentity",
    "SetContext",
];

pub(super) fn actions(
    json: &Json,
    negated: bool,
    place: Place<'_>,
    kind: PolicyKind,
    faults: &mut Faults,
) -> Result<Actions, ParseError> {
    let patterns = each(json, place, |text, place| {
        let reason = match kind {
            _ if !is_action(text) => Some(ParseReason::action(text)),
            PolicyKind::Trust if !is_about_assuming(text) => Some(ParseReason::no_assume_role(text)),
            PolicyKind::ResourceControl if text == "*" => Some(ParseReason::EveryAction(kind)),
            _ => None,
        };
        if let Some(reason) = reason {
            faults.keep(reason.at(place));
        }
        Ok(text.to_owned())
    })?;
    if patterns.is_empty() {
        faults.keep(ParseReason::Missing("Action").at(place));
    }
    Ok(Actions { negated, patterns })
}

/// `*`, or a service's namespace, a colon, and the name of an action. The name is taken as it is.
fn is_action(text: &str) -> bool {
    text == "*"
        || text.split_once(':').is_some_and(|(service, name)| {
            let is_service = service == "*" || !service.is_empty() && service.bytes().all(is_of_service);
            is_service && !name.is_empty() && !name.contains(':')
        })
}

pub(super) fn is_of_service(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.')
}

/// Whether it is one of the actions by which a role is assumed, or several of STS by wildcards.
fn is_about_assuming(text: &str) -> bool {
    text.split_once(':').is_some_and(|(service, name)| {
        let known = ASSUME_ROLE_ACTIONS.iter().any(|known| known.eq_ignore_ascii_case(name));
        service.eq_ignore_ascii_case("sts") && (known || name.contains(['*', '?']))
    })
}
