//! Import of key material: the keys that it is for, and the way from a token and what is wrapped to the material.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys.html>

use std::sync::Arc;

use alcazar_base::Timestamp;
use alcazar_crypto::{ImportToken, KeyMaterial};
use alcazar_engine::{Cx, Result};

use crate::error;
use crate::key::{Key, Origin};
use crate::target::Target;

/// Passes if material can be imported into the key now.
///
/// # Errors
/// It waits for its deletion, or its material comes from elsewhere.
pub(crate) fn importable(target: &Target) -> Result<()> {
    target.not_pending_deletion()?;
    of_external_origin(&target.key)
}

/// Passes if the key's material is imported.
///
/// # Errors
/// It comes from elsewhere.
pub(crate) fn of_external_origin(key: &Key) -> Result<()> {
    match key.origin {
        Origin::External => Ok(()),
        origin => Err(error::wrong_origin(key.arn(), origin.as_str()).into()),
    }
}

/// What a token says of the key that it is for: its account, its region and its id.
pub(crate) fn subject(key: &Key) -> Vec<u8> {
    key.arn().as_bytes().to_vec()
}

/// The material that came wrapped for a key, with the id that it always has there.
///
/// # Errors
/// The token is not for this key or not good any more, or what is wrapped is no material of the key's spec.
pub(crate) async fn unwrap(
    cx: &Cx<'_>,
    key: &Arc<Key>,
    token: &[u8],
    encrypted: &[u8],
) -> Result<KeyMaterial> {
    let (key, keyring, now) = (key.clone(), cx.keyring(), cx.now());
    let (token, encrypted) = (token.to_vec(), encrypted.to_vec());
    // RSA takes long; nobody else is to wait for it.
    cx.offload(move |_| {
        let token = ImportToken::open(&keyring, &token).map_err(|_| error::import::invalid_token())?;
        if token.subject != subject(&key) {
            return Err(error::import::invalid_token().into());
        }
        if token.valid_to < now {
            return Err(error::import::expired_token().into());
        }
        if !token.wrapping_key.makes_length(token.algorithm, encrypted.len()) {
            return Err(error::import::wrong_length().into());
        }
        let plaintext = token
            .wrapping_key
            .unwrap(token.algorithm, &encrypted)
            .map_err(|_| error::invalid_ciphertext())?;
        Ok(KeyMaterial::import_into(&keyring, key.crypto_id()?, key.spec, plaintext.expose())
            .map_err(|_| error::import::incorrect_material())?)
    })
    .await?
}

/// Until when a token is good that is made now.
#[must_use]
pub(crate) fn token_valid_to(now: Timestamp) -> Timestamp {
    const TOKEN_HOURS: u64 = 24;
    now + std::time::Duration::from_secs(TOKEN_HOURS * 60 * 60)
}
