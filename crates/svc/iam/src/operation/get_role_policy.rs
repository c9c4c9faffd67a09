//! `GetRolePolicy`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::role::Role;

use crate::inline;
use crate::named::Named;

/// Tells what a policy in a role says.
pub struct GetRolePolicy;

impl Operation for GetRolePolicy {
    type Api = api::GetRolePolicy;
    type Target = Named<Role>;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::GetRolePolicyRequest) -> Result<Named<Role>> {
        Named::find(reads, &input.role_name).await
    }

    fn access(call: &CallInfo, _: &api::GetRolePolicyRequest, named: &Named<Role>) -> Access {
        Access::one(named.check(call, "iam:GetRolePolicy"))
    }

    async fn run(
        _: &mut Cx<'_>,
        input: &api::GetRolePolicyRequest,
        named: Allowed<Named<Role>>,
    ) -> Result<api::GetRolePolicyResponse> {
        let policy_document = inline::get(&named, &input.policy_name)?;
        Ok(api::GetRolePolicyResponse {
            role_name: named.existing()?.name.clone(),
            policy_name: input.policy_name.clone(),
            policy_document,
        })
    }
}
