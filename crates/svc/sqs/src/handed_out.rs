//! What receivers do with messages that they were given: delete them, or change how long they stay hidden.
//!
//! In a standard queue every handle that was ever given out deletes its message; in a FIFO queue only the newest, and only
//! as long as the message is hidden, for afterwards somebody else may be given it.
//!
//! Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html>,
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html>

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use alcazar_base::Timestamp;
use alcazar_engine::{Cx, Result};
use alcazar_shape::ApiError;

use crate::error::message as error;
use crate::group::{Group, GroupKey};
use crate::message::{self, Sequence};
use crate::place::{self, Moved, Place, Table};
use crate::queue::Queue;
use crate::receipt::{Of, Receipt};
use crate::receive::{VISIBILITY_SECONDS_RANGE, standard};

/// How long a message may stay hidden after it was received, in seconds.
const TOTAL_SECONDS_MAX: i64 = 43_200;

/// What is asked of one message.
#[derive(Debug)]
pub(crate) struct Wish<'a> {
    handle: &'a str,
    what: What,
}

/// What is to become of a message.
#[derive(Debug, Clone, Copy)]
enum What {
    Deleted,
    /// Hidden for so many seconds from now.
    Hidden(i32),
}

impl<'a> Wish<'a> {
    /// That a message is deleted.
    #[must_use]
    pub(crate) const fn delete(handle: &'a str) -> Self {
        Self { handle, what: What::Deleted }
    }

    /// That it is hidden for so long from now on.
    ///
    /// # Errors
    /// Nothing is hidden for so long.
    pub(crate) fn hide(handle: &'a str, seconds: i32) -> Result<Self, ApiError> {
        if !VISIBILITY_SECONDS_RANGE.contains(&seconds) {
            return Err(error::visibility_timeout(seconds));
        }
        Ok(Self { handle, what: What::Hidden(seconds) })
    }
}

/// What became of a wish.
type Outcome = Result<(), ApiError>;

/// Does what is asked of messages of a queue, and says of each what became of it.
///
/// # Errors
/// The store failed, or the call starts again.
pub(crate) async fn fulfil(cx: &mut Cx<'_>, queue: &Queue, wishes: &[Wish<'_>]) -> Result<Vec<Outcome>> {
    let mut outcomes: Vec<Outcome> = Vec::with_capacity(wishes.len());
    let mut of_groups: BTreeMap<GroupKey, Vec<(usize, Sequence, u32)>> = BTreeMap::new();
    for (number, wish) in wishes.iter().enumerate() {
        let receipt = match Receipt::read(cx, queue, wish.handle) {
            Ok(receipt) => receipt,
            Err(alcazar_engine::Error::Api(refused)) => {
                outcomes.push(Err(refused));
                continue;
            }
            Err(error) => return Err(error),
        };
        if receipt.contents_id != queue.contents_id {
            // The queue was purged since.
            outcomes.push(match wish.what {
                What::Deleted => Ok(()),
                What::Hidden(_) => Err(error::not_in_flight(wish.handle)),
            });
            continue;
        }
        outcomes.push(match &receipt.of {
            Of::Standard { slot, at } => one(cx, queue, wish, slot, *at, receipt.receives).await?,
            Of::Fifo { group, sequence } => {
                let of_group = of_groups.entry(GroupKey::from_text(group)).or_default();
                of_group.push((number, *sequence, receipt.receives));
                Ok(())
            }
        });
    }
    cx.lock(of_groups.keys().map(|key| key.lock(&queue.contents_id)))?;
    for (key, of_group) in of_groups {
        for (number, outcome) in group(cx, queue, &key, wishes, of_group).await? {
            if let Some(place) = outcomes.get_mut(number) {
                *place = outcome;
            }
        }
    }
    Ok(outcomes)
}

/// One message of a standard queue.
async fn one(
    cx: &mut Cx<'_>,
    queue: &Queue,
    wish: &Wish<'_>,
    slot: &str,
    at: Timestamp,
    receives: u32,
) -> Result<Outcome> {
    let contents_id = &queue.contents_id;
    let found = standard::find(cx, contents_id, slot, at).await?;
    match (wish.what, found) {
        (What::Deleted, None) => Ok(Ok(())),
        (What::Deleted, Some((name, place))) => {
            standard::remove(cx, contents_id, slot, name, &place)?;
            Ok(Ok(()))
        }
        (What::Hidden(seconds), Some((name, place))) if place.receives == receives => {
            let received = place.received.unwrap_or_default();
            let (until, table) = match hidden_until(cx.now(), received, seconds) {
                Ok(hidden) => hidden,
                Err(refused) => return Ok(Err(refused)),
            };
            let (new_name, at) = place::apart(&name, table, contents_id, until, slot);
            cx.delete(name)?;
            cx.put(new_name, Place { moved: true, ..(*place).clone() })?;
            cx.put(place::moved_name(contents_id, slot), Moved { table, at })?;
            Ok(Ok(()))
        }
        (What::Hidden(_), _) => Ok(Err(error::not_in_flight(wish.handle))),
    }
}

/// Until when a message is hidden, and where it stands then.
fn hidden_until(now: Timestamp, received: Timestamp, seconds: i32) -> Result<(Timestamp, Table), ApiError> {
    let until = now + Duration::from_secs(u64::try_from(seconds).unwrap_or(0));
    if until.as_millis() - received.as_millis() > TOTAL_SECONDS_MAX * 1000 {
        return Err(error::total_visibility_timeout(seconds, TOTAL_SECONDS_MAX));
    }
    Ok((until, if seconds == 0 { Table::Available } else { Table::InFlight }))
}

/// Messages of one group of a FIFO queue.
async fn group(
    cx: &mut Cx<'_>,
    queue: &Queue,
    key: &GroupKey,
    wishes: &[Wish<'_>],
    of_group: Vec<(usize, Sequence, u32)>,
) -> Result<Vec<(usize, Outcome)>> {
    let (contents_id, now) = (&queue.contents_id, cx.now());
    let group = Group::find(cx, contents_id, key).await?;
    let mut received = group.as_ref().map(|group| group.received.clone()).unwrap_or_default();
    let (mut outcomes, mut gone, mut is_changed) = (Vec::new(), BTreeSet::new(), false);
    for (number, sequence, receives) in of_group {
        let Some(wish) = wishes.get(number) else { continue };
        let found = received.iter_mut().find(|received| received.sequence == sequence);
        let is_held =
            found.as_ref().is_some_and(|received| received.receives == receives && received.until > now);
        outcomes.push((
            number,
            match (wish.what, found) {
                (What::Deleted, None) => Ok(()),
                (What::Deleted, Some(_)) if !is_held => Err(error::receipt_handle_expired(wish.handle)),
                (What::Deleted, Some(_)) => {
                    cx.delete(message::fifo_name(contents_id, key, sequence))?;
                    gone.insert(sequence);
                    is_changed = true;
                    received.retain(|received| received.sequence != sequence);
                    Ok(())
                }
                (What::Hidden(seconds), Some(found)) if is_held => hidden_until(now, found.received, seconds)
                    .map(|(until, _)| {
                        found.until = until;
                        is_changed = true;
                    }),
                (What::Hidden(_), _) => Err(error::not_in_flight(wish.handle)),
            },
        ));
    }
    if let Some(group) = group.filter(|_| is_changed) {
        Group::settle(cx, contents_id, key, &group, received, &gone).await?;
    }
    Ok(outcomes)
}
