//! `UpdateLoginProfile`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateLoginProfile.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_identity::user::User;

use crate::error;
use crate::login_profile::LoginProfile;
use crate::named::Named;

/// Gives a user another password.
pub struct UpdateLoginProfile;

impl Operation for UpdateLoginProfile {
    type Api = api::UpdateLoginProfile;
    type Target = Named<User>;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::UpdateLoginProfileRequest) -> Result<Named<User>> {
        Named::find(reads, &input.user_name).await
    }

    fn access(call: &CallInfo, _: &api::UpdateLoginProfileRequest, target: &Named<User>) -> Access {
        Access::one(target.check(call, "iam:UpdateLoginProfile"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::UpdateLoginProfileRequest,
        target: Allowed<Named<User>>,
    ) -> Result<Output<Self>> {
        let user = target.existing()?;
        let profile = LoginProfile::find(cx, user.account, &user.user_id).await?;
        let profile = profile.ok_or_else(|| error::no_login_profile(&user.name))?;
        let mut profile = LoginProfile::clone(&profile);
        if let Some(password) = &input.password {
            profile.set(cx, password).await?;
        }
        if let Some(reset_required) = input.password_reset_required {
            profile.reset_required = reset_required;
        }
        profile.put(cx, &user.user_id)?;
        Ok(Output::<Self>::default())
    }
}
