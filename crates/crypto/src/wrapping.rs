//! Key material of KMS keys, wrapped for the store.
//!
//! Wrapped it is `backing key id (16) ‖` what the keyring seals in the Kms domain, bound to the key spec, the KMS key's
//! id and its own: wrapped material that is put into another key's record, or called by another spec, does not unwrap.

use alcazar_base::SecretBytes;

use crate::backing_key::BackingKeyId;
use crate::ciphertext::KeyId;
use crate::entropy::Entropy;
use crate::error::{OpenError, SealError};
use crate::keyring::{Domain, Keyring};
use crate::spec::KeySpec;

/// Wraps the secret of the material `id` of the KMS key `key_id`.
pub(crate) fn wrap(
    keyring: &Keyring,
    key_id: KeyId,
    spec: KeySpec,
    id: BackingKeyId,
    secret: &[u8],
    entropy: &dyn Entropy,
) -> Result<Vec<u8>, SealError> {
    let sealed = keyring.seal(Domain::Kms, entropy, &name(key_id, spec, id), secret)?;
    Ok([&id.0[..], &sealed].concat())
}

/// The id and the secret that were wrapped for the same KMS key and spec.
pub(crate) fn unwrap(
    keyring: &Keyring,
    key_id: KeyId,
    spec: KeySpec,
    wrapped: &[u8],
) -> Result<(BackingKeyId, SecretBytes), OpenError> {
    let (&id, sealed) = wrapped.split_first_chunk().ok_or(OpenError::Unauthentic)?;
    let id = BackingKeyId(id);
    Ok((id, keyring.open(Domain::Kms, &name(key_id, spec, id), sealed)?))
}

/// The version of the Kms domain's key that `wrapped` says it is under, for finding what a rotation left behind.
///
/// # Errors
/// `OpenError` if `wrapped` is of no known format.
pub fn version_of(wrapped: &[u8]) -> Result<u32, OpenError> {
    let (_, sealed) = wrapped.split_first_chunk::<16>().ok_or(OpenError::Unauthentic)?;
    Keyring::version_of(sealed)
}

/// What wrapped material is bound to: `backing-key/`, the spec's name in small letters with hyphens, a zero, and the
/// ids. Every part after the zero has a fixed length.
fn name(key_id: KeyId, spec: KeySpec, id: BackingKeyId) -> Vec<u8> {
    let label = format!("backing-key/{}\0", spec.as_str().to_ascii_lowercase().replace('_', "-"));
    [label.as_bytes(), &[key_id.flags()], &key_id.bytes, &id.0].concat()
}
