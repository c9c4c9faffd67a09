//! `Verify`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_Verify.html>

use alcazar_api_kms::operation as api;
use alcazar_crypto::signing;
use alcazar_engine::{Access, Allowed, CallInfo, Check, Cx, Granted, Operation, Reads, Result};

use crate::target::{Accepts, Target};
use crate::{crypto, error, grant, signature, usage};

/// Verifies a signature. One that is not the message's is an error, never an answer.
pub struct Verify;

impl Operation for Verify {
    type Api = api::Verify;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::VerifyRequest) -> Result<Target> {
        grant::check_tokens(reads, input.grant_tokens.as_deref())?;
        Target::find(reads, &input.key_id, Accepts::KeysAndAliases).await
    }

    fn access(call: &CallInfo, input: &api::VerifyRequest, target: &Target) -> Access {
        Access::one(signature::check(call, "kms:Verify", target, input.signing_algorithm, input.message_type))
    }

    async fn granted(
        reads: &mut Reads<'_>,
        _: &api::VerifyRequest,
        target: &Target,
        check: &Check,
    ) -> Result<Granted> {
        grant::allows(reads, target, check, None).await
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::VerifyRequest,
        target: Allowed<Target>,
    ) -> Result<api::VerifyResponse> {
        let algorithm = signature::algorithm(&target, "Verify", input.signing_algorithm, input.message_type)?;
        crypto::rehearsal(input.dry_run)?;
        let message = signature::message(input.message.expose(), input.message_type);
        let valid = signing::verify(target.material(cx)?, algorithm, message, &input.signature)
            .map_err(|error| signature::refused(error, algorithm))?;
        if !valid {
            return Err(error::signing::invalid_signature().into());
        }
        usage::used(cx, &target.key);
        Ok(api::VerifyResponse {
            key_id: Some(target.key.arn().to_owned()),
            signature_valid: Some(true),
            signing_algorithm: Some(input.signing_algorithm),
        })
    }
}
