//! Message attributes: their rules.
//!
//! Source: <https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html>

use std::collections::BTreeMap;

use alcazar_api_sns::types::MessageAttributeValue;
use alcazar_shape::ApiError;
use serde_json::Value as Json;

use crate::error::publishing as error;
use crate::message::{Attribute, AttributeValue};

/// The longest name, in bytes.
const NAME_BYTES_MAX: usize = 256;

/// The longest type, in bytes.
const TYPE_BYTES_MAX: usize = 256;

/// Reads the attributes of a message, in the order of their names.
///
/// # Errors
/// One of them is none.
pub(crate) fn read(
    attributes: Option<&BTreeMap<String, MessageAttributeValue>>,
) -> Result<Vec<Attribute>, ApiError> {
    attributes.into_iter().flatten().map(|(name, value)| one(name, value)).collect()
}

fn one(name: &str, attribute: &MessageAttributeValue) -> Result<Attribute, ApiError> {
    check_name(name)?;
    let data_type = attribute.data_type.as_str();
    let kind = data_type.split('.').next().unwrap_or_default();
    if data_type.len() > TYPE_BYTES_MAX {
        return Err(error::attribute_type(name));
    }
    let text = attribute.string_value.as_ref().map(|text| text.expose());
    let binary = attribute.binary_value.as_ref().map(|bytes| bytes.expose());
    let empty = || error::empty_attribute(name, data_type);
    let value = match kind {
        "String" | "Number" => match (text, binary) {
            (Some(""), _) | (None, None) => return Err(empty()),
            (None, Some(_)) => return Err(error::attribute_field(name, data_type, "String")),
            (Some(text), _) => AttributeValue::Text(text.to_owned()),
        },
        "Binary" => match (binary, text) {
            (Some([]), _) | (None, None) => return Err(empty()),
            (None, Some(_)) => return Err(error::attribute_field(name, data_type, "Binary")),
            (Some(bytes), _) => AttributeValue::Binary(bytes.to_vec()),
        },
        _ => return Err(error::attribute_type(name)),
    };
    if let AttributeValue::Text(text) = &value {
        if kind == "Number" && !text.trim().parse::<f64>().is_ok_and(f64::is_finite) {
            return Err(error::attribute_number(name));
        }
        if data_type == "String.Array" && !matches!(serde_json::from_str(text), Ok(Json::Array(_))) {
            return Err(error::attribute_array(name));
        }
    }
    Ok(Attribute { name: name.to_owned(), data_type: data_type.to_owned(), value })
}

fn check_name(name: &str) -> Result<(), ApiError> {
    if name.is_empty() || name.len() >= NAME_BYTES_MAX {
        return Err(error::attribute_name_length());
    }
    let is_allowed = |character: char| character.is_ascii_alphanumeric() || "-_.".contains(character);
    if let Some(character) = name.chars().find(|character| !is_allowed(*character)) {
        return Err(error::attribute_name_character(character));
    }
    if name.starts_with('.') {
        return Err(error::attribute_name_dot("starting"));
    }
    if name.ends_with('.') {
        return Err(error::attribute_name_dot("ending"));
    }
    if name.contains("..") {
        return Err(error::attribute_name_dots());
    }
    Ok(())
}

/// How much attributes count against the size of a message: names, types and values.
pub(crate) fn size(attributes: &[Attribute]) -> usize {
    let of_value = |value: &AttributeValue| match value {
        AttributeValue::Text(text) => text.len(),
        AttributeValue::Binary(bytes) => bytes.len(),
    };
    let of_one = |it: &Attribute| it.name.len() + it.data_type.len() + of_value(&it.value);
    attributes.iter().map(of_one).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_one(
        name: &str,
        data_type: &str,
        text: Option<&str>,
        binary: Option<&[u8]>,
    ) -> Result<(), String> {
        let value = MessageAttributeValue {
            data_type: data_type.to_owned(),
            string_value: text.map(|text| text.to_owned().into()),
            binary_value: binary.map(|bytes| alcazar_base::SecretBytes::new(bytes.to_vec())),
        };
        one(name, &value).map(drop).map_err(|error| error.message().unwrap_or_default().to_owned())
    }

    #[test]
    fn attributes_of_every_type_are_read() {
        for (data_type, text) in [
            ("String", "x"),
            ("String.my", "x"),
            ("String.Array", "[1]"),
            ("Number", "-1.5e3"),
            ("Number.int", "1"),
        ] {
            assert_eq!(read_one("a-b_c.d", data_type, Some(text), None), Ok(()), "{data_type}");
        }
        assert_eq!(read_one("a", "Binary.png", None, Some(b"x")), Ok(()));
    }

    #[test]
    fn what_is_no_attribute_is_refused_in_sns_words() {
        let told = |name, data_type, text, binary| read_one(name, data_type, text, binary).unwrap_err();
        assert_eq!(
            told("attr1", "String", Some(""), None),
            "The message attribute 'attr1' must contain non-empty message attribute value for message attribute type \
             'String'."
        );
        assert_eq!(
            told("attr1", "Number", None, Some(b"x")),
            "The message attribute 'attr1' with type 'Number' must use field 'String'."
        );
        assert_eq!(
            told("attr1", "Binary", Some("x"), None),
            "The message attribute 'attr1' with type 'Binary' must use field 'Binary'."
        );
        for data_type in ["StringX", "", "string", "Boolean"] {
            assert!(told("attr1", data_type, Some("x"), None).contains("invalid message attribute type"));
        }
        assert_eq!(
            told("a^b", "String", Some("x"), None),
            "Invalid non-alphanumeric character '#x5E' was found in the message attribute name. Can only include \
             alphanumeric characters, hyphens, underscores, or dots."
        );
        assert!(told(".a", "String", Some("x"), None).contains("starting with"));
        assert!(told("a.", "String", Some("x"), None).contains("ending with"));
        assert!(told("a..b", "String", Some("x"), None).contains("successive"));
        let long = "a".repeat(256);
        assert!(told(&long, "String", Some("x"), None).contains("less than 256 bytes"));
        assert!(told("a", "Number", Some("seven"), None).contains("number"));
        assert!(told("a", "String.Array", Some("seven"), None).contains("array"));
    }
}
