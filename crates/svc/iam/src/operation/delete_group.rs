//! `DeleteGroup`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteGroup.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_identity::group::{self, Group, GroupMember};

use crate::error;
use crate::named::Named;

/// Deletes a group without users and policies.
pub struct DeleteGroup;

impl Operation for DeleteGroup {
    type Api = api::DeleteGroup;
    type Target = Named<Group>;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::DeleteGroupRequest) -> Result<Named<Group>> {
        Named::find(reads, &input.group_name).await
    }

    fn access(call: &CallInfo, _: &api::DeleteGroupRequest, target: &Named<Group>) -> Access {
        Access::one(target.check(call, "iam:DeleteGroup"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::DeleteGroupRequest,
        target: Allowed<Named<Group>>,
    ) -> Result<Output<Self>> {
        let group = target.existing()?;
        let members = group::members(group.account, &group.group_id);
        if !cx.scan::<GroupMember>(&members, 1).await?.is_empty() {
            return Err(error::delete_conflict("remove users from group").into());
        }
        if !group.attached.is_empty() {
            return Err(error::policies_attached().into());
        }
        if !group.inline.is_empty() {
            return Err(error::policies_inside().into());
        }
        cx.delete(group::group_name_name(&cx.keyring(), group.account, &group.name))?;
        cx.delete(group::group_name(group.account, &group.group_id))?;
        Ok(Output::<Self>::default())
    }
}
