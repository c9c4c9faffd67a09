//! From a text to a policy document, strictly: what is unknown, repeated, missing or malformed is an error that
//! tells its place and its reason. serde_json reads the JSON; everything here walks the tree that it makes.
//!
//! The tree is walked by functions, one for each element, and none calls itself, so nesting costs nothing here.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>

mod action;
mod error;
mod iam;
mod order;
mod principal;
mod resource;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use crate::condition::Condition;
use crate::condition::operator::Operator;
use crate::document::{Effect, PolicyDocument, PolicyKind, Principals, Resources, Statement, Version};
use crate::json::{Json, Object};
use crate::place::Place;
pub use error::{ParseError, ParseReason};
use order::Faults;
pub use resource::ResourceFault;

/// The longest document that is read, in bytes; the most that the IAM API takes. Services set lower limits.
pub const POLICY_BYTES_MAX: usize = 131_072;

impl PolicyDocument {
    /// Reads a policy.
    ///
    /// # Errors
    /// `ParseError` with a place at which the text is no valid policy of this kind, and the reason.
    pub fn parse(text: &str, kind: PolicyKind) -> Result<Self, ParseError> {
        read(text, kind, false)
    }

    /// Reads a policy that is to be written to IAM, which takes less than the language has: identity policies of the
    /// current version alone, and resources of partitions, services and types that there are.
    /// [`ParseError::iam_message`] tells the fault in IAM's words.
    ///
    /// # Errors
    /// As [`PolicyDocument::parse`].
    pub fn parse_for_iam(text: &str, kind: PolicyKind) -> Result<Self, ParseError> {
        read(text, kind, true)
    }
}

/// How a document is read.
#[derive(Debug, Clone, Copy)]
struct Reading {
    kind: PolicyKind,
    version: Version,
    for_iam: bool,
}

fn read(text: &str, kind: PolicyKind, for_iam: bool) -> Result<PolicyDocument, ParseError> {
    let place = Place::Document;
    if text.len() > POLICY_BYTES_MAX {
        return Err(ParseReason::TooLong.at(place));
    }
    let json: Json =
        serde_json::from_str(text).map_err(|error| ParseReason::NotJson(error.to_string()).at(place))?;
    let mut faults = Faults::default();
    let document = document(&json, kind, for_iam, &mut faults)?;
    faults.none()?;
    Ok(document)
}

fn document(
    json: &Json,
    kind: PolicyKind,
    for_iam: bool,
    faults: &mut Faults,
) -> Result<PolicyDocument, ParseError> {
    let place = Place::Document;
    let object = object(json, place)?;
    only(object, &["Version", "Id", "Statement"], place)?;
    let member = |name| object.members.get(name).map(|json| (json, Place::Member(&place, name)));

    let is_organizations = matches!(kind, PolicyKind::ServiceControl | PolicyKind::ResourceControl);
    let version = version(object)?;
    if version == Version::V2008 && (is_organizations || for_iam && kind == PolicyKind::Identity) {
        faults.keep(ParseReason::OldVersion.at(Place::Member(&place, "Version")));
    }
    let id = match member("Id") {
        Some((_, place)) if is_organizations => return Err(ParseReason::Prohibited(kind, "Id").at(place)),
        Some((json, place)) => Some(text(json, place)?.to_owned()),
        None => None,
    };
    let (json, place) = member("Statement").ok_or_else(|| ParseReason::Missing("Statement").at(place))?;
    let reading = Reading { kind, version, for_iam };
    let mut statements = Vec::new();
    match json {
        Json::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                statements.push(statement(item, reading, Place::Item(&place, index), faults)?);
            }
        }
        one => statements.push(statement(one, reading, place, faults)?),
    }
    if statements.is_empty() {
        return Err(ParseReason::Missing("Statement").at(place));
    }
    if kind != PolicyKind::Resource {
        distinct_sids(&statements, place, faults);
    }
    Ok(PolicyDocument { kind, version, id, statements })
}

fn version(object: &Object) -> Result<Version, ParseError> {
    let Some(json) = object.members.get("Version") else { return Ok(Version::V2008) };
    let place = Place::Member(&Place::Document, "Version");
    match text(json, place)? {
        "2008-10-17" => Ok(Version::V2008),
        "2012-10-17" => Ok(Version::V2012),
        other => Err(ParseReason::version(other).at(place)),
    }
}

/// The elements of a statement.
const STATEMENT_ELEMENTS: [&str; 9] = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

fn statement(
    json: &Json,
    reading: Reading,
    place: Place<'_>,
    faults: &mut Faults,
) -> Result<Statement, ParseError> {
    let object = object(json, place)?;
    only(object, &STATEMENT_ELEMENTS, place)?;
    let kind = reading.kind;
    let member = |name| object.members.get(name).map(|json| (json, Place::Member(&place, name)));

    let sid = match member("Sid") {
        Some((json, place)) => Some(sid(json, kind, place, faults)?),
        None => None,
    };
    let effect = effect(object, kind, place, faults)?;
    let principals = principals(object, reading, effect, place, faults)?;
    let conditions = match member("Condition") {
        Some((json, place)) => conditions(json, reading.version, place, faults)?,
        None => Vec::new(),
    };
    let actions = match either(object, "Action", "NotAction", place)? {
        Some((_, name, _)) if name == "NotAction" && kind == PolicyKind::ResourceControl => {
            return Err(ParseReason::Prohibited(kind, name).at(Place::Member(&place, name)));
        }
        Some((negated, name, json)) => {
            Some(action::actions(json, negated, Place::Member(&place, name), kind, faults)?)
        }
        None => None,
    };
    let resources = resources(object, reading, place, faults)?;
    let actions = actions.unwrap_or_else(|| {
        faults.keep(ParseReason::Missing("Action").at(place));
        Default::default()
    });
    Ok(Statement { sid, effect, principals, actions, resources, conditions })
}

fn effect(
    object: &Object,
    kind: PolicyKind,
    place: Place<'_>,
    faults: &mut Faults,
) -> Result<Effect, ParseError> {
    let json = object.members.get("Effect").ok_or_else(|| ParseReason::Missing("Effect").at(place))?;
    let place = Place::Member(&place, "Effect");
    let text = text(json, place)?;
    let effect = match text {
        _ if text.eq_ignore_ascii_case("Allow") => Effect::Allow,
        _ if text.eq_ignore_ascii_case("Deny") => Effect::Deny,
        _ => return Err(ParseReason::effect(text).at(place)),
    };
    if !matches!(text, "Allow" | "Deny") {
        faults.keep(ParseReason::effect(text).at(place));
    }
    if kind == PolicyKind::ResourceControl && effect == Effect::Allow {
        faults.keep(ParseReason::AllowInResourceControl.at(place));
    }
    Ok(effect)
}

fn principals(
    object: &Object,
    reading: Reading,
    effect: Effect,
    place: Place<'_>,
    faults: &mut Faults,
) -> Result<Option<Principals>, ParseError> {
    let kind = reading.kind;
    match either(object, "Principal", "NotPrincipal", place)? {
        Some((_, name, _)) if !kind.has_principals() => {
            faults.keep(ParseReason::Prohibited(kind, name).at(Place::Member(&place, name)));
            Ok(None)
        }
        Some((true, name, _)) if effect == Effect::Allow => {
            Err(ParseReason::NotPrincipalWithAllow.at(Place::Member(&place, name)))
        }
        Some((true, name, _)) if kind != PolicyKind::Resource => {
            Err(ParseReason::Prohibited(kind, name).at(Place::Member(&place, name)))
        }
        Some((negated, name, json)) => {
            principal::principals(json, negated, kind, Place::Member(&place, name)).map(Some)
        }
        None if kind.has_principals() => Err(ParseReason::Missing("Principal").at(place)),
        None => Ok(None),
    }
}

fn resources(
    object: &Object,
    reading: Reading,
    place: Place<'_>,
    faults: &mut Faults,
) -> Result<Option<Resources>, ParseError> {
    let kind = reading.kind;
    match either(object, "Resource", "NotResource", place)? {
        Some((_, name, _)) if kind == PolicyKind::Trust => {
            Err(ParseReason::Prohibited(kind, name).at(Place::Member(&place, name)))
        }
        Some((negated, name, json)) => {
            resource::resources(json, negated, Place::Member(&place, name), reading, faults).map(Some)
        }
        None if kind == PolicyKind::Trust => Ok(None),
        None => {
            faults.keep(ParseReason::Missing("Resource").at(place));
            Ok(None)
        }
    }
}

/// A `Sid` is alphanumeric; services that have resource policies take more.
fn sid(json: &Json, kind: PolicyKind, place: Place<'_>, faults: &mut Faults) -> Result<String, ParseError> {
    let sid = text(json, place)?;
    if kind != PolicyKind::Resource && !sid.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        faults.keep(ParseReason::sid(sid).at(place));
    }
    Ok(sid.to_owned())
}

/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html>
fn distinct_sids(statements: &[Statement], place: Place<'_>, faults: &mut Faults) {
    let mut seen = HashSet::new();
    for (index, statement) in statements.iter().enumerate() {
        if let Some(sid) = statement.sid.as_deref().filter(|sid| !sid.is_empty())
            && !seen.insert(sid)
        {
            let statement = Place::Item(&place, index);
            faults.keep(ParseReason::repeated_sid(sid).at(Place::Member(&statement, "Sid")));
        }
    }
}

/// An operator that no key goes with is passed over, even one that does not exist, as AWS does.
fn conditions(
    json: &Json,
    version: Version,
    place: Place<'_>,
    faults: &mut Faults,
) -> Result<Vec<Condition>, ParseError> {
    let mut conditions = Vec::new();
    for (name, json) in &object(json, place)?.members {
        let place = Place::Member(&place, name);
        let keys = &object(json, place)?.members;
        if keys.is_empty() {
            continue;
        }
        let operator = Operator::parse(name).ok_or_else(|| ParseReason::operator(name).at(place))?;
        for (key, json) in keys {
            let place = Place::Member(&place, key);
            match Condition::new(operator, key, &operands(json, place)?, version) {
                Ok(condition) => conditions.push(condition),
                Err(reason) => faults.keep(reason.at(place)),
            }
        }
    }
    Ok(conditions)
}

/// One operand or an array of them; numbers and booleans may stand without quotation marks.
fn operands(json: &Json, place: Place<'_>) -> Result<Vec<String>, ParseError> {
    let operand = |json: &Json, place: Place<'_>| match json {
        Json::Text(text) | Json::Number(text) => Ok(text.clone()),
        Json::Bool(value) => Ok(value.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => {
            Err(ParseReason::Expected("a string, number or boolean").at(place))
        }
    };
    match json {
        Json::Array(items) => {
            items.iter().enumerate().map(|(index, item)| operand(item, Place::Item(&place, index))).collect()
        }
        one => operand(one, place).map(|operand| vec![operand]),
    }
}

/// Reads one string or an array of strings.
fn each<T>(
    json: &Json,
    place: Place<'_>,
    mut read: impl FnMut(&str, Place<'_>) -> Result<T, ParseError>,
) -> Result<Vec<T>, ParseError> {
    match json {
        Json::Array(items) => {
            let places = items.iter().enumerate().map(|(index, item)| (item, Place::Item(&place, index)));
            places.map(|(item, place)| read(text(item, place)?, place)).collect()
        }
        Json::Text(one) => read(one, place).map(|one| vec![one]),
        _ => Err(ParseReason::Expected("a string or an array of strings").at(place)),
    }
}

/// The one of two elements that is there, and whether it is the negated one.
fn either<'j>(
    object: &'j Object,
    plain: &'static str,
    negated: &'static str,
    place: Place<'_>,
) -> Result<Option<(bool, &'static str, &'j Json)>, ParseError> {
    match (object.members.get(plain), object.members.get(negated)) {
        (Some(_), Some(_)) => Err(ParseReason::Both(plain, negated).at(place)),
        (Some(json), None) => Ok(Some((false, plain, json))),
        (None, Some(json)) => Ok(Some((true, negated, json))),
        (None, None) => Ok(None),
    }
}

fn object<'j>(json: &'j Json, place: Place<'_>) -> Result<&'j Object, ParseError> {
    match json {
        Json::Object(Object { repeated: Some(name), .. }) => {
            Err(ParseReason::Repeated.at(Place::Member(&place, name)))
        }
        Json::Object(object) => Ok(object),
        _ => Err(ParseReason::Expected("an object").at(place)),
    }
}

fn text<'j>(json: &'j Json, place: Place<'_>) -> Result<&'j str, ParseError> {
    match json {
        Json::Text(text) => Ok(text),
        _ => Err(ParseReason::Expected("a string").at(place)),
    }
}

fn only(object: &Object, known: &[&str], place: Place<'_>) -> Result<(), ParseError> {
    let unknown = object.members.keys().find(|name| !known.contains(&name.as_str()));
    unknown.map_or(Ok(()), |name| Err(ParseReason::Unknown.at(Place::Member(&place, name))))
}
