//! `PurgeQueue`: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_PurgeQueue.html>

use std::time::Duration;

use alcazar_api_sqs::operation as api;
use alcazar_api_sqs::types::Unit;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::queue::{self, Queue};
use crate::target::Target;
use crate::{contents, error};

/// Empties a queue.
pub struct PurgeQueue;

/// How long a queue cannot be purged again.
const WAIT: Duration = Duration::from_secs(60);

impl Operation for PurgeQueue {
    type Api = api::PurgeQueue;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::PurgeQueueRequest) -> Result<Target> {
        Target::of_url(reads, &input.queue_url).await
    }

    fn access(call: &CallInfo, _: &api::PurgeQueueRequest, target: &Target) -> Access {
        target.access(call, "sqs:PurgeQueue")
    }

    async fn run(cx: &mut Cx<'_>, _: &api::PurgeQueueRequest, target: Allowed<Target>) -> Result<Unit> {
        let queue = target.queue()?;
        let now = cx.now();
        if queue.purged.is_some_and(|purged| now < purged + WAIT) {
            return Err(error::purge_in_progress(&queue.name).into());
        }
        contents::discard(cx, &queue.contents_id)?;
        let purged = Queue { contents_id: queue::new_id(cx)?, purged: Some(now), ..Queue::clone(queue) };
        cx.put(purged.record_name(&cx.keyring()), purged)?;
        Ok(Unit {})
    }
}
