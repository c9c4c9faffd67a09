//! `GenerateDataKeyPairWithoutPlaintext`:
//! <https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKeyPairWithoutPlaintext.html>

use alcazar_api_kms::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Check, Cx, Granted, Input, Operation, Reads, Result};

use crate::data_key_pair::{self, Asked, DataKeyPair};
use crate::grant;
use crate::target::{Accepts, Target};

/// Makes a data key pair; its private key encrypted only.
pub struct GenerateDataKeyPairWithoutPlaintext;

impl Operation for GenerateDataKeyPairWithoutPlaintext {
    type Api = api::GenerateDataKeyPairWithoutPlaintext;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<Target> {
        grant::check_tokens(reads, input.grant_tokens.as_deref())?;
        Target::find(reads, &input.key_id, Accepts::KeysAndAliases).await
    }

    fn access(call: &CallInfo, input: &Input<Self>, target: &Target) -> Access {
        let (spec, context) = (input.key_pair_spec, input.encryption_context.as_ref());
        let action = "kms:GenerateDataKeyPairWithoutPlaintext";
        Access::one(data_key_pair::check(call, action, target, spec, context))
    }

    async fn granted(
        reads: &mut Reads<'_>,
        input: &Input<Self>,
        target: &Target,
        check: &Check,
    ) -> Result<Granted> {
        grant::allows(reads, target, check, input.encryption_context.as_ref()).await
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &Input<Self>,
        target: Allowed<Target>,
    ) -> Result<api::GenerateDataKeyPairWithoutPlaintextResponse> {
        let wanted = Asked {
            operation: "GenerateDataKeyPairWithoutPlaintext",
            spec: input.key_pair_spec,
            context: input.encryption_context.as_ref(),
            dry_run: input.dry_run,
        };
        let pair = DataKeyPair::generate(cx, &target, &wanted).await?;
        Ok(api::GenerateDataKeyPairWithoutPlaintextResponse {
            private_key_ciphertext_blob: Some(pair.private_key_ciphertext),
            public_key: Some(pair.public_key),
            key_id: Some(target.key.arn().to_owned()),
            key_pair_spec: Some(input.key_pair_spec),
            key_material_id: target.key.current_material_id(),
        })
    }
}
