//! The client's side of the protocols: JSON documents as bodies of AWS JSON, AWS Query and RPC v2 CBOR.
//!
//! A document has the members' JSON names; blobs are base64 texts, times are seconds. What does not fit the
//! schema is sent as it stands, since tests send much that does not fit.

use alcazar_shape::{Kind, Member, OperationModel, Protocol, Schema};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minicbor::Encoder;
use minicbor::data::Tag;
use serde_json::Value as Json;

/// `input` as the body of a request in `protocol`.
#[must_use]
pub fn encode_input(protocol: Protocol, model: &OperationModel, input: &Json) -> Vec<u8> {
    match protocol {
        Protocol::AwsJson1_0 | Protocol::AwsJson1_1 => input.to_string().into_bytes(),
        Protocol::AwsQuery => query(model, input).into_bytes(),
        Protocol::RpcV2Cbor => {
            let mut bytes = Vec::new();
            cbor(&mut Encoder::new(&mut bytes), Some(model.input), input);
            bytes
        }
    }
}

fn cbor(encoder: &mut Encoder<&mut Vec<u8>>, schema: Option<&Schema>, value: &Json) {
    let kind = schema.map(|schema| &schema.kind);
    match (value, kind) {
        (Json::String(text), Some(Kind::Blob)) => {
            let bytes = STANDARD.decode(text).unwrap_or_else(|_| text.clone().into_bytes());
            encoder.bytes(&bytes).unwrap();
        }
        (Json::Number(seconds), Some(Kind::Timestamp)) => {
            encoder.tag(Tag::new(1)).unwrap().f64(seconds.as_f64().unwrap()).unwrap();
        }
        (Json::Null, _) => _ = encoder.null().unwrap(),
        (Json::Bool(flag), _) => _ = encoder.bool(*flag).unwrap(),
        (Json::String(text), _) => _ = encoder.str(text).unwrap(),
        (Json::Number(number), _) => match number.as_i64() {
            Some(whole) => _ = encoder.i64(whole).unwrap(),
            None => _ = encoder.f64(number.as_f64().unwrap()).unwrap(),
        },
        (Json::Array(items), _) => {
            encoder.array(items.len().try_into().unwrap()).unwrap();
            let member = match kind {
                Some(Kind::List { member, .. }) => Some(member.schema),
                _ => None,
            };
            for item in items {
                cbor(encoder, member, item);
            }
        }
        (Json::Object(entries), _) => {
            encoder.map(entries.len().try_into().unwrap()).unwrap();
            for (name, value) in entries {
                encoder.str(name).unwrap();
                cbor(encoder, part(schema, name), value);
            }
        }
    }
}

/// The schema of what stands under `name` in a structure or map.
fn part<'a>(schema: Option<&'a Schema>, name: &str) -> Option<&'a Schema> {
    match &schema?.kind {
        Kind::Structure { members, .. } => {
            members.iter().find(|member| member.name == name).map(|member| member.schema)
        }
        Kind::Map { value, .. } => Some(value.schema),
        _ => None,
    }
}

fn query(model: &OperationModel, input: &Json) -> String {
    let mut pairs = vec![
        ("Action".to_owned(), model.name.to_owned()),
        ("Version".to_owned(), model.service.api_version.to_owned()),
    ];
    flatten(&mut pairs, String::new(), Some(model.input), input);
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// A flattened list stands under the name of its entries.
fn name_on_wire(member: &Member) -> &'static str {
    match &member.schema.kind {
        Kind::List { member: inner, flattened: true } if inner.wire_name != "member" => inner.wire_name,
        _ => member.wire_name,
    }
}

fn flatten(pairs: &mut Vec<(String, String)>, prefix: String, schema: Option<&Schema>, value: &Json) {
    let join = |name: &str| if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") };
    match (value, schema.map(|schema| &schema.kind)) {
        (Json::Null, _) => {}
        (Json::String(text), _) => pairs.push((prefix, text.clone())),
        (Json::Bool(_) | Json::Number(_), _) => pairs.push((prefix, value.to_string())),
        (Json::Array(items), Some(Kind::List { member, flattened })) => {
            let base = if *flattened { prefix.clone() } else { join(member.wire_name) };
            for (item, number) in items.iter().zip(1..) {
                flatten(pairs, format!("{base}.{number}"), Some(member.schema), item);
            }
        }
        (Json::Object(entries), Some(Kind::Map { key, value: member, flattened })) => {
            let base = if *flattened { prefix.clone() } else { join("entry") };
            for ((name, item), number) in entries.iter().zip(1..) {
                pairs.push((format!("{base}.{number}.{}", key.wire_name), name.clone()));
                let at = format!("{base}.{number}.{}", member.wire_name);
                flatten(pairs, at, Some(member.schema), item);
            }
        }
        (Json::Object(entries), Some(Kind::Structure { members, .. })) => {
            for (name, item) in entries {
                let member: Option<&Member> = members.iter().find(|member| member.name == name);
                let at = join(member.map_or(name.as_str(), |member| name_on_wire(member)));
                flatten(pairs, at, member.map(|member| member.schema), item);
            }
        }
        (Json::Array(_) | Json::Object(_), _) => pairs.push((prefix, value.to_string())),
    }
}
