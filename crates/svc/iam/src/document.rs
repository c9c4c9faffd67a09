//! Policy documents: checked when they come in, and URL-encoded when they go out.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUserPolicy.html>

use alcazar_engine::Reads;
use alcazar_identity::document::{Document, counted_characters};
use alcazar_policy::PolicyKind;
use alcazar_shape::ApiError;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{error, quota};

/// What RFC 3986 lets stand as it is.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Reads a policy of users, groups and roles, be it managed or not.
///
/// # Errors
/// It is no policy.
pub(crate) fn read(text: &str) -> Result<Document, ApiError> {
    let kind = PolicyKind::Identity;
    Document::parse_for_iam(text, kind).map_err(|error| error::malformed_policy(&error, kind))
}

/// Reads a trust policy, whomever it names.
///
/// # Errors
/// It is none.
pub(crate) fn read_trust(text: &str) -> Result<Document, ApiError> {
    let kind = PolicyKind::Trust;
    Document::parse_for_iam(text, kind).map_err(|error| error::malformed_policy(&error, kind))
}

/// Reads a version of a managed policy.
///
/// # Errors
/// It is no policy, or too long.
pub(crate) fn read_managed(reads: &Reads<'_>, text: &str) -> Result<Document, ApiError> {
    let document = read(text)?;
    let length = counted_characters(text) as u64;
    match reads.quota(&quota::POLICY_CHARACTERS) {
        Some(most) if length > most => Err(error::quota_exceeded("PolicySize", most)),
        _ => Ok(document),
    }
}

/// A document as answers carry it.
#[must_use]
pub(crate) fn shown(document: &Document) -> String {
    encoded(&document.text)
}

/// A document's text as answers carry it.
#[must_use]
pub(crate) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_url_encoded() {
        let document = read(r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}"#).unwrap();
        assert_eq!(
            shown(&document),
            "%7B%22Version%22%3A%20%222012-10-17%22%2C%20%22Statement%22%3A%20%5B%7B%22Effect%22%3A%20%22Allow%22%2C%20%22Action%22%3A%20%22%2A%22%2C%20%22Resource%22%3A%20%22%2A%22%7D%5D%7D"
        );
    }
}
