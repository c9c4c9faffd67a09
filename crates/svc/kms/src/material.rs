//! New keys' ids and material.

use alcazar_crypto::entropy::random;
use alcazar_crypto::{KeyId, KeyMaterial, KeySpec};
use alcazar_engine::{Error, Reads, Result};

use crate::key::{StoredMaterial, format_key_id, parse_key_id};

/// A new key id.
///
/// # Errors
/// Randomness failed.
pub(crate) fn new_key_id(reads: &Reads<'_>, multi_region: bool) -> Result<String> {
    let uuid = uuid::Builder::from_random_bytes(random(reads.entropy())?).into_uuid();
    Ok(format_key_id(KeyId { bytes: uuid.into_bytes(), multi_region }))
}

/// New material of a spec.
///
/// # Errors
/// Randomness failed.
pub(crate) async fn generate(reads: &Reads<'_>, spec: KeySpec) -> Result<KeyMaterial> {
    // Finding the primes of an RSA key takes long; nobody else is to wait for it.
    let is_slow = matches!(spec, KeySpec::Rsa2048 | KeySpec::Rsa3072 | KeySpec::Rsa4096);
    let material = match is_slow {
        true => reads.offload(move |entropy| KeyMaterial::generate(spec, entropy)).await?,
        false => KeyMaterial::generate(spec, reads.entropy()),
    };
    material.map_err(|error| Error::invariant(format!("key material could not be made: {error}")))
}

/// Wraps a key's first material for its record.
///
/// # Errors
/// It cannot be sealed.
pub(crate) fn first(reads: &Reads<'_>, key_id: &str, material: &KeyMaterial) -> Result<StoredMaterial> {
    let key_id = parse_key_id(key_id).ok_or_else(|| Error::invariant("a new key id is none"))?;
    let wrapped = material.wrap(&reads.keyring(), key_id, reads.entropy())?;
    Ok(StoredMaterial::first(material.id(), wrapped))
}
