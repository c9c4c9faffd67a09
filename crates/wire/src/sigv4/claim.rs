//! What a request says of its signature, before any of it is believed.

use std::fmt;

use alcazar_base::{SecretString, Timestamp};

use super::error::SignatureError;
use super::{RequestToVerify, authorization, limit, presigned};

/// The one algorithm that is spoken here.
pub(super) const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// What ends every credential scope.
pub(super) const TERMINATOR: &str = "aws4_request";

/// Who says to have signed a request, when and for what. Nothing of it may be relied upon before
/// [`Claim::verify`] has said so.
#[derive(Clone, PartialEq, Eq)]
pub struct Claim {
    pub(super) access_key_id: String,
    pub(super) scope: Scope,
    pub(super) time: SigningTime,
    pub(super) session_token: Option<SecretString>,
    /// Lower-case names in ascending order, joined by semicolons.
    pub(super) signed_headers: String,
    /// `None` if it is no lower-case hexadecimal text of 32 bytes: then it matches nothing.
    pub(super) signature: Option<[u8; 32]>,
    pub(super) presigned: Option<Presigned>,
}

/// What a signature is good for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scope {
    pub(super) date: String,
    pub(super) region: String,
    pub(super) service: String,
    pub(super) terminator: String,
}

/// When a request was signed, as a time and as the text that was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SigningTime {
    pub(super) at: Timestamp,
    pub(super) text: String,
}

/// What only a presigned request says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Presigned {
    /// For how long it is valid.
    pub(super) valid_seconds: u32,
    /// The hash of the body, if the query declares one.
    pub(super) payload_hash: Option<String>,
}

/// Reads what a request says of its signature, from the `Authorization` header or from the query.
///
/// # Errors
/// `SignatureError` if there is no signature, or if it lacks a part or has one that cannot be read.
pub fn parse(parts: &RequestToVerify<'_>) -> Result<Claim, SignatureError> {
    bounded("The path", parts.path.len(), limit::PATH_BYTES_MAX)?;
    bounded("The query", parts.query.len(), limit::QUERY_BYTES_MAX)?;
    let query = presigned::Parameters::read(parts.query);
    match (parts.headers.get(http::header::AUTHORIZATION), query) {
        (Some(_), Some(parameters)) if parameters.is_version_4() => Err(SignatureError::Ambiguous),
        (Some(authorization), _) => authorization::parse(authorization, parts.headers),
        (None, Some(parameters)) => presigned::parse(parameters, parts.headers),
        (None, None) => Err(SignatureError::Missing),
    }
}

impl Claim {
    /// The access key id.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        &self.access_key_id
    }

    /// The credential scope's date, `YYYYMMDD`.
    #[must_use]
    pub fn date(&self) -> &str {
        &self.scope.date
    }

    /// The credential scope's region. [`Claim::check`] says whether it is a region's name.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.scope.region
    }

    /// The credential scope's service.
    #[must_use]
    pub fn service(&self) -> &str {
        &self.scope.service
    }

    /// When the request was signed.
    #[must_use]
    pub fn signed_at(&self) -> Timestamp {
        self.time.at
    }

    /// The session token that came along, if any.
    #[must_use]
    pub fn session_token(&self) -> Option<&SecretString> {
        self.session_token.as_ref()
    }

    /// The names of the signed headers, in lower case and ascending order.
    pub fn signed_headers(&self) -> impl Iterator<Item = &str> {
        self.signed_headers.split(';').filter(|name| !name.is_empty())
    }

    /// Whether the signature stands in the query rather than in the header.
    #[must_use]
    pub fn is_presigned(&self) -> bool {
        self.presigned.is_some()
    }
}

impl fmt::Debug for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claim")
            .field("access_key_id", &self.access_key_id)
            .field("scope", &self.scope)
            .field("time", &self.time)
            .field("session_token", &self.session_token)
            .field("signed_headers", &self.signed_headers)
            .field("presigned", &self.presigned)
            .finish_non_exhaustive()
    }
}

/// Splits a credential, `keyid/date/region/service/terminator`.
pub(super) fn parse_credential(credential: &str) -> Result<(String, Scope), SignatureError> {
    let malformed = || SignatureError::malformed_credential(credential);
    let mut elements = credential.split('/');
    let mut element = || elements.next().ok_or_else(malformed);
    let access_key_id = element()?.to_owned();
    let scope = Scope {
        date: element()?.to_owned(),
        region: element()?.to_owned(),
        service: element()?.to_owned(),
        terminator: element()?.to_owned(),
    };
    if elements.next().is_some() {
        return Err(malformed());
    }
    bounded("The access key id", access_key_id.len(), limit::ACCESS_KEY_ID_BYTES_MAX)?;
    Ok((access_key_id, scope))
}

/// Reads a time in the one form that signatures have, `YYYYMMDD'T'HHMMSS'Z'`.
pub(super) fn parse_basic_time(text: &str) -> Result<SigningTime, SignatureError> {
    let malformed = || SignatureError::malformed_date(text);
    // A parser of times takes a sign before the year; no signature has one.
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(malformed());
    }
    let at = Timestamp::parse_amz_date(text).map_err(|_| malformed())?;
    Ok(SigningTime { at, text: text.to_owned() })
}

/// Puts the list of signed headers into the form that is signed: lower case, ascending, each once.
pub(super) fn parse_signed_headers(list: &str) -> Result<String, SignatureError> {
    bounded("The list of signed headers", list.split(';').count(), limit::SIGNED_HEADERS_MAX)?;
    let mut previous = "";
    let is_canonical = list.split(';').all(|name| {
        let ascends = previous < name && !name.bytes().any(|b| b.is_ascii_uppercase() || b == b' ');
        previous = name;
        ascends
    });
    if is_canonical {
        return Ok(list.to_owned());
    }
    let lower_case = list.to_ascii_lowercase();
    let mut names: Vec<&str> = lower_case.split(';').map(str::trim).filter(|name| !name.is_empty()).collect();
    names.sort_unstable();
    names.dedup();
    Ok(names.join(";"))
}

/// Reads a signature: 64 hexadecimal digits in lower case. A single request has one valid form of it.
pub(super) fn parse_signature(text: &str) -> Option<[u8; 32]> {
    let mut signature = [0; 32];
    let lower_case = !text.bytes().any(|b| b.is_ascii_uppercase());
    (lower_case && hex::decode_to_slice(text, &mut signature).is_ok()).then_some(signature)
}

/// Takes a session token, unless it is too long.
pub(super) fn parse_session_token(token: &str) -> Result<SecretString, SignatureError> {
    bounded("The session token", token.len(), limit::SESSION_TOKEN_BYTES_MAX)?;
    Ok(SecretString::new(token.to_owned()))
}

/// Refuses what is larger than it may be.
pub(super) fn bounded(what: &'static str, size: usize, max: usize) -> Result<(), SignatureError> {
    if size > max { Err(SignatureError::TooLarge { what, max }) } else { Ok(()) }
}
