//! `CreateLoginProfile`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateLoginProfile.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::error;
use crate::login_profile::LoginProfile;
use crate::whom::Whom;

/// Gives a user a password.
pub struct CreateLoginProfile;

impl Operation for CreateLoginProfile {
    type Api = api::CreateLoginProfile;
    type Target = Whom;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::CreateLoginProfileRequest) -> Result<Whom> {
        Whom::find(reads, input.user_name.as_deref()).await
    }

    fn access(call: &CallInfo, _: &api::CreateLoginProfileRequest, target: &Whom) -> Access {
        Access::one(target.check(call, "iam:CreateLoginProfile"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::CreateLoginProfileRequest,
        target: Allowed<Whom>,
    ) -> Result<api::CreateLoginProfileResponse> {
        let account = cx.account();
        let user_id = target.id(account)?;
        if LoginProfile::find(cx, account, &user_id).await?.is_some() {
            return Err(error::login_profile_exists(&target.name()?).into());
        }
        let mut profile = LoginProfile::empty(cx.now(), input.password_reset_required.unwrap_or(false));
        match (&input.password, target.user()) {
            (Some(password), Some(_)) => profile.set(cx, password).await?,
            (None, Some(_)) => return Err(error::password_needed().into()),
            // The root user chooses a password when it signs in again.
            (None, None) => {}
            (Some(_), None) => return Err(error::root_password_is_not_set_here().into()),
        }
        let answer = profile.shown(target.name()?);
        profile.put(cx, &user_id)?;
        Ok(api::CreateLoginProfileResponse { login_profile: answer })
    }
}
