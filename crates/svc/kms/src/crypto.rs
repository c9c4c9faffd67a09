//! What the cryptographic operations have in common.
//!
//! When one has succeeded it says what it used, by [`usage::used`](crate::usage::used) or its kin, right before it
//! answers: that is the key's last use, and what it costs.

use std::collections::BTreeMap;

use alcazar_api_kms::types::{DryRunModifierType, EncryptionAlgorithmSpec};
use alcazar_base::SecretBytes;
use alcazar_crypto::{EncryptionAlgorithm, KeyMaterial, KeySpec, KeyUsage, Material};
use alcazar_engine::{Cx, Error, Result};

use crate::error;
use crate::target::Target;

/// The algorithm that a request is for: symmetric, if it does not say.
#[must_use]
pub(crate) fn requested(algorithm: Option<EncryptionAlgorithmSpec>) -> EncryptionAlgorithmSpec {
    algorithm.unwrap_or(EncryptionAlgorithmSpec::SymmetricDefault)
}

/// The algorithm, if `target` can encrypt and decrypt with it now.
///
/// # Errors
/// The key cannot be used, not for this, or not with this algorithm; or the algorithm takes no encryption context.
pub(crate) fn algorithm(
    target: &Target,
    operation: &str,
    requested: EncryptionAlgorithmSpec,
    context: Option<&BTreeMap<String, String>>,
) -> Result<EncryptionAlgorithm> {
    target.usable_for(KeyUsage::EncryptDecrypt, operation)?;
    let (spec, name) = (target.key.spec, requested.as_str());
    let known = EncryptionAlgorithm::from_name(name)
        .filter(|algorithm| EncryptionAlgorithm::of(spec, target.key.usage).contains(algorithm));
    let algorithm = known.ok_or_else(|| error::incompatible_algorithm(name, spec.as_str()))?;
    let has_context = context.is_some_and(|context| !context.is_empty());
    if has_context && algorithm != EncryptionAlgorithm::SymmetricDefault {
        return Err(error::encryption::context_with_asymmetric_key().into());
    }
    Ok(algorithm)
}

/// Passes if the target can encrypt so many bytes at once.
///
/// # Errors
/// They are too many.
pub(crate) fn check_length(target: &Target, algorithm: EncryptionAlgorithm, bytes: usize) -> Result<()> {
    let spec = target.key.spec;
    let bytes_max = algorithm.plaintext_bytes_max(spec);
    if bytes <= bytes_max {
        return Ok(());
    }
    Err(error::encryption::plaintext_too_long(algorithm.as_str(), spec.as_str(), bytes_max).into())
}

/// Encrypts under the target's current material what [`check_length`] has passed.
///
/// # Errors
/// The material does not unwrap, or randomness failed.
pub(crate) fn encrypt(
    cx: &Cx<'_>,
    target: &Target,
    algorithm: EncryptionAlgorithm,
    context: Option<&BTreeMap<String, String>>,
    plaintext: &[u8],
) -> Result<Vec<u8>> {
    match target.material(cx)?.material() {
        Material::Symmetric(key) => {
            let key_id = target.key.crypto_id()?;
            Ok(key.encrypt(cx.entropy(), key_id, context.unwrap_or(&BTreeMap::new()), plaintext)?)
        }
        Material::Rsa(key) => key
            .public()
            .encrypt(algorithm, plaintext)
            .map_err(|error| Error::invariant(format!("{algorithm} did not encrypt: {error}"))),
        _ => Err(not_the_keys()),
    }
}

/// Uses the target's current material, where it keeps no other call waiting.
///
/// # Errors
/// The material does not unwrap.
pub(crate) async fn with_material<T: Send + 'static>(
    cx: &Cx<'_>,
    target: &Target,
    work: impl FnOnce(&KeyMaterial) -> T + Send + 'static,
) -> Result<T> {
    // With 2,048 bits half a millisecond, with more of them several.
    if !matches!(target.key.spec, KeySpec::Rsa3072 | KeySpec::Rsa4096) {
        return Ok(work(target.material(cx)?));
    }
    let (key, keyring) = (target.key.clone(), cx.keyring());
    cx.offload(move |_| key.material(&keyring).map(work)).await?
}

/// The key's kind was checked, and its material is of another one.
pub(crate) fn not_the_keys() -> Error {
    Error::invariant("material of another kind than its key")
}

/// Random bytes.
///
/// # Errors
/// Randomness failed.
pub(crate) fn random_bytes(cx: &Cx<'_>, count: i32) -> Result<SecretBytes> {
    let count = usize::try_from(count).map_err(|_| Error::invariant("a negative number of bytes"))?;
    let mut bytes = vec![0; count];
    cx.entropy().fill(&mut bytes)?;
    Ok(bytes.into())
}

/// Ends a rehearsal, with the error that says that all went well.
///
/// # Errors
/// `DryRunOperationException` if it is one.
pub(crate) fn rehearsal(dry_run: Option<bool>) -> Result<()> {
    if dry_run == Some(true) { Err(error::dry_run().into()) } else { Ok(()) }
}

/// Whether the request is a rehearsal that leaves the ciphertext out.
///
/// Source: <https://docs.aws.amazon.com/kms/latest/developerguide/testing-permissions.html>
#[must_use]
pub(crate) fn ignores_ciphertext(dry_run: Option<bool>, modifiers: Option<&[DryRunModifierType]>) -> bool {
    dry_run == Some(true)
        && modifiers.is_some_and(|modifiers| modifiers.contains(&DryRunModifierType::IgnoreCiphertext))
}
