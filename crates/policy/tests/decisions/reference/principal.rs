//! Whom a statement names.

use alcazar_policy::{Principal, PrincipalKind};
use serde_json::Value as Json;

use super::{each, plain};
use crate::question::Question;

/// How a principal is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    /// By its account.
    Account,
    /// By the role or user behind its session.
    Behind,
    /// By itself, or as one of everyone.
    Itself,
}

/// How `statement` names the principal of `question`, if it does. `Named::Itself` is told where more than one holds.
pub(super) fn named(statement: &Json, question: &Question) -> Option<Named> {
    let principal = &question.principal;
    if let Some(element) = statement.get("NotPrincipal") {
        let ids = ids(element);
        let spared = question.boundary.is_none() && names_with_all_it_belongs_to(&ids, principal);
        return (!spared).then_some(Named::Itself);
    }
    let Some(element) = statement.get("Principal") else { return Some(Named::Itself) };
    let ways: Vec<_> = ids(element).iter().filter_map(|id| way(id, principal)).collect();
    [Named::Itself, Named::Behind, Named::Account].into_iter().find(|way| ways.contains(way))
}

/// A type of principal, and the text that names one.
type Id = (String, String);

fn ids(element: &Json) -> Vec<Id> {
    match element {
        Json::Object(types) => types
            .iter()
            .flat_map(|(name, texts)| each(texts).into_iter().map(move |text| (name.clone(), plain(text))))
            .collect(),
        everyone => vec![("AWS".to_owned(), plain(everyone))],
    }
}

/// The account whose identity policies speak for the principal.
fn home(principal: &Principal) -> Option<&str> {
    match principal.kind {
        PrincipalKind::Service(_) | PrincipalKind::Anonymous | PrincipalKind::Federated(_) => None,
        _ => Some(principal.account.as_str()),
    }
}

/// The account that a text names, by its number or as its root user.
fn account(text: &str) -> Option<&str> {
    let is_number = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number {
        return Some(text);
    }
    match text.split(':').collect::<Vec<_>>()[..] {
        ["arn", _, "iam", "", account, "root"] => Some(account),
        _ => None,
    }
}

fn behind(principal: &Principal) -> Option<&str> {
    match &principal.kind {
        PrincipalKind::AssumedRole { role_arn } => Some(role_arn),
        PrincipalKind::FederatedUser { user_arn } => Some(user_arn),
        _ => None,
    }
}

fn way((of_type, text): &Id, principal: &Principal) -> Option<Named> {
    let itself = |named: bool| named.then_some(Named::Itself);
    match (of_type.as_str(), &principal.kind) {
        ("AWS", _) if text == "*" => Some(Named::Itself),
        ("Service", PrincipalKind::Service(name)) => itself(name == text),
        ("Federated", PrincipalKind::Federated(provider)) => itself(provider == text),
        ("AWS", kind) => {
            let home = home(principal)?;
            if let Some(account) = account(text) {
                let way = if *kind == PrincipalKind::AccountRoot { Named::Itself } else { Named::Account };
                return (account == home).then_some(way);
            }
            if *text == principal.arn {
                return Some(Named::Itself);
            }
            (behind(principal) == Some(text)).then_some(Named::Behind)
        }
        _ => None,
    }
}

/// What `NotPrincipal` asks for to spare someone: the principal, what is behind its session, and the account.
fn names_with_all_it_belongs_to(ids: &[Id], principal: &Principal) -> bool {
    if ids.iter().any(|(of_type, text)| of_type == "AWS" && text == "*") {
        return true;
    }
    let Some(home) = home(principal) else { return ids.iter().any(|id| way(id, principal).is_some()) };
    let aws =
        |wanted: &dyn Fn(&str) -> bool| ids.iter().any(|(of_type, text)| of_type == "AWS" && wanted(text));
    let account_named = aws(&|text| account(text) == Some(home));
    let itself_named = principal.kind == PrincipalKind::AccountRoot || aws(&|text| text == principal.arn);
    let behind_named =
        behind(principal).is_none_or(|behind| behind.ends_with(":root") || aws(&|text| text == behind));
    account_named && itself_named && behind_named
}
