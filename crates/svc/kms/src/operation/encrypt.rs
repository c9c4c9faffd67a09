//! `Encrypt`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html>

use alcazar_api_kms::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Check, Cx, Granted, Operation, Reads, Result};

use crate::access;
use crate::crypto;
use crate::grant;
use crate::target::{Accepts, Target};
use crate::usage;

/// Encrypts up to 4,096 bytes.
pub struct Encrypt;

impl Operation for Encrypt {
    type Api = api::Encrypt;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::EncryptRequest) -> Result<Target> {
        grant::check_tokens(reads, input.grant_tokens.as_deref())?;
        Target::find(reads, &input.key_id, Accepts::KeysAndAliases).await
    }

    fn access(call: &CallInfo, input: &api::EncryptRequest, target: &Target) -> Access {
        let algorithm = crypto::requested(input.encryption_algorithm);
        let context = input.encryption_context.as_ref();
        Access::one(access::crypto_check(call, "kms:Encrypt", target, algorithm, context))
    }

    async fn granted(
        reads: &mut Reads<'_>,
        input: &api::EncryptRequest,
        target: &Target,
        check: &Check,
    ) -> Result<Granted> {
        grant::allows(reads, target, check, input.encryption_context.as_ref()).await
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::EncryptRequest,
        target: Allowed<Target>,
    ) -> Result<api::EncryptResponse> {
        let requested = crypto::requested(input.encryption_algorithm);
        let (context, plaintext) = (input.encryption_context.as_ref(), input.plaintext.expose());
        let algorithm = crypto::algorithm(&target, "Encrypt", requested, context)?;
        crypto::check_length(&target, algorithm, plaintext.len())?;
        crypto::rehearsal(input.dry_run)?;
        target.settle(cx)?;
        let blob = crypto::encrypt(cx, &target, algorithm, context, plaintext)?;
        usage::used(cx, &target.key);
        usage::under(cx, target.key.current_material_id().as_deref());
        Ok(api::EncryptResponse {
            ciphertext_blob: Some(blob),
            key_id: Some(target.key.arn().to_owned()),
            encryption_algorithm: Some(requested),
        })
    }
}
