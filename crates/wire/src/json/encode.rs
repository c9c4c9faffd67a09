//! Values into JSON, by the schema.

use alcazar_shape::{Kind, Schema, TimestampFormat, Value};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::ser::{Serialize, SerializeMap as _, SerializeSeq as _, Serializer};
use zeroize::Zeroizing;

use crate::{number, timestamp_text};

/// Writes a value of `schema`'s shape. Absent members are left out; what is not of the shape becomes null.
#[must_use]
pub fn to_json(schema: &Schema, value: &Value) -> Vec<u8> {
    let mut body = Vec::with_capacity(256);
    // Neither a Vec nor a text key can fail, and `Shaped` gives no error of its own.
    if serde_json::to_writer(&mut body, &Shaped { schema, value, format: None }).is_err() {
        body.clear();
    }
    body
}

/// A value beside its schema, as serde wants it.
pub(crate) struct Shaped<'a> {
    pub(crate) schema: &'a Schema,
    pub(crate) value: &'a Value,
    pub(crate) format: Option<TimestampFormat>,
}

impl Serialize for Shaped<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (&self.schema.kind, self.value) {
            (_, Value::Boolean(value)) => serializer.serialize_bool(*value),
            (_, Value::Integer(value)) => serializer.serialize_i64(*value),
            (_, Value::Double(value)) => double(*value, serializer),
            (_, Value::String(text)) => serializer.serialize_str(text),
            (_, Value::SecretString(text)) => serializer.serialize_str(text.expose()),
            (_, Value::Blob(bytes)) => serializer.serialize_str(&STANDARD.encode(bytes)),
            (_, Value::SecretBlob(bytes)) => {
                serializer.serialize_str(&Zeroizing::new(STANDARD.encode(bytes.expose())))
            }
            (_, Value::Timestamp(time)) => match self.format {
                None | Some(TimestampFormat::EpochSeconds) => match number::epoch_seconds(*time) {
                    number::EpochSeconds::Whole(seconds) => serializer.serialize_i64(seconds),
                    number::EpochSeconds::Fraction(seconds) => serializer.serialize_f64(seconds),
                },
                Some(format) => serializer.serialize_str(&timestamp_text::write(format, *time)),
            },
            (Kind::List { member, .. }, Value::List(items)) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for value in items {
                    list.serialize_element(&Shaped {
                        schema: member.schema,
                        value,
                        format: member.timestamp_format,
                    })?;
                }
                list.end()
            }
            (Kind::Map { value: member, .. }, Value::Map(entries)) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    let value = Shaped { schema: member.schema, value, format: member.timestamp_format };
                    map.serialize_entry(key, &value)?;
                }
                map.end()
            }
            (Kind::Structure { members, .. }, Value::Structure(slots)) => {
                let mut map = serializer.serialize_map(None)?;
                for (member, slot) in members.iter().zip(slots) {
                    if let Some(value) = slot {
                        let value = Shaped { schema: member.schema, value, format: member.timestamp_format };
                        map.serialize_entry(member.name, &value)?;
                    }
                }
                map.end()
            }
            _ => serializer.serialize_unit(),
        }
    }
}

/// JSON has no numbers for what is not finite; the specification writes names.
fn double<S: Serializer>(value: f64, serializer: S) -> Result<S::Ok, S::Error> {
    if value.is_finite() {
        serializer.serialize_f64(value)
    } else if value.is_nan() {
        serializer.serialize_str("NaN")
    } else {
        serializer.serialize_str(if value > 0.0 { "Infinity" } else { "-Infinity" })
    }
}
