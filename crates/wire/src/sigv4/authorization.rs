//! The signature in the `Authorization` header:
//! `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

use alcazar_base::Timestamp;
use http::{HeaderMap, HeaderValue};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

use super::claim::{
    ALGORITHM, Claim, SigningTime, bounded, parse_basic_time, parse_credential, parse_session_token,
    parse_signature, parse_signed_headers,
};
use super::error::{MissingParts, SignatureError, hashed};
use super::limit;

pub(super) const AMZ_DATE: &str = "x-amz-date";
pub(super) const SECURITY_TOKEN: &str = "x-amz-security-token";

/// Reads the claim that an `Authorization` header makes.
pub(super) fn parse(authorization: &HeaderValue, headers: &HeaderMap) -> Result<Claim, SignatureError> {
    bounded("The Authorization header", authorization.len(), limit::AUTHORIZATION_BYTES_MAX)?;
    let text =
        authorization.to_str().map_err(|_| SignatureError::not_key_value(authorization.as_bytes()))?.trim();
    let (algorithm, rest) = text.split_once([' ', '\t']).unwrap_or((text, ""));
    // AWS's other kinds of signatures have other parts, so that the missing ones would mislead.
    if algorithm.starts_with("AWS") && algorithm != ALGORITHM {
        return Err(SignatureError::unsupported_algorithm(algorithm));
    }
    let (mut credential, mut signature, mut signed_headers) = (None, None, None);
    for part in rest.split([',', ' ', '\t']).filter(|part| !part.is_empty()) {
        let (key, value) =
            part.split_once('=').ok_or_else(|| SignatureError::not_key_value(part.as_bytes()))?;
        match key {
            "Credential" => credential = Some(value),
            "Signature" => signature = Some(value),
            "SignedHeaders" => signed_headers = Some(value),
            _ => {}
        }
    }
    let date = headers.get(AMZ_DATE).or_else(|| headers.get(http::header::DATE));
    let (Some(credential), Some(signature), Some(signed_headers), Some(date)) =
        (credential, signature, signed_headers, date)
    else {
        return Err(SignatureError::Incomplete(MissingParts::Header {
            credential: credential.is_none(),
            signature: signature.is_none(),
            signed_headers: signed_headers.is_none(),
            date: date.is_none(),
            hash: hashed(text.as_bytes()),
        }));
    };
    if algorithm != ALGORITHM {
        return Err(SignatureError::unsupported_algorithm(algorithm));
    }
    let time = parse_time(date)?;
    let (access_key_id, scope) = parse_credential(credential)?;
    Ok(Claim {
        access_key_id,
        scope,
        time,
        session_token: session_token(headers)?,
        signed_headers: parse_signed_headers(signed_headers)?,
        signature: parse_signature(signature),
        presigned: None,
    })
}

/// The session token that a header carries, if one does.
pub(super) fn session_token(
    headers: &HeaderMap,
) -> Result<Option<alcazar_base::SecretString>, SignatureError> {
    let Some(value) = headers.get(SECURITY_TOKEN) else { return Ok(None) };
    let token = value.to_str().map_err(|_| SignatureError::UnknownAccessKey)?;
    parse_session_token(token).map(Some)
}

/// Reads the signing time: in the form of signatures, or, as the `Date` header may have it, in that of HTTP.
fn parse_time(date: &HeaderValue) -> Result<SigningTime, SignatureError> {
    let text = date.to_str().map_err(|_| SignatureError::malformed_date("?"))?.trim();
    parse_basic_time(text).or_else(|malformed| {
        let moment = OffsetDateTime::parse(text, &Rfc2822).map_err(|_| malformed)?;
        let at = Timestamp::from_secs(moment.unix_timestamp());
        Ok(SigningTime { at, text: at.to_amz_date() })
    })
}
