//! `RemoveUserFromGroup`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_RemoveUserFromGroup.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_identity::group::{self, Group};
use alcazar_identity::user::User;

use crate::named::{Holder, Named};

/// Takes a user out of a group, if it is in it.
pub struct RemoveUserFromGroup;

/// The group and the user.
pub struct Target {
    group: Named<Group>,
    user: Named<User>,
}

impl Operation for RemoveUserFromGroup {
    type Api = api::RemoveUserFromGroup;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::RemoveUserFromGroupRequest) -> Result<Target> {
        let group = Named::find(reads, &input.group_name).await?;
        Ok(Target { group, user: Named::find(reads, &input.user_name).await? })
    }

    fn access(call: &CallInfo, _: &api::RemoveUserFromGroupRequest, target: &Target) -> Access {
        Access::one(target.group.check(call, "iam:RemoveUserFromGroup"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::RemoveUserFromGroupRequest,
        target: Allowed<Target>,
    ) -> Result<Output<Self>> {
        let mut user = target.user.to_changed()?;
        let group = target.group.existing()?;
        if user.groups.contains(&group.group_id) {
            cx.delete(group::member_name(group.account, &group.group_id, &user.user_id))?;
            user.groups.retain(|group_id| *group_id != group.group_id);
            user.put(cx)?;
        }
        Ok(Output::<Self>::default())
    }
}
