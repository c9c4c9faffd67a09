//! `TagQueue`: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_TagQueue.html>

use alcazar_api_sqs::operation as api;
use alcazar_api_sqs::types::Unit;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::queue::Queue;
use crate::tag;
use crate::target::Target;

/// Puts tags on a queue.
pub struct TagQueue;

impl Operation for TagQueue {
    type Api = api::TagQueue;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::TagQueueRequest) -> Result<Target> {
        Target::of_url(reads, &input.queue_url).await
    }

    fn access(call: &CallInfo, input: &api::TagQueueRequest, target: &Target) -> Access {
        let mut check = target.check_of_owner(call, "sqs:TagQueue");
        check.context.add_request_tags(&input.tags);
        Access::one(check)
    }

    async fn run(cx: &mut Cx<'_>, input: &api::TagQueueRequest, target: Allowed<Target>) -> Result<Unit> {
        let queue = target.queue()?;
        let tags = tag::put_on(cx, &queue.name, &queue.tags, &input.tags)?;
        cx.put(queue.record_name(&cx.keyring()), Queue { tags, ..Queue::clone(queue) })?;
        Ok(Unit {})
    }
}
