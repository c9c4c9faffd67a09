//! The attributes that senders give to messages: which there may be, and how they are told again.
//!
//! Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html>

use std::collections::BTreeMap;

use alcazar_api_sqs::types::{MessageAttributeValue, MessageSystemAttributeValue};
use alcazar_base::{SecretBytes, SecretString};
use alcazar_shape::ApiError;
use minicbor::{Decode, Encode};

use crate::error::message as error;

/// How many attributes a message may have.
const ATTRIBUTES_MAX: usize = 10;

/// How long an attribute's name or type may be, in bytes.
const NAME_BYTES_MAX: usize = 256;

/// How many digits a number may have.
const DIGITS_MAX: usize = 38;

/// The only system attribute that senders give.
pub(crate) const TRACE_HEADER: &str = "AWSTraceHeader";

/// An attribute. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct MessageAttribute {
    /// Its name.
    #[n(0)]
    pub(crate) name: String,
    /// `DataType`
    #[n(1)]
    pub(crate) data_type: String,
    /// Its value.
    #[n(2)]
    pub(crate) value: Value,
}

/// An attribute's value.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) enum Value {
    /// `StringValue`
    #[n(0)]
    Text(#[n(0)] SecretString),
    /// `BinaryValue`
    #[n(1)]
    Bytes(#[n(0)] SecretBytes),
}

impl MessageAttribute {
    /// How much it counts of a message's size, in bytes.
    #[must_use]
    pub(crate) fn bytes(&self) -> usize {
        let value = match &self.value {
            Value::Text(text) => text.expose().len(),
            Value::Bytes(bytes) => bytes.len(),
        };
        self.name.len() + self.data_type.len() + value
    }

    /// As receivers are told it.
    #[must_use]
    pub(crate) fn shown(&self) -> MessageAttributeValue {
        let mut shown =
            MessageAttributeValue { data_type: self.data_type.clone(), ..MessageAttributeValue::default() };
        match &self.value {
            Value::Text(text) => shown.string_value = Some(text.clone()),
            Value::Bytes(bytes) => shown.binary_value = Some(bytes.clone()),
        }
        shown
    }

    fn read(operation: &str, name: &str, given: &MessageAttributeValue) -> Result<Self, ApiError> {
        check_name(name)?;
        let MessageAttributeValue {
            string_value,
            binary_value,
            string_list_values,
            binary_list_values,
            data_type,
        } = given;
        let is_empty_list = |list: Option<usize>| list.is_none_or(|length| length == 0);
        if !is_empty_list(string_list_values.as_ref().map(|list| list.len()))
            || !is_empty_list(binary_list_values.as_ref().map(|list| list.len()))
        {
            return Err(error::attribute_list(operation));
        }
        if data_type.is_empty() {
            return Err(error::attribute_without_type(name));
        }
        if data_type.len() > NAME_BYTES_MAX {
            return Err(error::attribute(error::ATTRIBUTE_TYPE_TOO_LONG));
        }
        let base = data_type.split_once('.').map_or(data_type.as_str(), |(base, _)| base);
        let value = match (base, string_value, binary_value) {
            ("String" | "Number", Some(text), None) => Value::Text(text.clone()),
            ("Binary", None, Some(bytes)) => Value::Bytes(bytes.clone()),
            ("String" | "Number" | "Binary", ..) => {
                return Err(error::attribute_without_value(name, data_type));
            }
            _ => return Err(error::attribute_type(name)),
        };
        let is_empty = match &value {
            Value::Text(text) => text.expose().is_empty(),
            Value::Bytes(bytes) => bytes.is_empty(),
        };
        if is_empty {
            return Err(error::attribute_empty(name, data_type));
        }
        if let Value::Text(text) = &value {
            check_characters(text.expose())?;
            if base == "Number" && !is_number(text.expose()) {
                return Err(error::attribute_no_number(name));
            }
        }
        Ok(Self { name: name.to_owned(), data_type: data_type.clone(), value })
    }
}

/// Reads the attributes that a sender gives, sorted by their names.
///
/// # Errors
/// There may be none such.
pub(crate) fn read(
    operation: &str,
    given: Option<&BTreeMap<String, MessageAttributeValue>>,
) -> Result<Vec<MessageAttribute>, ApiError> {
    let Some(given) = given else { return Ok(Vec::new()) };
    if given.len() > ATTRIBUTES_MAX {
        return Err(error::too_many_attributes(given.len(), ATTRIBUTES_MAX));
    }
    given.iter().map(|(name, value)| MessageAttribute::read(operation, name, value)).collect()
}

/// Reads the system attributes that a sender gives: the trace header, if any.
///
/// # Errors
/// There is another, or the header is no text.
pub(crate) fn read_trace_header(
    given: Option<&BTreeMap<String, MessageSystemAttributeValue>>,
) -> Result<Option<MessageAttribute>, ApiError> {
    let mut header = None;
    for (name, value) in given.into_iter().flatten() {
        if name != TRACE_HEADER {
            return Err(error::system_attribute(name));
        }
        let text = value.string_value.as_ref().filter(|text| !text.is_empty());
        let (Some(text), "String") = (text, value.data_type.as_str()) else {
            return Err(error::trace_header());
        };
        header = Some(trace_header(text));
    }
    Ok(header)
}

/// The trace header as it is digested.
#[must_use]
pub(crate) fn trace_header(text: &str) -> MessageAttribute {
    MessageAttribute {
        name: TRACE_HEADER.to_owned(),
        data_type: "String".to_owned(),
        value: Value::Text(SecretString::from(text.to_owned())),
    }
}

/// Checks that a text has only characters that messages may have.
///
/// # Errors
/// It has others.
pub(crate) fn check_characters(text: &str) -> Result<(), ApiError> {
    let is_valid = |character: char| matches!(character, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
    if text.chars().all(is_valid) { Ok(()) } else { Err(error::invalid_characters()) }
}

fn check_name(name: &str) -> Result<(), ApiError> {
    let reason = if name.len() > NAME_BYTES_MAX {
        error::ATTRIBUTE_NAME_TOO_LONG
    } else if name.is_empty()
        || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
    {
        error::ATTRIBUTE_NAME_CHARACTERS
    } else if is_reserved(name) {
        error::ATTRIBUTE_NAME_RESERVED
    } else {
        return Ok(());
    };
    Err(error::attribute(reason))
}

fn is_reserved(name: &str) -> bool {
    let begins =
        |prefix: &str| name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    begins("AWS.") || begins("Amazon.") || name.starts_with('.') || name.ends_with('.') || name.contains("..")
}

fn is_number(text: &str) -> bool {
    let text = text.trim();
    let mantissa = text.split(['e', 'E']).next().unwrap_or_default();
    let digits = mantissa.bytes().filter(u8::is_ascii_digit).count();
    let has_only =
        text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E'));
    has_only
        && (1..=DIGITS_MAX).contains(&digits)
        && text.parse::<f64>().is_ok_and(|number| number.abs() < 1e127)
}

/// Which attributes a receiver asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Wanted<'a> {
    names: Vec<&'a str>,
}

impl<'a> Wanted<'a> {
    /// What `MessageAttributeNames` says: names, `All`, and prefixes that end with `.*`. What is neither is ignored.
    #[must_use]
    pub(crate) fn read(names: Option<&'a [String]>) -> Self {
        Self { names: names.into_iter().flatten().map(String::as_str).collect() }
    }

    /// Whether an attribute is among them.
    #[must_use]
    pub(crate) fn wants(&self, name: &str) -> bool {
        self.names.iter().any(|wanted| match *wanted {
            "All" | ".*" | "*" => true,
            wanted => match wanted.strip_suffix(".*") {
                Some(prefix) => name.starts_with(prefix),
                None => wanted == name,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(data_type: &str, value: &str) -> MessageAttributeValue {
        MessageAttributeValue {
            data_type: data_type.to_owned(),
            string_value: Some(SecretString::from(value.to_owned())),
            ..MessageAttributeValue::default()
        }
    }

    fn refused(name: &str, value: &MessageAttributeValue) -> String {
        MessageAttribute::read("SendMessage", name, value).unwrap_err().to_string()
    }

    #[test]
    fn names_are_those_that_sqs_takes() {
        for good in ["a", "a.b-c_D9", "AWSx", "Amazonian"] {
            assert!(MessageAttribute::read("SendMessage", good, &text("String", "x")).is_ok(), "{good}");
        }
        for bad in ["", "a b", "ä", "AWS.x", "aws.x", "AMAZON.y", ".a", "a.", "a..b", &"x".repeat(257)] {
            assert!(MessageAttribute::read("SendMessage", bad, &text("String", "x")).is_err(), "{bad}");
        }
    }

    #[test]
    fn numbers_are_numbers() {
        for good in ["0", "-1.5", "1e10", "+3", "12345678901234567890123456789012345678", "1E126", "1e-128"] {
            assert!(is_number(good), "{good}");
        }
        for bad in ["", "x", "inf", "NaN", "1e127", "0x10", "1,5", "123456789012345678901234567890123456789"]
        {
            assert!(!is_number(bad), "{bad}");
        }
        assert!(
            refused("n", &text("Number", "x"))
                .contains("Can't cast the value of message (user) attribute 'n'")
        );
        assert!(MessageAttribute::read("SendMessage", "n", &text("Number.int", "7")).is_ok());
    }

    #[test]
    fn a_value_is_of_its_type_and_not_empty() {
        assert!(
            refused("a", &text("String", "")).contains("must contain a non-empty value of type 'String'.")
        );
        assert!(refused("a", &text("Binary", "x")).contains("non-empty message attribute value"));
        assert!(refused("a", &text("Text", "x")).contains("supported type prefixes"));
        assert!(refused("a", &text("", "x")).contains("non-empty message attribute type"));
        assert!(refused("a", &text("String", "\u{1}")).contains("Invalid characters found"));
    }

    #[test]
    fn receivers_ask_by_name_and_by_prefix() {
        let names = ["bar.*".to_owned(), "foo".to_owned(), "x*".to_owned()];
        let wanted = Wanted::read(Some(&names));
        assert!(wanted.wants("bar.a") && wanted.wants("bar") && wanted.wants("foo"));
        assert!(!wanted.wants("fooo") && !wanted.wants("xy"));
        for all in ["All", ".*"] {
            assert!(Wanted::read(Some(&[all.to_owned()])).wants("anything"));
        }
        assert!(!Wanted::read(None).wants("a"));
    }

    #[test]
    fn messages_have_the_characters_of_xml() {
        for good in ["\t\n\r", "a", "\u{D7FF}", "\u{E000}", "\u{FFFD}", "😀"] {
            assert!(check_characters(good).is_ok(), "{good:?}");
        }
        for bad in ["\0", "\u{8}", "\u{FFFE}", "\u{FFFF}", "a\u{1F}"] {
            assert!(check_characters(bad).is_err(), "{bad:?}");
        }
    }
}
