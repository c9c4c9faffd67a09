//! `DetachGroupPolicy`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DetachGroupPolicy.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_identity::group::Group;

use crate::access;
use crate::attached::Target;

/// Detaches a managed policy from a group.
pub struct DetachGroupPolicy;

impl Operation for DetachGroupPolicy {
    type Api = api::DetachGroupPolicy;
    type Target = Target<Group>;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::DetachGroupPolicyRequest) -> Result<Target<Group>> {
        Target::find(reads, &input.group_name, &input.policy_arn).await
    }

    fn access(call: &CallInfo, input: &api::DetachGroupPolicyRequest, target: &Target<Group>) -> Access {
        let mut check = target.named.check(call, "iam:DetachGroupPolicy");

        access::add_policy_arn(&mut check, &input.policy_arn);
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::DetachGroupPolicyRequest,
        target: Allowed<Target<Group>>,
    ) -> Result<Output<Self>> {
        target.detach(cx)?;
        Ok(Output::<Self>::default())
    }
}
