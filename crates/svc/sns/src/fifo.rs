//! FIFO topics: sequence numbers, order and duplicates.
//!
//! What always holds: in a group, the message with the greater sequence number stands behind the other in its lane,
//! whoever published them and whatever their clocks said.
//!
//! Source: <https://docs.aws.amazon.com/sns/latest/dg/fifo-topic-message-ordering.html>,
//! <https://docs.aws.amazon.com/sns/latest/dg/fifo-message-dedup.html>

use std::sync::Arc;
use std::time::Duration;

use alcazar_base::Timestamp;
use alcazar_crypto::entropy;
use alcazar_engine::{Cx, Name, NameBuilder, Reads, Result};
use aws_lc_rs::digest;
use minicbor::{Decode, Encode};
use uuid::Builder;

use crate::topic::{ThroughputScope, Topic};

/// How long duplicates are told.
const INTERVAL: Duration = Duration::from_secs(5 * 60);

/// The number before the first, so that all have twenty digits.
const BEFORE_FIRST: u64 = 10_000_000_000_000_000_000;

/// How many ids that are past their time a message takes along.
const CLEARED_MAX: usize = 4;

/// The last number given out, and the last place in a lane.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
struct Sequence {
    #[n(0)]
    last: u64,
    #[n(1)]
    at: Timestamp,
}

/// The first message of an id.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct First {
    #[n(0)]
    pub(crate) message_id: String,
    #[n(1)]
    pub(crate) sequence: String,
    #[n(2)]
    published: Timestamp,
}

/// What finds an id that is past its time.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
struct Noted {
    #[cbor(n(0), with = "minicbor::bytes")]
    name: Vec<u8>,
}

/// Where a message stands.
pub(crate) struct Place {
    pub(crate) sequence: String,
    pub(crate) at: Timestamp,
}

/// What becomes of a message.
pub(crate) enum Entered {
    New(Place),
    Duplicate(Arc<First>),
}

/// A new message's id.
///
/// # Errors
/// Randomness failed.
pub(crate) fn message_id(reads: &Reads<'_>) -> Result<String> {
    Ok(Builder::from_random_bytes(entropy::random(reads.entropy())?).into_uuid().to_string())
}

/// What tells duplicates where nothing else is said: the text's SHA-256 digest.
pub(crate) fn digest(text: &str) -> String {
    hex::encode(digest::digest(&digest::SHA256, text.as_bytes()))
}

/// Lets those who publish to the same groups, or to the same topic, wait for each other, since they would conflict.
///
/// # Errors
/// `Error::Again`, to be passed on.
pub(crate) fn lock(cx: &mut Cx<'_>, topic: &Topic, groups: &[&str]) -> Result<()> {
    if !topic.is_fifo() {
        return Ok(());
    }
    let id = &topic.id;
    match topic.throughput_scope {
        ThroughputScope::Topic => cx.lock([format!("sns/{id}")]),
        ThroughputScope::MessageGroup => cx.lock(groups.iter().map(|group| format!("sns/{id}/{group}"))),
    }
}

/// Gives a message its place, unless it is the duplicate of another.
///
/// # Errors
/// The store failed.
pub(crate) async fn enter(
    cx: &mut Cx<'_>,
    topic: &Topic,
    group: &str,
    deduplication: &str,
    message_id: &str,
) -> Result<Entered> {
    let keyring = cx.keyring();
    let scoped = |table: &'static str| -> NameBuilder {
        let name = Name::table(table).part(&topic.id);
        match topic.throughput_scope {
            ThroughputScope::Topic => name,
            ThroughputScope::MessageGroup => name.blind(&keyring, group),
        }
    };
    let id_name = scoped("sns-duplicate").blind(&keyring, deduplication).name();
    let first = cx.get::<First>(&id_name).await?;
    if let Some(first) = first.filter(|first| cx.now() < first.published + INTERVAL) {
        return Ok(Entered::Duplicate(first));
    }
    // Groups have lanes of their own, and a topic's numbers and places hold for all of its groups.
    let sequence_name = scoped("sns-sequence").name();
    let before = cx.get::<Sequence>(&sequence_name).await?;
    let (last, earliest) = before.map_or((BEFORE_FIRST, cx.now()), |before| (before.last, before.at));
    let next = Sequence { last: last.saturating_add(1), at: earliest.max(cx.now()) };
    let place = Place { sequence: next.last.to_string(), at: next.at };
    cx.put(sequence_name, next)?;
    let (sequence, published) = (place.sequence.clone(), cx.now());
    cx.put(id_name.clone(), First { message_id: message_id.to_owned(), sequence, published })?;
    clear(cx, topic).await?;
    let expires = published + INTERVAL;
    let noted = Name::table("sns-duplicate-due").part(&topic.id).time(expires).part(message_id).name();
    cx.put(noted, Noted { name: id_name.as_bytes().to_vec() })?;
    Ok(Entered::New(place))
}

/// Forgets some ids that are past their time.
async fn clear(cx: &mut Cx<'_>, topic: &Topic) -> Result<()> {
    let table = || Name::table("sns-duplicate-due").part(&topic.id);
    let mut range = table().range();
    range.end = std::ops::Bound::Excluded(table().time(cx.now()).prefix());
    for (name, noted) in cx.glance::<Noted>(&range, CLEARED_MAX).await? {
        let id = Name::from_stored(noted.name.clone().into());
        // It may stand for a later message by now.
        let first = cx.get::<First>(&id).await?;
        if first.is_some_and(|first| first.published + INTERVAL <= cx.now()) {
            cx.delete(id)?;
        }
        cx.delete(name)?;
    }
    Ok(())
}

/// Forgets what a deleted topic leaves, a bounded part of it; says whether there is more.
///
/// # Errors
/// The store failed.
pub(crate) async fn forget(cx: &mut Cx<'_>, topic_id: &str, most: usize) -> Result<bool> {
    let range = |table: &'static str| Name::table(table).part(topic_id).range();
    let mut names: Vec<Name> = Vec::new();
    let first = cx.glance::<First>(&range("sns-duplicate"), most).await?;
    names.extend(first.into_iter().map(|(name, _)| name));
    let sequences = cx.glance::<Sequence>(&range("sns-sequence"), most).await?;
    names.extend(sequences.into_iter().map(|(name, _)| name));
    let noted = cx.glance::<Noted>(&range("sns-duplicate-due"), most).await?;
    names.extend(noted.into_iter().map(|(name, _)| name));
    let more = names.len() >= most;
    for name in names {
        cx.delete(name)?;
    }
    Ok(more)
}
