//! `GenerateDataKeyPair`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKeyPair.html>

use alcazar_api_kms::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Check, Cx, Granted, Operation, Reads, Result};

use crate::data_key_pair::{self, Asked, DataKeyPair};
use crate::grant;
use crate::recipient::{For, Recipient};
use crate::target::{Accepts, Target};

/// Makes a data key pair; its private key in the clear and encrypted.
pub struct GenerateDataKeyPair;

impl Operation for GenerateDataKeyPair {
    type Api = api::GenerateDataKeyPair;
    type Target = For<Target>;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::GenerateDataKeyPairRequest) -> Result<For<Target>> {
        grant::check_tokens(reads, input.grant_tokens.as_deref())?;
        let recipient = Recipient::verify(reads, input.recipient.as_ref()).await?;
        let target = Target::find(reads, &input.key_id, Accepts::KeysAndAliases).await?;
        Ok(For { target, recipient })
    }

    fn access(call: &CallInfo, input: &api::GenerateDataKeyPairRequest, asked: &For<Target>) -> Access {
        let (spec, context) = (input.key_pair_spec, input.encryption_context.as_ref());
        let check = data_key_pair::check(call, "kms:GenerateDataKeyPair", &asked.target, spec, context);
        Access::one(asked.check(check))
    }

    async fn granted(
        reads: &mut Reads<'_>,
        input: &api::GenerateDataKeyPairRequest,
        asked: &For<Target>,
        check: &Check,
    ) -> Result<Granted> {
        grant::allows(reads, &asked.target, check, input.encryption_context.as_ref()).await
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::GenerateDataKeyPairRequest,
        asked: Allowed<For<Target>>,
    ) -> Result<api::GenerateDataKeyPairResponse> {
        let target = &asked.target;
        let wanted = Asked {
            operation: "GenerateDataKeyPair",
            spec: input.key_pair_spec,
            context: input.encryption_context.as_ref(),
            dry_run: input.dry_run,
        };
        let pair = DataKeyPair::generate(cx, target, &wanted).await?;
        let private_key = asked.answer(cx, pair.private_key)?;
        Ok(api::GenerateDataKeyPairResponse {
            private_key_ciphertext_blob: Some(pair.private_key_ciphertext),
            private_key_plaintext: private_key.plaintext,
            public_key: Some(pair.public_key),
            key_id: Some(target.key.arn().to_owned()),
            key_pair_spec: Some(input.key_pair_spec),
            ciphertext_for_recipient: private_key.for_recipient,
            key_material_id: target.key.current_material_id(),
        })
    }
}
