//! `PutUserPermissionsBoundary`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutUserPermissionsBoundary.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_identity::user::User;

use crate::access;
use crate::boundary::Boundary;
use crate::named::{Holder, Named};

/// Sets the permissions boundary of a user.
pub struct PutUserPermissionsBoundary;

/// The user, and the policy that is to limit it.
pub struct Target {
    named: Named<User>,
    boundary: Option<Boundary>,
}

impl Operation for PutUserPermissionsBoundary {
    type Api = api::PutUserPermissionsBoundary;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(
        reads: &mut Reads<'_>,
        input: &api::PutUserPermissionsBoundaryRequest,
    ) -> Result<Target> {
        let named = Named::find(reads, &input.user_name).await?;
        let boundary = Boundary::find(reads, Some(&input.permissions_boundary)).await?;
        Ok(Target { named, boundary })
    }

    fn access(call: &CallInfo, input: &api::PutUserPermissionsBoundaryRequest, target: &Target) -> Access {
        let mut check = target.named.check(call, "iam:PutUserPermissionsBoundary");
        access::add_boundary(&mut check, Some(&input.permissions_boundary));
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::PutUserPermissionsBoundaryRequest,
        target: Allowed<Target>,
    ) -> Result<Output<Self>> {
        let mut user = target.named.to_changed()?;
        if let Some(boundary) = &target.boundary {
            boundary.set(cx, &mut user).await?;
        }
        user.put(cx)?;
        Ok(Output::<Self>::default())
    }
}
