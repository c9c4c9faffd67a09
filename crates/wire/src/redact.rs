//! Values as audit events show them: JSON without anything sensitive, and without bytes.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html>

use alcazar_shape::validate::lower_camel;
use alcazar_shape::{Kind, Schema, Value};
use serde_json::{Map, Value as Json};

use crate::timestamp_text;

/// The largest fragment that an event carries, in bytes; a larger one is left out, as CloudTrail does it.
pub const FRAGMENT_BYTES_MAX: usize = 100 * 1024;

/// Writes a structure for an event: names begin in lower case; sensitive members, blobs and absent ones are
/// left out. It is `null` if nothing is left, and `{"omitted":true}` if it would be too large.
#[must_use]
pub fn to_event_json(schema: &Schema, value: &Value) -> Vec<u8> {
    let fragment = match redact(schema, value) {
        Some(Json::Object(members)) if members.is_empty() => Json::Null,
        Some(json) => json,
        None => Json::Null,
    };
    let text = fragment.to_string();
    if text.len() > FRAGMENT_BYTES_MAX { br#"{"omitted":true}"#.to_vec() } else { text.into_bytes() }
}

fn redact(schema: &Schema, value: &Value) -> Option<Json> {
    if schema.sensitive {
        return None;
    }
    match (&schema.kind, value) {
        (_, Value::Boolean(value)) => Some(Json::Bool(*value)),
        (_, Value::Integer(value)) => Some(Json::from(*value)),
        (_, Value::Double(value)) => Some(Json::from(*value)),
        (_, Value::String(text)) => Some(Json::from(text.as_str())),
        (_, Value::Timestamp(time)) => Some(Json::from(timestamp_text::for_events(*time))),
        (Kind::List { member, .. }, Value::List(items)) if shown(member.schema) => {
            Some(items.iter().filter_map(|item| redact(member.schema, item)).collect())
        }
        (Kind::Map { key, value: member, .. }, Value::Map(entries))
            if shown(key.schema) && shown(member.schema) =>
        {
            let shown =
                entries.iter().filter_map(|(key, value)| Some((key.clone(), redact(member.schema, value)?)));
            Some(Json::Object(shown.collect()))
        }
        (Kind::Structure { members, .. }, Value::Structure(slots)) => {
            let filled = members.iter().zip(slots).filter_map(|(member, slot)| {
                Some((lower_camel(member.name), redact(member.schema, slot.as_ref()?)?))
            });
            Some(Json::Object(filled.collect::<Map<_, _>>()))
        }
        _ => None,
    }
}

fn shown(schema: &Schema) -> bool {
    !schema.sensitive && !matches!(schema.kind, Kind::Blob)
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
            r#"{"dryRun":true,"encryptionContext":{"Purpose":"x"},"keyId":"alias/a"}"#
        );
    }

    #[test]
    fn secrets_and_bytes_are_left_out_and_times_are_readable() {
        assert_eq!(
            fragment(
                &EVERYTHING,
                r#"{"Secret":"s3cret","Blob":"aGVsbG8=","SecretBlob":"aGVsbG8=","Time":1440938160,"Tags":[{"TagKey":"a","TagValue":"b"}]}"#
            ),
            r#"{"tags":[{"tagKey":"a","tagValue":"b"}],"time":"Aug 30, 2015, 12:36:00 PM"}"#
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
