//! The record of a message: what was sent, which never changes while it is in a queue.
//!
//! Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Message.html>

use alcazar_base::Timestamp;
use alcazar_crypto::entropy::random;
use alcazar_engine::port::store::NameRange;
use alcazar_engine::{Name, Reads, Result};
use minicbor::{Decode, Encode};

use crate::encryption::Body;
use crate::group::GroupKey;
use crate::message_attribute::MessageAttribute;

const TABLE: &str = "sqs.message";

/// How many bits of a sequence number are below its time.
const SEQUENCE_RANDOM_BITS: u32 = 20;

/// What is added to a sequence number that is told, so that it has 20 digits.
const SEQUENCE_BASE: u128 = 10_000_000_000_000_000_000;

/// A message. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Message {
    /// `MessageId`
    #[n(0)]
    pub(crate) message_id: String,
    /// The body, as it is kept.
    #[n(1)]
    pub(crate) body: Body,
    /// Its attributes, sorted by their names.
    #[n(2)]
    pub(crate) attributes: Vec<MessageAttribute>,
    /// `AWSTraceHeader`
    #[n(3)]
    pub(crate) trace_header: Option<String>,
    /// `SenderId`
    #[n(4)]
    pub(crate) sender_id: String,
    /// `SentTimestamp`
    #[n(5)]
    pub(crate) sent: Timestamp,
    /// `MessageGroupId`
    #[n(6)]
    pub(crate) group_id: Option<String>,
    /// `MessageDeduplicationId`
    #[n(7)]
    pub(crate) deduplication_id: Option<String>,
    /// `SequenceNumber`
    #[n(8)]
    pub(crate) sequence: Option<Sequence>,
    /// `DeadLetterQueueSourceArn`
    #[n(9)]
    pub(crate) source_arn: Option<String>,
    /// How often it was received from other queues before it came to this one.
    #[n(10)]
    pub(crate) receives_before: u32,
    /// When it was first received from another queue.
    #[n(11)]
    pub(crate) first_received: Option<Timestamp>,
}

/// The number that orders the messages of a group: the time in milliseconds, and something random below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(transparent)]
pub(crate) struct Sequence(#[n(0)] u64);

impl Sequence {
    /// One for a message that is sent now, greater than that of the one before.
    ///
    /// # Errors
    /// Randomness failed.
    pub(crate) fn after(reads: &Reads<'_>, before: Option<Self>) -> Result<Self> {
        let millis = u64::try_from(reads.now().as_millis()).unwrap_or(0);
        let low = u64::from(u32::from_be_bytes(random(reads.entropy())?) >> (32 - SEQUENCE_RANDOM_BITS));
        let next = before.map_or(0, |Self(before)| before.saturating_add(1));
        Ok(Self(((millis << SEQUENCE_RANDOM_BITS) | low).max(next)))
    }

    /// The time that it was made at.
    pub(crate) fn time(self) -> Timestamp {
        Timestamp::from_millis(i64::try_from(self.0 >> SEQUENCE_RANDOM_BITS).unwrap_or(i64::MAX))
    }

    /// As callers are told it.
    pub(crate) fn shown(self) -> String {
        (SEQUENCE_BASE + u128::from(self.0)).to_string()
    }

    fn part(self) -> String {
        format!("{:016x}", self.0)
    }
}

/// The name of a message of a standard queue.
#[must_use]
pub(crate) fn standard_name(contents_id: &str, slot: &str) -> Name {
    Name::table(TABLE).part(contents_id).part(slot).name()
}

/// The name of a message of a FIFO queue.
#[must_use]
pub(crate) fn fifo_name(contents_id: &str, group: &GroupKey, sequence: Sequence) -> Name {
    Name::table(TABLE).part(contents_id).part(group.as_str()).part(&sequence.part()).name()
}

/// The messages of a group, in their order.
#[must_use]
pub(crate) fn of_group(contents_id: &str, group: &GroupKey) -> NameRange {
    Name::table(TABLE).part(contents_id).part(group.as_str()).range()
}

/// All messages of a queue's contents.
#[must_use]
pub(crate) fn all(contents_id: &str) -> NameRange {
    Name::table(TABLE).part(contents_id).range()
}

/// Whose contents a message of a FIFO queue belongs to, and its number; none for other names.
#[must_use]
pub(crate) fn read_fifo_name(name: &[u8]) -> Option<(&str, Sequence)> {
    let rest = std::str::from_utf8(name.strip_prefix(b"sqs.message\0")?).ok()?;
    let mut parts = rest.split('\0');
    let (contents_id, _group, sequence) = (parts.next()?, parts.next()?, parts.next()?);
    let sequence = u64::from_str_radix(sequence, 16).ok()?;
    Some((contents_id, Sequence(sequence)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sequence_number_has_twenty_digits_for_ever() {
        for number in [0, 1_767_225_600_000 << SEQUENCE_RANDOM_BITS, u64::MAX] {
            assert_eq!(Sequence(number).shown().len(), 20);
        }
        assert_eq!(
            Sequence(1_767_225_600_000 << SEQUENCE_RANDOM_BITS).time(),
            Timestamp::from_secs(1_767_225_600)
        );
    }

    #[test]
    fn only_names_of_fifo_messages_are_read() {
        let group = GroupKey::from_text("g00");
        let name = fifo_name("c", &group, Sequence(7));
        assert_eq!(read_fifo_name(name.as_bytes()), Some(("c", Sequence(7))));
        assert_eq!(read_fifo_name(standard_name("c", "0m").as_bytes()), None);
    }
}
