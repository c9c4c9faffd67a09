//! `GetLoginProfile`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetLoginProfile.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::error;
use crate::login_profile::LoginProfile;
use crate::whom::Whom;

/// Tells since when a user has a password.
pub struct GetLoginProfile;

impl Operation for GetLoginProfile {
    type Api = api::GetLoginProfile;
    type Target = Whom;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::GetLoginProfileRequest) -> Result<Whom> {
        Whom::find(reads, input.user_name.as_deref()).await
    }

    fn access(call: &CallInfo, _: &api::GetLoginProfileRequest, target: &Whom) -> Access {
        Access::one(target.check(call, "iam:GetLoginProfile"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::GetLoginProfileRequest,
        target: Allowed<Whom>,
    ) -> Result<api::GetLoginProfileResponse> {
        let account = cx.account();
        let profile = LoginProfile::find(cx, account, &target.id(account)?).await?;
        let name = target.name()?;
        let profile = profile.ok_or_else(|| error::no_login_profile(&name))?;
        Ok(api::GetLoginProfileResponse { login_profile: profile.shown(name) })
    }
}
