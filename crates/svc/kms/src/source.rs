//! The key that a ciphertext is under.
//!
//! A symmetric ciphertext says itself which key that is. One of RSA says nothing: the request names key and algorithm.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html>

use std::collections::BTreeMap;

use alcazar_api_kms::types::EncryptionAlgorithmSpec;
use alcazar_base::SecretBytes;
use alcazar_crypto::{CiphertextHeader, EncryptionAlgorithm, KeyMaterial, Material};
use alcazar_engine::{CallInfo, Check, Cx, Reads, Result};

use crate::key::format_key_id;
use crate::target::{Accepts, Target};
use crate::{access, crypto, error};

/// What a request says of the ciphertext.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Request<'a> {
    /// The action that needs its key.
    pub action: &'static str,
    /// The ciphertext.
    pub blob: Option<&'a [u8]>,
    /// The key that it is to be under.
    pub key_id: Option<&'a str>,
    /// The algorithm that it was made with.
    pub algorithm: EncryptionAlgorithmSpec,
    /// Whether it is a rehearsal that leaves the ciphertext out.
    pub ignores_ciphertext: bool,
}

/// A ciphertext's key, as the ciphertext and the request say.
pub struct Source {
    /// The key.
    pub target: Target,
    /// The algorithm that the request is for.
    pub requested: EncryptionAlgorithmSpec,
    /// What a symmetric ciphertext says of itself.
    header: Option<CiphertextHeader>,
    /// Whether only the ciphertext says which key it is.
    unnamed: bool,
    ignores_ciphertext: bool,
}

/// What came out of a ciphertext.
pub(crate) struct Decrypted {
    /// The plaintext.
    pub plaintext: SecretBytes,
    /// The material that it was encrypted under, as AWS names it for symmetric keys.
    pub key_material_id: Option<String>,
}

impl Source {
    /// Finds the key of a ciphertext; if the request names a key, it must be that one.
    ///
    /// # Errors
    /// The ciphertext is none, its key is not here, or the request names another key.
    pub(crate) async fn find(reads: &mut Reads<'_>, request: Request<'_>) -> Result<Self> {
        let Request { blob, key_id, algorithm, ignores_ciphertext, .. } = request;
        if blob.is_none() && !ignores_ciphertext {
            return Err(error::encryption::ciphertext_missing().into());
        }
        match blob {
            Some(blob) if algorithm == EncryptionAlgorithmSpec::SymmetricDefault && !ignores_ciphertext => {
                Self::find_by_header(reads, request, blob).await
            }
            _ => {
                let key_id = key_id.ok_or_else(error::encryption::key_id_missing)?;
                let target = Target::find(reads, key_id, Accepts::KeysAndAliases).await?;
                Ok(Self { target, requested: algorithm, header: None, unnamed: false, ignores_ciphertext })
            }
        }
    }

    async fn find_by_header(reads: &mut Reads<'_>, request: Request<'_>, blob: &[u8]) -> Result<Self> {
        let parsed = CiphertextHeader::parse(blob).map_err(|_| error::invalid_ciphertext());
        let of_blob = parsed.as_ref().ok().map(|header| format_key_id(header.key_id));
        // Of the key that the ciphertext names the bare id is enough, even across accounts.
        let named = request.key_id.filter(|key_id| of_blob.as_deref() != Some(key_id));
        let named = match named {
            Some(key_id) => Some(Target::find(reads, key_id, Accepts::KeysAndAliases).await?),
            None => None,
        };
        let header = parsed?;
        let of_blob = of_blob.unwrap_or_default();
        let unnamed = named.is_none();
        let target = match named {
            Some(named) if named.key.key_id == of_blob => named,
            Some(_) => return Err(error::incorrect_key().into()),
            None => match (Target::find_of_ciphertext(reads, &of_blob).await?, request.key_id) {
                (Some(target), _) => target,
                (None, Some(key_id)) => Target::find(reads, key_id, Accepts::Keys).await?,
                (None, None) => {
                    let caller = reads.call().caller.arn();
                    return Err(error::ciphertext_of_unknown_key(caller, request.action).into());
                }
            },
        };
        let requested = request.algorithm;
        Ok(Self { target, requested, header: Some(header), unnamed, ignores_ciphertext: false })
    }

    /// The question whether the caller may open the ciphertext. Whoever did not name the key is not told more
    /// of it than that it cannot be used.
    pub(crate) fn check(
        &self,
        call: &CallInfo,
        action: &'static str,
        context: Option<&BTreeMap<String, String>>,
    ) -> Check {
        let mut check = access::crypto_check(call, action, &self.target, self.requested, context);
        if self.unnamed && self.target.key.account != call.account() {
            check.denial = Some(error::ciphertext_of_unknown_key(call.caller.arn(), action));
        }
        check
    }

    /// The algorithm, if the key can decrypt with it now.
    ///
    /// # Errors
    /// The key cannot be used, not for this, or not with this algorithm or encryption context.
    pub(crate) fn algorithm(
        &self,
        operation: &str,
        context: Option<&BTreeMap<String, String>>,
    ) -> Result<EncryptionAlgorithm> {
        crypto::algorithm(&self.target, operation, self.requested, context)
    }

    /// Ends a rehearsal that leaves the ciphertext out.
    ///
    /// # Errors
    /// `DryRunOperationException` if it is one.
    pub(crate) fn rehearsal_without_ciphertext(&self) -> Result<()> {
        crypto::rehearsal(Some(self.ignores_ciphertext))
    }

    /// Decrypts.
    ///
    /// # Errors
    /// The ciphertext or its context is not what was encrypted.
    pub(crate) async fn decrypt(
        &self,
        cx: &Cx<'_>,
        algorithm: EncryptionAlgorithm,
        context: Option<&BTreeMap<String, String>>,
        blob: &[u8],
    ) -> Result<Decrypted> {
        match &self.header {
            Some(header) => self.decrypt_symmetric(cx, header, context, blob),
            None => self.decrypt_asymmetric(cx, algorithm, blob).await,
        }
    }

    fn decrypt_symmetric(
        &self,
        cx: &Cx<'_>,
        header: &CiphertextHeader,
        context: Option<&BTreeMap<String, String>>,
        blob: &[u8],
    ) -> Result<Decrypted> {
        let keyring = cx.keyring();
        let backing_key = self
            .target
            .key
            .material_of_id(&keyring, header.backing_key_id)?
            .and_then(KeyMaterial::symmetric)
            .ok_or_else(error::invalid_ciphertext)?;
        let plaintext = backing_key
            .decrypt(context.unwrap_or(&BTreeMap::new()), blob)
            .map_err(|_| error::invalid_ciphertext())?;
        Ok(Decrypted { plaintext, key_material_id: Some(backing_key.id().key_material_id()) })
    }

    async fn decrypt_asymmetric(
        &self,
        cx: &Cx<'_>,
        algorithm: EncryptionAlgorithm,
        blob: &[u8],
    ) -> Result<Decrypted> {
        let blob = blob.to_vec();
        let decrypted = crypto::with_material(cx, &self.target, move |material| match material.material() {
            Material::Rsa(key) => {
                Ok(key.decrypt(algorithm, &blob).map_err(|_| error::invalid_ciphertext())?)
            }
            _ => Err(crypto::not_the_keys()),
        });
        Ok(Decrypted { plaintext: decrypted.await??, key_material_id: None })
    }
}
