//! `GetServiceLinkedRoleDeletionStatus`: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetServiceLinkedRoleDeletionStatus.html>

use alcazar_api_iam::operation as api;
use alcazar_api_iam::types::DeletionTaskStatusType;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::role::Role;

use crate::access;
use crate::error::service_linked as error;
use crate::named::Holder;
use crate::service_linked;

/// Tells how the deletion of a service-linked role stands. What was accepted is done.
pub struct GetServiceLinkedRoleDeletionStatus;

impl Operation for GetServiceLinkedRoleDeletionStatus {
    type Api = api::GetServiceLinkedRoleDeletionStatus;
    type Target = ();
    const READ_ONLY: bool = true;

    async fn resolve(_: &mut Reads<'_>, _: &api::GetServiceLinkedRoleDeletionStatusRequest) -> Result<()> {
        Ok(())
    }

    fn access(call: &CallInfo, input: &api::GetServiceLinkedRoleDeletionStatusRequest, (): &()) -> Access {
        let arn = service_linked::arn_of_task(call.account(), &input.deletion_task_id);
        Access::one(access::check(call, "iam:GetServiceLinkedRoleDeletionStatus", arn, Role::TYPE))
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::GetServiceLinkedRoleDeletionStatusRequest,
        _: Allowed<()>,
    ) -> Result<api::GetServiceLinkedRoleDeletionStatusResponse> {
        let task_id = &input.deletion_task_id;
        match service_linked::role_of_task(&cx.keyring(), cx.account(), task_id) {
            Some(_) => Ok(api::GetServiceLinkedRoleDeletionStatusResponse {
                status: DeletionTaskStatusType::Succeeded,
                reason: None,
            }),
            None => Err(error::no_such_task(task_id).into()),
        }
    }
}
