//! `DeleteUserPermissionsBoundary`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUserPermissionsBoundary.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_identity::user::User;

use crate::named::{Holder, Named};
use crate::{access, boundary};

/// Takes the permissions boundary from a user.
pub struct DeleteUserPermissionsBoundary;

impl Operation for DeleteUserPermissionsBoundary {
    type Api = api::DeleteUserPermissionsBoundary;
    type Target = Named<User>;
    const READ_ONLY: bool = false;

    async fn resolve(
        reads: &mut Reads<'_>,
        input: &api::DeleteUserPermissionsBoundaryRequest,
    ) -> Result<Named<User>> {
        Named::find(reads, &input.user_name).await
    }

    fn access(
        call: &CallInfo,
        _: &api::DeleteUserPermissionsBoundaryRequest,
        target: &Named<User>,
    ) -> Access {
        let mut check = target.check(call, "iam:DeleteUserPermissionsBoundary");
        access::add_boundary(&mut check, target.boundary());
        Access::one(check)
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::DeleteUserPermissionsBoundaryRequest,
        target: Allowed<Named<User>>,
    ) -> Result<Output<Self>> {
        let mut user = target.to_changed()?;
        boundary::remove(cx, &mut user).await?;
        user.put(cx)?;
        Ok(Output::<Self>::default())
    }
}
