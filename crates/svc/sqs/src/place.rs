//! Where messages stand in a queue: names that order them by the time at which they can be received.
//!
//! What always holds: everything that can be received, now or later, has one place in one of two tables. In a standard
//! queue that is each message; in a FIFO queue each message group that has messages, for of a group only the first
//! message is given out. A place is moved by deleting its name and putting another one, never by writing the same name
//! again: so places can be counted by the names that commits tell.
//!
//! Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html>

use alcazar_base::Timestamp;
use alcazar_engine::{Name, NameBuilder};
use minicbor::{Decode, Encode};

/// The two tables of places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(index_only)]
pub(crate) enum Table {
    /// What was sent, by the time from which it is visible, and what was made visible again at once. What waits for
    /// messages waits for names here.
    #[n(0)]
    Available,
    /// What was received, by the time from which it is visible again.
    #[n(1)]
    InFlight,
}

impl Table {
    /// Both.
    pub(crate) const ALL: [Self; 2] = [Self::Available, Self::InFlight];

    const fn prefix(self) -> &'static str {
        match self {
            Self::Available => "sqs.available",
            Self::InFlight => "sqs.in_flight",
        }
    }

    /// The leading parts of the names of all places of one queue's contents.
    #[must_use]
    pub(crate) fn of(self, contents_id: &str) -> NameBuilder {
        Name::table(self.prefix()).part(contents_id)
    }
}

/// A place: what a standard queue keeps there of its message. Field numbers never change their meaning.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Place {
    /// When the message was sent.
    #[n(0)]
    pub(crate) sent: Timestamp,
    /// How often it was received from this queue.
    #[n(1)]
    pub(crate) receives: u32,
    /// When it was first received, from any queue.
    #[n(2)]
    pub(crate) first_received: Option<Timestamp>,
    /// When it was last received.
    #[n(3)]
    pub(crate) received: Option<Timestamp>,
    /// Whether it has stood at another place since a receipt handle named one; see [`Moved`].
    #[n(4)]
    pub(crate) moved: bool,
}

/// Where a message of a standard queue stands now, if not where its first receipt handle says. Field numbers never change
/// their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Moved {
    /// The table.
    #[n(0)]
    pub(crate) table: Table,
    /// The time.
    #[n(1)]
    pub(crate) at: Timestamp,
}

/// The name of where a message went.
#[must_use]
pub(crate) fn moved_name(contents_id: &str, slot: &str) -> Name {
    Name::table("sqs.moved").part(contents_id).part(slot).name()
}

/// The name of a place. `what` is the message's slot, or that of the group and how much of it is in flight.
#[must_use]
pub(crate) fn name(table: Table, contents_id: &str, at: Timestamp, what: &str) -> Name {
    table.of(contents_id).time(at).part(what).name()
}

/// What a place's name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Told<'a> {
    /// The table.
    pub(crate) table: Table,
    /// Whose contents.
    pub(crate) contents_id: &'a str,
    /// The time.
    pub(crate) at: Timestamp,
    /// The message or group.
    pub(crate) what: &'a str,
}

/// Reads the name of a place; none for other names.
#[must_use]
pub(crate) fn read(name: &[u8]) -> Option<Told<'_>> {
    let rest = name.strip_prefix(b"sqs.")?;
    let (table, rest) = if let Some(rest) = rest.strip_prefix(b"available\0") {
        (Table::Available, rest)
    } else {
        (Table::InFlight, rest.strip_prefix(b"in_flight\0")?)
    };
    let end = rest.iter().position(|byte| *byte == 0)?;
    let (contents_id, rest) = (rest.get(..end)?, rest.get(end + 1..)?);
    let (time, what) = rest.split_first_chunk::<8>()?;
    let text = |bytes| std::str::from_utf8(bytes).ok();
    Some(Told {
        table,
        contents_id: text(contents_id)?,
        at: Timestamp::from_millis(i64::from_be_bytes(*time) ^ i64::MIN),
        what: text(what.strip_suffix(b"\0")?)?,
    })
}

/// Another time for a place, a moment earlier, where its name would stay the same.
#[must_use]
pub(crate) fn apart(
    old: &Name,
    table: Table,
    contents_id: &str,
    at: Timestamp,
    what: &str,
) -> (Name, Timestamp) {
    let new = name(table, contents_id, at, what);
    if new != *old {
        return (new, at);
    }
    let earlier = Timestamp::from_millis(at.as_millis().saturating_sub(1));
    (name(table, contents_id, earlier, what), earlier)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_back_from_its_name() {
        for table in Table::ALL {
            let at = Timestamp::from_millis(1_767_225_600_123);
            let name = name(table, "c-1", at, "0m-1");
            let told = Told { table, contents_id: "c-1", at, what: "0m-1" };
            assert_eq!(read(name.as_bytes()), Some(told));
        }
        for other in
            [&b"sqs.queue\0c-1\0"[..], b"sqs.available\0c-1\0", b"sqs.available", b"kms.key\0a\0", b""]
        {
            assert_eq!(read(other), None);
        }
    }

    #[test]
    fn a_place_that_moves_never_keeps_its_name() {
        let at = Timestamp::from_millis(1000);
        let old = name(Table::InFlight, "c", at, "m");
        let (new, earlier) = apart(&old, Table::InFlight, "c", at, "m");
        assert_eq!(
            (new, earlier),
            (name(Table::InFlight, "c", Timestamp::from_millis(999), "m"), Timestamp::from_millis(999))
        );
        let (new, same) = apart(&old, Table::Available, "c", at, "m");
        assert_eq!((new, same), (name(Table::Available, "c", at, "m"), at));
    }
}
