//! What counts for five minutes: which messages were sent to a FIFO queue, and which receives were asked for by id.
//!
//! Such records stand in buckets by their time, as long as they count; so one is found by its name in this bucket or the
//! one before, and old buckets are swept away whole.
//!
//! Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html>

use std::sync::Arc;

use alcazar_base::Timestamp;
use alcazar_engine::port::store::NameRange;
use alcazar_engine::{Cx, Name, Reads, Record, Result};
use minicbor::{Decode, Encode};

use crate::message::Sequence;
use crate::receipt::Receipt;

/// How long something counts, in milliseconds.
pub(crate) const MILLIS: i64 = 5 * 60 * 1000;

const TABLE: &str = "sqs.recent";

/// A message that was sent. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Sent {
    /// When.
    #[n(0)]
    pub(crate) at: Timestamp,
    /// Its id.
    #[n(1)]
    pub(crate) message_id: String,
    /// Its number.
    #[n(2)]
    pub(crate) sequence: Sequence,
}

/// A receive that was asked for by an id. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Attempt {
    /// When.
    #[n(0)]
    pub(crate) at: Timestamp,
    /// What was given out.
    #[n(1)]
    pub(crate) receipts: Vec<Receipt>,
    /// Until when it was in flight.
    #[n(2)]
    pub(crate) until: Timestamp,
}

/// Something that counts for a while.
pub(crate) trait Recent: Record {
    /// What tells its kind from others.
    const KIND: &'static str;
    /// Since when it counts.
    fn at(&self) -> Timestamp;
}

impl Recent for Sent {
    const KIND: &'static str = "sent";

    fn at(&self) -> Timestamp {
        self.at
    }
}

impl Recent for Attempt {
    const KIND: &'static str = "attempt";

    fn at(&self) -> Timestamp {
        self.at
    }
}

fn bucket(time: Timestamp) -> i64 {
    time.as_millis().div_euclid(MILLIS)
}

fn name<R: Recent>(reads: &Reads<'_>, queue_id: &str, bucket: i64, id: &str) -> Name {
    let start = Timestamp::from_millis(bucket.saturating_mul(MILLIS));
    Name::table(TABLE).part(queue_id).time(start).part(R::KIND).blind(&reads.keyring(), id).name()
}

/// What counts under this id, if anything does, and its name.
///
/// # Errors
/// The store failed.
pub(crate) async fn find<R: Recent>(
    reads: &mut Reads<'_>,
    queue_id: &str,
    id: &str,
) -> Result<Option<(Name, Arc<R>)>> {
    let now = reads.now();
    for bucket in [bucket(now), bucket(now) - 1] {
        let name = name::<R>(reads, queue_id, bucket, id);
        if let Some(found) = reads.get::<R>(&name).await?
            && now.as_millis() - found.at().as_millis() < MILLIS
        {
            return Ok(Some((name, found)));
        }
    }
    Ok(None)
}

/// Has something count from now on.
///
/// # Errors
/// The transaction is too large.
pub(crate) fn put<R: Recent>(cx: &mut Cx<'_>, queue_id: &str, id: &str, recent: R) -> Result<()> {
    let name = name::<R>(cx, queue_id, bucket(recent.at()), id);
    cx.put(name, recent)
}

/// Everything of a queue that has counted, the earliest first.
#[must_use]
pub(crate) fn all(queue_id: &str) -> NameRange {
    Name::table(TABLE).part(queue_id).range()
}

/// From when on nothing of the bucket counts that a name stands in.
#[must_use]
pub(crate) fn ends(name: &Name) -> Option<Timestamp> {
    let rest = name.as_bytes().strip_prefix(b"sqs.recent\0")?;
    let end = rest.iter().position(|byte| *byte == 0)?;
    let start = i64::from_be_bytes(*rest.get(end + 1..)?.first_chunk::<8>()?) ^ i64::MIN;
    Some(Timestamp::from_millis(start.saturating_add(2 * MILLIS)))
}
