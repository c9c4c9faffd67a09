//! `ListUsers`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUsers.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::entity;
use alcazar_identity::user::{self, User};

use crate::named::Holder;
use crate::{access, page, shown};

/// Lists the account's users under a path.
pub struct ListUsers;

impl Operation for ListUsers {
    type Api = api::ListUsers;
    type Target = ();
    const READ_ONLY: bool = true;

    async fn resolve(_: &mut Reads<'_>, _: &api::ListUsersRequest) -> Result<()> {
        Ok(())
    }

    fn access(call: &CallInfo, input: &api::ListUsersRequest, (): &()) -> Access {
        let path = input.path_prefix.as_deref().unwrap_or("/");
        let arn = entity::arn(call.account(), "user", path, "");
        Access::one(access::check(call, "iam:ListUsers", arn, User::TYPE))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListUsersRequest,
        _: Allowed<()>,
    ) -> Result<api::ListUsersResponse> {
        let users = user::users(cx.account());
        let mut found = page::all::<User>(cx, &users).await?;
        found.retain(|user| user.path.starts_with(input.path_prefix.as_deref().unwrap_or("/")));
        let asked = page::asked(input.marker.as_deref(), input.max_items);
        let page = page::of(cx, "users", asked, found, |user| user.name.to_lowercase())?;
        let (users, is_truncated, marker) = page.into_parts(|user| shown::listed_user(&user));
        Ok(api::ListUsersResponse { users, is_truncated, marker })
    }
}
