//! `PutRolePermissionsBoundary`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePermissionsBoundary.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_identity::role::Role;

use crate::access;
use crate::boundary::Boundary;
use crate::named::{Holder, Named};

/// Sets the policy that limits a role.
pub struct PutRolePermissionsBoundary;

/// The role, and what is to limit it.
pub struct Target {
    named: Named<Role>,
    boundary: Option<Boundary>,
}

impl Operation for PutRolePermissionsBoundary {
    type Api = api::PutRolePermissionsBoundary;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(
        reads: &mut Reads<'_>,
        input: &api::PutRolePermissionsBoundaryRequest,
    ) -> Result<Target> {
        let named = Named::find(reads, &input.role_name).await?;
        let boundary = Boundary::find(reads, Some(&input.permissions_boundary)).await?;
        Ok(Target { named, boundary })
    }

    fn access(call: &CallInfo, input: &api::PutRolePermissionsBoundaryRequest, target: &Target) -> Access {
        let mut check = target.named.check(call, "iam:PutRolePermissionsBoundary");
        access::add_boundary(&mut check, Some(&input.permissions_boundary));
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::PutRolePermissionsBoundaryRequest,
        target: Allowed<Target>,
    ) -> Result<Output<Self>> {
        let mut role = target.named.to_changed()?;
        if let Some(boundary) = &target.boundary {
            boundary.set(cx, &mut role).await?;
        }
        role.put(cx)?;
        Ok(Output::<Self>::default())
    }
}
