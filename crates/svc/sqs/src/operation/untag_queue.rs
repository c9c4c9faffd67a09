//! `UntagQueue`: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_UntagQueue.html>

use alcazar_api_sqs::operation as api;
use alcazar_api_sqs::types::Unit;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};
use alcazar_identity::tag::without_cased;

use crate::queue::Queue;
use crate::tag;
use crate::target::Target;

/// Takes tags from a queue.
pub struct UntagQueue;

impl Operation for UntagQueue {
    type Api = api::UntagQueue;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::UntagQueueRequest) -> Result<Target> {
        Target::of_url(reads, &input.queue_url).await
    }

    fn access(call: &CallInfo, input: &api::UntagQueueRequest, target: &Target) -> Access {
        let mut check = target.check_of_owner(call, "sqs:UntagQueue");
        check.context.add_tag_keys(input.tag_keys.iter());
        Access::one(check)
    }

    async fn run(cx: &mut Cx<'_>, input: &api::UntagQueueRequest, target: Allowed<Target>) -> Result<Unit> {
        let queue = target.queue()?;
        for key in &*input.tag_keys {
            tag::check_key(key)?;
        }
        let tags = without_cased(&queue.tags, &input.tag_keys);
        cx.put(queue.record_name(&cx.keyring()), Queue { tags, ..Queue::clone(queue) })?;
        Ok(Unit {})
    }
}
