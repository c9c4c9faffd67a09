//! What GenerateMac and VerifyMac have in common.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateMac.html>

use alcazar_api_kms::types::MacAlgorithmSpec;
use alcazar_crypto::hmac::HmacKey;
use alcazar_crypto::{KeyUsage, MacAlgorithm, Material};
use alcazar_engine::{CallInfo, Check, Error, Reads, Result};

use crate::target::Target;
use crate::{access, error};

/// The question whether the caller may make, or verify, an authentication code.
#[must_use]
pub(crate) fn check(
    call: &CallInfo,
    action: &'static str,
    target: &Target,
    algorithm: MacAlgorithmSpec,
) -> Check {
    let mut check = access::key_check(call, action, target);
    if call.needs_context(check.owner, &check.rule) {
        check.context.insert("kms:MacAlgorithm", algorithm.as_str());
    }
    check
}

/// The algorithm, if `target` can be used with it now.
///
/// # Errors
/// The key cannot be used, not for this, or not with this algorithm.
pub(crate) fn algorithm(
    target: &Target,
    operation: &str,
    algorithm: MacAlgorithmSpec,
) -> Result<MacAlgorithm> {
    target.usable_for(KeyUsage::GenerateVerifyMac, operation)?;
    let (spec, name) = (target.key.spec, algorithm.as_str());
    let known = MacAlgorithm::from_name(name)
        .filter(|algorithm| MacAlgorithm::of(spec, target.key.usage).contains(algorithm));
    Ok(known.ok_or_else(|| error::incompatible_algorithm(name, spec.as_str()))?)
}

/// The target's HMAC key.
///
/// # Errors
/// The material does not unwrap, or is none of HMAC.
pub(crate) fn key<'a>(target: &'a Target, reads: &Reads<'_>) -> Result<&'a HmacKey> {
    match target.material(reads)?.material() {
        Material::Hmac(key) => Ok(key),
        _ => Err(not_the_keys()),
    }
}

/// The algorithm was found to be the key's, and is not.
pub(crate) fn not_the_keys() -> Error {
    Error::invariant("an HMAC key without its own algorithm")
}
