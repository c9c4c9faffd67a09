//! `ReceiveMessage`: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html>

use std::sync::Arc;
use std::time::Duration;

use alcazar_api_sqs::operation as api;
use alcazar_engine::{Access, Allowed, CallInfo, Cx, Input, Operation, Output, Reads, Result};

use crate::error::message as error;
use crate::index::{Index, Indexes};
use crate::place::Table;
use crate::queue::Queue;
use crate::receive::{self, Asked, Found, IN_FLIGHT_MAX};
use crate::tally::counts;
use crate::target::Target;

/// How often one who waits looks again by itself: for what is given back, and what others let come back earlier.
const LOOKS_AGAIN: Duration = Duration::from_secs(1);

/// The same while others have taken messages and may give them back.
const LOOKS_AGAIN_SOON: Duration = Duration::from_millis(200);

/// `ReceiveMessage`
pub struct ReceiveMessage;

impl Operation for ReceiveMessage {
    type Api = api::ReceiveMessage;
    type Target = Target;
    const READ_ONLY: bool = false;
    const DATA_EVENT: bool = true;

    async fn resolve(reads: &mut Reads<'_>, input: &Input<Self>) -> Result<Target> {
        Target::of_url(reads, &input.queue_url).await
    }

    fn access(call: &CallInfo, _: &Input<Self>, target: &Target) -> Access {
        target.access(call, "sqs:ReceiveMessage")
    }

    async fn run(cx: &mut Cx<'_>, input: &Input<Self>, target: Allowed<Target>) -> Result<Output<Self>> {
        let queue = target.queue()?.clone();
        let asked = Asked::read(&queue, input)?;
        let index = cx.state::<Indexes>().of(&queue.contents_id);
        let found = if is_full(cx, &queue, &index).await? {
            if !queue.is_fifo() && asked.wait.is_zero() {
                return Err(error::too_many_in_flight().into());
            }
            Found::default()
        } else if queue.is_fifo() {
            receive::fifo::receive(cx, &queue, &index, &asked).await?
        } else {
            receive::standard::receive(cx, &queue, &index, &asked).await?
        };
        if found.is_nothing() {
            wait(cx, &queue, &index, &asked).await?;
        }
        let messages: Vec<_> = found.given.into_iter().map(|given| asked.shown(given)).collect();
        let messages = Some(messages).filter(|messages| !messages.is_empty());
        Ok(api::ReceiveMessageResult { messages: messages.map(Into::into) })
    }
}

/// Whether as many messages are in flight as may be.
async fn is_full(cx: &mut Cx<'_>, queue: &Queue, index: &Arc<Index>) -> Result<bool> {
    if !index.is_crowded() {
        return Ok(false);
    }
    Ok(counts(cx, queue).await?.in_flight >= IN_FLIGHT_MAX)
}

/// Waits for a message, if the call is to wait and has not waited long enough.
async fn wait(cx: &mut Cx<'_>, queue: &Queue, index: &Arc<Index>, asked: &Asked<'_>) -> Result<()> {
    let until = cx.began() + asked.wait;
    if asked.wait.is_zero() || cx.now() >= until {
        return Ok(());
    }
    let looks_again = if index.is_contended() { LOOKS_AGAIN_SOON } else { LOOKS_AGAIN };
    let next = index.next(receive::due(queue, cx.now()));
    let until = until.min(cx.now() + looks_again).min(next.unwrap_or(until));
    cx.wait(&Table::Available.of(&queue.contents_id), until).await
}
