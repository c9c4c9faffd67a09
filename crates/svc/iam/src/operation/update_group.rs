//! `UpdateGroup`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateGroup.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Output, Reads, Result};
use alcazar_identity::entity::EntityKind;
use alcazar_identity::group::{self, Group, GroupName};

use crate::named::{self, Holder, Named};
use crate::{error, rename};

/// Gives a group another name or path.
pub struct UpdateGroup;

const ACTION: &str = "iam:UpdateGroup";

/// The group, and whichever has the name that it is to get.
pub struct Target {
    named: Named<Group>,
    renamed: Option<Named<Group>>,
}

impl Operation for UpdateGroup {
    type Api = api::UpdateGroup;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::UpdateGroupRequest) -> Result<Target> {
        let named = Named::find(reads, &input.group_name).await?;
        let renamed = match &input.new_group_name {
            Some(name) => Some(Named::find(reads, name).await?),
            None => None,
        };
        Ok(Target { named, renamed })
    }

    fn access(call: &CallInfo, input: &api::UpdateGroupRequest, target: &Target) -> Access {
        let (name, path) = (input.new_group_name.as_deref(), input.new_path.as_deref());
        let after = target.named.check_as(call, ACTION, name, path);
        Access { checks: vec![target.named.check(call, ACTION), after] }
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::UpdateGroupRequest,
        target: Allowed<Target>,
    ) -> Result<Output<Self>> {
        let mut group = target.named.to_changed()?;
        if let Some(taken) = target.renamed.as_ref().and_then(|renamed| renamed.found())
            && taken.group_id != group.group_id
        {
            return Err(error::entity_exists(EntityKind::Group, &taken.name).into());
        }
        if let Some(path) = &input.new_path {
            group.path = named::path(Some(path))?;
        }
        if let Some(name) = &input.new_group_name {
            let older = group::group_name_name(&cx.keyring(), group.account, &group.name);
            let newer = group::group_name_name(&cx.keyring(), group.account, name);
            if older != newer {
                cx.delete(older)?;
                cx.put(newer, GroupName { group_id: group.group_id.clone() })?;
            }
            group.name.clone_from(name);
        }
        rename::note_policies(cx, &group).await?;
        group.put(cx)?;
        Ok(Output::<Self>::default())
    }
}
