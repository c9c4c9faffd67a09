//! `VerifyMac`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_VerifyMac.html>

use alcazar_api_kms::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Check, Cx, Granted, Operation, Reads, Result};

use crate::target::{Accepts, Target};
use crate::{crypto, error, grant, mac, usage};

/// Verifies an authentication code. One that is not the message's is an error, never an answer.
pub struct VerifyMac;

impl Operation for VerifyMac {
    type Api = api::VerifyMac;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::VerifyMacRequest) -> Result<Target> {
        grant::check_tokens(reads, input.grant_tokens.as_deref())?;
        Target::find(reads, &input.key_id, Accepts::KeysAndAliases).await
    }

    fn access(call: &CallInfo, input: &api::VerifyMacRequest, target: &Target) -> Access {
        Access::one(mac::check(call, "kms:VerifyMac", target, input.mac_algorithm))
    }

    async fn granted(
        reads: &mut Reads<'_>,
        _: &api::VerifyMacRequest,
        target: &Target,
        check: &Check,
    ) -> Result<Granted> {
        grant::allows(reads, target, check, None).await
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::VerifyMacRequest,
        target: Allowed<Target>,
    ) -> Result<api::VerifyMacResponse> {
        let algorithm = mac::algorithm(&target, "VerifyMac", input.mac_algorithm)?;
        crypto::rehearsal(input.dry_run)?;
        let valid = mac::key(&target, cx)?.verify(algorithm, input.message.expose(), &input.mac);
        if !valid.ok_or_else(mac::not_the_keys)? {
            return Err(error::signing::invalid_mac().into());
        }
        usage::used(cx, &target.key);
        Ok(api::VerifyMacResponse {
            key_id: Some(target.key.arn().to_owned()),
            mac_valid: Some(true),
            mac_algorithm: Some(input.mac_algorithm),
        })
    }
}
