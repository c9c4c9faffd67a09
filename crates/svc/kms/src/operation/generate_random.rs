//! `GenerateRandom`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateRandom.html>

use alcazar_api_kms::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Check, Cx, Operation, Reads, Result};

use crate::recipient::{For, Recipient};
use crate::{crypto, custom_key_store, error};

/// Gives random bytes.
pub struct GenerateRandom;

impl Operation for GenerateRandom {
    type Api = api::GenerateRandom;
    type Target = For<()>;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::GenerateRandomRequest) -> Result<For<()>> {
        let recipient = Recipient::verify(reads, input.recipient.as_ref()).await?;
        Ok(For { target: (), recipient })
    }

    fn access(call: &CallInfo, _: &api::GenerateRandomRequest, asked: &For<()>) -> Access {
        Access::one(asked.check(Check::any(call, "kms:GenerateRandom")))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::GenerateRandomRequest,
        asked: Allowed<For<()>>,
    ) -> Result<api::GenerateRandomResponse> {
        if let Some(id) = &input.custom_key_store_id {
            // Only clusters of HSMs make random bytes, and every store that can be found is an external one.
            custom_key_store::find(cx, id).await?;
            return Err(error::custom_key_store::no_random_bytes().into());
        }
        // The model bounds the number; that it must be there, only AWS's answer says.
        let count = input.number_of_bytes.ok_or_else(|| error::validation("NumberOfBytes is required."))?;
        let secret = asked.answer(cx, crypto::random_bytes(cx, count)?)?;
        Ok(api::GenerateRandomResponse {
            plaintext: secret.plaintext,
            ciphertext_for_recipient: secret.for_recipient,
        })
    }
}
