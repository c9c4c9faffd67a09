//! Data keys: random bytes, encrypted under a key.

use std::collections::BTreeMap;

use alcazar_api_kms::types::DataKeySpec;
use alcazar_base::SecretBytes;
use alcazar_engine::{Cx, Result};

use crate::target::Target;
use crate::{crypto, error, usage};

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
    pub(crate) fn generate(
        cx: &mut Cx<'_>,
        target: &Target,
        spec: Option<DataKeySpec>,
        number_of_bytes: Option<i32>,
        context: Option<&BTreeMap<String, String>>,
        dry_run: Option<bool>,
    ) -> Result<Self> {
        let count = match (spec, number_of_bytes) {
            (Some(DataKeySpec::Aes256), None) => 32,
            (Some(DataKeySpec::Aes128), None) => 16,
            (None, Some(count)) => count,
            _ => return Err(error::validation("Please specify either number of bytes or key spec.").into()),
        };
        target.usable()?;
        crypto::rehearsal(dry_run)?;
        target.settle(cx)?;
        let plaintext = crypto::random_bytes(cx, count)?;
        let ciphertext = crypto::encrypt(cx, target, context, plaintext.expose())?;
        usage::used(cx, &target.key);
        Ok(Self { plaintext, ciphertext })
    }
}
