//! Topics: their records, and finding them.
//!
//! A topic has a unique id beside its name, and what belongs to it is named by that id: so a topic that is made again
//! under the name of a deleted one has nothing of it.

use std::sync::Arc;

use alcazar_base::{AccountId, Region, Timestamp};
use alcazar_crypto::Keyring;
use alcazar_engine::port::store::NameRange;
use alcazar_engine::{Cx, Name, Quota, Reads, Result};
use alcazar_identity::document::Document;
use alcazar_identity::tag::Tag;
use minicbor::{Decode, Encode};

use crate::arn::{FIFO_SUFFIX, TopicArn};
use crate::error;
use crate::quota;

const TABLE: &str = "sns-topic";

/// How many bytes a message may have, unless its topic says otherwise.
pub(crate) const MESSAGE_BYTES_DEFAULT: u32 = 262_144;

/// A topic. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Topic {
    #[n(0)]
    pub(crate) id: String,
    #[n(1)]
    pub(crate) account: AccountId,
    #[n(2)]
    pub(crate) region: Region,
    #[n(3)]
    pub(crate) name: String,
    #[n(4)]
    pub(crate) created: Timestamp,
    #[n(5)]
    pub(crate) policy: Document,
    #[n(6)]
    pub(crate) tags: Vec<Tag>,
    #[n(7)]
    pub(crate) display_name: String,
    /// As it was given.
    #[n(8)]
    pub(crate) delivery_policy: Option<String>,
    /// The key that waiting messages are encrypted under: an id, an alias or the ARN of one.
    #[n(9)]
    pub(crate) kms_master_key_id: Option<String>,
    /// `1` or `2`, if it was given.
    #[n(10)]
    pub(crate) signature_version: Option<String>,
    #[n(11)]
    pub(crate) tracing_config: Option<String>,
    #[n(12)]
    pub(crate) content_based_deduplication: bool,
    #[n(13)]
    pub(crate) throughput_scope: ThroughputScope,
    #[n(14)]
    pub(crate) maximum_message_size: Option<u32>,
}

/// How far a FIFO topic looks for duplicates, and how far its sequence numbers go.
///
/// Source: <https://docs.aws.amazon.com/sns/latest/dg/fifo-high-throughput.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub(crate) enum ThroughputScope {
    #[n(0)]
    Topic,
    #[n(1)]
    MessageGroup,
}

impl ThroughputScope {
    /// As attributes say it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Topic => "Topic",
            Self::MessageGroup => "MessageGroup",
        }
    }
}

/// How many subscriptions a topic has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Counts {
    #[n(0)]
    pub(crate) confirmed: u64,
    #[n(1)]
    pub(crate) pending: u64,
    #[n(2)]
    pub(crate) deleted: u64,
    /// How many of them have a filter policy.
    #[n(3)]
    pub(crate) filtered: u64,
}

impl Topic {
    /// The topic's ARN.
    pub(crate) fn arn(&self) -> TopicArn {
        TopicArn { region: self.region.clone(), account: self.account, name: self.name.clone() }
    }

    /// Whether it keeps the order of messages.
    pub(crate) fn is_fifo(&self) -> bool {
        self.name.ends_with(FIFO_SUFFIX)
    }

    /// How many bytes a message may have.
    pub(crate) fn message_bytes_max(&self) -> usize {
        usize::try_from(self.maximum_message_size.unwrap_or(MESSAGE_BYTES_DEFAULT)).unwrap_or(usize::MAX)
    }
}

fn kind(fifo: bool) -> &'static str {
    if fifo { "fifo" } else { "standard" }
}

/// The name of a topic's record.
pub(crate) fn name(keyring: &Keyring, arn: &TopicArn) -> Name {
    let TopicArn { region, account, name } = arn;
    let table = Name::table(TABLE).part(account.as_str()).part(region.as_str());
    table.part(kind(arn.is_fifo())).blind(keyring, name).name()
}

/// All topics of an account in a region.
pub(crate) fn all(account: AccountId, region: &Region) -> NameRange {
    Name::table(TABLE).part(account.as_str()).part(region.as_str()).range()
}

fn of_kind(arn: &TopicArn) -> NameRange {
    Name::table(TABLE).part(arn.account.as_str()).part(arn.region.as_str()).part(kind(arn.is_fifo())).range()
}

fn counts_name(topic_id: &str) -> Name {
    Name::table("sns-count").part(topic_id).name()
}

/// The topic of an ARN, if there is one.
///
/// # Errors
/// The store failed.
pub(crate) async fn find(reads: &mut Reads<'_>, arn: &TopicArn) -> Result<Option<Arc<Topic>>> {
    let name = name(&reads.keyring(), arn);
    reads.get(&name).await
}

/// Holds room for a new topic.
///
/// # Errors
/// The account has as many as it may.
pub(crate) async fn room_for_new(cx: &mut Cx<'_>, arn: &TopicArn) -> Result<()> {
    let quota: &Quota = if arn.is_fifo() { &quota::FIFO_TOPICS } else { &quota::TOPICS };
    let Some(most) = cx.quota(quota) else { return Ok(()) };
    let name = name(&cx.keyring(), arn);
    cx.room_for(&name, &of_kind(arn), most).await?.map_err(|_| error::topic::limit().into())
}

/// Writes a topic.
///
/// # Errors
/// As [`Cx::put`].
pub(crate) fn put(cx: &mut Cx<'_>, topic: Topic) -> Result<()> {
    let name = name(&cx.keyring(), &topic.arn());
    cx.put(name, topic)
}

/// How many subscriptions a topic has.
///
/// # Errors
/// The store failed.
pub(crate) async fn counts(reads: &mut Reads<'_>, topic_id: &str) -> Result<Counts> {
    let counts = reads.get::<Counts>(&counts_name(topic_id)).await?;
    Ok(counts.map(|counts| *counts).unwrap_or_default())
}

/// Changes how many subscriptions a topic has.
///
/// # Errors
/// The store failed.
pub(crate) async fn count(cx: &mut Cx<'_>, topic_id: &str, change: impl FnOnce(&mut Counts)) -> Result<()> {
    let mut counts = counts(cx, topic_id).await?;
    change(&mut counts);
    cx.put(counts_name(topic_id), counts)
}

/// Forgets how many there were.
///
/// # Errors
/// As [`Cx::delete`].
pub(crate) fn forget_counts(cx: &mut Cx<'_>, topic_id: &str) -> Result<()> {
    cx.delete(counts_name(topic_id))
}
