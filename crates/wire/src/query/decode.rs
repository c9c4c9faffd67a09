//! Parameters into values, by the schema.

use alcazar_shape::{Kind, Member, Schema, TimestampFormat, Value};

use super::parameters::{Node, Parameters};
use crate::decode_error::DecodeError;
use crate::{number, parts, timestamp_text};

/// What stands in the name of a list's entry where the model names nothing else.
const LIST_MEMBER: &str = "member";

/// Reads a structure. Parameters that the schema does not know are passed over.
///
/// # Errors
/// `DecodeError` if a parameter is not of its member's shape.
pub fn from_parameters(schema: &Schema, parameters: &Parameters) -> Result<Value, DecodeError> {
    structure(schema, schema.members(), parameters.root())
}

fn structure(schema: &Schema, members: &[Member], node: &Node) -> Result<Value, DecodeError> {
    let slots = members
        .iter()
        .map(|member| {
            let found = node.child(name_on_wire(member));
            found.map(|node| value(member.schema, member.timestamp_format, node)).transpose()
        })
        .collect::<Result<_, _>>()?;
    parts::structure(schema, slots)
}

/// A flattened list stands under its own name, unless the model names its entries otherwise.
pub(super) fn name_on_wire(member: &Member) -> &'static str {
    match &member.schema.kind {
        Kind::List { member: inner, flattened: true } if inner.wire_name != LIST_MEMBER => inner.wire_name,
        _ => member.wire_name,
    }
}

/// The entries of a flattened list or map. One alone need not have a number: `Attribute.Name=Policy`.
///
/// Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html>
fn numbered_or_one(node: &Node, is_one: bool) -> Vec<&Node> {
    let numbered = node.numbered();
    if numbered.is_empty() && is_one { vec![node] } else { numbered }
}

fn value(schema: &Schema, format: Option<TimestampFormat>, node: &Node) -> Result<Value, DecodeError> {
    match &schema.kind {
        Kind::Structure { members, .. } => structure(schema, members, node),
        Kind::List { member, flattened } => {
            let items = if *flattened {
                numbered_or_one(node, node.value.as_deref().is_some_and(|text| !text.is_empty()))
            } else {
                node.child(member.wire_name).map(Node::numbered).unwrap_or_default()
            };
            let items = items
                .into_iter()
                .map(|item| value(member.schema, member.timestamp_format, item))
                .collect::<Result<_, _>>()?;
            Ok(Value::List(items))
        }
        Kind::Map { key, value: member, flattened } => {
            let entries = if *flattened {
                numbered_or_one(node, node.child(key.wire_name).is_some())
            } else {
                node.child("entry").map(Node::numbered).unwrap_or_default()
            };
            let entries = entries
                .into_iter()
                .filter_map(|entry| {
                    let key = entry.child(key.wire_name)?.value.clone()?;
                    let inner = entry.child(member.wire_name)?;
                    Some(value(member.schema, member.timestamp_format, inner).map(|value| (key, value)))
                })
                .collect::<Result<_, _>>()?;
            parts::map(entries)
        }
        kind => match &node.value {
            Some(text) => scalar(schema, format, text),
            // Longer names stand under a scalar's: a structure where none is expected.
            None => Err(match kind {
                Kind::String { .. } | Kind::Blob => DecodeError::UnexpectedMap,
                _ => DecodeError::scalar("STRING_VALUE", kind),
            }),
        },
    }
}

fn scalar(schema: &Schema, format: Option<TimestampFormat>, text: &str) -> Result<Value, DecodeError> {
    let read = match schema.kind {
        Kind::String { .. } => Some(Value::string(schema, text.to_owned())),
        Kind::Blob => Some(Value::blob(schema, parts::read_base64(text)?)),
        Kind::Boolean if text.eq_ignore_ascii_case("true") => Some(Value::Boolean(true)),
        Kind::Boolean if text.eq_ignore_ascii_case("false") => Some(Value::Boolean(false)),
        Kind::Integer | Kind::Long => {
            text.parse().ok().filter(|whole| number::fits(schema, *whole)).map(Value::Integer)
        }
        Kind::Double => text.parse().ok().map(Value::Double),
        Kind::Timestamp => {
            timestamp_text::read(format.unwrap_or(TimestampFormat::DateTime), text).map(Value::Timestamp)
        }
        _ => None,
    };
    read.ok_or_else(|| DecodeError::scalar("STRING_VALUE", &schema.kind))
}
