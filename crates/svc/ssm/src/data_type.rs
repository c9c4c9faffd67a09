//! Data types: what a value must be like beside its type.
//!
//! `aws:ec2:image` is an image that EC2 describes. AWS answers before it has asked EC2, and a version whose image EC2 does
//! not describe never appears; an event tells so. This cloud has no EC2, so no image is ever described here: the call is
//! answered, nothing is stored, and the event is told.
//!
//! AWS's documentation names the data types without their grammars; what is taken here stands with each of them.
//!
//! Source: <https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-data-types.html> and
//! <https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-ec2-aliases.html>

use std::net::{Ipv4Addr, Ipv6Addr};

use alcazar_base::{AccountId, Region};
use alcazar_shape::ApiError;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use email_address::EmailAddress;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use rustls_pki_types::DnsName;
use serde_json::Value as Json;

use crate::error::data_type as error;
use crate::version::{Kind, Version};

/// What a value is if nothing else is said.
pub(crate) const DEFAULT: &str = "text";

const IMAGE: &str = "aws:ec2:image";
const INTEGRATION: &str = "aws:ssm:integration";

/// What the names of integrations begin with.
const INTEGRATIONS: &str = "/d9d01087-4a3f-49e0-b0b4-d568d7826553/ssm/integrations";

/// What separates the items of a `StringList`.
const COMMA: char = ',';

/// A data type.
struct DataType {
    name: &'static str,
    /// Whether a value is like it.
    takes: fn(&str) -> bool,
    /// Which types it goes with.
    kinds: &'static [Kind],
    /// Whether only advanced parameters have it.
    is_advanced: bool,
}

/// What has no commas of its own.
const LISTED: &[Kind] = &[Kind::String, Kind::StringList, Kind::SecureString];

/// What may have commas.
const SINGLE: &[Kind] = &[Kind::String, Kind::SecureString];

const TYPES: &[DataType] = &[
    DataType { name: DEFAULT, takes: |_| true, kinds: LISTED, is_advanced: false },
    DataType { name: IMAGE, takes: |_| true, kinds: &[Kind::String], is_advanced: false },
    DataType { name: INTEGRATION, takes: is_object, kinds: &[Kind::SecureString], is_advanced: false },
    DataType { name: "aws:region", takes: is::<Region>, kinds: LISTED, is_advanced: false },
    DataType { name: "aws:account:id", takes: is::<AccountId>, kinds: LISTED, is_advanced: false },
    // `true` or `false`.
    DataType { name: "boolean", takes: is::<bool>, kinds: LISTED, is_advanced: false },
    // In decimal digits, perhaps with a sign, of 64 bits.
    DataType { name: "integer", takes: is::<i64>, kinds: LISTED, is_advanced: false },
    DataType { name: "float", takes: is_finite, kinds: LISTED, is_advanced: false },
    // In Base64.
    DataType { name: "binary", takes: |text| BASE64.decode(text).is_ok(), kinds: SINGLE, is_advanced: false },
    DataType { name: "hostname", takes: is_hostname, kinds: LISTED, is_advanced: false },
    DataType { name: "email", takes: EmailAddress::is_valid, kinds: LISTED, is_advanced: false },
    DataType { name: "ipv4-address", takes: is::<Ipv4Addr>, kinds: LISTED, is_advanced: false },
    DataType { name: "ipv6-address", takes: is::<Ipv6Addr>, kinds: LISTED, is_advanced: false },
    DataType { name: "url", takes: is_url, kinds: SINGLE, is_advanced: true },
    DataType { name: "json", takes: is::<Json>, kinds: SINGLE, is_advanced: true },
    DataType { name: "jsonc", takes: is_jsonc, kinds: SINGLE, is_advanced: true },
];

fn is<T: std::str::FromStr>(text: &str) -> bool {
    text.parse::<T>().is_ok()
}

/// What a number of 64 bits comes near to.
fn is_finite(text: &str) -> bool {
    text.parse().is_ok_and(f64::is_finite)
}

fn is_hostname(text: &str) -> bool {
    DnsName::try_from(text).is_ok()
}

/// A scheme, a host, and perhaps more.
fn is_url(text: &str) -> bool {
    text.parse::<http::Uri>()
        .is_ok_and(|uri| uri.scheme().is_some() && uri.host().is_some_and(|it| !it.is_empty()))
}

/// JSON with comments, and commas behind what is last.
fn is_jsonc(text: &str) -> bool {
    let options = ParseOptions {
        allow_comments: true,
        allow_trailing_commas: true,
        allow_missing_commas: false,
        allow_loose_object_property_names: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    parse_to_ast(text, &CollectOptions::default(), &options).is_ok_and(|parsed| parsed.value.is_some())
}

fn is_object(text: &str) -> bool {
    text.parse().is_ok_and(|value: Json| value.is_object())
}

fn named(name: &str) -> Option<&'static DataType> {
    TYPES.iter().find(|it| it.name == name)
}

/// Whether only advanced parameters have a data type.
#[must_use]
pub(crate) fn is_advanced(data_type: &str) -> bool {
    named(data_type).is_some_and(|it| it.is_advanced)
}

/// Whether values are images that EC2 would have to describe.
#[must_use]
pub(crate) fn is_image(data_type: &str) -> bool {
    data_type == IMAGE
}

/// Checks a value by its data type.
///
/// # Errors
/// There is no such data type, it does not go with the type, the name or what was there before, or the value is not like
/// it.
pub(crate) fn check(
    data_type: &str,
    kind: Kind,
    name: &str,
    value: &str,
    latest: Option<&Version>,
) -> Result<(), ApiError> {
    let wanted = named(data_type).ok_or_else(|| error::unknown(data_type))?;
    if !wanted.kinds.contains(&kind) {
        return Err(error::not_of_type(data_type, kind.shown().as_str()));
    }
    let is_below = name.strip_prefix(INTEGRATIONS).is_some_and(|rest| rest.starts_with('/'));
    if data_type == INTEGRATION && !is_below {
        return Err(error::not_an_integration(INTEGRATIONS));
    }
    let is_fixed = |data_type: &str| matches!(data_type, IMAGE | INTEGRATION);
    if let Some(latest) = latest.filter(|latest| latest.data_type != data_type)
        && (is_fixed(data_type) || is_fixed(&latest.data_type))
    {
        return Err(error::fixed(&latest.data_type, data_type));
    }
    let is_taken = match kind {
        Kind::StringList => value.split(COMMA).all(wanted.takes),
        Kind::String | Kind::SecureString => (wanted.takes)(value),
    };
    if is_taken { Ok(()) } else { Err(error::invalid_value(data_type)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn takes(data_type: &str, value: &str) -> bool {
        (named(data_type).unwrap().takes)(value)
    }

    #[test]
    fn values_are_as_their_data_types_say() {
        for (data_type, good, bad) in [
            ("aws:region", "eu-west-1", "Europe"),
            ("aws:account:id", "111122223333", "1111222233"),
            ("boolean", "true", "yes"),
            ("integer", "-443", "4.5"),
            ("integer", "9223372036854775807", "9223372036854775808"),
            ("float", "-1.5e3", "NaN"),
            ("float", "2", "two"),
            ("binary", "aGVsbG8=", "not base64"),
            ("hostname", "db.example.com", "-db.example.com"),
            ("email", "someone@example.com", "someone"),
            ("ipv4-address", "192.0.2.1", "192.0.2.256"),
            ("ipv6-address", "2001:db8::1", "192.0.2.1"),
            ("url", "https://example.com:8443/a?b=c", "/a/b"),
            ("url", "s3://bucket/key", "https://"),
            ("json", r#"{"a": [1]}"#, r#"{"a": [1],}"#),
            ("jsonc", "{\"a\": [1,], // one\n}", "{a: 1}"),
            ("jsonc", "[1]", ""),
            ("jsonc", "[1, /* two */ 2]", "['1']"),
            ("jsonc", "1", "0x1"),
            (INTEGRATION, r#"{"url": "https://example.com"}"#, "[]"),
        ] {
            assert!(takes(data_type, good), "{data_type} {good}");
            assert!(!takes(data_type, bad), "{data_type} {bad}");
        }
        assert!(!takes("json", &"[".repeat(8192)));
        assert!(!takes("jsonc", &"[".repeat(8192)));
    }
}
