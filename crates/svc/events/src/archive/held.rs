//! What archives hold: the events, by the time at which they happened, and how many there are.
//!
//! Counts are kept in shards, so that events which come together do not wait for each other. What a deleted archive
//! held goes bit by bit.

use std::ops::Bound;
use std::sync::Arc;

use alcazar_base::Timestamp;
use alcazar_engine::port::BoxFuture;
use alcazar_engine::port::store::NameRange;
use alcazar_engine::{
    Cx, Delivered, Delivery, DeliveryHandler, Error, Name, NameBuilder, NewDelivery, Reads, Result,
};
use minicbor::{Decode, Encode};
use serde_json::Value as Json;

use super::Archive;
use crate::dispatch::SERVICE;

const TABLE: &str = "events.archived";
const COUNTS: &str = "events.archive-count";

/// How many counts there are of an archive; one for each first digit of an event's id there.
const SHARDS: usize = 16;

/// How many events one transaction deletes.
pub(crate) const DELETED_AT_ONCE_MAX: usize = 500;

/// Empties what a deleted archive held.
pub(crate) const HANDLER: DeliveryHandler = DeliveryHandler { kind: KIND, run };

const KIND: &str = "archive";

/// An event in an archive.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Held {
    /// The event as JSON.
    #[n(0)]
    pub event: String,
    /// When it happened, by what it says itself.
    #[n(1)]
    pub time: Timestamp,
    /// Which count it is in.
    #[n(2)]
    shard: String,
}

/// How much an archive holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Count {
    /// How many events.
    #[n(0)]
    pub events: i64,
    /// How long they are together, in bytes.
    #[n(1)]
    pub bytes: i64,
}

impl Count {
    fn of(held: &Held) -> Self {
        Self { events: 1, bytes: i64::try_from(held.event.len()).unwrap_or(i64::MAX) }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            events: self.events.saturating_add(other.events),
            bytes: self.bytes.saturating_add(other.bytes),
        }
    }

    fn minus(self, other: Self) -> Self {
        Self {
            events: self.events.saturating_sub(other.events),
            bytes: self.bytes.saturating_sub(other.bytes),
        }
    }
}

fn of_archive(archive_id: &str) -> NameBuilder {
    Name::table(TABLE).part(archive_id)
}

fn count_name(archive_id: &str, shard: &str) -> Name {
    Name::table(COUNTS).part(archive_id).part(shard).name()
}

fn counts(archive_id: &str) -> NameRange {
    Name::table(COUNTS).part(archive_id).range()
}

/// The events of an archive that happened in a time, behind the one of a name.
pub(crate) fn range(archive: &Archive, start: Timestamp, end: Timestamp, after: Option<&Name>) -> NameRange {
    let at = |time| of_archive(&archive.id).time(time).prefix();
    let start = after.map_or(Bound::Included(at(start)), |after| Bound::Excluded(after.as_bytes().clone()));
    NameRange { start, end: Bound::Excluded(at(end)) }
}

/// When the oldest event happened.
///
/// # Errors
/// The store failed.
pub(crate) async fn oldest(reads: &mut Reads<'_>, archive: &Archive) -> Result<Option<Timestamp>> {
    let found = reads.glance::<Held>(&of_archive(&archive.id).range(), 1).await?;
    Ok(found.first().map(|(_, held)| held.time))
}

/// How much an archive holds.
///
/// # Errors
/// The store failed.
pub(crate) async fn count(reads: &mut Reads<'_>, archive: &Archive) -> Result<Count> {
    let counts = reads.glance::<Count>(&counts(&archive.id), SHARDS).await?;
    Ok(counts.iter().fold(Count::default(), |sum, (_, count)| sum.plus(**count)))
}

/// Takes an event into an archive. `id` is unique.
///
/// # Errors
/// The store failed.
pub(crate) async fn put(cx: &mut Cx<'_>, archive: &Archive, id: &str, event: &str) -> Result<()> {
    let value: Json = serde_json::from_str(event)
        .map_err(|error| Error::invariant(format!("an event that came is none: {error}")))?;
    let said = value.get("time").and_then(Json::as_str).and_then(|time| Timestamp::parse_iso8601(time).ok());
    let time = said.unwrap_or(cx.now());
    let shard = id.get(..1).unwrap_or("0").to_owned();
    let held = Held { event: event.to_owned(), time, shard };
    let name = count_name(&archive.id, &held.shard);
    let count = cx.get::<Count>(&name).await?.map_or(Count::default(), |count| *count);
    cx.put(name, count.plus(Count::of(&held)))?;
    cx.put(of_archive(&archive.id).time(time).part(id).name(), held)
}

/// Deletes events of an archive, and counts them out.
///
/// # Errors
/// The store failed.
pub(crate) async fn delete(cx: &mut Cx<'_>, archive_id: &str, gone: &[(Name, Arc<Held>)]) -> Result<()> {
    let mut shards: Vec<&str> = gone.iter().map(|(_, held)| held.shard.as_str()).collect();
    shards.sort_unstable();
    shards.dedup();
    for shard in shards {
        let of_shard = gone.iter().filter(|(_, held)| held.shard == shard);
        let sum = of_shard.fold(Count::default(), |sum, (_, held)| sum.plus(Count::of(held)));
        let name = count_name(archive_id, shard);
        let count = cx.get::<Count>(&name).await?.map_or(Count::default(), |count| *count);
        cx.put(name, count.minus(sum))?;
    }
    for (name, _) in gone {
        cx.delete(name.clone())?;
    }
    Ok(())
}

/// Has everything that an archive holds deleted after the commit.
///
/// # Errors
/// The delivery cannot be written.
pub(crate) fn empty(cx: &mut Cx<'_>, archive: &Archive) -> Result<()> {
    go_on(cx, &archive.id)
}

fn go_on(cx: &mut Cx<'_>, archive_id: &str) -> Result<()> {
    cx.deliver(&NewDelivery {
        service: SERVICE,
        kind: KIND,
        lane: &format!("archive/{archive_id}"),
        in_order: true,
        at: cx.now(),
        payload: archive_id.as_bytes().to_vec(),
    })
}

fn run<'a>(cx: &'a mut Cx<'_>, delivery: &'a Delivery) -> BoxFuture<'a, Result<Delivered>> {
    Box::pin(async move {
        let archive_id = String::from_utf8(delivery.payload.clone())
            .map_err(|_| Error::invariant("an archive without an id was deleted"))?;
        let gone = cx.scan::<Held>(&of_archive(&archive_id).range(), DELETED_AT_ONCE_MAX).await?;
        for (name, _) in &gone {
            cx.delete(name.clone())?;
        }
        if gone.len() == DELETED_AT_ONCE_MAX {
            go_on(cx, &archive_id)?;
            return Ok(Delivered::Done);
        }
        for (name, _) in cx.scan::<Count>(&counts(&archive_id), SHARDS).await? {
            cx.delete(name)?;
        }
        Ok(Delivered::Done)
    })
}
