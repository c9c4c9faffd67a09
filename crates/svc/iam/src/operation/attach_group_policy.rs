//! `AttachGroupPolicy`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachGroupPolicy.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_identity::group::Group;

use crate::access;
use crate::attached::Target;

/// Attaches a managed policy to a group.
pub struct AttachGroupPolicy;

impl Operation for AttachGroupPolicy {
    type Api = api::AttachGroupPolicy;
    type Target = Target<Group>;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::AttachGroupPolicyRequest) -> Result<Target<Group>> {
        Target::find(reads, &input.group_name, &input.policy_arn).await
    }

    fn access(call: &CallInfo, input: &api::AttachGroupPolicyRequest, target: &Target<Group>) -> Access {
        let mut check = target.named.check(call, "iam:AttachGroupPolicy");
        access::add_policy_arn(&mut check, &input.policy_arn);
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::AttachGroupPolicyRequest,
        target: Allowed<Target<Group>>,
    ) -> Result<Output<Self>> {
        target.attach(cx)?;
        Ok(Output::<Self>::default())
    }
}
