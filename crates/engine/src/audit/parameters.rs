//! What of an input or output may be recorded: everything but sensitive members and blobs.
//!
//! Members are named as CloudTrail names them, with a lower-case first letter.

use alcazar_shape::{Kind, Schema, Value};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

/// The longest text that is recorded whole, in bytes; a longer one is cut.
const TEXT_LENGTH_MAX: usize = 16 * 1024;

/// The recordable part of a structure as a JSON object; none if nothing is left.
#[must_use]
pub fn to_json(schema: &'static Schema, value: &Value) -> Option<String> {
    match value {
        Value::Structure(slots)
            if slots
                .iter()
                .zip(schema.members())
                .any(|(slot, member)| is_recorded(member.schema, slot.as_ref())) =>
        {
            serde_json::to_string(&Recorded { schema, value }).ok()
        }
        _ => None,
    }
}

fn is_recorded(schema: &Schema, value: Option<&Value>) -> bool {
    !schema.sensitive && !matches!(schema.kind, Kind::Blob) && value.is_some()
}

struct Recorded<'a> {
    schema: &'static Schema,
    value: &'a Value,
}

impl Serialize for Recorded<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (self.value, &self.schema.kind) {
            (Value::Boolean(value), _) => serializer.serialize_bool(*value),
            (Value::Integer(value), _) => serializer.serialize_i64(*value),
            (Value::Double(value), _) => serializer.serialize_f64(*value),
            (Value::String(text), _) => serializer.serialize_str(cut(text)),
            (Value::Timestamp(time), _) => serializer.collect_str(time),
            (Value::List(items), Kind::List { member, .. }) => {
                let mut list = serializer.serialize_seq(None)?;
                for value in items.iter().filter(|item| is_recorded(member.schema, Some(item))) {
                    list.serialize_element(&Recorded { schema: member.schema, value })?;
                }
                list.end()
            }
            (Value::Map(entries), Kind::Map { value: member, .. }) => {
                let mut map = serializer.serialize_map(None)?;
                for (key, value) in
                    entries.iter().filter(|(_, value)| is_recorded(member.schema, Some(value)))
                {
                    map.serialize_entry(key, &Recorded { schema: member.schema, value })?;
                }
                map.end()
            }
            (Value::Structure(slots), Kind::Structure { members, .. }) => {
                let mut map = serializer.serialize_map(None)?;
                for (slot, member) in slots.iter().zip(*members) {
                    if let (true, Some(value)) = (is_recorded(member.schema, slot.as_ref()), slot) {
                        map.serialize_entry(
                            &LowerCamel(member.name),
                            &Recorded { schema: member.schema, value },
                        )?;
                    }
                }
                map.end()
            }
            // Secrets, blobs, and what is not of its schema's kind.
            _ => serializer.serialize_none(),
        }
    }
}

/// A member's name with its first letter in lower case.
struct LowerCamel(&'static str);

impl Serialize for LowerCamel {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut name = self.0.to_owned();
        if let Some(first) = name.get_mut(..1) {
            first.make_ascii_lowercase();
        }
        serializer.serialize_str(&name)
    }
}

fn cut(text: &str) -> &str {
    let mut end = text.len().min(TEXT_LENGTH_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use alcazar_shape::Member;

    use super::*;

    const fn schema(name: &'static str, kind: Kind, sensitive: bool) -> Schema {
        Schema { name, kind, sensitive, min: None, max: None, pattern: None }
    }

    const fn member(name: &'static str, schema: &'static Schema) -> Member {
        Member { name, wire_name: name, schema, required: false, timestamp_format: None }
    }

    static TEXT: Schema = schema("Text", Kind::String { values: &[] }, false);
    static PASSWORD: Schema = schema("Password", Kind::String { values: &[] }, true);
    static BLOB: Schema = schema("Blob", Kind::Blob, false);
    static KEY: Member = member("key", &TEXT);
    static VALUE: Member = member("value", &TEXT);
    static MAP: Schema = schema("Map", Kind::Map { key: &KEY, value: &VALUE, flattened: false }, false);
    static ROOT: Schema = schema(
        "Root",
        Kind::Structure {
            members: &[
                member("KeyId", &TEXT),
                member("Password", &PASSWORD),
                member("Blob", &BLOB),
                member("EncryptionContext", &MAP),
            ],
            union: false,
        },
        false,
    );

    #[test]
    fn secrets_and_blobs_are_left_out() {
        let input = Value::Structure(vec![
            Some(Value::String("alias/x".into())),
            Some(Value::SecretString("hunter2".to_owned().into())),
            Some(Value::Blob(b"blob".to_vec())),
            Some(Value::Map(vec![("Purpose".into(), Value::String("test".into()))])),
        ]);
        assert_eq!(
            to_json(&ROOT, &input).unwrap(),
            r#"{"keyId":"alias/x","encryptionContext":{"Purpose":"test"}}"#
        );
    }

    #[test]
    fn where_nothing_is_left_nothing_is_recorded() {
        let input =
            Value::Structure(vec![None, Some(Value::SecretString("x".to_owned().into())), None, None]);
        assert_eq!(to_json(&ROOT, &input), None);
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        let input = Value::Structure(vec![Some(Value::String("é".repeat(20_000))), None, None, None]);
        assert!(to_json(&ROOT, &input).unwrap().len() < TEXT_LENGTH_MAX + 20);
    }
}
