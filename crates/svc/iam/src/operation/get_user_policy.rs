//! `GetUserPolicy`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUserPolicy.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::user::User;

use crate::inline;
use crate::named::Named;

/// Tells of a policy in a user.
pub struct GetUserPolicy;

impl Operation for GetUserPolicy {
    type Api = api::GetUserPolicy;
    type Target = Named<User>;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::GetUserPolicyRequest) -> Result<Named<User>> {
        Named::find(reads, &input.user_name).await
    }

    fn access(call: &CallInfo, _: &api::GetUserPolicyRequest, target: &Named<User>) -> Access {
        Access::one(target.check(call, "iam:GetUserPolicy"))
    }

    async fn run(
        _: &mut Cx<'_>,
        input: &api::GetUserPolicyRequest,
        target: Allowed<Named<User>>,
    ) -> Result<api::GetUserPolicyResponse> {
        let policy_document = inline::get(&target, &input.policy_name)?;
        Ok(api::GetUserPolicyResponse {
            user_name: target.existing()?.name.clone(),
            policy_name: input.policy_name.clone(),
            policy_document,
        })
    }
}
