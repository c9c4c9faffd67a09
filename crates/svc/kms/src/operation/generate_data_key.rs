//! `GenerateDataKey`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKey.html>

use alcazar_api_kms::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Check, Cx, Granted, Operation, Reads, Result};

use crate::data_key::{self, Asked, DataKey};
use crate::grant;
use crate::recipient::{For, Recipient};
use crate::target::{Accepts, Target};
use crate::usage;

/// Makes a data key, in the clear and encrypted.
pub struct GenerateDataKey;

impl Operation for GenerateDataKey {
    type Api = api::GenerateDataKey;
    type Target = For<Target>;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::GenerateDataKeyRequest) -> Result<For<Target>> {
        grant::check_tokens(reads, input.grant_tokens.as_deref())?;
        let recipient = Recipient::verify(reads, input.recipient.as_ref()).await?;
        let target = Target::find(reads, &input.key_id, Accepts::KeysAndAliases).await?;
        Ok(For { target, recipient })
    }

    fn access(call: &CallInfo, input: &api::GenerateDataKeyRequest, asked: &For<Target>) -> Access {
        let context = input.encryption_context.as_ref();
        let check = data_key::check(call, "kms:GenerateDataKey", &asked.target, context);
        Access::one(asked.check(check))
    }

    async fn granted(
        reads: &mut Reads<'_>,
        input: &api::GenerateDataKeyRequest,
        asked: &For<Target>,
        check: &Check,
    ) -> Result<Granted> {
        grant::allows(reads, &asked.target, check, input.encryption_context.as_ref()).await
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::GenerateDataKeyRequest,
        asked: Allowed<For<Target>>,
    ) -> Result<api::GenerateDataKeyResponse> {
        let (target, context) = (&asked.target, input.encryption_context.as_ref());
        let wanted = Asked {
            operation: "GenerateDataKey",
            spec: input.key_spec,
            number_of_bytes: input.number_of_bytes,
            context,
            dry_run: input.dry_run,
        };
        let key = DataKey::generate(cx, target, &wanted)?;
        usage::under(cx, target.key.current_material_id().as_deref());
        let plaintext = asked.answer(cx, key.plaintext)?;
        Ok(api::GenerateDataKeyResponse {
            ciphertext_blob: Some(key.ciphertext),
            plaintext: plaintext.plaintext,
            key_id: Some(target.key.arn().to_owned()),
            ciphertext_for_recipient: plaintext.for_recipient,
            key_material_id: asked.key_material_id(target.key.current_material_id()),
        })
    }
}
