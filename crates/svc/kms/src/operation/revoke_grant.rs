//! `RevokeGrant`: <https://docs.aws.amazon.com/kms/latest/APIReference/API_RevokeGrant.html>

use alcazar_api_kms::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::target::{Accepts, Target};
use crate::{access, crypto, grant};

/// Ends a grant, for those who rule over the key.
pub struct RevokeGrant;

const ACTION: &str = "kms:RevokeGrant";

impl Operation for RevokeGrant {
    type Api = api::RevokeGrant;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::RevokeGrantRequest) -> Result<Target> {
        Target::find(reads, &input.key_id, Accepts::Keys).await
    }

    fn access(call: &CallInfo, _: &api::RevokeGrantRequest, target: &Target) -> Access {
        let mut check = access::key_check(call, ACTION, target);
        access::add_is_for_resource(call, &mut check);
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::RevokeGrantRequest,
        target: Allowed<Target>,
    ) -> Result<Output<Self>> {
        let key = &target.key;
        let grant = grant::find(cx, &key.region, &key.key_id, &input.grant_id).await?;
        crypto::rehearsal(input.dry_run)?;
        grant::delete(cx, &grant)?;
        Ok(Output::<Self>::default())
    }
}
