//! `ListGroupsForUser`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListGroupsForUser.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::group::{self, Group};
use alcazar_identity::user::User;

use crate::named::Named;
use crate::{page, shown};

/// Lists the groups that a user is in.
pub struct ListGroupsForUser;

impl Operation for ListGroupsForUser {
    type Api = api::ListGroupsForUser;
    type Target = Named<User>;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::ListGroupsForUserRequest) -> Result<Named<User>> {
        Named::find(reads, &input.user_name).await
    }

    fn access(call: &CallInfo, _: &api::ListGroupsForUserRequest, target: &Named<User>) -> Access {
        Access::one(target.check(call, "iam:ListGroupsForUser"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::ListGroupsForUserRequest,
        target: Allowed<Named<User>>,
    ) -> Result<api::ListGroupsForUserResponse> {
        let user = target.existing()?.clone();
        let mut found = Vec::with_capacity(user.groups.len());
        for group_id in &user.groups {
            found.extend(cx.get::<Group>(&group::group_name(user.account, group_id)).await?);
        }
        let asked = page::asked(input.marker.as_deref(), input.max_items);
        let list = format!("groups of {}", user.user_id);
        let page = page::of(cx, &list, asked, found, |group| group.name.to_lowercase())?;
        let (groups, is_truncated, marker) = page.into_parts(|group| shown::group(&group));
        Ok(api::ListGroupsForUserResponse { groups, is_truncated, marker })
    }
}
