//! Topics whose messages may be larger than usual: they have few subscriptions, and queues alone.
//!
//! Source: <https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html>

use alcazar_engine::{Cx, Result};

use crate::error;
use crate::subscription::{self, Protocol, State, Subscription};
use crate::topic::{self, MESSAGE_BYTES_DEFAULT, Topic};

/// How many subscriptions such a topic has at most.
const SUBSCRIPTIONS_MAX: usize = 100;

fn is_large(topic: &Topic) -> bool {
    topic.maximum_message_size.is_some_and(|size| size > MESSAGE_BYTES_DEFAULT)
}

/// Passes unless a topic of large messages has subscriptions that such topics cannot have.
///
/// # Errors
/// It has.
pub(crate) async fn check_topic(cx: &mut Cx<'_>, topic: &Topic) -> Result<()> {
    if !is_large(topic) {
        return Ok(());
    }
    let found = cx.scan::<Subscription>(&subscription::of_topic(&topic.id), SUBSCRIPTIONS_MAX + 1).await?;
    let mut there = found.iter().map(|(_, it)| it).filter(|it| it.state != State::Cancelled);
    if found.len() > SUBSCRIPTIONS_MAX || there.any(|it| it.protocol != Protocol::Sqs) {
        return Err(error::topic::large_topic().into());
    }
    Ok(())
}

/// Passes if a topic may have one more subscription of this protocol.
///
/// # Errors
/// It may not.
pub(crate) async fn check_subscription(cx: &mut Cx<'_>, topic: &Topic, protocol: Protocol) -> Result<()> {
    if !is_large(topic) {
        return Ok(());
    }
    let counts = topic::counts(cx, &topic.id).await?;
    let is_full = counts.confirmed + counts.pending >= SUBSCRIPTIONS_MAX as u64;
    if is_full || protocol != Protocol::Sqs { Err(error::topic::large_topic().into()) } else { Ok(()) }
}
