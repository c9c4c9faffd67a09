//! The end of events in archives: each stays for so many days after it happened.
//!
//! One task of an archive is due when its oldest event is. It deletes what is past its time, and is scheduled again.

use std::time::Duration;

use alcazar_base::Timestamp;
use alcazar_engine::port::BoxFuture;
use alcazar_engine::schedule::{Effect, Task, TaskHandler};
use alcazar_engine::{Cx, Error, Name, Result};
use minicbor::{Decode, Encode};

use super::held::{self, DELETED_AT_ONCE_MAX, Held};
use super::{Archive, record_name};
use crate::dispatch::SERVICE;

const TABLE: &str = "events.archive-retention";

const KIND: &str = "archive_retention";

/// Deletes events that are past their time.
pub(crate) const HANDLER: TaskHandler = TaskHandler { kind: KIND, event_name: "DeleteArchivedEvents", run };

const DAY: Duration = Duration::from_secs(86_400);

/// How long events that are past their time may wait for others that soon will be.
const PAUSE: Duration = Duration::from_secs(60);

/// When an archive is looked at next.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
struct Next(#[n(0)] Timestamp);

impl Archive {
    /// How long it holds an event; none if for ever.
    fn retention(&self) -> Option<Duration> {
        (self.retention_days > 0).then(|| DAY.saturating_mul(self.retention_days))
    }

    /// The time before which what happened is past its time.
    #[must_use]
    pub(crate) fn horizon(&self, now: Timestamp) -> Timestamp {
        let most = u64::try_from(now.as_millis()).unwrap_or(0);
        let age =
            self.retention().map_or(most, |age| u64::try_from(age.as_millis()).unwrap_or(most).min(most));
        Timestamp::from_millis(now.as_millis().saturating_sub(i64::try_from(age).unwrap_or(0)))
    }
}

fn next_name(archive: &Archive) -> Name {
    Name::table(TABLE).part(&archive.id).name()
}

/// The task of an archive. Its subject is the name of the archive's record, in which nothing can be read.
fn task(cx: &Cx<'_>, archive: &Archive, at: Timestamp) -> Task {
    let name = record_name(&cx.keyring(), archive.account, &archive.region, &archive.name);
    Task { at, service: SERVICE.to_owned(), kind: KIND.to_owned(), subject: hex::encode(name.as_bytes()) }
}

/// Takes back what is scheduled for an archive.
///
/// # Errors
/// The store failed.
pub(crate) async fn unschedule(cx: &mut Cx<'_>, archive: &Archive) -> Result<()> {
    let name = next_name(archive);
    if let Some(next) = cx.get::<Next>(&name).await? {
        cx.unschedule(&task(cx, archive, next.0))?;
        cx.delete(name)?;
    }
    Ok(())
}

/// Has an archive looked at when its oldest event is past its time, or one that comes now will be.
///
/// # Errors
/// The store failed.
pub(crate) async fn schedule(cx: &mut Cx<'_>, archive: &Archive) -> Result<()> {
    unschedule(cx, archive).await?;
    let Some(retention) = archive.retention() else { return Ok(()) };
    let oldest = held::oldest(cx, archive).await?.unwrap_or(cx.now()).min(cx.now());
    let at = (oldest + retention).max(cx.now() + PAUSE);
    cx.schedule(task(cx, archive, at))?;
    cx.put(next_name(archive), Next(at))
}

fn run<'a>(cx: &'a mut Cx<'_>, task: &'a Task) -> BoxFuture<'a, Result<Option<Effect>>> {
    Box::pin(act(cx, task))
}

async fn act(cx: &mut Cx<'_>, due: &Task) -> Result<Option<Effect>> {
    let name = hex::decode(&due.subject).map_err(|_| Error::invariant("an archive without a name"))?;
    let Some(archive) = cx.get::<Archive>(&Name::from_stored(name.into())).await? else { return Ok(None) };
    let next = cx.get::<Next>(&next_name(&archive)).await?;
    if next.is_none_or(|next| next.0 != due.at) {
        return Ok(None);
    }
    let horizon = archive.horizon(cx.now());
    let past = held::range(&archive, Timestamp::from_millis(i64::MIN), horizon, None);
    let gone = cx.scan::<Held>(&past, DELETED_AT_ONCE_MAX).await?;
    held::delete(cx, &archive.id, &gone).await?;
    if gone.len() == DELETED_AT_ONCE_MAX {
        let at = cx.now() + Duration::from_millis(1);
        cx.schedule(task(cx, &archive, at))?;
        cx.put(next_name(&archive), Next(at))?;
        return Ok(None);
    }
    // The store still has what was deleted just now, so the next one is looked for behind the horizon.
    let rest = held::range(&archive, horizon, Timestamp::from_millis(i64::MAX), None);
    let oldest = cx.glance::<Held>(&rest, 1).await?.first().map(|(_, held)| held.time);
    let Some(retention) = archive.retention() else { return Ok(None) };
    let oldest = oldest.unwrap_or(cx.now()).min(cx.now());
    let at = (oldest + retention).max(cx.now() + PAUSE);
    cx.schedule(task(cx, &archive, at))?;
    cx.put(next_name(&archive), Next(at))?;
    // AWS's audit log does not tell of it.
    Ok(None)
}
