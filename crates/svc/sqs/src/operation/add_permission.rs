//! `AddPermission`: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_AddPermission.html>

use alcazar_api_sqs::operation as api;
use alcazar_api_sqs::types::Unit;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::permission::{self, Permission};
use crate::target::Target;

/// Adds a statement to a queue's policy.
pub struct AddPermission;

impl Operation for AddPermission {
    type Api = api::AddPermission;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::AddPermissionRequest) -> Result<Target> {
        Target::of_url(reads, &input.queue_url).await
    }

    fn access(call: &CallInfo, _: &api::AddPermissionRequest, target: &Target) -> Access {
        target.access_of_owner(call, "sqs:AddPermission")
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::AddPermissionRequest,
        target: Allowed<Target>,
    ) -> Result<Unit> {
        let permission =
            Permission { label: &input.label, accounts: &input.aws_account_ids, actions: &input.actions };
        permission::add(cx, target.queue()?, &permission).await?;
        Ok(Unit {})
    }
}
