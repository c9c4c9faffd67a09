//! Messages that go from one queue to another: to the dead-letter queue, when they were received too often, and back.
//!
//! A message keeps its id, its attributes and its body as it was sealed. In a standard queue it keeps the time that it was
//! sent at, too; in a FIFO queue it begins anew.
//!
//! Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html>

use std::sync::Arc;

use alcazar_base::Timestamp;
use alcazar_engine::{Cx, Result};

use crate::group::GroupKey;
use crate::message::Message;
use crate::queue::{self, Queue};
use crate::{send, sweep};

/// The dead-letter queue of a queue, if there is one, and how often a message is received before it goes there.
///
/// # Errors
/// The store failed.
pub(crate) async fn target(cx: &mut Cx<'_>, source: &Queue) -> Result<Option<(Arc<Queue>, u32)>> {
    let Some(policy) = &source.settings.redrive else { return Ok(None) };
    let target = queue::find_by_arn(cx, &policy.dead_letter_target_arn).await?;
    let target = target.filter(|target| target.is_fifo() == source.is_fifo());
    Ok(target.map(|target| (target, policy.max_receive_count)))
}

/// Puts a message of another queue into `queue`, as the `index`th of the call. The caller takes it away where it stood.
///
/// # Errors
/// The group is held by somebody else, and the call starts again; or the store failed.
pub(crate) async fn arrive(
    cx: &mut Cx<'_>,
    queue: &Queue,
    index: usize,
    message: &Message,
    source_arn: Option<String>,
    received: (u32, Option<Timestamp>),
) -> Result<()> {
    let now = cx.now();
    let mut message = Message {
        source_arn,
        receives_before: message.receives_before.saturating_add(received.0),
        first_received: message.first_received.or(received.1),
        sequence: None,
        ..message.clone()
    };
    if queue.is_fifo() {
        message.sent = now;
        let group_id = message.group_id.clone().unwrap_or_default();
        let key = GroupKey::of(&cx.keyring(), &queue.contents_id, &group_id);
        cx.lock([key.lock(&queue.contents_id)])?;
        send::append(cx, queue, &mut message).await?;
    } else {
        send::put(cx, queue, index % 10, now, message)?;
    }
    sweep::ensure(cx, queue).await
}

/// Puts a message of a dead-letter queue into `queue` as a new one, as the `index`th of the call. The caller takes it away
/// where it stood.
///
/// Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html>
///
/// # Errors
/// As [`arrive`].
pub(crate) async fn redrive(cx: &mut Cx<'_>, queue: &Queue, index: usize, message: &Message) -> Result<()> {
    let anew = Message {
        message_id: queue::new_id(cx)?,
        sent: cx.now(),
        receives_before: 0,
        first_received: None,
        ..message.clone()
    };
    arrive(cx, queue, index, &anew, None, (0, None)).await
}
