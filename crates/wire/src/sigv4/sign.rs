//! The client's side: signatures over requests that this cloud sends out.

use alcazar_base::{SecretString, Timestamp};
use aws_lc_rs::digest::{SHA256, digest};
use http::header::{AUTHORIZATION, HOST};
use http::{HeaderMap, HeaderName, HeaderValue};
use thiserror::Error;

use super::claim::{ALGORITHM, TERMINATOR};
use super::verify::{hex_sha256, string_to_sign};
use super::{RequestToVerify, SigningKey, canonical};

const AMZ_DATE: HeaderName = HeaderName::from_static("x-amz-date");

/// What is signed of the headers: what a server cannot do without.
const SIGNED_HEADERS: &str = "host;x-amz-date";

/// Who signs, for which service.
#[derive(Debug, Clone, Copy)]
pub struct Signer<'a> {
    /// The access key's id.
    pub access_key_id: &'a SecretString,
    /// The access key.
    pub secret_access_key: &'a SecretString,
    /// The region in the scope.
    pub region: &'a str,
    /// The service in the scope.
    pub service: &'a str,
}

/// A request cannot be signed: it lacks its host, or holds what no header may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the request cannot be signed")]
pub struct CannotSign;

impl Signer<'_> {
    /// Adds `x-amz-date` and `authorization` to a request without a query. Host and date are signed, and the body.
    ///
    /// # Errors
    /// [`CannotSign`].
    pub fn sign(
        &self,
        method: &str,
        path: &str,
        headers: &mut HeaderMap,
        body: &[u8],
        at: Timestamp,
    ) -> Result<(), CannotSign> {
        let time = at.to_amz_date();
        let date = time.get(..8).ok_or(CannotSign)?;
        headers.insert(AMZ_DATE, HeaderValue::from_str(&time).map_err(|_| CannotSign)?);
        if !headers.contains_key(HOST) {
            return Err(CannotSign);
        }
        let mut hex = [0; 64];
        let hash = hex_sha256(digest(&SHA256, body).as_ref(), &mut hex).map_err(|_| CannotSign)?;
        let parts = RequestToVerify { method, path, query: "", headers, authority: None };
        let raw_path = canonical::has_raw_path(self.service);
        let canonical =
            canonical::request(&parts, SIGNED_HEADERS, raw_path, false, hash).map_err(|_| CannotSign)?;
        let scope = [date, self.region, self.service];
        let text = string_to_sign(&time, scope, &canonical).map_err(|_| CannotSign)?;
        let key = SigningKey::derive(self.secret_access_key, date, self.region, self.service);
        let signature = hex::encode(key.map_err(|_| CannotSign)?.sign(&text));
        let [date, region, service] = scope;
        let mut authorization = HeaderValue::from_str(&format!(
            "{ALGORITHM} Credential={}/{date}/{region}/{service}/{TERMINATOR}, SignedHeaders={SIGNED_HEADERS}, \
             Signature={signature}",
            self.access_key_id.expose()
        ))
        .map_err(|_| CannotSign)?;
        authorization.set_sensitive(true);
        headers.insert(AUTHORIZATION, authorization);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Endpoint, Payload, parse};
    use super::*;

    const PATH: &str = "/prefix/kms/xks/v1/health";
    const AT: Timestamp = Timestamp::from_secs(1_767_225_600);

    fn signed(secret: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HeaderValue::from_static("xks.example.com"));
        let signer = Signer {
            access_key_id: &SecretString::new("HGIE2BUAFNDMBCMSQVWLGCEXAMPLE".to_owned()),
            secret_access_key: &SecretString::new(secret.to_owned()),
            region: "eu-west-1",
            service: "kms-xks-proxy",
        };
        signer.sign("POST", PATH, &mut headers, b"{}", AT).unwrap();
        headers
    }

    fn verifies(headers: &HeaderMap, body: &[u8]) -> bool {
        let parts = RequestToVerify { method: "POST", path: PATH, query: "", headers, authority: None };
        let secret = SecretString::new("right".to_owned());
        let key = SigningKey::derive(&secret, "20260101", "eu-west-1", "kms-xks-proxy").unwrap();
        let endpoint = Endpoint { service: "kms-xks-proxy", unsigned_payload_allowed: false };
        parse(&parts).unwrap().verify(&key, &parts, Payload::Body(body), &endpoint, AT).is_ok()
    }

    #[test]
    fn the_verifier_takes_what_is_signed_and_nothing_else() {
        assert!(verifies(&signed("right"), b"{}"));
        assert!(!verifies(&signed("right"), b"{ }"));
        assert!(!verifies(&signed("wrong"), b"{}"));
    }

    #[test]
    fn a_request_without_a_host_is_not_signed() {
        let text = SecretString::new("x".to_owned());
        let signer = Signer { access_key_id: &text, secret_access_key: &text, region: "x", service: "x" };
        assert_eq!(signer.sign("POST", "/", &mut HeaderMap::new(), b"", AT), Err(CannotSign));
    }
}
