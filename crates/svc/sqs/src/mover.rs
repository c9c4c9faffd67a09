//! Moving the messages of a task, some in each transaction.
//!
//! Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html>

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use alcazar_base::Timestamp;
use alcazar_engine::{Cx, Delivered, Delivery, DeliveryHandler, Error, Name, NewDelivery, Result};

use crate::dead_letter;
use crate::group::{Group, GroupKey};
use crate::message::{self, Message};
use crate::move_task::{MoveTask, Status};
use crate::place::{self, Place, Table};
use crate::queue::{self, Queue};
use crate::receive::{self, is_expired, standard};

/// How many messages move in one transaction.
const MOVED_MAX: usize = 50;

/// How many places are looked at for them.
const LOOKED_AT_MAX: usize = 500;

/// How long a task runs at most.
const LASTS_MAX: Duration = Duration::from_secs(36 * 3600);

const MOVE: &str = "move-messages";

/// Moves messages.
pub(crate) const HANDLER: DeliveryHandler =
    DeliveryHandler { kind: MOVE, run: |cx, delivery| Box::pin(go_on(cx, delivery)) };

/// Has a task begin after the commit.
///
/// # Errors
/// The record cannot be sealed.
pub(crate) fn begin(cx: &mut Cx<'_>, task: &MoveTask) -> Result<()> {
    let lane = format!("{MOVE} {}", task.task_id);
    let (at, payload) = (cx.now(), task.record_name().as_bytes().to_vec());
    cx.deliver(&NewDelivery { service: "sqs", kind: MOVE, lane: &lane, in_order: true, at, payload })
}

/// How a look for messages ended.
enum Look {
    /// There may be more.
    More,
    /// There was nothing left.
    Done,
    /// A message cannot go where it is to go.
    Stuck(&'static str),
}

async fn go_on(cx: &mut Cx<'_>, delivery: &Delivery) -> Result<Delivered> {
    let name = Name::from_stored(delivery.payload.clone().into());
    let task = cx.get::<MoveTask>(&name).await?.filter(|task| task.status == Status::Running);
    let Some(task) = task else { return Ok(Delivered::Done) };
    let mut task = MoveTask::clone(&task);
    let source = queue::find_by_arn(cx, &task.source_arn).await?;
    let Some(source) = source.filter(|source| source.queue_id == task.source_id) else {
        return Ok(Delivered::Done);
    };
    let per_second = task.per_second.and_then(|rate| usize::try_from(rate).ok());
    let most = per_second.map_or(MOVED_MAX, |rate| rate.min(MOVED_MAX));
    let mut moving = Moving { task: &task, source: &source, most, moved: 0 };
    let look = moving.look(cx).await?;
    let moved = moving.moved;
    task.moved += u64::try_from(moved).unwrap_or(0);
    match look {
        Look::More if cx.now() >= task.started + LASTS_MAX => task.status = Status::Cancelled,
        Look::More => {}
        Look::Done => task.status = Status::Completed,
        Look::Stuck(reason) => {
            task.status = Status::Failed;
            task.failure = Some(reason.to_owned());
        }
    }
    let pause = task.per_second.map(|rate| pause(moved, rate));
    let goes_on = task.status == Status::Running;
    cx.put(name, task)?;
    let next = cx.now() + pause.unwrap_or_default();
    Ok(if goes_on { Delivered::RetryAt(next) } else { Delivered::Done })
}

/// How long so many messages take at so many in a second.
fn pause(moved: usize, per_second: u32) -> Duration {
    let millis = u64::try_from(moved).unwrap_or(0).saturating_mul(1000) / u64::from(per_second.max(1));
    Duration::from_millis(millis)
}

/// One transaction's part of a task.
struct Moving<'a> {
    task: &'a MoveTask,
    source: &'a Queue,
    most: usize,
    moved: usize,
}

impl Moving<'_> {
    async fn look(&mut self, cx: &mut Cx<'_>) -> Result<Look> {
        let due = receive::due(self.source, cx.now());
        for (table, until) in [(Table::Available, due.available), (Table::InFlight, due.in_flight)] {
            match self.look_in(cx, table, until).await? {
                Look::Done => {}
                other => return Ok(other),
            }
        }
        Ok(Look::Done)
    }

    /// Moves what can be received from one table.
    async fn look_in(&mut self, cx: &mut Cx<'_>, table: Table, until: Timestamp) -> Result<Look> {
        let names = cx.glance_names(&table.of(&self.source.contents_id).range(), LOOKED_AT_MAX).await?;
        let is_all = names.len() < LOOKED_AT_MAX;
        for name in names {
            let Some(told) = place::read(name.as_bytes()) else { continue };
            if told.at > until {
                return Ok(Look::Done);
            }
            if self.moved >= self.most {
                return Ok(Look::More);
            }
            let stuck = match GroupKey::of_place(told.what) {
                None => self.move_message(cx, &name, told.what).await?,
                Some((key, _)) => self.move_group(cx, &name, &GroupKey::from_text(key)).await?,
            };
            if let Some(reason) = stuck {
                return Ok(Look::Stuck(reason));
            }
        }
        Ok(if is_all { Look::Done } else { Look::More })
    }

    /// Moves a message of a standard queue, or says why it cannot.
    async fn move_message(&mut self, cx: &mut Cx<'_>, at: &Name, slot: &str) -> Result<Option<&'static str>> {
        let Some(stands) = cx.get::<Place>(at).await? else { return Ok(None) };
        if !is_expired(self.source, stands.sent, cx.now()) {
            let name = message::standard_name(&self.source.contents_id, slot);
            let message = cx.glance_at::<Message>(&name).await?.ok_or(Error::Conflict)?;
            if let Some(reason) = self.hand_over(cx, &message).await? {
                return Ok(Some(reason));
            }
        }
        standard::remove(cx, &self.source.contents_id, slot, at.clone(), &stands)?;
        Ok(None)
    }

    /// Moves the first messages of a group of a FIFO queue, or says why they cannot.
    async fn move_group(
        &mut self,
        cx: &mut Cx<'_>,
        at: &Name,
        key: &GroupKey,
    ) -> Result<Option<&'static str>> {
        let contents_id = &self.source.contents_id;
        cx.lock([key.lock(contents_id)])?;
        let group = Group::find(cx, contents_id, key).await?;
        let is_free = |group: &Arc<Group>| group.place(contents_id, key) == *at && !group.is_locked(cx.now());
        let Some(group) = group.filter(is_free) else { return Ok(None) };
        let (mut received, mut gone) = (group.received.clone(), BTreeSet::new());
        let (mut stuck, delayed) = (None, receive::due(self.source, cx.now()).available);
        let range = message::of_group(contents_id, key);
        for (name, message) in cx.glance::<Message>(&range, self.most - self.moved).await? {
            let Some(sequence) = message.sequence.filter(|_| message.sent <= delayed) else { break };
            if !is_expired(self.source, message.sent, cx.now()) {
                stuck = self.hand_over(cx, &message).await?;
                if stuck.is_some() {
                    break;
                }
            }
            cx.delete(name)?;
            received.retain(|received| received.sequence != sequence);
            gone.insert(sequence);
        }
        Group::settle(cx, contents_id, key, &group, received, &gone).await?;
        Ok(stuck)
    }

    /// Puts a message where it is to go, or says why it cannot.
    async fn hand_over(&mut self, cx: &mut Cx<'_>, message: &Message) -> Result<Option<&'static str>> {
        let destination = self.task.destination_arn.as_ref().or(message.source_arn.as_ref());
        let Some(arn) = destination.filter(|arn| self.task.allowed.contains(arn)) else {
            return Ok(Some("CouldNotDetermineMessageSource"));
        };
        let Some(queue) = queue::find_by_arn(cx, arn).await? else {
            return Ok(Some("AWS.SimpleQueueService.NonExistentQueue"));
        };
        dead_letter::redrive(cx, &queue, self.moved, message).await?;
        self.moved += 1;
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_keeps_its_pace() {
        assert_eq!(pause(50, 500), Duration::from_millis(100));
        assert_eq!(pause(1, 1), Duration::from_secs(1));
        assert_eq!(pause(0, 0), Duration::ZERO);
    }
}
