//! `PutGroupPolicy`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutGroupPolicy.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_identity::group::Group;

use crate::inline;
use crate::named::Named;

/// Puts a policy into a group.
pub struct PutGroupPolicy;

impl Operation for PutGroupPolicy {
    type Api = api::PutGroupPolicy;
    type Target = Named<Group>;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::PutGroupPolicyRequest) -> Result<Named<Group>> {
        Named::find(reads, &input.group_name).await
    }

    fn access(call: &CallInfo, _: &api::PutGroupPolicyRequest, target: &Named<Group>) -> Access {
        Access::one(target.check(call, "iam:PutGroupPolicy"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::PutGroupPolicyRequest,
        target: Allowed<Named<Group>>,
    ) -> Result<Output<Self>> {
        inline::put(cx, &target, &input.policy_name, &input.policy_document)?;
        Ok(Output::<Self>::default())
    }
}
