//! `DeleteRolePolicy`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRolePolicy.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_identity::role::Role;

use crate::named::Named;
use crate::{access, inline};

/// Takes a policy out of a role.
pub struct DeleteRolePolicy;

impl Operation for DeleteRolePolicy {
    type Api = api::DeleteRolePolicy;
    type Target = Named<Role>;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::DeleteRolePolicyRequest) -> Result<Named<Role>> {
        Named::find(reads, &input.role_name).await
    }

    fn access(call: &CallInfo, _: &api::DeleteRolePolicyRequest, named: &Named<Role>) -> Access {
        let mut check = named.check(call, "iam:DeleteRolePolicy");
        access::add_boundary(&mut check, named.boundary());
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::DeleteRolePolicyRequest,
        named: Allowed<Named<Role>>,
    ) -> Result<Output<Self>> {
        inline::delete(cx, &named, &input.policy_name)?;
        Ok(Output::<Self>::default())
    }
}
