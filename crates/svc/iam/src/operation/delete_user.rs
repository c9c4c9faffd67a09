//! `DeleteUser`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUser.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_identity::user::{self, User};
use alcazar_shape::ApiError;

use crate::login_profile::LoginProfile;
use crate::named::Named;
use crate::{boundary, error};

/// Deletes a user that has nothing left.
pub struct DeleteUser;

/// The user, and whether it has a password.
pub struct Target {
    named: Named<User>,
    has_password: bool,
}

impl Operation for DeleteUser {
    type Api = api::DeleteUser;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::DeleteUserRequest) -> Result<Target> {
        let named = Named::<User>::find(reads, &input.user_name).await?;
        let has_password = match named.found() {
            Some(user) => LoginProfile::find(reads, user.account, &user.user_id).await?.is_some(),
            None => false,
        };
        Ok(Target { named, has_password })
    }

    fn access(call: &CallInfo, _: &api::DeleteUserRequest, target: &Target) -> Access {
        Access::one(target.named.check(call, "iam:DeleteUser"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::DeleteUserRequest,
        target: Allowed<Target>,
    ) -> Result<Output<Self>> {
        let mut user = target.named.to_changed()?;
        if let Some(conflict) = what_is_left(&user, target.has_password) {
            return Err(conflict.into());
        }
        boundary::remove(cx, &mut user).await?;
        cx.delete(user::user_name(&cx.keyring(), user.account, &user.name))?;
        Ok(Output::<Self>::default())
    }
}

/// What must be done before the user can be deleted.
fn what_is_left(user: &User, has_password: bool) -> Option<ApiError> {
    let left = [
        (!user.groups.is_empty(), error::delete_conflict("remove users from group")),
        (has_password, error::delete_conflict("delete login profile")),
        (!user.access_keys.is_empty(), error::delete_conflict("delete access keys")),
        (!user.mfa_devices.is_empty(), error::delete_conflict("delete MFA device")),
        (!user.attached.is_empty(), error::policies_attached()),
        (!user.inline.is_empty(), error::policies_inside()),
    ];
    left.into_iter().find(|(is_left, _)| *is_left).map(|(_, conflict)| conflict)
}
