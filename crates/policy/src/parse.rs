//! From a text to a policy document, strictly: what is unknown, repeated, missing or malformed is an error that
//! tells its place and its reason. serde_json reads the JSON; everything here walks the tree that it makes.
//!
//! The tree is walked by functions, one for each element, and none calls itself, so nesting costs nothing here.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>

mod error;
mod principal;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use crate::arn;
use crate::condition::Condition;
use crate::condition::operator::Operator;
use crate::document::{Actions, Effect, PolicyDocument, PolicyKind, Resources, Statement, Version};
use crate::json::{Json, Object};
use crate::place::Place;
use crate::variable::Template;
pub use error::{ParseError, ParseReason};

/// The longest document that is read, in bytes; the most that the IAM API takes. Services set lower limits.
pub const POLICY_BYTES_MAX: usize = 131_072;

impl PolicyDocument {
    /// Reads a policy.
    ///
    /// # Errors
    /// `ParseError` with the first place at which the text is no valid policy of this kind, and the reason.
    pub fn parse(text: &str, kind: PolicyKind) -> Result<Self, ParseError> {
        let place = Place::Document;
        if text.len() > POLICY_BYTES_MAX {
            return Err(ParseReason::TooLong.at(place));
        }
        let json =
            serde_json::from_str(text).map_err(|error| ParseReason::NotJson(error.to_string()).at(place))?;
        document(&json, kind)
    }
}

fn document(json: &Json, kind: PolicyKind) -> Result<PolicyDocument, ParseError> {
    let place = Place::Document;
    let object = object(json, place)?;
    only(object, &["Version", "Id", "Statement"], place)?;
    let member = |name| object.members.get(name).map(|json| (json, Place::Member(&place, name)));

    let is_organizations = matches!(kind, PolicyKind::ServiceControl | PolicyKind::ResourceControl);
    let version = match member("Version") {
        None if is_organizations => return Err(ParseReason::Missing("Version").at(place)),
        None => Version::V2008,
        Some((json, place)) => match text(json, place)? {
            "2008-10-17" if is_organizations => return Err(ParseReason::OldVersion.at(place)),
            "2008-10-17" => Version::V2008,
            "2012-10-17" => Version::V2012,
            other => return Err(ParseReason::version(other).at(place)),
        },
    };
    let id = match member("Id") {
        Some((_, place)) if is_organizations => {
            return Err(ParseReason::Prohibited(kind, "Id").at(place));
        }
        Some((json, place)) => Some(text(json, place)?.to_owned()),
        None => None,
    };
    let (json, place) = member("Statement").ok_or_else(|| ParseReason::Missing("Statement").at(place))?;
    let statements = match json {
        Json::Array(items) => {
            let statements = items.iter().enumerate();
            statements
                .map(|(index, item)| statement(item, kind, version, Place::Item(&place, index)))
                .collect()
        }
        other => statement(other, kind, version, place).map(|statement| vec![statement]),
    }?;
    if statements.is_empty() {
        return Err(ParseReason::Missing("Statement").at(place));
    }
    if kind != PolicyKind::Resource {
        distinct_sids(&statements, place)?;
    }
    Ok(PolicyDocument { kind, version, id, statements })
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
    kind: PolicyKind,
    version: Version,
    place: Place<'_>,
) -> Result<Statement, ParseError> {
    let object = object(json, place)?;
    only(object, &STATEMENT_ELEMENTS, place)?;
    let member = |name| object.members.get(name).map(|json| (json, Place::Member(&place, name)));

    let sid = member("Sid").map(|(json, place)| sid(json, kind, place)).transpose()?;
    let (json, at) = member("Effect").ok_or_else(|| ParseReason::Missing("Effect").at(place))?;
    let effect = match text(json, at)? {
        "Allow" => Effect::Allow,
        "Deny" => Effect::Deny,
        other => return Err(ParseReason::effect(other).at(at)),
    };
    let principals = match either(object, "Principal", "NotPrincipal", place)? {
        Some((_, name, _)) if !kind.has_principals() => {
            return Err(ParseReason::Prohibited(kind, name).at(Place::Member(&place, name)));
        }
        Some((true, name, _)) if effect == Effect::Allow || kind == PolicyKind::ResourceControl => {
            return Err(ParseReason::NotPrincipal(kind).at(Place::Member(&place, name)));
        }
        Some((negated, name, json)) => {
            Some(principal::principals(json, negated, Place::Member(&place, name))?)
        }
        None if kind.has_principals() => return Err(ParseReason::Missing("Principal").at(place)),
        None => None,
    };
    let (negated, name, json) = either(object, "Action", "NotAction", place)?
        .ok_or_else(|| ParseReason::Missing("Action").at(place))?;
    let actions = Actions { negated, patterns: each(json, Place::Member(&place, name), action)? };
    let resources = match either(object, "Resource", "NotResource", place)? {
        Some((_, name, _)) if kind == PolicyKind::Trust => {
            return Err(ParseReason::Prohibited(kind, name).at(Place::Member(&place, name)));
        }
        Some((negated, name, json)) => {
            let read = |text: &str, place: Place<'_>| resource(text, version, place);
            Some(Resources { negated, patterns: each(json, Place::Member(&place, name), read)? })
        }
        None if kind == PolicyKind::Trust => None,
        None => return Err(ParseReason::Missing("Resource").at(place)),
    };
    let conditions = match member("Condition") {
        Some((json, place)) => conditions(json, version, place)?,
        None => Vec::new(),
    };
    Ok(Statement { sid, effect, principals, actions, resources, conditions })
}

/// A `Sid` is alphanumeric; services that have resource policies take more.
fn sid(json: &Json, kind: PolicyKind, place: Place<'_>) -> Result<String, ParseError> {
    let sid = text(json, place)?;
    if kind != PolicyKind::Resource && !sid.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(ParseReason::sid(sid).at(place));
    }
    Ok(sid.to_owned())
}

/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html>
fn distinct_sids(statements: &[Statement], place: Place<'_>) -> Result<(), ParseError> {
    let mut seen = HashSet::new();
    for (index, statement) in statements.iter().enumerate() {
        if let Some(sid) = statement.sid.as_deref().filter(|sid| !sid.is_empty())
            && !seen.insert(sid)
        {
            let statement = Place::Item(&place, index);
            return Err(ParseReason::repeated_sid(sid).at(Place::Member(&statement, "Sid")));
        }
    }
    Ok(())
}

/// `*`, or a service's namespace, a colon, and the name of an action.
fn action(text: &str, place: Place<'_>) -> Result<String, ParseError> {
    let well_formed = text == "*"
        || text.split_once(':').is_some_and(|(service, name)| {
            let of_service = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
            let of_name = |byte: u8| of_service(byte) || matches!(byte, b'*' | b'?' | b'_');
            let is_service = !service.is_empty() && service.bytes().all(of_service);
            (is_service || service == "*") && !name.is_empty() && name.bytes().all(of_name)
        });
    if well_formed { Ok(text.to_owned()) } else { Err(ParseReason::action(text).at(place)) }
}

fn resource(text: &str, version: Version, place: Place<'_>) -> Result<Template, ParseError> {
    let template = Template::parse(text, version).map_err(|error| ParseReason::Variable(error).at(place))?;
    if arn::is_resource(&template) { Ok(template) } else { Err(ParseReason::resource(text).at(place)) }
}

fn conditions(json: &Json, version: Version, place: Place<'_>) -> Result<Vec<Condition>, ParseError> {
    let mut conditions = Vec::new();
    for (name, json) in &object(json, place)?.members {
        let place = Place::Member(&place, name);
        let operator = Operator::parse(name).ok_or_else(|| ParseReason::operator(name).at(place))?;
        for (key, json) in &object(json, place)?.members {
            let place = Place::Member(&place, key);
            if !key.split_once(':').is_some_and(|(prefix, name)| !prefix.is_empty() && !name.is_empty()) {
                return Err(ParseReason::condition_key(key).at(place));
            }
            let operands = operands(json, place)?;
            let condition = Condition::new(operator, key, &operands, version);
            conditions.push(condition.map_err(|reason| reason.at(place))?);
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
    read: impl Fn(&str, Place<'_>) -> Result<T, ParseError>,
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
