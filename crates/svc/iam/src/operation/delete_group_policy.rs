//! `DeleteGroupPolicy`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteGroupPolicy.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_identity::group::Group;

use crate::inline;
use crate::named::Named;

/// Takes a policy out of a group.
pub struct DeleteGroupPolicy;

impl Operation for DeleteGroupPolicy {
    type Api = api::DeleteGroupPolicy;
    type Target = Named<Group>;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::DeleteGroupPolicyRequest) -> Result<Named<Group>> {
        Named::find(reads, &input.group_name).await
    }

    fn access(call: &CallInfo, _: &api::DeleteGroupPolicyRequest, target: &Named<Group>) -> Access {
        Access::one(target.check(call, "iam:DeleteGroupPolicy"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::DeleteGroupPolicyRequest,
        target: Allowed<Named<Group>>,
    ) -> Result<Output<Self>> {
        inline::delete(cx, &target, &input.policy_name)?;
        Ok(Output::<Self>::default())
    }
}
