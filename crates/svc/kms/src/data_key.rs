//! Data keys: random bytes, encrypted under a symmetric key.

use std::collections::BTreeMap;

use alcazar_api_kms::types::{DataKeySpec, EncryptionAlgorithmSpec};
use alcazar_base::SecretBytes;
use alcazar_crypto::{EncryptionAlgorithm, KeySpec, KeyUsage};
use alcazar_engine::{CallInfo, Check, Cx, Result};

use crate::target::Target;
use crate::{access, crypto, error, usage};

/// What is asked for.
pub(crate) struct Asked<'a> {
    /// The operation's name.
    pub operation: &'static str,
    /// How long the key is to be, by a spec.
    pub spec: Option<DataKeySpec>,
    /// How long the key is to be, in bytes.
    pub number_of_bytes: Option<i32>,
    /// What it is encrypted with.
    pub context: Option<&'a BTreeMap<String, String>>,
    /// Whether it is a rehearsal.
    pub dry_run: Option<bool>,
}

/// A new data key.
pub(crate) struct DataKey {
    /// In the clear.
    pub plaintext: SecretBytes,
    /// Encrypted.
    pub ciphertext: Vec<u8>,
}

impl DataKey {
    /// Makes a data key of a spec or a number of bytes: exactly one of them is to be given.
    ///
    /// # Errors
    /// Both or neither is given, the key cannot be used, or it was a rehearsal.
    pub(crate) fn generate(cx: &mut Cx<'_>, target: &Target, asked: &Asked<'_>) -> Result<Self> {
        let count = match (asked.spec, asked.number_of_bytes) {
            (Some(DataKeySpec::Aes256), None) => 32,
            (Some(DataKeySpec::Aes128), None) => 16,
            (None, Some(count)) => count,
            _ => return Err(error::encryption::data_key_length().into()),
        };
        usable(target, asked.operation)?;
        crypto::rehearsal(asked.dry_run)?;
        target.settle(cx)?;
        let plaintext = crypto::random_bytes(cx, count)?;
        let ciphertext = encrypt(cx, target, asked.context, &plaintext)?;
        usage::used(cx, &target.key);
        Ok(Self { plaintext, ciphertext })
    }
}

/// The question whether the caller may have data keys made.
#[must_use]
pub(crate) fn check(
    call: &CallInfo,
    action: &'static str,
    target: &Target,
    context: Option<&BTreeMap<String, String>>,
) -> Check {
    access::crypto_check(call, action, target, EncryptionAlgorithmSpec::SymmetricDefault, context)
}

/// Passes if data keys can be encrypted under the key.
///
/// # Errors
/// The key cannot be used, or is of another kind.
pub(crate) fn usable(target: &Target, operation: &str) -> Result<()> {
    target.usable_for(KeyUsage::EncryptDecrypt, operation)?;
    match target.key.spec {
        KeySpec::SymmetricDefault => Ok(()),
        _ => Err(error::encryption::data_key_under_asymmetric_key().into()),
    }
}

/// Encrypts a data key.
///
/// # Errors
/// The material does not unwrap, or randomness failed.
pub(crate) fn encrypt(
    cx: &Cx<'_>,
    target: &Target,
    context: Option<&BTreeMap<String, String>>,
    key: &SecretBytes,
) -> Result<Vec<u8>> {
    crypto::encrypt(cx, target, EncryptionAlgorithm::SymmetricDefault, context, key.expose())
}
