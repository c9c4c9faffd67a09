//! `Decrypt`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html>

use alcazar_api_kms::operation as api;
use alcazar_api_kms::types::EncryptionAlgorithmSpec;
use alcazar_engine::{Access, Allowed, CallInfo, Check, Cx, Granted, Operation, Reads, Result};

use crate::crypto;
use crate::grant;
use crate::source::Source;
use crate::usage;

/// Decrypts what a key encrypted. The ciphertext says which key that was.
pub struct Decrypt;

const ACTION: &str = "kms:Decrypt";

impl Operation for Decrypt {
    type Api = api::Decrypt;
    type Target = Source;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::DecryptRequest) -> Result<Source> {
        grant::check_tokens(reads, input.grant_tokens.as_deref())?;
        crypto::no_recipient(input.recipient.as_ref())?;
        crypto::no_dry_run_modifiers(input.dry_run_modifiers.as_deref())?;
        Source::find(reads, ACTION, input.ciphertext_blob.as_deref(), input.key_id.as_deref()).await
    }

    fn access(call: &CallInfo, input: &api::DecryptRequest, source: &Source) -> Access {
        Access::one(source.check(call, ACTION, input.encryption_context.as_ref()))
    }

    async fn granted(
        reads: &mut Reads<'_>,
        input: &api::DecryptRequest,
        source: &Source,
        check: &Check,
    ) -> Result<Granted> {
        grant::allows(reads, &source.target, check, input.encryption_context.as_ref()).await
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::DecryptRequest,
        source: Allowed<Source>,
    ) -> Result<api::DecryptResponse> {
        crypto::check_algorithm(input.encryption_algorithm)?;
        source.target.usable()?;
        let blob = input.ciphertext_blob.as_deref().unwrap_or_default();
        let decrypted = source.decrypt(cx, input.encryption_context.as_ref(), blob)?;
        crypto::rehearsal(input.dry_run)?;
        usage::used(cx, &source.target.key);
        Ok(api::DecryptResponse {
            key_id: Some(source.target.key.arn().to_owned()),
            plaintext: Some(decrypted.plaintext),
            encryption_algorithm: Some(EncryptionAlgorithmSpec::SymmetricDefault),
            ciphertext_for_recipient: None,
            key_material_id: Some(decrypted.key_material_id),
        })
    }
}
