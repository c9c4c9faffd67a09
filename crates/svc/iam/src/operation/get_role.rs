//! `GetRole`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::role::Role;

use crate::named::Named;
use crate::{access, role};

/// Tells of a role.
pub struct GetRole;

impl Operation for GetRole {
    type Api = api::GetRole;
    type Target = Named<Role>;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::GetRoleRequest) -> Result<Named<Role>> {
        Named::find(reads, &input.role_name).await
    }

    fn access(call: &CallInfo, _: &api::GetRoleRequest, named: &Named<Role>) -> Access {
        let mut check = named.check(call, "iam:GetRole");
        access::add_boundary(&mut check, named.boundary());
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::GetRoleRequest,
        named: Allowed<Named<Role>>,
    ) -> Result<api::GetRoleResponse> {
        Ok(api::GetRoleResponse { role: role::whole(cx, named.existing()?).await? })
    }
}
