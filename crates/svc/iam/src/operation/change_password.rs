//! `ChangePassword`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ChangePassword.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Check, Cx, Granted, Operation, Output, Reads, Result};
use alcazar_identity::entity;
use alcazar_identity::user::User;

use crate::login_profile::LoginProfile;
use crate::named::Named;
use crate::{error, password_policy};

/// Gives the caller's own user another password.
pub struct ChangePassword;

impl Operation for ChangePassword {
    type Api = api::ChangePassword;
    type Target = Named<User>;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, _: &api::ChangePasswordRequest) -> Result<Named<User>> {
        if !password_policy::is_user(reads.call()) {
            return Err(error::only_users_change_passwords().into());
        }
        let name = entity::name_of(reads.call().caller.arn()).to_owned();
        Named::find(reads, &name).await
    }

    fn access(call: &CallInfo, _: &api::ChangePasswordRequest, target: &Named<User>) -> Access {
        Access::one(target.check(call, "iam:ChangePassword"))
    }

    async fn granted(
        reads: &mut Reads<'_>,
        _: &api::ChangePasswordRequest,
        _: &Named<User>,
        _: &Check,
    ) -> Result<Granted> {
        password_policy::granted(reads).await
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ChangePasswordRequest,
        target: Allowed<Named<User>>,
    ) -> Result<Output<Self>> {
        let user = target.existing()?;
        let profile = LoginProfile::find(cx, user.account, &user.user_id).await?;
        let profile = profile.ok_or_else(|| error::no_login_profile(&user.name))?;
        if !profile.is_password(cx, &input.old_password).await? {
            return Err(error::wrong_old_password().into());
        }
        let mut profile = LoginProfile::clone(&profile);
        profile.set(cx, &input.new_password).await?;
        profile.reset_required = false;
        profile.put(cx, &user.user_id)?;
        Ok(Output::<Self>::default())
    }
}
