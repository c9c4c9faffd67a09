//! `SetQueueAttributes`: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html>

use alcazar_api_sqs::operation as api;
use alcazar_api_sqs::types::Unit;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Operation, Reads, Result};

use crate::attribute::{POLICY, REDRIVE_POLICY};
use crate::queue::Queue;
use crate::target::Target;
use crate::{policy, redrive};

/// Sets attributes of a queue.
pub struct SetQueueAttributes;

impl Operation for SetQueueAttributes {
    type Api = api::SetQueueAttributes;
    type Target = Target;
    const READ_ONLY: bool = false;

    async fn resolve(reads: &mut Reads<'_>, input: &api::SetQueueAttributesRequest) -> Result<Target> {
        Target::of_url(reads, &input.queue_url).await
    }

    fn access(call: &CallInfo, _: &api::SetQueueAttributesRequest, target: &Target) -> Access {
        target.access_of_owner(call, "sqs:SetQueueAttributes")
    }

    async fn run(
        cx: &mut Cx<'_>,
        input: &api::SetQueueAttributesRequest,
        target: Allowed<Target>,
    ) -> Result<Unit> {
        let before = target.queue()?;
        let mut queue = Queue { modified: cx.now(), ..Queue::clone(before) };
        queue.settings.set(&input.attributes)?;
        if let Some(text) = input.attributes.get(POLICY) {
            queue.policy = policy::read(cx, text).await?;
        }
        if let Some(text) = input.attributes.get(REDRIVE_POLICY) {
            redrive::check(cx, &queue, text).await?;
            redrive::note(cx, Some(before), Some(&queue))?;
        }
        cx.put(queue.record_name(&cx.keyring()), queue)?;
        Ok(Unit {})
    }
}
