//! Receiving from a FIFO queue: a group at a time, from its first message on.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use alcazar_engine::{Cx, Result};

use super::{Asked, Found, Given, REMOVED_MAX, due, is_expired};
use crate::error::message as error;
use crate::group::{Group, GroupKey, Received};
use crate::index::Index;
use crate::message::{self, Message, Sequence};
use crate::place;
use crate::queue::Queue;
use crate::receipt::{Of, Receipt};
use crate::recent::{self, Attempt};
use crate::{dead_letter, encryption};

/// How long the queue's messages are delayed.
fn delay(queue: &Queue) -> Duration {
    Duration::from_secs(queue.settings.delay_seconds.into())
}

/// Takes up to as many messages as are asked for, or those again that were given out under the same id.
///
/// # Errors
/// KMS or the store refused, or what was given out cannot be given again.
pub(crate) async fn receive(
    cx: &mut Cx<'_>,
    queue: &Queue,
    index: &Arc<Index>,
    asked: &Asked<'_>,
) -> Result<Found> {
    if let Some(id) = asked.attempt_id
        && let Some((_, attempt)) = recent::find::<Attempt>(cx, &queue.queue_id, id).await?
    {
        return again(cx, queue, asked, id, &attempt).await;
    }
    let target = dead_letter::target(cx, queue).await?;
    let mut out = Out::default();
    while out.found.given.len() < asked.most && out.found.removed < REMOVED_MAX {
        let due = due(queue, cx.now());
        let Some(taken) = index.take(cx, due).await? else { break };
        let Some(key) = place::read(taken.name.as_bytes()).and_then(|told| GroupKey::of_place(told.what))
        else {
            taken.forget();
            continue;
        };
        let key = GroupKey::from_text(key.0);
        cx.lock([key.lock(&queue.contents_id)])?;
        let group = Group::find(cx, &queue.contents_id, &key).await?;
        let group = group.filter(|group| group.place(&queue.contents_id, &key) == taken.name);
        let Some(group) = group else {
            taken.forget();
            continue;
        };
        cx.keep(taken);
        receive_group(cx, queue, asked, (&key, &group), target.as_ref(), &mut out).await?;
    }
    if let Some(id) = asked.attempt_id.filter(|_| !out.receipts.is_empty()) {
        let now = cx.now();
        let attempt = Attempt { at: now, receipts: out.receipts, until: now + asked.visibility };
        recent::put(cx, &queue.queue_id, id, attempt)?;
    }
    Ok(out.found)
}

#[derive(Default)]
struct Out {
    found: Found,
    receipts: Vec<Receipt>,
}

/// Takes the first messages of a group of which nothing is in flight.
async fn receive_group(
    cx: &mut Cx<'_>,
    queue: &Queue,
    asked: &Asked<'_>,
    (key, group): (&GroupKey, &Group),
    target: Option<&(Arc<Queue>, u32)>,
    out: &mut Out,
) -> Result<()> {
    let now = cx.now();
    let (mut received, mut gone) = (group.received.clone(), BTreeSet::new());
    let range = message::of_group(&queue.contents_id, key);
    let limit = asked.most - out.found.given.len() + REMOVED_MAX.min(group.received.len() + 1);
    // The group's record was read, and whoever changes a message of the group changes it too.
    for (name, message) in cx.glance::<Message>(&range, limit).await? {
        if out.found.given.len() >= asked.most || message.sent + delay(queue) > now {
            break;
        }
        let Some(sequence) = message.sequence else { continue };
        let before = received.iter().find(|received| received.sequence == sequence).cloned();
        let receives = before.as_ref().map_or(0, |before| before.receives);
        let dead = target.filter(|(_, most)| receives >= *most);
        if is_expired(queue, message.sent, now) || dead.is_some() {
            if out.found.removed >= REMOVED_MAX {
                break;
            }
            if let Some((target, _)) = dead.filter(|_| !is_expired(queue, message.sent, now)) {
                let first = before.as_ref().map(|before| before.first_received);
                let received = (receives, first);
                dead_letter::arrive(cx, target, out.found.removed, &message, Some(queue.arn()), received)
                    .await?;
            }
            cx.delete(name)?;
            received.retain(|received| received.sequence != sequence);
            gone.insert(sequence);
            out.found.removed += 1;
            continue;
        }
        let first_received = before.as_ref().map(|before| before.first_received);
        let new = Received {
            sequence,
            until: now + asked.visibility,
            receives: receives.saturating_add(1),
            received: now,
            first_received: first_received.or(message.first_received).unwrap_or(now),
        };
        received.retain(|received| received.sequence != sequence);
        let (given, receipt) = give(cx, queue, key, &new, message).await?;
        received.push(new);
        out.found.given.push(given);
        out.receipts.push(receipt);
    }
    received.sort_by_key(|received| received.sequence);
    Group::settle(cx, &queue.contents_id, key, group, received, &gone).await
}

async fn give(
    cx: &mut Cx<'_>,
    queue: &Queue,
    key: &GroupKey,
    received: &Received,
    message: Arc<Message>,
) -> Result<(Given, Receipt)> {
    let receipt = Receipt {
        queue_id: queue.queue_id.clone(),
        contents_id: queue.contents_id.clone(),
        of: Of::Fifo { group: key.as_str().to_owned(), sequence: received.sequence },
        receives: received.receives,
    };
    let body = encryption::open(cx, queue, &message.body).await?;
    let Received { receives, first_received, .. } = *received;
    let handle = receipt.handle(cx)?;
    Ok((Given { message, body, receives, first_received, handle }, receipt))
}

/// Gives out again what was given out under an id, and hides it anew.
async fn again(
    cx: &mut Cx<'_>,
    queue: &Queue,
    asked: &Asked<'_>,
    id: &str,
    attempt: &Attempt,
) -> Result<Found> {
    let refused = || error::attempt_not_retryable(id);
    let until = cx.now() + asked.visibility;
    let mut given = Vec::new();
    for receipt in &attempt.receipts {
        let Of::Fifo { group, sequence } = &receipt.of else { continue };
        let key = GroupKey::from_text(group);
        cx.lock([key.lock(&receipt.contents_id)])?;
        let is_here = receipt.contents_id == queue.contents_id;
        let group = Group::find(cx, &receipt.contents_id, &key).await?.filter(|_| is_here);
        let group = group.ok_or_else(refused)?;
        let unchanged = |received: &&Received| {
            received.sequence == *sequence
                && received.receives == receipt.receives
                && received.until == attempt.until
                && received.until > cx.now()
        };
        let received = group.received.iter().find(unchanged).ok_or_else(refused)?;
        let new = Received { until, ..received.clone() };
        let name = message::fifo_name(&queue.contents_id, &key, *sequence);
        let message = cx.glance_at::<Message>(&name).await?.ok_or_else(refused)?;
        given.push(give(cx, queue, &key, &new, message).await?.0);
        let renew =
            |received: &Received| if received.sequence == *sequence { new.clone() } else { received.clone() };
        let all: Vec<_> = group.received.iter().map(renew).collect();
        Group::settle(cx, &queue.contents_id, &key, &group, all, &BTreeSet::<Sequence>::new()).await?;
    }
    recent::put(cx, &queue.queue_id, id, Attempt { until, ..attempt.clone() })?;
    Ok(Found { given, removed: 0 })
}
