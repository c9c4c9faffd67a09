//! Whether a claim holds: is it fresh, for this endpoint, over all that it must cover, and made with the key.

use alcazar_base::{Region, Timestamp};
use aws_lc_rs::digest::{SHA256, digest};
use http::HeaderMap;

use super::claim::{ALGORITHM, Claim, TERMINATOR};
use super::error::{ScopeFaults, SignatureError, shown};
use super::{Endpoint, Payload, RequestToVerify, SigningKey, canonical, limit};

/// What stands for the hash of a body that is not signed.
const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";

/// The header that declares the hash of the body.
const CONTENT_SHA256: &str = "x-amz-content-sha256";

/// The headers that must be signed wherever they come.
const MUST_BE_SIGNED_PREFIX: &str = "x-amz-";

impl Claim {
    /// Checks all that can be checked without the key: the time, the signed headers, the scope, in AWS's order.
    /// [`Claim::verify`] does so too; calling this before the key is looked up gives AWS's error where
    /// several things are wrong.
    ///
    /// # Errors
    /// `SignatureError` for the first thing that is wrong.
    pub fn check(
        &self,
        parts: &RequestToVerify<'_>,
        endpoint: &Endpoint<'_>,
        now: Timestamp,
    ) -> Result<(), SignatureError> {
        self.check_time(now)?;
        self.check_signed_headers(parts.headers)?;
        self.check_scope(endpoint)
    }

    /// Verifies that the holder of `key` signed this request, for this endpoint, and not long ago.
    /// The key must have been derived for the claim's own date, region and service.
    ///
    /// # Errors
    /// `SignatureError` for the first thing that is wrong.
    pub fn verify(
        &self,
        key: &SigningKey,
        parts: &RequestToVerify<'_>,
        payload: Payload<'_>,
        endpoint: &Endpoint<'_>,
        now: Timestamp,
    ) -> Result<(), SignatureError> {
        self.check(parts, endpoint, now)?;
        let mut hex = [0; 64];
        let payload_hash = self.payload_hash(parts.headers, payload, endpoint, &mut hex)?;
        let canonical_request = self.canonical_request(parts, payload_hash)?;
        let string_to_sign = self.string_to_sign(&canonical_request)?;
        match &self.signature {
            Some(signature) if key.verifies(&string_to_sign, signature) => Ok(()),
            _ => Err(SignatureError::Mismatch),
        }
    }

    pub(super) fn canonical_request(
        &self,
        parts: &RequestToVerify<'_>,
        payload_hash: &str,
    ) -> Result<Vec<u8>, SignatureError> {
        let raw_path = canonical::has_raw_path(&self.scope.service);
        canonical::request(parts, &self.signed_headers, raw_path, self.is_presigned(), payload_hash)
    }

    pub(super) fn string_to_sign(&self, canonical_request: &[u8]) -> Result<Vec<u8>, SignatureError> {
        let scope = [&self.scope.date, &self.scope.region, &self.scope.service];
        string_to_sign(&self.time.text, scope.map(String::as_str), canonical_request)
    }

    fn check_time(&self, now: Timestamp) -> Result<(), SignatureError> {
        let signed_at = self.time.at;
        let age_seconds = now.as_secs().saturating_sub(signed_at.as_secs());
        if age_seconds < -i64::from(limit::CLOCK_SKEW_SECONDS_MAX) {
            return Err(SignatureError::NotYetCurrent { signed_at, now });
        }
        let valid_seconds = self
            .presigned
            .as_ref()
            .map_or(limit::CLOCK_SKEW_SECONDS_MAX, |presigned| presigned.valid_seconds);
        if age_seconds > i64::from(valid_seconds) {
            return Err(SignatureError::Expired { signed_at, now, valid_seconds });
        }
        Ok(())
    }

    /// The host must be signed, and so must everything that AWS gives a meaning to.
    fn check_signed_headers(&self, headers: &HeaderMap) -> Result<(), SignatureError> {
        let is_signed = |name: &str| self.signed_headers().any(|signed| signed == name);
        if !is_signed("host") && !is_signed(":authority") {
            return Err(SignatureError::HostNotSigned);
        }
        let mut names = headers.keys().map(http::HeaderName::as_str);
        match names.find(|name| name.starts_with(MUST_BE_SIGNED_PREFIX) && !is_signed(name)) {
            Some(name) => Err(SignatureError::header_not_signed(name)),
            None => Ok(()),
        }
    }

    fn check_scope(&self, endpoint: &Endpoint<'_>) -> Result<(), SignatureError> {
        let scope = &self.scope;
        let date_matches = self.time.text.get(..8) == Some(scope.date.as_str());
        let faults = ScopeFaults {
            region: scope.region.parse::<Region>().is_err(),
            service: (scope.service != endpoint.service).then(|| endpoint.service.to_owned()),
            terminator: (scope.terminator != TERMINATOR).then(|| shown(&scope.terminator)),
            date: (!date_matches).then(|| (shown(&scope.date), self.time.text.clone())),
        };
        if faults.none() { Ok(()) } else { Err(SignatureError::Scope(faults)) }
    }

    /// What stands for the body in the canonical request: its hash, unless the caller may leave it out and did.
    pub(super) fn payload_hash<'b>(
        &self,
        headers: &HeaderMap,
        payload: Payload<'_>,
        endpoint: &Endpoint<'_>,
        buffer: &'b mut [u8; 64],
    ) -> Result<&'b str, SignatureError> {
        let declared = match (headers.get(CONTENT_SHA256), &self.presigned) {
            (Some(value), _) => Some(value.as_bytes()),
            (None, Some(presigned)) => presigned.payload_hash.as_deref().map(str::as_bytes),
            (None, None) => None,
        };
        let left_out = match declared {
            Some(declared) => declared == UNSIGNED_PAYLOAD.as_bytes(),
            // Object storage's presigned requests leave the body out without saying so.
            None => self.is_presigned() && canonical::has_raw_path(&self.scope.service),
        };
        if left_out && endpoint.unsigned_payload_allowed {
            return Ok(UNSIGNED_PAYLOAD);
        }
        let hash = match payload {
            Payload::Body(body) => hex_sha256(digest(&SHA256, body).as_ref(), buffer)?,
            Payload::Sha256(hash) => hex_sha256(&hash, buffer)?,
        };
        match declared {
            Some(declared) if declared != hash.as_bytes() => Err(SignatureError::PayloadNotSigned),
            _ => Ok(hash),
        }
    }
}

/// What is signed: the time, the scope (date, region and service), and the hash of the canonical request.
pub(super) fn string_to_sign(
    time: &str,
    scope: [&str; 3],
    canonical_request: &[u8],
) -> Result<Vec<u8>, SignatureError> {
    let mut hex = [0; 64];
    let hash = hex_sha256(digest(&SHA256, canonical_request).as_ref(), &mut hex)?;
    let mut out = Vec::with_capacity(192);
    out.extend_from_slice(ALGORITHM.as_bytes());
    out.push(b'\n');
    out.extend_from_slice(time.as_bytes());
    out.push(b'\n');
    for element in scope {
        out.extend_from_slice(element.as_bytes());
        out.push(b'/');
    }
    out.extend_from_slice(TERMINATOR.as_bytes());
    out.push(b'\n');
    out.extend_from_slice(hash.as_bytes());
    Ok(out)
}

/// A SHA-256 in lower-case hexadecimal digits.
pub(super) fn hex_sha256<'b>(hash: &[u8], buffer: &'b mut [u8; 64]) -> Result<&'b str, SignatureError> {
    // Both can only fail if a SHA-256 were not 32 bytes, and then nothing may match.
    hex::encode_to_slice(hash, buffer).map_err(|_| SignatureError::Mismatch)?;
    std::str::from_utf8(buffer).map_err(|_| SignatureError::Mismatch)
}
