//! `ReEncrypt`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_ReEncrypt.html>

use alcazar_api_kms::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Check, Cx, Granted, Operation, Reads, Result};

use crate::access;
use crate::crypto;
use crate::grant;
use crate::source::{Request, Source};
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
        let request = Request {
            action: FROM,
            blob: input.ciphertext_blob.as_deref(),
            key_id: input.source_key_id.as_deref(),
            algorithm: crypto::requested(input.source_encryption_algorithm),
            ignores_ciphertext: crypto::ignores_ciphertext(input.dry_run, input.dry_run_modifiers.as_deref()),
        };
        let source = Source::find(reads, request).await?;
        let destination = Target::find(reads, &input.destination_key_id, Accepts::KeysAndAliases).await?;
        Ok(Keys { source, destination })
    }

    fn access(call: &CallInfo, input: &api::ReEncryptRequest, keys: &Keys) -> Access {
        let same_key = keys.source.target.key.arn() == keys.destination.key.arn();
        let (from, to) =
            (input.source_encryption_context.as_ref(), input.destination_encryption_context.as_ref());
        let algorithm = crypto::requested(input.destination_encryption_algorithm);
        let mut checks = vec![
            keys.source.check(call, FROM, from),
            access::crypto_check(call, "kms:ReEncryptTo", &keys.destination, algorithm, to),
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
        let Keys { source, destination } = &*keys;
        let (from, to) =
            (input.source_encryption_context.as_ref(), input.destination_encryption_context.as_ref());
        let requested = crypto::requested(input.destination_encryption_algorithm);
        let source_algorithm = source.algorithm("ReEncrypt", from)?;
        let algorithm = crypto::algorithm(destination, "ReEncrypt", requested, to)?;
        source.rehearsal_without_ciphertext()?;
        let blob = input.ciphertext_blob.as_deref().unwrap_or_default();
        let decrypted = source.decrypt(cx, source_algorithm, from, blob).await?;
        let plaintext = decrypted.plaintext.expose();
        crypto::check_length(destination, algorithm, plaintext.len())?;
        crypto::rehearsal(input.dry_run)?;
        destination.settle(cx)?;
        let blob = crypto::encrypt(cx, destination, algorithm, to, plaintext)?;
        usage::used_as_source(cx, &source.target.key);
        usage::used(cx, &destination.key);
        Ok(api::ReEncryptResponse {
            ciphertext_blob: Some(blob),
            source_key_id: Some(source.target.key.arn().to_owned()),
            key_id: Some(destination.key.arn().to_owned()),
            source_encryption_algorithm: Some(source.requested),
            destination_encryption_algorithm: Some(requested),
            source_key_material_id: decrypted.key_material_id,
            destination_key_material_id: destination.key.current_material_id(),
        })
    }
}
