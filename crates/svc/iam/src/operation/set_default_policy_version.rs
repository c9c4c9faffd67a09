//! `SetDefaultPolicyVersion`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_SetDefaultPolicyVersion.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::policy::{self, Target};

/// Has another version of a managed policy count, at once.
pub struct SetDefaultPolicyVersion;

impl Operation for SetDefaultPolicyVersion {
    type Api = api::SetDefaultPolicyVersion;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::SetDefaultPolicyVersionRequest) -> Result<Target> {
        Target::find(reads, &input.policy_arn).await
    }

    fn access(call: &CallInfo, _: &api::SetDefaultPolicyVersionRequest, target: &Target) -> Access {
        Access::one(target.check(call, "iam:SetDefaultPolicyVersion"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::SetDefaultPolicyVersionRequest,
        target: Allowed<Target>,
    ) -> Result<Output<Self>> {
        let number = target.version(&input.version_id)?.number;
        let mut policy = target.to_changed(cx.call(), "iam:SetDefaultPolicyVersion")?;
        policy.default_version = number;
        policy.updated = cx.now();
        policy::put(cx, policy)?;
        Ok(Output::<Self>::default())
    }
}
