//! `GenerateMac`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateMac.html>

use alcazar_api_kms::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Check, Cx, Granted, Operation, Reads, Result};

use crate::target::{Accepts, Target};
use crate::{crypto, grant, mac, usage};

/// Makes the authentication code of a message.
pub struct GenerateMac;

impl Operation for GenerateMac {
    type Api = api::GenerateMac;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::GenerateMacRequest) -> Result<Target> {
        grant::check_tokens(reads, input.grant_tokens.as_deref())?;
        Target::find(reads, &input.key_id, Accepts::KeysAndAliases).await
    }

    fn access(call: &CallInfo, input: &api::GenerateMacRequest, target: &Target) -> Access {
        Access::one(mac::check(call, "kms:GenerateMac", target, input.mac_algorithm))
    }

    async fn granted(
        reads: &mut Reads<'_>,
        _: &api::GenerateMacRequest,
        target: &Target,
        check: &Check,
    ) -> Result<Granted> {
        grant::allows(reads, target, check, None).await
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::GenerateMacRequest,
        target: Allowed<Target>,
    ) -> Result<api::GenerateMacResponse> {
        let algorithm = mac::algorithm(&target, "GenerateMac", input.mac_algorithm)?;
        crypto::rehearsal(input.dry_run)?;
        let code = mac::key(&target, cx)?.mac(algorithm, input.message.expose());
        let code = code.ok_or_else(mac::not_the_keys)?;
        usage::used(cx, &target.key);
        Ok(api::GenerateMacResponse {
            mac: Some(code),
            mac_algorithm: Some(input.mac_algorithm),
            key_id: Some(target.key.arn().to_owned()),
        })
    }
}
