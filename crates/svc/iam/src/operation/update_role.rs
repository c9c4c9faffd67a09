//! `UpdateRole`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRole.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::role::Role;

use crate::named::{Holder, Named};
use crate::{access, error};

/// Changes a role's description and how long its sessions may be; what is not given stays.
pub struct UpdateRole;

impl Operation for UpdateRole {
    type Api = api::UpdateRole;
    type Target = Named<Role>;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::UpdateRoleRequest) -> Result<Named<Role>> {
        Named::find(reads, &input.role_name).await
    }

    fn access(call: &CallInfo, _: &api::UpdateRoleRequest, named: &Named<Role>) -> Access {
        let mut check = named.check(call, "iam:UpdateRole");
        access::add_boundary(&mut check, named.boundary());
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::UpdateRoleRequest,
        named: Allowed<Named<Role>>,
    ) -> Result<api::UpdateRoleResponse> {
        let mut role = named.to_described()?;
        if let Some(seconds) = input.max_session_duration.and_then(|seconds| u32::try_from(seconds).ok()) {
            if role.is_protected() {
                return Err(error::protected_role(&role.name).into());
            }
            role.max_session_seconds = seconds;
        }
        if input.description.is_some() {
            role.description.clone_from(&input.description);
        }
        role.put(cx)?;
        Ok(api::UpdateRoleResponse::default())
    }
}
