//! JSON into values, by the schema, in one pass and without a tree in between.

use std::cell::Cell;
use std::fmt;

use alcazar_base::limit::DOCUMENT_DEPTH_MAX;
use alcazar_shape::{Kind, Member, Schema, TimestampFormat, Value};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::decode_error::DecodeError;
use crate::{number, parts, timestamp_text};

/// Reads a structure; an empty body is one without members.
///
/// Members that the schema does not know are passed over, nulls are absent.
///
/// # Errors
/// `DecodeError` if the body is not JSON, or not of the schema's shape, or nests too deep.
pub fn from_json(schema: &Schema, body: &[u8]) -> Result<Value, DecodeError> {
    // Checked once for the whole body, so that the parser need not check each text.
    let text = std::str::from_utf8(body).map_err(|_| DecodeError::Utf8)?;
    if text.is_empty() {
        return Ok(Value::empty_structure(schema));
    }
    let failure = Cell::new(None);
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let root = Node { schema, format: None, depth: 0, failure: &failure };
    let value = root
        .deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value))
        .map_err(|_| failure.take().unwrap_or(DecodeError::Syntax))?;
    value.ok_or(DecodeError::Syntax)
}

/// One place in the document, which is to be of `schema`'s shape. Reads nothing from a null.
#[derive(Clone, Copy)]
struct Node<'a> {
    schema: &'a Schema,
    format: Option<TimestampFormat>,
    depth: usize,
    /// Why reading failed: the parser's own error can only carry text.
    failure: &'a Cell<Option<DecodeError>>,
}

impl Node<'_> {
    fn fail<T, E: serde::de::Error>(&self, error: DecodeError) -> Result<T, E> {
        self.failure.set(Some(error));
        Err(E::custom(""))
    }

    fn mismatch<T, E: serde::de::Error>(&self, found: &'static str) -> Result<T, E> {
        // A scalar as the whole body is told nothing, as AWS does it.
        let error =
            if self.depth == 0 { DecodeError::Syntax } else { DecodeError::scalar(found, &self.schema.kind) };
        self.fail(error)
    }

    fn within<'b>(&'b self, member: &'b Member) -> Node<'b> {
        Node { schema: member.schema, format: member.timestamp_format, depth: self.depth + 1, ..*self }
    }

    fn structure<'de, A: MapAccess<'de>>(
        &self,
        members: &'static [Member],
        mut map: A,
    ) -> Result<Option<Value>, A::Error> {
        let mut slots: Vec<Option<Value>> = vec![None; members.len()];
        let mut seen = 0_u128;
        while let Some(slot) = map.next_key_seed(Name(self.schema))? {
            let known = slot.and_then(|slot| Some((slot, members.get(slot)?, slots.get_mut(slot)?)));
            let Some((slot, member, place)) = known else {
                map.next_value_seed(Skip { depth: self.depth + 1, failure: self.failure })?;
                continue;
            };
            // A null counts as seen too; structures beyond 128 members are only checked by their values.
            let bit = 1_u128.checked_shl(u32::try_from(slot).unwrap_or(u32::MAX)).unwrap_or_default();
            if seen & bit != 0 || place.is_some() {
                return self.fail(DecodeError::Duplicate);
            }
            seen |= bit;
            *place = map.next_value_seed(self.within(member))?;
        }
        match parts::structure(self.schema, slots) {
            Ok(value) => Ok(Some(value)),
            Err(error) => self.fail(error),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Option<Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Option<Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.schema.name)
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<Self::Value, E> {
        match self.schema.kind {
            Kind::Boolean => Ok(Some(Value::Boolean(value))),
            _ => self.mismatch(if value { "TRUE_VALUE" } else { "FALSE_VALUE" }),
        }
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Self::Value, E> {
        let read = match self.schema.kind {
            Kind::Integer | Kind::Long if number::fits(self.schema, value) => Some(Value::Integer(value)),
            Kind::Double => Some(Value::Double(number::double(value))),
            Kind::Timestamp => number::time_from_whole_seconds(value).map(Value::Timestamp),
            _ => None,
        };
        if read.is_some() { Ok(read) } else { self.mismatch("NUMBER_VALUE") }
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Self::Value, E> {
        match i64::try_from(value) {
            Ok(value) => self.visit_i64(value),
            Err(_) => self.mismatch("NUMBER_VALUE"),
        }
    }

    /// A fraction is cut off where a whole number is expected, as AWS does it.
    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Self::Value, E> {
        let read = match self.schema.kind {
            Kind::Integer | Kind::Long => {
                number::whole(value).filter(|whole| number::fits(self.schema, *whole)).map(Value::Integer)
            }
            Kind::Double => Some(Value::Double(value)),
            Kind::Timestamp => number::time_from_seconds(value).map(Value::Timestamp),
            _ => None,
        };
        if read.is_some() { Ok(read) } else { self.mismatch("NUMBER_VALUE") }
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
        let read = match self.schema.kind {
            Kind::String { .. } => Some(Value::string(self.schema, text.to_owned())),
            Kind::Blob => match parts::read_base64(text) {
                Ok(bytes) => Some(Value::blob(self.schema, bytes)),
                Err(error) => return self.fail(error),
            },
            Kind::Timestamp => self
                .format
                .filter(|format| *format != TimestampFormat::EpochSeconds)
                .and_then(|format| timestamp_text::read(format, text))
                .map(Value::Timestamp),
            _ => None,
        };
        if read.is_some() { Ok(read) } else { self.mismatch("STRING_VALUE") }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let Kind::List { member, .. } = self.schema.kind else {
            return self.fail(DecodeError::UnexpectedList);
        };
        if self.depth >= DOCUMENT_DEPTH_MAX {
            return self.fail(DecodeError::TooDeep);
        }
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self.within(member))? {
            list.extend(item);
        }
        Ok(Some(Value::List(list)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        if self.depth >= DOCUMENT_DEPTH_MAX {
            return self.fail(DecodeError::TooDeep);
        }
        match self.schema.kind {
            Kind::Structure { members, .. } => self.structure(members, map),
            Kind::Map { value: member, .. } => {
                let mut entries = Vec::new();
                while let Some(key) = map.next_key::<String>()? {
                    if let Some(value) = map.next_value_seed(self.within(member))? {
                        entries.push((key, value));
                    }
                }
                match parts::map(entries) {
                    Ok(value) => Ok(Some(value)),
                    Err(error) => self.fail(error),
                }
            }
            _ => self.fail(DecodeError::UnexpectedMap),
        }
    }
}

/// The name of a structure's member, read as its slot if the schema knows it.
struct Name<'a>(&'a Schema);

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member's name")
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.slot(name))
    }
}

/// A member that the schema does not know: passed over, but not to any depth.
#[derive(Clone, Copy)]
struct Skip<'a> {
    depth: usize,
    failure: &'a Cell<Option<DecodeError>>,
}

impl Skip<'_> {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.depth >= DOCUMENT_DEPTH_MAX {
            self.failure.set(Some(DecodeError::TooDeep));
            return Err(E::custom(""));
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Skip<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Skip<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let inner = self.deeper()?;
        while items.next_element_seed(inner)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let inner = self.deeper()?;
        while map.next_key_seed(Skip { ..inner })?.is_some() {
            map.next_value_seed(inner)?;
        }
        Ok(())
    }
}
