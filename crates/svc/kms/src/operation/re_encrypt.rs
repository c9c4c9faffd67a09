//! `ReEncrypt`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_ReEncrypt.html>

use alcazar_api_kms::operation as api;
use alcazar_api_kms::types::EncryptionAlgorithmSpec;
use alcazar_engine::{Access, Allowed, CallInfo, Check, Cx, Granted, Operation, Reads, Result};

use crate::access;
use crate::crypto;
use crate::grant;
use crate::source::Source;
use crate::target::{Accepts, Target};
use crate::usage;

/// Decrypts under one key and encrypts under another; the plaintext stays inside.
pub struct ReEncrypt;

const FROM: &str = "kms:ReEncryptFrom";

/// What is decrypted, and what it is encrypted under.
pub struct Keys {
    source: Source,
    destination: Target,
}

impl Operation for ReEncrypt {
    type Api = api::ReEncrypt;
    type Target = Keys;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::ReEncryptRequest) -> Result<Keys> {
        grant::check_tokens(reads, input.grant_tokens.as_deref())?;
        crypto::no_dry_run_modifiers(input.dry_run_modifiers.as_deref())?;
        let (blob, source_key_id) = (input.ciphertext_blob.as_deref(), input.source_key_id.as_deref());
        let source = Source::find(reads, FROM, blob, source_key_id).await?;
        let destination = Target::find(reads, &input.destination_key_id, Accepts::KeysAndAliases).await?;
        Ok(Keys { source, destination })
    }

    fn access(call: &CallInfo, input: &api::ReEncryptRequest, keys: &Keys) -> Access {
        let same_key = keys.source.target.key.arn() == keys.destination.key.arn();
        let (from, to) =
            (input.source_encryption_context.as_ref(), input.destination_encryption_context.as_ref());
        let mut checks = vec![
            keys.source.check(call, FROM, from),
            access::crypto_check(call, "kms:ReEncryptTo", &keys.destination, to),
        ];
        for check in &mut checks {
            check.context.insert("kms:ReEncryptOnSameKey", same_key);
        }
        Access { checks }
    }

    async fn granted(
        reads: &mut Reads<'_>,
        input: &api::ReEncryptRequest,
        keys: &Keys,
        check: &Check,
    ) -> Result<Granted> {
        if check.action == FROM {
            let context = input.source_encryption_context.as_ref();
            return grant::allows(reads, &keys.source.target, check, context).await;
        }
        let context = input.destination_encryption_context.as_ref();
        grant::allows(reads, &keys.destination, check, context).await
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ReEncryptRequest,
        keys: Allowed<Keys>,
    ) -> Result<api::ReEncryptResponse> {
        crypto::check_algorithm(input.source_encryption_algorithm)?;
        crypto::check_algorithm(input.destination_encryption_algorithm)?;
        keys.source.target.usable()?;
        keys.destination.usable()?;
        let blob = input.ciphertext_blob.as_deref().unwrap_or_default();
        let decrypted = keys.source.decrypt(cx, input.source_encryption_context.as_ref(), blob)?;
        crypto::rehearsal(input.dry_run)?;
        keys.destination.settle(cx)?;
        let context = input.destination_encryption_context.as_ref();
        let blob = crypto::encrypt(cx, &keys.destination, context, decrypted.plaintext.expose())?;
        usage::used_as_source(cx, &keys.source.target.key);
        usage::used(cx, &keys.destination.key);
        Ok(api::ReEncryptResponse {
            ciphertext_blob: Some(blob),
            source_key_id: Some(keys.source.target.key.arn().to_owned()),
            key_id: Some(keys.destination.key.arn().to_owned()),
            source_encryption_algorithm: Some(EncryptionAlgorithmSpec::SymmetricDefault),
            destination_encryption_algorithm: Some(EncryptionAlgorithmSpec::SymmetricDefault),
            source_key_material_id: Some(decrypted.key_material_id),
            destination_key_material_id: keys.destination.key.current_material_id(),
        })
    }
}
