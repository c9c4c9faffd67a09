//! `DeleteLoginProfile`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteLoginProfile.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};

use crate::error;
use crate::login_profile::{self, LoginProfile};
use crate::whom::Whom;

/// Takes a password from a user.
pub struct DeleteLoginProfile;

impl Operation for DeleteLoginProfile {
    type Api = api::DeleteLoginProfile;
    type Target = Whom;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::DeleteLoginProfileRequest) -> Result<Whom> {
        Whom::find(reads, input.user_name.as_deref()).await
    }

    fn access(call: &CallInfo, _: &api::DeleteLoginProfileRequest, target: &Whom) -> Access {
        Access::one(target.check(call, "iam:DeleteLoginProfile"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::DeleteLoginProfileRequest,
        target: Allowed<Whom>,
    ) -> Result<Output<Self>> {
        let account = cx.account();
        let user_id = target.id(account)?;
        if LoginProfile::find(cx, account, &user_id).await?.is_none() {
            return Err(error::no_login_profile(&target.name()?).into());
        }
        cx.delete(login_profile::name(account, &user_id))?;
        Ok(Output::<Self>::default())
    }
}
