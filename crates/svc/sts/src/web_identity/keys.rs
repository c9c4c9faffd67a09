//! The provider's keys, which its discovery document leads to, and whether one of them signed a token.
//!
//! Both documents are kept for a while. A key that they do not hold has them asked for again, but no sooner than
//! [`AGAIN_AFTER`], so that made-up tokens cannot have a provider asked all the time.
//!
//! Sources: <https://openid.net/specs/openid-connect-discovery-1_0.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html>

use std::time::Duration;

use alcazar_crypto::jws::{JwsAlgorithm, JwsKey};
use alcazar_engine::fetched::Document;
use alcazar_engine::port::outbound::OutboundError;
use alcazar_engine::{Reads, Result};
use alcazar_shape::ApiError;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value as Json;

use super::provider::Provider;
use super::token::IdToken;
use crate::error;

/// How long a provider's documents count.
const AGE_MAX: Duration = Duration::from_secs(3600);

/// How old they are at least when they are asked for again because of a key that they do not hold.
const AGAIN_AFTER: Duration = Duration::from_secs(30);

/// How long a provider may take to answer.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(5);

/// How long a document may be.
const DOCUMENT_BYTES_MAX: usize = 256 * 1024;

/// How many keys of a provider are looked at.
const KEYS_MAX: usize = 200;

/// Passes if one of the provider's keys signed the token.
///
/// # Errors
/// None did, or its keys are not to be had.
pub(super) async fn verify(
    reads: &mut Reads<'_>,
    provider: &Provider,
    issuer: &str,
    token: &IdToken,
) -> Result<()> {
    let mut fitting = Vec::new();
    for age_max in [AGE_MAX, AGAIN_AFTER] {
        fitting = fitting_keys(&key_set(reads, provider, issuer, age_max).await?, token);
        if !fitting.is_empty() {
            break;
        }
    }
    if fitting.is_empty() {
        return Err(error::no_verification_key().into());
    }
    let signed = |key: &JwsKey| key.verifies(token.algorithm, token.signed.as_bytes(), &token.signature);
    if fitting.iter().any(signed) { Ok(()) } else { Err(error::wrong_token_signature().into()) }
}

/// The provider's key set, at most so old.
async fn key_set(
    reads: &mut Reads<'_>,
    provider: &Provider,
    issuer: &str,
    age_max: Duration,
) -> std::result::Result<Json, ApiError> {
    let base = provider.host_and_path.trim_end_matches('/');
    let configuration = fetch(reads, &format!("{base}/.well-known/openid-configuration"), age_max).await?;
    let text = |name: &str| configuration.get(name).and_then(Json::as_str);
    // Whoever speaks for another issuer than its own is not to be believed.
    let speaks_for_itself = text("issuer").is_some_and(|told| without_scheme(told) == without_scheme(issuer));
    let address = text("jwks_uri").and_then(|uri| uri.strip_prefix("https://"));
    let address = address.filter(|_| speaks_for_itself).ok_or_else(error::no_verification_key)?;
    fetch(reads, address, age_max).await
}

fn without_scheme(url: &str) -> &str {
    url.strip_prefix("https://").unwrap_or(url)
}

/// A document in JSON; `address` is a host and a path.
async fn fetch(
    reads: &mut Reads<'_>,
    address: &str,
    age_max: Duration,
) -> std::result::Result<Json, ApiError> {
    let split = address.find('/').ok_or_else(error::no_verification_key)?;
    let (host, path) = address.split_at_checked(split).ok_or_else(error::no_verification_key)?;
    let document = Document { host, path, answer_time_max: ANSWER_TIME_MAX, size_max: DOCUMENT_BYTES_MAX };
    match reads.fetch(document, age_max).await {
        Ok(answer) if answer.status == 200 => serde_json::from_slice(&answer.body)
            .map_err(|cause| error::no_verification_key().caused_by(cause)),
        Ok(answer) if answer.status >= 500 => Err(error::provider_unreachable()),
        Ok(_) => Err(error::no_verification_key()),
        Err(cause @ OutboundError::Tls(_)) => Err(error::untrusted_provider().caused_by(cause)),
        Err(cause @ OutboundError::Unreadable(_)) => Err(error::no_verification_key().caused_by(cause)),
        Err(cause) => Err(error::provider_unreachable().caused_by(cause)),
    }
}

/// The keys of a set that may have signed the token.
fn fitting_keys(set: &Json, token: &IdToken) -> Vec<JwsKey> {
    let keys = set.get("keys").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    let named = |key: &&Json| {
        let key_id = key.get("kid").and_then(Json::as_str);
        token.key_id.as_deref().is_none_or(|wanted| key_id == Some(wanted))
    };
    let keys = keys.iter().take(KEYS_MAX).filter(named);
    keys.filter_map(|key| public_key(key, token.algorithm)).collect()
}

/// The public key of a JSON Web Key for signatures by an algorithm; none if it is for something else.
fn public_key(key: &Json, algorithm: JwsAlgorithm) -> Option<JwsKey> {
    let text = |name: &str| key.get(name).and_then(Json::as_str);
    let number = |name: &str| URL_SAFE_NO_PAD.decode(text(name)?).ok();
    if text("use").is_some_and(|usage| usage != "sig") {
        return None;
    }
    match algorithm.curve() {
        None => (text("kty")? == "RSA").then_some(JwsKey::Rsa { n: number("n")?, e: number("e")? }),
        Some(curve) => {
            let fits = text("kty")? == "EC" && text("crv")? == curve;
            fits.then_some(JwsKey::Ec { x: number("x")?, y: number("y")? })
        }
    }
}
