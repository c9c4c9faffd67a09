//! `DeleteRole`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_identity::role::{self, Role};

use crate::instance_profile::{self, RoleInProfile};
use crate::named::Named;
use crate::{access, boundary, error};

/// Deletes a role that has no policies and is in no instance profile. Its sessions end at once.
pub struct DeleteRole;

impl Operation for DeleteRole {
    type Api = api::DeleteRole;
    type Target = Named<Role>;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::DeleteRoleRequest) -> Result<Named<Role>> {
        Named::find(reads, &input.role_name).await
    }

    fn access(call: &CallInfo, _: &api::DeleteRoleRequest, named: &Named<Role>) -> Access {
        let mut check = named.check(call, "iam:DeleteRole");
        access::add_boundary(&mut check, named.boundary());
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::DeleteRoleRequest,
        named: Allowed<Named<Role>>,
    ) -> Result<Output<Self>> {
        let mut role = named.to_changed()?;
        let account = cx.account();
        let profiles = instance_profile::profiles_of(account, &role.role_id);
        if !cx.scan::<RoleInProfile>(&profiles, 1).await?.is_empty() {
            return Err(error::role_in_profile().into());
        }
        if !role.attached.is_empty() {
            return Err(error::policies_attached().into());
        }
        if !role.inline.is_empty() {
            return Err(error::policies_inside().into());
        }
        boundary::remove(cx, &mut role).await?;
        cx.delete(role::role_name(&cx.keyring(), account, &role.name))?;
        Ok(Output::<Self>::default())
    }
}
