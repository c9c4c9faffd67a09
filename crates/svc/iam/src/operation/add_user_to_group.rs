//! `AddUserToGroup`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddUserToGroup.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_identity::group::{self, Group, GroupMember};
use alcazar_identity::user::User;

use crate::named::{Holder, Named};
use crate::{error, quota};

/// Puts a user into a group. One that is in it already stays.
pub struct AddUserToGroup;

/// The group and the user.
pub struct Target {
    group: Named<Group>,
    user: Named<User>,
}

impl Operation for AddUserToGroup {
    type Api = api::AddUserToGroup;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::AddUserToGroupRequest) -> Result<Target> {
        let group = Named::find(reads, &input.group_name).await?;
        Ok(Target { group, user: Named::find(reads, &input.user_name).await? })
    }

    fn access(call: &CallInfo, _: &api::AddUserToGroupRequest, target: &Target) -> Access {
        Access::one(target.group.check(call, "iam:AddUserToGroup"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::AddUserToGroupRequest,
        target: Allowed<Target>,
    ) -> Result<Output<Self>> {
        let mut user = target.user.to_changed()?;
        let group = target.group.existing()?;
        if !user.groups.contains(&group.group_id) {
            if let Some(most) =
                cx.quota(&quota::GROUPS_PER_USER).filter(|most| user.groups.len() as u64 >= *most)
            {
                return Err(error::quota_exceeded("GroupsPerUser", most).into());
            }
            let member = GroupMember { user_name: user.name.clone() };
            cx.put(group::member_name(group.account, &group.group_id, &user.user_id), member)?;
            user.groups.push(group.group_id.clone());
            user.put(cx)?;
        }
        Ok(Output::<Self>::default())
    }
}
