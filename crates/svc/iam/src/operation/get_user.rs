//! `GetUser`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUser.html>

use alcazar_api_iam::{operation as api, types};
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::user::User;

use crate::caller::Subject;
use crate::named::{Holder, Named};
use crate::{access, shown};

/// Tells of a user; without a name, of the caller.
pub struct GetUser;

const ACTION: &str = "iam:GetUser";

/// Whom the request is about: none stands for the root user, who calls.
pub struct Target(Option<Named<User>>);

impl Operation for GetUser {
    type Api = api::GetUser;
    type Target = Target;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::GetUserRequest) -> Result<Target> {
        match Subject::of(reads.call(), input.user_name.as_deref())? {
            Subject::User(name) => Ok(Target(Some(Named::find(reads, &name).await?))),
            Subject::Root => Ok(Target(None)),
        }
    }

    fn access(call: &CallInfo, _: &api::GetUserRequest, Target(named): &Target) -> Access {
        Access::one(match named {
            Some(named) => named.check(call, ACTION),
            None => access::check(call, ACTION, call.caller.arn().to_owned(), User::TYPE),
        })
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::GetUserRequest,
        target: Allowed<Target>,
    ) -> Result<api::GetUserResponse> {
        let user = match &target.0 {
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
