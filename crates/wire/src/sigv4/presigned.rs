//! The signature in the query: `X-Amz-Algorithm`, `X-Amz-Credential`, `X-Amz-Date`, `X-Amz-Expires`,
//! `X-Amz-SignedHeaders`, `X-Amz-Signature` and `X-Amz-Security-Token`.
//!
//! Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html>

use std::borrow::Cow;

use http::HeaderMap;

use super::claim::{
    ALGORITHM, Claim, Presigned, bounded, parse_basic_time, parse_credential, parse_session_token,
    parse_signature, parse_signed_headers,
};
use super::error::{MissingParts, SignatureError};
use super::{authorization, limit};

/// The parameters of a signature, decoded. Of a name that comes twice, the first counts.
#[derive(Default)]
pub(super) struct Parameters<'a> {
    algorithm: Option<Cow<'a, str>>,
    credential: Option<Cow<'a, str>>,
    date: Option<Cow<'a, str>>,
    expires: Option<Cow<'a, str>>,
    signed_headers: Option<Cow<'a, str>>,
    signature: Option<Cow<'a, str>>,
    security_token: Option<Cow<'a, str>>,
    payload_hash: Option<Cow<'a, str>>,
    version_2_method: Option<Cow<'a, str>>,
}

impl<'a> Parameters<'a> {
    /// Reads a query; `None` if it has no signature.
    pub(super) fn read(query: &'a str) -> Option<Self> {
        let mut found = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let place = match name.as_ref() {
                "X-Amz-Algorithm" => &mut found.algorithm,
                "X-Amz-Credential" => &mut found.credential,
                "X-Amz-Date" => &mut found.date,
                "X-Amz-Expires" => &mut found.expires,
                "X-Amz-SignedHeaders" => &mut found.signed_headers,
                "X-Amz-Signature" => &mut found.signature,
                "X-Amz-Security-Token" => &mut found.security_token,
                "X-Amz-Content-Sha256" => &mut found.payload_hash,
                "SignatureMethod" => &mut found.version_2_method,
                _ => continue,
            };
            place.get_or_insert(value);
        }
        (found.algorithm.is_some() || found.version_2_method.is_some()).then_some(found)
    }

    /// Whether the signature is a Version 4 one; the older ones' parameters may also be some operation's own.
    pub(super) fn is_version_4(&self) -> bool {
        self.algorithm.is_some()
    }
}

/// Reads the claim that a query makes.
pub(super) fn parse(parameters: Parameters<'_>, headers: &HeaderMap) -> Result<Claim, SignatureError> {
    let algorithm = parameters.algorithm.or(parameters.version_2_method).unwrap_or_default();
    if algorithm != ALGORITHM {
        return Err(SignatureError::unsupported_algorithm(&algorithm));
    }
    let (Some(credential), Some(signature), Some(signed_headers), Some(date)) =
        (&parameters.credential, &parameters.signature, &parameters.signed_headers, &parameters.date)
    else {
        let names = [
            ("X-Amz-Credential", &parameters.credential),
            ("X-Amz-Signature", &parameters.signature),
            ("X-Amz-SignedHeaders", &parameters.signed_headers),
            ("X-Amz-Date", &parameters.date),
        ];
        let missing = names.into_iter().filter(|(_, value)| value.is_none()).map(|(name, _)| name).collect();
        return Err(SignatureError::Incomplete(MissingParts::Query(missing)));
    };
    bounded("The credential", credential.len(), limit::AUTHORIZATION_BYTES_MAX)?;
    bounded("The list of signed headers", signed_headers.len(), limit::AUTHORIZATION_BYTES_MAX)?;
    let time = parse_basic_time(date)?;
    let valid_seconds = parse_expires(parameters.expires.as_deref())?;
    let (access_key_id, scope) = parse_credential(credential)?;
    let session_token = match &parameters.security_token {
        Some(token) => Some(parse_session_token(token)?),
        None => authorization::session_token(headers)?,
    };
    Ok(Claim {
        access_key_id,
        scope,
        time,
        session_token,
        signed_headers: parse_signed_headers(signed_headers)?,
        signature: parse_signature(signature),
        presigned: Some(Presigned {
            valid_seconds,
            payload_hash: parameters.payload_hash.map(Cow::into_owned),
        }),
    })
}

/// For how long a presigned request is valid; where it does not say, as long as any other.
fn parse_expires(text: Option<&str>) -> Result<u32, SignatureError> {
    let Some(text) = text else { return Ok(limit::CLOCK_SKEW_SECONDS_MAX) };
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(SignatureError::MalformedExpires);
    }
    // Digits that do not fit are too large a number.
    match text.parse::<u32>() {
        Ok(0) => Err(SignatureError::ExpiresTooShort),
        Ok(seconds) if seconds <= limit::PRESIGNED_SECONDS_MAX => Ok(seconds),
        _ => Err(SignatureError::ExpiresTooLong),
    }
}
