//! What must happen after a commit: an event to deliver, a function to call, a message to pass on.
//!
//! A delivery is a record, written in the same transaction as its cause, so it exists exactly if the cause was
//! committed. A handler of its service takes it in a transaction of its own, which deletes the record too; what the
//! handler cannot do now it is given again later. So it is done at least once, and once as far as the handler writes
//! records alone.
//!
//! Deliveries stand in lanes, by what they share their fate with: a target, a subscription. Lanes do not hold each other
//! up. In a lane in order, one delivery is under way at a time, and one that waits to be tried again holds up those
//! behind it.

use alcazar_base::Timestamp;
use alcazar_crypto::Keyring;
use bytes::Bytes;
use minicbor::{Decode, Encode};

use crate::context::Cx;
use crate::error::Result;
use crate::name::Name;
use crate::port::BoxFuture;
use crate::port::store::NameRange;

const TABLE: &str = "delivery";

/// What is to be delivered, as the cause says it.
#[derive(Debug, Clone)]
pub struct NewDelivery<'a> {
    /// The service whose handler takes it, e.g. `events`.
    pub service: &'a str,
    /// The handler.
    pub kind: &'a str,
    /// What it shares its fate with.
    pub lane: &'a str,
    /// Whether the lane keeps its order. It is the same for all deliveries of a lane.
    pub in_order: bool,
    /// When it is to be done: now, or later.
    pub at: Timestamp,
    /// What the handler needs.
    pub payload: Vec<u8>,
}

/// Something to be delivered. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Delivery {
    /// The service whose handler takes it.
    #[n(0)]
    pub service: String,
    /// The handler.
    #[n(1)]
    pub kind: String,
    /// What it shares its fate with.
    #[n(2)]
    pub lane: String,
    /// Whether the lane keeps its order.
    #[n(3)]
    pub in_order: bool,
    /// A unique id, the same for all attempts.
    #[n(4)]
    pub id: String,
    /// When its cause happened.
    #[n(5)]
    pub caused: Timestamp,
    /// When the next attempt is due.
    #[n(6)]
    pub due: Timestamp,
    /// How many attempts failed.
    #[n(7)]
    pub attempts: u32,
    /// What the handler needs.
    #[cbor(n(8), with = "minicbor::bytes")]
    pub payload: Vec<u8>,
}

/// How an attempt came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivered {
    /// It is done with, in one way or the other.
    Done,
    /// It is to be tried again. What the handler wrote in this attempt stays.
    RetryAt(Timestamp),
    /// Its turn comes later. That is no failed attempt, and does not count as one.
    NotBefore(Timestamp),
}

/// Takes the deliveries of one kind.
pub struct DeliveryHandler {
    /// The kind.
    pub kind: &'static str,
    /// Takes one. If it fails, nothing that it wrote stays, and it is given the delivery again after a while.
    pub run: for<'a> fn(&'a mut Cx<'_>, &'a Delivery) -> BoxFuture<'a, Result<Delivered>>,
}

/// A lane, as names have it.
pub(crate) type LaneId = [u8; 16];

const PREFIX: &[u8] = b"delivery\0";

/// The name of a delivery that is due at `at`: after all others of its lane that were written before and are due then.
pub(crate) fn name(keyring: &Keyring, delivery: &Delivery, at: Timestamp, sequence: u64) -> Name {
    Name::table(TABLE)
        .blind(keyring, &delivery.lane)
        .time(at)
        .part(&format!("{sequence:016x}"))
        .part(&delivery.id)
        .name()
}

/// All deliveries, lane by lane.
pub(crate) fn all() -> NameRange {
    Name::table(TABLE).range()
}

/// All deliveries of a lane, the earliest first.
pub(crate) fn of_lane(lane: &LaneId) -> NameRange {
    NameRange::prefix(&[PREFIX, lane].concat())
}

/// The lane of a delivery's name and when it is due; none for other names.
pub(crate) fn place(name: &[u8]) -> Option<(LaneId, Timestamp)> {
    let (lane, rest) = name.strip_prefix(PREFIX)?.split_first_chunk::<16>()?;
    let due = i64::from_be_bytes(*rest.first_chunk::<8>()?) ^ i64::MIN;
    Some((*lane, Timestamp::from_millis(due)))
}

/// The names behind those of a lane.
pub(crate) fn behind_lane(lane: &LaneId) -> NameRange {
    NameRange { start: of_lane(lane).end.map_start(), end: all().end }
}

trait MapStart {
    fn map_start(self) -> std::ops::Bound<Bytes>;
}

impl MapStart for std::ops::Bound<Bytes> {
    /// The end of one range, as the start of the next.
    fn map_start(self) -> std::ops::Bound<Bytes> {
        match self {
            Self::Excluded(name) => Self::Included(name),
            Self::Included(name) => Self::Excluded(name),
            Self::Unbounded => Self::Unbounded,
        }
    }
}

#[cfg(test)]
mod tests {
    use alcazar_crypto::SeededEntropy;

    use super::*;

    fn delivery(lane: &str) -> Delivery {
        Delivery {
            service: "s".into(),
            kind: "k".into(),
            lane: lane.into(),
            in_order: false,
            id: "i".into(),
            caused: Timestamp::from_secs(5),
            due: Timestamp::from_secs(5),
            attempts: 0,
            payload: Vec::new(),
        }
    }

    #[test]
    fn a_name_says_its_lane_and_time_and_stands_with_its_lane() {
        let keyring = Keyring::generate(&SeededEntropy::new(1)).unwrap();
        let at = Timestamp::from_millis(1_700_000_000_123);
        let (one, other) = (delivery("one"), delivery("other"));
        let name_of_one = name(&keyring, &one, at, 7);
        let (lane, due) = place(name_of_one.as_bytes()).unwrap();
        assert_eq!(due, at);
        assert!(of_lane(&lane).contains(name_of_one.as_bytes()));
        assert!(!behind_lane(&lane).contains(name_of_one.as_bytes()));
        let (lane_of_other, _) = place(name(&keyring, &other, at, 7).as_bytes()).unwrap();
        assert_ne!(lane, lane_of_other);
        assert!(name(&keyring, &one, at, 7) < name(&keyring, &one, at, 8));
        assert!(
            name(&keyring, &one, at, 8) < name(&keyring, &one, Timestamp::from_millis(1_700_000_000_124), 0)
        );
        assert_eq!(place(b"due\0x"), None);
    }
}
