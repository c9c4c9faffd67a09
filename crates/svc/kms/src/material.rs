//! New keys' ids and material.

use alcazar_crypto::entropy::random;
use alcazar_crypto::{BackingKey, KeyId};
use alcazar_engine::{Reads, Result};

use crate::key::format_key_id;

/// A new key id and new symmetric material, wrapped for it.
///
/// # Errors
/// Randomness or the sealing failed.
pub(crate) fn generate(reads: &Reads<'_>, multi_region: bool) -> Result<(String, Vec<u8>)> {
    let uuid = uuid::Builder::from_random_bytes(random(reads.entropy())?).into_uuid();
    let key_id = KeyId { bytes: uuid.into_bytes(), multi_region };
    let backing_key = BackingKey::generate(reads.entropy())?;
    let wrapped = backing_key.wrap(&reads.keyring(), key_id, reads.entropy())?;
    Ok((format_key_id(key_id), wrapped))
}
