//! `GenerateRandom`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateRandom.html>

use alcazar_api_kms::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::{access, crypto, error};

/// Gives random bytes.
pub struct GenerateRandom;

impl Operation for GenerateRandom {
    type Api = api::GenerateRandom;
    type Target = ();
    const READ_ONLY: bool = true;

    async fn resolve(_: &mut Reads<'_>, input: &api::GenerateRandomRequest) -> Result<()> {
        crypto::no_recipient(input.recipient.as_ref())?;
        match &input.custom_key_store_id {
            Some(id) => Err(error::custom_key_store_not_found(id).into()),
            None => Ok(()),
        }
    }

    fn access(call: &CallInfo, _: &api::GenerateRandomRequest, _: &()) -> Access {
        Access::one(access::account_check(call, "kms:GenerateRandom"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::GenerateRandomRequest,
        _: Allowed<()>,
    ) -> Result<api::GenerateRandomResponse> {
        // The model bounds the number; that it must be there, only AWS's answer says.
        let count = input.number_of_bytes.ok_or_else(|| error::validation("NumberOfBytes is required."))?;
        let plaintext = crypto::random_bytes(cx, count)?;
        Ok(api::GenerateRandomResponse { plaintext: Some(plaintext), ciphertext_for_recipient: None })
    }
}
