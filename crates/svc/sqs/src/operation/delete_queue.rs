//! `DeleteQueue`: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteQueue.html>

use alcazar_api_sqs::operation as api;
use alcazar_api_sqs::types::Unit;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::deletion;
use crate::target::Target;

/// Deletes a queue and what is in it.
pub struct DeleteQueue;

impl Operation for DeleteQueue {
    type Api = api::DeleteQueue;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::DeleteQueueRequest) -> Result<Target> {
        Target::of_url(reads, &input.queue_url).await
    }

    fn access(call: &CallInfo, _: &api::DeleteQueueRequest, target: &Target) -> Access {
        target.access_of_owner(call, "sqs:DeleteQueue")
    }

    async fn run(cx: &mut Cx<'_>, _: &api::DeleteQueueRequest, target: Allowed<Target>) -> Result<Unit> {
        deletion::delete(cx, target.queue()?)?;
        Ok(Unit {})
    }
}
