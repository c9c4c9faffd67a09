//! The key that a ciphertext is under.

use std::collections::BTreeMap;

use alcazar_base::SecretBytes;
use alcazar_crypto::{CiphertextHeader, KeyMaterial};
use alcazar_engine::{CallInfo, Check, Cx, Reads, Result};

use crate::access;
use crate::error;
use crate::key::format_key_id;
use crate::target::{Accepts, Target};

/// A ciphertext's key, as the ciphertext and the request say.
pub struct Source {
    /// The key.
    pub target: Target,
    header: CiphertextHeader,
    /// Whether only the ciphertext says which key it is.
    unnamed: bool,
}

/// What came out of a ciphertext.
pub struct Decrypted {
    /// The plaintext.
    pub plaintext: SecretBytes,
    /// The material that it was encrypted under, as AWS names it.
    pub key_material_id: String,
}

impl Source {
    /// Finds the key of a ciphertext; if the request names a key, it must be that one.
    ///
    /// # Errors
    /// The ciphertext is none, its key is not here, or the request names another key.
    pub async fn find(
        reads: &mut Reads<'_>,
        action: &str,
        blob: Option<&[u8]>,
        key_id: Option<&str>,
    ) -> Result<Self> {
        let blob = blob.ok_or_else(|| error::validation("CiphertextBlob is required."))?;
        let named = match key_id {
            Some(key_id) => Some(Target::find(reads, key_id, Accepts::KeysAndAliases).await?),
            None => None,
        };
        let header = CiphertextHeader::parse(blob).map_err(|_| error::invalid_ciphertext())?;
        let of_blob = format_key_id(header.key_id);
        let unnamed = named.is_none();
        let target = match named {
            Some(named) if named.key.key_id == of_blob => named,
            Some(_) => return Err(error::incorrect_key().into()),
            None => Target::find_of_ciphertext(reads, &of_blob)
                .await?
                .ok_or_else(|| error::ciphertext_of_unknown_key(reads.call().caller.arn(), action))?,
        };
        Ok(Self { target, header, unnamed })
    }

    /// The question whether the caller may open the ciphertext. Whoever did not name the key is not told more
    /// of it than that it cannot be used.
    pub(crate) fn check(
        &self,
        call: &CallInfo,
        action: &'static str,
        context: Option<&BTreeMap<String, String>>,
    ) -> Check {
        let mut check = access::crypto_check(call, action, &self.target, context);
        if self.unnamed && self.target.key.account != call.account() {
            check.denial = Some(error::ciphertext_of_unknown_key(call.caller.arn(), action));
        }
        check
    }

    /// Decrypts.
    ///
    /// # Errors
    /// The ciphertext or its context is not what was encrypted.
    pub fn decrypt(
        &self,
        cx: &Cx<'_>,
        context: Option<&BTreeMap<String, String>>,
        blob: &[u8],
    ) -> Result<Decrypted> {
        let keyring = cx.keyring();
        let backing_key = self
            .target
            .key
            .material_of_id(&keyring, self.header.backing_key_id)?
            .and_then(KeyMaterial::symmetric)
            .ok_or_else(error::invalid_ciphertext)?;
        let plaintext = backing_key
            .decrypt(context.unwrap_or(&BTreeMap::new()), blob)
            .map_err(|_| error::invalid_ciphertext())?;
        Ok(Decrypted { plaintext, key_material_id: backing_key.id().key_material_id() })
    }
}
