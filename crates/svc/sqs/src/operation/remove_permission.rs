//! `RemovePermission`: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_RemovePermission.html>

use alcazar_api_sqs::operation as api;
use alcazar_api_sqs::types::Unit;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::permission;
use crate::target::Target;

/// Takes a statement out of a queue's policy.
pub struct RemovePermission;

impl Operation for RemovePermission {
    type Api = api::RemovePermission;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::RemovePermissionRequest) -> Result<Target> {
        Target::of_url(reads, &input.queue_url).await
    }

    fn access(call: &CallInfo, _: &api::RemovePermissionRequest, target: &Target) -> Access {
        target.access_of_owner(call, "sqs:RemovePermission")
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::RemovePermissionRequest,
        target: Allowed<Target>,
    ) -> Result<Unit> {
        permission::remove(cx, target.queue()?, &input.label).await?;
        Ok(Unit {})
    }
}
