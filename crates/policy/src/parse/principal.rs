//! The `Principal` and `NotPrincipal` elements.
//!
//! No wildcard stands in a principal but the lone `*`, for everyone.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>

use alcazar_base::{AccountId, Arn};

use super::{ParseError, ParseReason, each, object};
use crate::document::{PolicyKind, PrincipalId, Principals};
use crate::json::Json;
use crate::place::Place;

pub(super) fn principals(
    json: &Json,
    negated: bool,
    kind: PolicyKind,
    place: Place<'_>,
) -> Result<Principals, ParseError> {
    let principals = read(json, negated, kind, place)?;
    match kind {
        PolicyKind::ResourceControl if principals.ids != [PrincipalId::Everyone] => {
            Err(ParseReason::NotEveryone.at(place))
        }
        PolicyKind::Trust if principals.ids.is_empty() => Err(ParseReason::NoPrincipals.at(place)),
        _ => Ok(principals),
    }
}

fn read(json: &Json, negated: bool, kind: PolicyKind, place: Place<'_>) -> Result<Principals, ParseError> {
    // A trust policy says what kind of principal everyone is.
    if *json == Json::Text("*".to_owned()) && kind != PolicyKind::Trust {
        return Ok(Principals { negated, ids: vec![PrincipalId::Everyone] });
    }
    if let Json::Text(text) = json {
        return Err(ParseReason::principal(text).at(place));
    }
    let mut ids = Vec::new();
    for (name, json) in &object(json, place)?.members {
        let place = Place::Member(&place, name);
        let read: fn(&str) -> Option<PrincipalId> = match name.as_str() {
            "AWS" => aws,
            "Service" => service,
            "Federated" => |text| plain(text).map(PrincipalId::Federated),
            "CanonicalUser" if kind != PolicyKind::Trust => {
                |text| plain(text).map(PrincipalId::CanonicalUser)
            }
            _ => return Err(ParseReason::Unknown.at(place)),
        };
        ids.extend(each(json, place, |text, place| {
            read(text).ok_or_else(|| ParseReason::principal(text).at(place))
        })?);
    }
    Ok(Principals { negated, ids })
}

fn aws(text: &str) -> Option<PrincipalId> {
    if text == "*" {
        return Some(PrincipalId::Everyone);
    }
    if let Ok(account) = text.parse() {
        return Some(PrincipalId::Account(account));
    }
    let arn: Arn = text.parse().ok().filter(|_| plain(text).is_some())?;
    let account: AccountId = arn.account.parse().ok()?;
    if !arn.region.is_empty() {
        return None;
    }
    if arn.service == "iam" && arn.resource == "root" {
        return Some(PrincipalId::Account(account));
    }
    let (kind, name) = arn.resource.split_once('/')?;
    let is_identity = match (arn.service.as_str(), kind) {
        ("iam", "user" | "role") | ("sts", "federated-user") => !name.is_empty(),
        ("sts", "assumed-role") => {
            name.split_once('/').is_some_and(|(role, session)| !role.is_empty() && !session.is_empty())
        }
        _ => false,
    };
    is_identity.then(|| PrincipalId::Identity(text.to_owned()))
}

/// A service's name has a dot, and is no ARN.
fn service(text: &str) -> Option<PrincipalId> {
    plain(text).filter(|name| name.contains('.') && !name.contains([':', '/'])).map(PrincipalId::Service)
}

fn plain(text: &str) -> Option<String> {
    (!text.is_empty() && !text.contains(['*', '?'])).then(|| text.to_owned())
}
