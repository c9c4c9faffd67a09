//! Values as audit events show them: JSON without anything sensitive, and without bytes.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html>

use std::fmt;

use alcazar_shape::{Kind, Schema, Value};
use serde::ser::{Serialize, SerializeMap as _, Serializer};

use crate::timestamp_text;

/// The largest fragment that an event carries, in bytes; a larger one is left out, as CloudTrail does it.
pub const FRAGMENT_BYTES_MAX: usize = 100 * 1024;

/// Writes a structure for an event: names begin in lower case; sensitive members, blobs and absent ones are
/// left out. It is `null` if nothing is left, and `{"omitted":true}` if it would be too large.
#[must_use]
pub fn to_event_json(schema: &Schema, value: &Value) -> Vec<u8> {
    let mut fragment = Vec::with_capacity(256);
    let written = serde_json::to_writer(&mut fragment, &Shown { schema, value });
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
            (_, Value::Timestamp(time)) => serializer.serialize_str(&timestamp_text::for_events(*time)),
            (Kind::List { member, .. }, Value::List(items)) => {
                serializer.collect_seq(items.iter().map(|value| Shown { schema: member.schema, value }))
            }
            (Kind::Map { value: member, .. }, Value::Map(entries)) => serializer.collect_map(
                entries.iter().map(|(key, value)| (key, Shown { schema: member.schema, value })),
            ),
            (Kind::Structure { members, .. }, Value::Structure(slots)) => {
                let mut map = serializer.serialize_map(None)?;
                for (member, slot) in members.iter().zip(slots) {
                    if let (Some(value), true) = (slot, shown(member.schema)) {
                        let value = Shown { schema: member.schema, value };
                        map.serialize_entry(&LowerCamel(member.name), &value)?;
                    }
                }
                map.end()
            }
            _ => serializer.serialize_unit(),
        }
    }
}

/// A member's name with its first letter lowered.
struct LowerCamel(&'static str);

impl fmt::Display for LowerCamel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut characters = self.0.chars();
        if let Some(first) = characters.next() {
            write!(f, "{}", first.to_lowercase())?;
        }
        f.write_str(characters.as_str())
    }
}

impl Serialize for LowerCamel {
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
        String::from_utf8(to_event_json(schema, &value)).unwrap()
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
