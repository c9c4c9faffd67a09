//! Taking away what no request ever asks for again: messages past their retention period, and what counted for five
//! minutes.
//!
//! A queue that has anything is swept now and then, as long as it has: whoever sends the first message sees to it. Nothing
//! depends on it but room, for a message past its time is not given out either.
//!
//! Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html>

use std::time::Duration;

use alcazar_base::Timestamp;
use alcazar_engine::port::store::NameRange;
use alcazar_engine::{Cx, Delivered, Delivery, DeliveryHandler, Error, Name, NewDelivery, Result};
use minicbor::{Decode, Encode};

use crate::group::{Group, GroupKey};
use crate::message::{self, Message};
use crate::place::{self, Place, Table};
use crate::queue::{self, Queue};
use crate::receive::{is_expired, standard};
use crate::recent;

/// The longest time between two sweeps of a queue.
const EVERY: Duration = Duration::from_secs(3600);

/// How many places one sweep takes away, or how many old records.
const SWEPT_MAX: usize = 500;

const SWEEP: &str = "sweep";

/// Sweeps a queue.
pub(crate) const HANDLER: DeliveryHandler =
    DeliveryHandler { kind: SWEEP, run: |cx, delivery| Box::pin(sweep(cx, delivery)) };

/// That a queue will be swept. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
struct Coming {
    /// The queue's ARN.
    #[n(0)]
    arn: String,
    /// Its id.
    #[n(1)]
    queue_id: String,
}

fn mark(queue_id: &str) -> Name {
    Name::table("sqs.sweep").part(queue_id).name()
}

/// Sees to it that a queue that a message is sent to will be swept.
///
/// # Errors
/// The store failed.
pub(crate) async fn ensure(cx: &mut Cx<'_>, queue: &Queue) -> Result<()> {
    let mark = mark(&queue.queue_id);
    if cx.get::<Coming>(&mark).await?.is_some() {
        return Ok(());
    }
    let coming = Coming { arn: queue.arn(), queue_id: queue.queue_id.clone() };
    let first = Duration::from_secs(queue.settings.retention_seconds.into()).min(EVERY);
    deliver(cx, cx.now() + first, &coming)?;
    cx.put(mark, coming)
}

fn deliver(cx: &mut Cx<'_>, at: Timestamp, coming: &Coming) -> Result<()> {
    let payload = minicbor::to_vec(coming).map_err(|error| Error::invariant(error.to_string()))?;
    let lane = format!("{SWEEP} {}", coming.queue_id);
    cx.deliver(&NewDelivery { service: "sqs", kind: SWEEP, lane: &lane, in_order: false, at, payload })
}

fn read(delivery: &Delivery) -> Result<Coming> {
    minicbor::decode(&delivery.payload).map_err(|error| Error::invariant(error.to_string()))
}

/// Deletes the first `most` records of a range, and says how many there were.
async fn delete_range(cx: &mut Cx<'_>, range: &NameRange, most: usize) -> Result<usize> {
    let names = cx.glance_names(range, most).await?;
    let count = names.len();
    for name in names {
        cx.delete(name)?;
    }
    Ok(count)
}

async fn sweep(cx: &mut Cx<'_>, delivery: &Delivery) -> Result<Delivered> {
    let coming = read(delivery)?;
    let queue = queue::find_by_arn(cx, &coming.arn).await?;
    let Some(queue) = queue.filter(|queue| queue.queue_id == coming.queue_id) else {
        let left = delete_range(cx, &recent::all(&coming.queue_id), SWEPT_MAX).await?;
        if left == SWEPT_MAX {
            return Ok(Delivered::RetryAt(cx.now()));
        }
        cx.delete(mark(&coming.queue_id))?;
        return Ok(Delivered::Done);
    };
    let old = sweep_recent(cx, &queue).await?;
    let messages = sweep_messages(cx, &queue).await?;
    let Some(next) = old.into_iter().chain(messages).min() else {
        // Nobody has sent anything meanwhile, or one of both calls starts again.
        cx.scan::<Place>(&Table::Available.of(&queue.contents_id).range(), 1).await?;
        cx.delete(mark(&queue.queue_id))?;
        return Ok(Delivered::Done);
    };
    let (now, latest) = (cx.now(), cx.now() + EVERY);
    deliver(cx, next.clamp(now, latest), &coming)?;
    Ok(Delivered::Done)
}

/// Takes away what has counted, and says when more of it has.
async fn sweep_recent(cx: &mut Cx<'_>, queue: &Queue) -> Result<Option<Timestamp>> {
    for name in cx.glance_names(&recent::all(&queue.queue_id), SWEPT_MAX).await? {
        match recent::ends(&name) {
            Some(ends) if ends > cx.now() => return Ok(Some(ends)),
            _ => cx.delete(name)?,
        }
    }
    let left = cx.glance_names(&recent::all(&queue.queue_id), SWEPT_MAX + 1).await?.len() > SWEPT_MAX;
    Ok(left.then(|| cx.now()))
}

/// Takes away messages past their time, as far as where they stand shows that they are; says when the next may be.
async fn sweep_messages(cx: &mut Cx<'_>, queue: &Queue) -> Result<Option<Timestamp>> {
    let retention = Duration::from_secs(queue.settings.retention_seconds.into());
    let (mut next, mut swept) = (None::<Timestamp>, 0);
    for table in Table::ALL {
        let names = cx.glance_names(&table.of(&queue.contents_id).range(), SWEPT_MAX + 1).await?;
        for name in names {
            let Some(told) = place::read(name.as_bytes()) else { continue };
            let (at, what) = (told.at, told.what.to_owned());
            // Nothing stands at a time before it was sent.
            if at + retention > cx.now() {
                next = Some(next.map_or(at + retention, |next| next.min(at + retention)));
                break;
            }
            if swept >= SWEPT_MAX {
                return Ok(Some(cx.now()));
            }
            swept += 1;
            match GroupKey::of_place(&what) {
                None => {
                    if let Some(stands) = cx.get::<Place>(&name).await? {
                        standard::remove(cx, &queue.contents_id, &what, name, &stands)?;
                    }
                }
                Some((key, _)) => {
                    swept += sweep_group(cx, queue, &GroupKey::from_text(key), &name).await?;
                    next = Some(cx.now());
                }
            }
        }
    }
    Ok(next)
}

/// Takes away the first messages of a group that are past their time, and says how many.
async fn sweep_group(cx: &mut Cx<'_>, queue: &Queue, key: &GroupKey, at: &Name) -> Result<usize> {
    cx.lock([key.lock(&queue.contents_id)])?;
    let Some(group) = Group::find(cx, &queue.contents_id, key).await? else { return Ok(0) };
    if group.place(&queue.contents_id, key) != *at || group.is_locked(cx.now()) {
        return Ok(0);
    }
    let (mut received, mut gone) = (group.received.clone(), std::collections::BTreeSet::new());
    let range = message::of_group(&queue.contents_id, key);
    for (name, message) in cx.glance::<Message>(&range, SWEPT_MAX / 10).await? {
        let Some(sequence) = message.sequence.filter(|_| is_expired(queue, message.sent, cx.now())) else {
            break;
        };
        cx.delete(name)?;
        received.retain(|received| received.sequence != sequence);
        gone.insert(sequence);
    }
    Group::settle(cx, &queue.contents_id, key, &group, received, &gone).await?;
    Ok(gone.len())
}
