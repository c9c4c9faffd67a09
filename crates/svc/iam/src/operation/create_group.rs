//! `CreateGroup`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateGroup.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::entity;
use alcazar_identity::group::{self, Group, GroupName};
use alcazar_identity::unique_id::{self, IdKind};

use crate::named::{self, Holder, Named};
use crate::{access, error, quota, shown};

/// Makes a group without any permission.
pub struct CreateGroup;

impl Operation for CreateGroup {
    type Api = api::CreateGroup;
    type Target = Named<Group>;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::CreateGroupRequest) -> Result<Named<Group>> {
        Named::find(reads, &input.group_name).await
    }

    fn access(call: &CallInfo, input: &api::CreateGroupRequest, target: &Named<Group>) -> Access {
        let arn = entity::arn(call.account(), "group", input.path.as_deref().unwrap_or("/"), &target.name);
        Access::one(access::check(call, "iam:CreateGroup", arn, Group::TYPE))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::CreateGroupRequest,
        target: Allowed<Named<Group>>,
    ) -> Result<api::CreateGroupResponse> {
        let path = named::path(input.path.as_deref())?;
        named::must_be_free(&target)?;
        let account = cx.account();
        let group_id = unique_id::new(IdKind::Group, cx.entropy())?;
        if let Some(most) = cx.quota(&quota::GROUPS) {
            let name = group::group_name(account, &group_id);
            let room = cx.room_for(&name, &group::groups(account), most).await?;
            room.map_err(|full| error::quota_exceeded("GroupsPerAccount", full.quota))?;
        }
        let group = Group {
            account,
            group_id: group_id.clone(),
            path,
            name: input.group_name.clone(),
            created: cx.now(),
            attached: Vec::new(),
            inline: Vec::new(),
        };
        let answer = shown::group(&group);
        cx.put(group::group_name_name(&cx.keyring(), account, &group.name), GroupName { group_id })?;
        group.put(cx)?;
        Ok(api::CreateGroupResponse { group: answer })
    }
}
