//! `GetGroupPolicy`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetGroupPolicy.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::group::Group;

use crate::inline;
use crate::named::Named;

/// Tells of a policy in a group.
pub struct GetGroupPolicy;

impl Operation for GetGroupPolicy {
    type Api = api::GetGroupPolicy;
    type Target = Named<Group>;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::GetGroupPolicyRequest) -> Result<Named<Group>> {
        Named::find(reads, &input.group_name).await
    }

    fn access(call: &CallInfo, _: &api::GetGroupPolicyRequest, target: &Named<Group>) -> Access {
        Access::one(target.check(call, "iam:GetGroupPolicy"))
    }

    async fn run(
        _: &mut Cx<'_>,
        input: &api::GetGroupPolicyRequest,
        target: Allowed<Named<Group>>,
    ) -> Result<api::GetGroupPolicyResponse> {
        let policy_document = inline::get(&target, &input.policy_name)?;
        Ok(api::GetGroupPolicyResponse {
            group_name: target.existing()?.name.clone(),
            policy_name: input.policy_name.clone(),
            policy_document,
        })
    }
}
