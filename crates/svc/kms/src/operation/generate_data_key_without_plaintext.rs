//! `GenerateDataKeyWithoutPlaintext`:
//! <https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKeyWithoutPlaintext.html>

use alcazar_api_kms::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Check, Cx, Granted, Operation, Reads, Result};

use crate::data_key::{self, Asked, DataKey};
use crate::grant;
use crate::target::{Accepts, Target};
use crate::usage;

/// Makes a data key, encrypted only.
pub struct GenerateDataKeyWithoutPlaintext;

impl Operation for GenerateDataKeyWithoutPlaintext {
    type Api = api::GenerateDataKeyWithoutPlaintext;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(
        reads: &mut Reads<'_>,
        input: &api::GenerateDataKeyWithoutPlaintextRequest,
    ) -> Result<Target> {
        grant::check_tokens(reads, input.grant_tokens.as_deref())?;
        Target::find(reads, &input.key_id, Accepts::KeysAndAliases).await
    }

    fn access(
        call: &CallInfo,
        input: &api::GenerateDataKeyWithoutPlaintextRequest,
        target: &Target,
    ) -> Access {
        let context = input.encryption_context.as_ref();
        Access::one(data_key::check(call, "kms:GenerateDataKeyWithoutPlaintext", target, context))
    }

    async fn granted(
        reads: &mut Reads<'_>,
        input: &api::GenerateDataKeyWithoutPlaintextRequest,
        target: &Target,
        check: &Check,
    ) -> Result<Granted> {
        grant::allows(reads, target, check, input.encryption_context.as_ref()).await
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::GenerateDataKeyWithoutPlaintextRequest,
        target: Allowed<Target>,
    ) -> Result<api::GenerateDataKeyWithoutPlaintextResponse> {
        let context = input.encryption_context.as_ref();
        let asked = Asked {
            operation: "GenerateDataKeyWithoutPlaintext",
            spec: input.key_spec,
            number_of_bytes: input.number_of_bytes,
            context,
            dry_run: input.dry_run,
        };
        let key = DataKey::generate(cx, &target, &asked)?;
        usage::under(cx, target.key.current_material_id().as_deref());
        Ok(api::GenerateDataKeyWithoutPlaintextResponse {
            ciphertext_blob: Some(key.ciphertext),
            key_id: Some(target.key.arn().to_owned()),
            key_material_id: target.key.current_material_id(),
        })
    }
}
