//! `GetUser`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUser.html>

use alcazar_api_iam::{operation as api, types};
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::shown;
use crate::whom::Whom;

/// Tells of a user; without a name, of the caller.
pub struct GetUser;

impl Operation for GetUser {
    type Api = api::GetUser;
    type Target = Whom;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::GetUserRequest) -> Result<Whom> {
        Whom::find(reads, input.user_name.as_deref()).await
    }

    fn access(call: &CallInfo, _: &api::GetUserRequest, target: &Whom) -> Access {
        Access::one(target.check(call, "iam:GetUser"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::GetUserRequest,
        target: Allowed<Whom>,
    ) -> Result<api::GetUserResponse> {
        let user = match target.user() {
            Some(named) => shown::user(named.existing()?),
            None => types::User {
                user_id: cx.account().to_string(),
                arn: cx.call().caller.arn().to_owned(),
                create_date: cx.now(),
                ..types::User::default()
            },
        };
        Ok(api::GetUserResponse { user })
    }
}
