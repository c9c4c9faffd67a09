//! Values as audit events show them: JSON without anything sensitive, and without bytes.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html>

use std::fmt;

use alcazar_shape::{Kind, Schema, Value};
use serde::ser::{Serialize, SerializeMap as _, Serializer};

use crate::timestamp_text;
pub use crate::timestamp_text::EventDates;

/// The largest fragment that an event carries, in bytes; a larger one is left out, as CloudTrail does it.
pub const FRAGMENT_BYTES_MAX: usize = 100 * 1024;

/// What stands in the place of what nobody is to read.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_cloudtrail-integration.html>
pub const HIDDEN: &str = "HIDDEN_DUE_TO_SECURITY_REASONS";

/// A member that an operation's events do not show as they show others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exception {
    /// Where it stands, by the names that events have: `entries.detail`. Lists have no name of their own.
    pub path: &'static str,
    /// What is shown.
    pub form: Form,
}

/// What is shown of a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// This text in its place.
    Text(&'static str),
    /// Nothing.
    LeftOut,
}

impl Exception {
    /// A member that only shows that it was there.
    #[must_use]
    pub const fn hidden(path: &'static str) -> Self {
        Self { path, form: Form::Text(HIDDEN) }
    }

    /// A member in whose place `****` stands.
    #[must_use]
    pub const fn masked(path: &'static str) -> Self {
        Self { path, form: Form::Text("****") }
    }

    /// A member that is not recorded.
    #[must_use]
    pub const fn left_out(path: &'static str) -> Self {
        Self { path, form: Form::LeftOut }
    }
}

/// How an operation's events show what it takes and answers.
#[derive(Debug, Clone, Copy)]
pub struct Recording<'a> {
    /// How they write times.
    pub dates: EventDates,
    /// What they show otherwise.
    pub exceptions: &'a [Exception],
}

/// Where a value stands.
#[derive(Clone, Copy)]
struct Path<'a> {
    up: Option<&'a Path<'a>>,
    name: &'a str,
}

impl Path<'_> {
    /// Whether `text` is this path. Names are compared as events have them.
    fn is(&self, text: &str) -> bool {
        let (up, name) = match text.rsplit_once('.') {
            Some((up, name)) => (Some(up), name),
            None => (None, text),
        };
        let is_last = LowerCamel(self.name).is(name);
        is_last
            && match (self.up, up) {
                (None, None) => true,
                (Some(path), Some(text)) => path.is(text),
                _ => false,
            }
    }
}

/// Writes a structure for an event: names begin in lower case; sensitive members, blobs and absent ones are
/// left out. It is `null` if nothing is left, and `{"omitted":true}` if it would be too large.
#[must_use]
pub fn to_event_json(schema: &Schema, value: &Value, recording: Recording<'_>) -> Vec<u8> {
    let mut fragment = Vec::with_capacity(256);
    let written = serde_json::to_writer(&mut fragment, &Shown { schema, value, recording, path: None });
    if written.is_err() || !shown(schema) || fragment == b"{}" {
        b"null".to_vec()
    } else if fragment.len() > FRAGMENT_BYTES_MAX {
        br#"{"omitted":true}"#.to_vec()
    } else {
        fragment
    }
}

/// Whether values of this shape are shown; what holds them leaves them out otherwise.
fn shown(schema: &Schema) -> bool {
    !schema.sensitive
        && match &schema.kind {
            Kind::Blob => false,
            Kind::List { member, .. } => shown_in_list(member.schema),
            Kind::Map { key, value, .. } => shown_in_list(key.schema) && shown_in_list(value.schema),
            _ => true,
        }
}

/// Shapes may hold themselves through lists and maps, so only the next level decides here.
fn shown_in_list(schema: &Schema) -> bool {
    !schema.sensitive && !matches!(schema.kind, Kind::Blob)
}

/// A value of a shape that is shown, as far as its parts are.
struct Shown<'a> {
    schema: &'a Schema,
    value: &'a Value,
    recording: Recording<'a>,
    path: Option<&'a Path<'a>>,
}

impl<'a> Shown<'a> {
    /// Something within it that has no name of its own.
    fn within(&self, schema: &'a Schema, value: &'a Value) -> Self {
        Shown { schema, value, ..*self }
    }
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !shown(self.schema) {
            return serializer.serialize_unit();
        }
        match (&self.schema.kind, self.value) {
            (_, Value::Boolean(value)) => serializer.serialize_bool(*value),
            (_, Value::Integer(value)) => serializer.serialize_i64(*value),
            (_, Value::Double(value)) => serializer.serialize_f64(*value),
            (_, Value::String(text)) => serializer.serialize_str(text),
            (_, Value::Timestamp(time)) => {
                serializer.serialize_str(&timestamp_text::for_events(self.recording.dates, *time))
            }
            (Kind::List { member, .. }, Value::List(items)) => {
                serializer.collect_seq(items.iter().map(|value| self.within(member.schema, value)))
            }
            (Kind::Map { value: member, .. }, Value::Map(entries)) => serializer
                .collect_map(entries.iter().map(|(key, value)| (key, self.within(member.schema, value)))),
            (Kind::Structure { members, .. }, Value::Structure(slots)) => {
                let mut map = serializer.serialize_map(None)?;
                for (member, slot) in members.iter().zip(slots) {
                    let Some(value) = slot else { continue };
                    let path = Path { up: self.path, name: member.name };
                    let name = LowerCamel(member.name);
                    let mut exceptions = self.recording.exceptions.iter();
                    match exceptions.find(|exception| path.is(exception.path)).map(|found| found.form) {
                        Some(Form::Text(text)) => map.serialize_entry(&name, text)?,
                        Some(Form::LeftOut) => {}
                        None if shown(member.schema) => {
                            let value = Shown { path: Some(&path), ..self.within(member.schema, value) };
                            map.serialize_entry(&name, &value)?;
                        }
                        None => {}
                    }
                }
                map.end()
            }
            _ => serializer.serialize_unit(),
        }
    }
}

/// A member's name with its first letter lowered.
struct LowerCamel<'a>(&'a str);

impl LowerCamel<'_> {
    /// Whether it reads so.
    fn is(&self, text: &str) -> bool {
        let (mut characters, mut others) = (self.0.chars(), text.chars());
        let first = characters.next().map(|first| first.to_ascii_lowercase());
        first == others.next() && characters.as_str() == others.as_str()
    }
}

impl fmt::Display for LowerCamel<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut characters = self.0.chars();
        if let Some(first) = characters.next() {
            write!(f, "{}", first.to_lowercase())?;
        }
        f.write_str(characters.as_str())
    }
}

impl Serialize for LowerCamel<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{ENCRYPT_REQUEST, EVERYTHING};

    fn fragment(schema: &Schema, json: &str) -> String {
        let value = crate::json::from_json(schema, json.as_bytes()).unwrap();
        let recording = Recording { dates: EventDates::Comma, exceptions: &[] };
        String::from_utf8(to_event_json(schema, &value, recording)).unwrap()
    }

    #[test]
    fn what_an_operation_declares_is_hidden_wherever_it_stands() {
        let json = r#"{"Secret":"s3cret","String":"text","Tags":[{"TagKey":"a","TagValue":"b"}],"Time":0}"#;
        let value = crate::json::from_json(&EVERYTHING, json.as_bytes()).unwrap();
        let exceptions = [
            Exception::hidden("secret"),
            Exception::masked("tags.tagValue"),
            Exception::left_out("string"),
            Exception::hidden("tagKey"),
        ];
        let recording = Recording { dates: EventDates::Iso, exceptions: &exceptions };
        assert_eq!(
            String::from_utf8(to_event_json(&EVERYTHING, &value, recording)).unwrap(),
            r#"{"secret":"HIDDEN_DUE_TO_SECURITY_REASONS","time":"1970-01-01T00:00:00Z","tags":[{"tagKey":"a","tagValue":"****"}]}"#
        );
    }

    #[test]
    fn an_encrypt_call_shows_the_key_and_the_context_but_no_plaintext() {
        assert_eq!(
            fragment(
                &ENCRYPT_REQUEST,
                r#"{"KeyId":"alias/a","Plaintext":"aGVsbG8=","EncryptionContext":{"Purpose":"x"},"DryRun":true}"#
            ),
            r#"{"keyId":"alias/a","encryptionContext":{"Purpose":"x"},"dryRun":true}"#
        );
    }

    #[test]
    fn secrets_and_bytes_are_left_out_and_times_are_readable() {
        assert_eq!(
            fragment(
                &EVERYTHING,
                r#"{"Secret":"s3cret","Blob":"aGVsbG8=","SecretBlob":"aGVsbG8=","Time":1440938160,"Tags":[{"TagKey":"a","TagValue":"b"}]}"#
            ),
            r#"{"time":"Aug 30, 2015, 12:36:00 PM","tags":[{"tagKey":"a","tagValue":"b"}]}"#
        );
        assert_eq!(fragment(&EVERYTHING, r#"{"Secret":"s3cret"}"#), "null");
        assert_eq!(fragment(&EVERYTHING, ""), "null");
    }

    #[test]
    fn what_is_too_large_is_left_out() {
        let long = format!(r#"{{"String":"{}"}}"#, "a".repeat(FRAGMENT_BYTES_MAX));
        assert_eq!(fragment(&EVERYTHING, &long), r#"{"omitted":true}"#);
    }
}
