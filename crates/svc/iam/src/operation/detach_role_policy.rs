//! `DetachRolePolicy`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DetachRolePolicy.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_identity::role::Role;

use crate::access;
use crate::attached::Target;

/// Detaches a managed policy from a role.
pub struct DetachRolePolicy;

impl Operation for DetachRolePolicy {
    type Api = api::DetachRolePolicy;
    type Target = Target<Role>;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::DetachRolePolicyRequest) -> Result<Target<Role>> {
        Target::find(reads, &input.role_name, &input.policy_arn).await
    }

    fn access(call: &CallInfo, input: &api::DetachRolePolicyRequest, target: &Target<Role>) -> Access {
        let mut check = target.named.check(call, "iam:DetachRolePolicy");
        access::add_boundary(&mut check, target.named.boundary());
        access::add_policy_arn(&mut check, &input.policy_arn);
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::DetachRolePolicyRequest,
        target: Allowed<Target<Role>>,
    ) -> Result<Output<Self>> {
        target.detach(cx)?;
        Ok(Output::<Self>::default())
    }
}
