//! `GetGroup`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetGroup.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::group::{self, Group, GroupMember};
use alcazar_identity::user::User;

use crate::named::Named;
use crate::{page, shown};

/// Tells of a group, and of the users in it.
pub struct GetGroup;

impl Operation for GetGroup {
    type Api = api::GetGroup;
    type Target = Named<Group>;
    const READ_ONLY: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &api::GetGroupRequest) -> Result<Named<Group>> {
        Named::find(reads, &input.group_name).await
    }

    fn access(call: &CallInfo, _: &api::GetGroupRequest, target: &Named<Group>) -> Access {
        Access::one(target.check(call, "iam:GetGroup"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::GetGroupRequest,
        target: Allowed<Named<Group>>,
    ) -> Result<api::GetGroupResponse> {
        let group = target.existing()?.clone();
        let members = group::members(group.account, &group.group_id);
        let members = page::all::<GroupMember>(cx, &members).await?;
        let asked = page::asked(input.marker.as_deref(), input.max_items);
        let list = format!("members of {}", group.group_id);
        let page = page::of(cx, &list, asked, members, |member| member.user_name.to_lowercase())?;
        let mut users = Vec::with_capacity(page.items.len());
        for member in &page.items {
            let user = User::find(&mut cx.records(), group.account, &member.user_name).await?;
            users.extend(user.map(|user| shown::listed_user(&user)));
        }
        Ok(api::GetGroupResponse {
            group: shown::group(&group),
            users: users.into(),
            is_truncated: Some(page.next_token.is_some()),
            marker: page.next_token,
        })
    }
}
