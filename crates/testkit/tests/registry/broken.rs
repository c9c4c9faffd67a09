//! Every way to break an input once, made from its schema.

use alcazar_shape::{Kind, Member, Protocol, Schema, pattern};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value as Json, json};

use crate::sample::CANARY;

/// An input that breaks one constraint.
#[derive(Debug, Clone)]
pub(crate) struct Broken {
    /// The input.
    pub(crate) input: Json,
    /// What is broken, for messages.
    pub(crate) what: String,
    /// How it is to be refused.
    pub(crate) refusal: Refusal,
}

/// How a broken input is refused.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Refusal {
    /// With a `ValidationException` whose message holds this.
    Validation(String),
    /// With a `SerializationException`.
    Serialization,
}

/// Every way to break `sample` once, as far as a client can in `protocol`.
pub(crate) fn all(schema: &'static Schema, sample: &Json, protocol: Protocol) -> Vec<Broken> {
    let mut breaker = Breaker { protocol, found: Vec::new() };
    let whole = |part: Json| part;
    breaker.parts(schema, sample, "", &whole);
    breaker.found
}

struct Breaker {
    protocol: Protocol,
    found: Vec<Broken>,
}

/// Puts a broken part into the whole input.
type Whole<'a> = &'a dyn Fn(Json) -> Json;

impl Breaker {
    fn note(&mut self, what: String, input: Json, refusal: Refusal) {
        self.found.push(Broken { input, what, refusal });
    }

    /// Breaks a value of `schema`'s shape: its type, its own constraints, and its parts. `at` is where it stands,
    /// as messages say it; a constraint of a list's or map's part is told at the list or map.
    fn value(
        &mut self,
        schema: &'static Schema,
        value: &Json,
        at: &str,
        part: Option<&str>,
        whole: Whole<'_>,
    ) {
        for wrong in wrong_types(&schema.kind, self.protocol) {
            self.note(format!("{at} is {wrong}"), whole(wrong), Refusal::Serialization);
        }
        for (what, wrong) in constraint_breaches(schema, value) {
            if self.protocol == Protocol::AwsQuery && is_nothing(&wrong) {
                continue;
            }
            let refusal = match part {
                None => format!("at '{at}' failed to satisfy constraint: Member must"),
                Some(part) => {
                    format!("at '{at}' failed to satisfy constraint: {part} must satisfy constraint: [")
                }
            };
            self.note(format!("{at} {what}"), whole(wrong), Refusal::Validation(refusal));
        }
        self.parts(schema, value, at, whole);
    }

    fn parts(&mut self, schema: &'static Schema, value: &Json, at: &str, whole: Whole<'_>) {
        match &schema.kind {
            Kind::Structure { members, .. } => {
                let entries = value.as_object().unwrap();
                for member in *members {
                    self.member(member, entries, at, whole);
                }
            }
            Kind::List { member, .. } => {
                let items = value.as_array().cloned().unwrap_or_default();
                let item = items.first().cloned().unwrap_or_else(|| valid(member.schema));
                let replace = |part: Json| whole(json!([part]));
                if matches!(member.schema.kind, Kind::Structure { .. }) {
                    self.value(member.schema, &item, &format!("{at}.1.member"), None, &replace);
                } else {
                    self.value(member.schema, &item, at, Some("Member"), &replace);
                }
            }
            Kind::Map { key, value: member, .. } => {
                let under =
                    |name: &str, part: Json| whole(Json::Object(Map::from_iter([(name.to_owned(), part)])));
                for (what, name) in constraint_breaches(key.schema, &json!("key")) {
                    let message =
                        "failed to satisfy constraint: Map keys must satisfy constraint: [".to_owned();
                    let input = under(name.as_str().unwrap(), valid(member.schema));
                    self.note(format!("a key of {at} {what}"), input, Refusal::Validation(message));
                }
                let replace = |part: Json| under("key", part);
                let entry = valid(member.schema);
                if matches!(member.schema.kind, Kind::Structure { .. }) {
                    self.value(member.schema, &entry, &format!("{at}.key.member"), None, &replace);
                } else {
                    self.value(member.schema, &entry, at, Some("Map value"), &replace);
                }
            }
            _ => {}
        }
    }

    fn member(&mut self, member: &'static Member, entries: &Map<String, Json>, at: &str, whole: Whole<'_>) {
        let name = lower_camel(member.name);
        let at = if at.is_empty() { name } else { format!("{at}.{name}") };
        let with = |part: Option<Json>| {
            let mut changed = entries.clone();
            match part {
                Some(part) => changed.insert(member.name.to_owned(), part),
                None => changed.remove(member.name),
            };
            whole(Json::Object(changed))
        };
        // AWS Query has no way to say a structure with nothing in it.
        let is_alone = at.contains('.') && entries.keys().all(|name| name == member.name);
        if member.required && !(is_alone && self.protocol == Protocol::AwsQuery) {
            let message =
                format!("Value null at '{at}' failed to satisfy constraint: Member must not be null");
            self.note(format!("{at} is missing"), with(None), Refusal::Validation(message.clone()));
            self.note(format!("{at} is null"), with(Some(Json::Null)), Refusal::Validation(message));
        }
        let sample = entries.get(member.name).cloned().unwrap_or_else(|| valid(member.schema));
        self.value(member.schema, &sample, &at, None, &|part| with(Some(part)));
    }
}

/// Values of types that `kind` does not take.
fn wrong_types(kind: &Kind, protocol: Protocol) -> Vec<Json> {
    // In Query everything is a text, so only what no text is can be of a wrong type.
    if protocol == Protocol::AwsQuery {
        return match kind {
            Kind::Boolean | Kind::Integer | Kind::Long | Kind::Double | Kind::Timestamp => vec![json!("x")],
            Kind::Blob => vec![json!("!")],
            _ => Vec::new(),
        };
    }
    let (text, number, flag, list, map) = (json!("x"), json!(1), json!(true), json!([{}]), json!({"x": [1]}));
    let mut wrong = match kind {
        Kind::String { .. } | Kind::Blob => vec![number, flag, list, map],
        Kind::Boolean => vec![text, number, list, map],
        Kind::Integer | Kind::Long | Kind::Double => vec![text, flag, list, map],
        Kind::Timestamp => vec![flag, list, map],
        Kind::List { .. } => vec![text, number, flag, map],
        Kind::Map { .. } | Kind::Structure { .. } => vec![text, number, flag, list],
    };
    if matches!(kind, Kind::Integer) {
        wrong.push(json!(1_u64 << 40));
    }
    if matches!(kind, Kind::Blob) && protocol != Protocol::RpcV2Cbor {
        wrong.extend([json!("!!!!"), json!("QUJ"), json!("QUI=QUI=")]);
    }
    wrong
}

/// Values that break one constraint of `schema` each, and how.
fn constraint_breaches(schema: &Schema, sample: &Json) -> Vec<(&'static str, Json)> {
    let mut breaches = Vec::new();
    match &schema.kind {
        Kind::String { values } => {
            if let Some(min) = schema.min.filter(|min| *min > 0) {
                breaches.push(("is too short", json!(filler(schema, length(min) - 1))));
            }
            if let Some(max) = schema.max {
                breaches.push(("is too long", json!(filler(schema, length(max) + 1))));
            }
            if let Some(pattern) = schema.pattern {
                let wrong = mismatch(pattern, schema);
                breaches.extend(wrong.map(|wrong| ("does not match its pattern", json!(wrong))));
            }
            if !values.is_empty() {
                breaches.push(("is none of its values", json!(filler(schema, 12))));
            }
        }
        Kind::Blob => {
            let bytes = |count: usize| json!(STANDARD.encode(filler(schema, count)));
            if let Some(min) = schema.min.filter(|min| *min > 0) {
                breaches.push(("is too short", bytes(length(min) - 1)));
            }
            if let Some(max) = schema.max {
                breaches.push(("is too long", bytes(length(max) + 1)));
            }
        }
        Kind::Integer | Kind::Long | Kind::Double => {
            breaches.extend(schema.min.map(|min| ("is too small", json!(min - 1))));
            breaches.extend(schema.max.map(|max| ("is too large", json!(max + 1))));
        }
        Kind::List { member, .. } => {
            let item = sample.get(0).cloned().unwrap_or_else(|| valid(member.schema));
            if let Some(min) = schema.min.filter(|min| *min > 0) {
                breaches.push(("has too few", json!(vec![item.clone(); length(min) - 1])));
            }
            if let Some(max) = schema.max {
                breaches.push(("has too many", json!(vec![item; length(max) + 1])));
            }
        }
        Kind::Map { value, .. } => {
            let entries = |count: usize| {
                let entries = (0..count).map(|number| (number.to_string(), valid(value.schema)));
                Json::Object(entries.collect())
            };
            if let Some(min) = schema.min.filter(|min| *min > 0) {
                breaches.push(("has too few", entries(length(min) - 1)));
            }
            if let Some(max) = schema.max {
                breaches.push(("has too many", entries(length(max) + 1)));
            }
        }
        Kind::Boolean | Kind::Timestamp | Kind::Structure { .. } => {}
    }
    breaches
}

/// Whether a form cannot say this: that a list is there and empty, or holds structures with nothing in them.
fn is_nothing(value: &Json) -> bool {
    match value {
        Json::Array(items) => items.iter().all(is_nothing),
        Json::Object(members) => members.values().all(is_nothing),
        _ => false,
    }
}

/// A text of the right length that does not match; none if all do.
fn mismatch(pattern: &'static str, schema: &Schema) -> Option<String> {
    if pattern == r"[\s\S]*" {
        return None;
    }
    let count = length(schema.min.unwrap_or(1).max(1));
    let candidates = [" ", "~", "\u{100}", "\u{0}", "x", "\n"].map(|text| text.repeat(count));
    let found = candidates.into_iter().find(|text| !pattern::matches(pattern, text));
    Some(found.unwrap_or_else(|| panic!("no text that does not match {pattern} is known")))
}

/// A value that keeps its schema's constraints, but perhaps a pattern.
fn valid(schema: &Schema) -> Json {
    let least = schema.min.map_or(1, |min| length(min).max(1));
    match &schema.kind {
        Kind::String { values } => {
            values.first().map_or_else(|| json!(filler(schema, least)), |first| json!(first))
        }
        Kind::Blob => json!(STANDARD.encode(filler(schema, least))),
        Kind::Boolean => json!(false),
        Kind::Integer | Kind::Long | Kind::Double => json!(schema.min.unwrap_or(1)),
        Kind::Timestamp => json!(0),
        Kind::List { member, .. } => json!([valid(member.schema)]),
        Kind::Map { value, .. } => json!({"key": valid(value.schema)}),
        Kind::Structure { members, .. } => {
            let required = members.iter().filter(|member| member.required);
            Json::Object(required.map(|member| (member.name.to_owned(), valid(member.schema))).collect())
        }
    }
}

/// A text of this length. A sensitive one is found again if it leaks.
fn filler(schema: &Schema, count: usize) -> String {
    let text = if schema.sensitive { CANARY } else { "filler" };
    text.chars().cycle().take(count).collect()
}

fn length(limit: i64) -> usize {
    usize::try_from(limit).unwrap()
}

fn lower_camel(name: &str) -> String {
    let (first, rest) = name.split_at(1);
    first.to_ascii_lowercase() + rest
}
