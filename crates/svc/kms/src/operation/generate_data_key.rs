//! `GenerateDataKey`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKey.html>

use alcazar_api_kms::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Check, Cx, Granted, Operation, Reads, Result};

use crate::access;
use crate::crypto;
use crate::data_key::DataKey;
use crate::grant;
use crate::target::{Accepts, Target};

/// Makes a data key, in the clear and encrypted.
pub struct GenerateDataKey;

impl Operation for GenerateDataKey {
    type Api = api::GenerateDataKey;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::GenerateDataKeyRequest) -> Result<Target> {
        grant::check_tokens(reads, input.grant_tokens.as_deref())?;
        crypto::no_recipient(input.recipient.as_ref())?;
        Target::find(reads, &input.key_id, Accepts::KeysAndAliases).await
    }

    fn access(call: &CallInfo, input: &api::GenerateDataKeyRequest, target: &Target) -> Access {
        let context = input.encryption_context.as_ref();
        Access::one(access::crypto_check(call, "kms:GenerateDataKey", target, context))
    }

    async fn granted(
        reads: &mut Reads<'_>,
        input: &api::GenerateDataKeyRequest,
        target: &Target,
        check: &Check,
    ) -> Result<Granted> {
        grant::allows(reads, target, check, input.encryption_context.as_ref()).await
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::GenerateDataKeyRequest,
        target: Allowed<Target>,
    ) -> Result<api::GenerateDataKeyResponse> {
        let context = input.encryption_context.as_ref();
        let key =
            DataKey::generate(cx, &target, input.key_spec, input.number_of_bytes, context, input.dry_run)?;
        Ok(api::GenerateDataKeyResponse {
            ciphertext_blob: Some(key.ciphertext),
            plaintext: Some(key.plaintext),
            key_id: Some(target.key.arn().to_owned()),
            ciphertext_for_recipient: None,
            key_material_id: target.key.current_material_id(),
        })
    }
}
