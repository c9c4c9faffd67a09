//! `DeleteServiceLinkedRole`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteServiceLinkedRole.html>

use alcazar_api_iam::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::attachment::{self, Usage};
use alcazar_identity::aws_managed;
use alcazar_identity::entity::EntityKind;
use alcazar_identity::role::{self, Role};

use crate::error;
use crate::named::{Holder, Named};
use crate::service_linked::{self, TASK_RANDOM_BYTES};

/// Deletes a service-linked role, at once; its sessions end.
pub struct DeleteServiceLinkedRole;

impl Operation for DeleteServiceLinkedRole {
    type Api = api::DeleteServiceLinkedRole;
    type Target = Named<Role>;
    const READ_ONLY: bool = false;

    async fn resolve(
        reads: &mut Reads<'_>,
        input: &api::DeleteServiceLinkedRoleRequest,
    ) -> Result<Named<Role>> {
        Named::find(reads, &input.role_name).await
    }

    fn access(call: &CallInfo, _: &api::DeleteServiceLinkedRoleRequest, named: &Named<Role>) -> Access {
        Access::one(named.check(call, "iam:DeleteServiceLinkedRole"))
    }

    async fn run(
        cx: &mut Cx<'_>,
        _: &api::DeleteServiceLinkedRoleRequest,
        named: Allowed<Named<Role>>,
    ) -> Result<api::DeleteServiceLinkedRoleResponse> {
        let role = named.existing()?;
        if !role.is_protected() {
            return Err(error::no_such_entity(EntityKind::Role, &role.name).into());
        }
        for policy in role.attached.iter().filter_map(|arn| aws_managed::find(arn)) {
            let (id, usage) = (policy.id(), Usage::Permissions);
            cx.delete(attachment::attachment_name(
                role.account,
                &id,
                usage,
                EntityKind::Role,
                &role.role_id,
            ))?;
        }
        cx.delete(role::role_name(&cx.keyring(), role.account, &role.name))?;
        let mut random = [0; TASK_RANDOM_BYTES];
        cx.entropy().fill_public(&mut random)?;
        let task_id = service_linked::task_id(&cx.keyring(), role.account, &role.path_and_name(), random);
        Ok(api::DeleteServiceLinkedRoleResponse { deletion_task_id: task_id })
    }
}
