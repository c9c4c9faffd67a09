//! `DeleteRolePermissionsBoundary`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRolePermissionsBoundary.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_identity::role::Role;

use crate::named::{Holder, Named};
use crate::{access, boundary};

/// Takes away the policy that limits a role.
pub struct DeleteRolePermissionsBoundary;

impl Operation for DeleteRolePermissionsBoundary {
    type Api = api::DeleteRolePermissionsBoundary;
    type Target = Named<Role>;
    const READ_ONLY: bool = false;

    async fn resolve(
        reads: &mut Reads<'_>,
        input: &api::DeleteRolePermissionsBoundaryRequest,
    ) -> Result<Named<Role>> {
        Named::find(reads, &input.role_name).await
    }

    fn access(call: &CallInfo, _: &api::DeleteRolePermissionsBoundaryRequest, named: &Named<Role>) -> Access {
        let mut check = named.check(call, "iam:DeleteRolePermissionsBoundary");
        access::add_boundary(&mut check, named.boundary());
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::DeleteRolePermissionsBoundaryRequest,
        named: Allowed<Named<Role>>,
    ) -> Result<Output<Self>> {
        let mut role = named.to_changed()?;
        boundary::remove(cx, &mut role).await?;
        role.put(cx)?;
        Ok(Output::<Self>::default())
    }
}
