//! Message groups of FIFO queues: what stands at a group's place, and what of it is in flight.
//!
//! What always holds: a group has a record exactly as long as it has messages, and then one place. While any of its
//! messages is in flight, the place is that of the latest of them, so nothing of the group is given out before all are
//! back or deleted; otherwise it is that of the first message. Everything that changes a group writes its record, so of
//! two changes at once only one is committed.
//!
//! Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html>

use std::collections::BTreeSet;
use std::sync::Arc;

use alcazar_base::Timestamp;
use alcazar_crypto::Keyring;
use alcazar_engine::{Cx, Name, Reads, Result};
use minicbor::{Decode, Encode};

use crate::message::{self, Sequence};
use crate::place::{self, Place, Table};

/// What stands for a group's id in names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct GroupKey(String);

impl GroupKey {
    /// That of a group's id.
    pub(crate) fn of(keyring: &Keyring, contents_id: &str, group_id: &str) -> Self {
        let table = format!("sqs.group\0{contents_id}");
        Self(format!("g{}", hex::encode(keyring.blind(table.as_bytes(), group_id.as_bytes()))))
    }

    /// One that was read from a name or a receipt handle.
    pub(crate) fn from_text(text: &str) -> Self {
        Self(text.to_owned())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The group whose place a name's last part says, and how many of its messages are in flight; none if that is a
    /// message.
    pub(crate) fn of_place(what: &str) -> Option<(&str, u32)> {
        let (key, count) = what.split_once('.').filter(|_| what.starts_with('g'))?;
        Some((key, count.parse().ok()?))
    }

    fn place(&self, in_flight: usize) -> String {
        format!("{}.{in_flight}", self.0)
    }

    /// The lock that calls hold which change the group.
    pub(crate) fn lock(&self, contents_id: &str) -> String {
        format!("sqs.group {contents_id} {}", self.0)
    }

    /// The name of the group's record.
    pub(crate) fn name(&self, contents_id: &str) -> Name {
        Name::table("sqs.group").part(contents_id).part(&self.0).name()
    }
}

/// A group with messages. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Group {
    /// The number of the last message.
    #[n(0)]
    pub(crate) last: Sequence,
    /// Its first messages as far as they were ever received, in order: at most as many as one call receives.
    #[n(1)]
    pub(crate) received: Vec<Received>,
    /// The table of its place.
    #[n(2)]
    table: Table,
    /// The time of its place.
    #[n(3)]
    at: Timestamp,
    /// How many messages its place says to be in flight.
    #[n(4)]
    in_flight: u32,
}

/// A message that was received. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Received {
    /// Which.
    #[n(0)]
    pub(crate) sequence: Sequence,
    /// Until when it is in flight.
    #[n(1)]
    pub(crate) until: Timestamp,
    /// How often it was received from this queue.
    #[n(2)]
    pub(crate) receives: u32,
    /// When it was last received.
    #[n(3)]
    pub(crate) received: Timestamp,
    /// When it was first received, from any queue.
    #[n(4)]
    pub(crate) first_received: Timestamp,
}

impl Group {
    /// The group of a key, if it has messages.
    pub(crate) async fn find(
        reads: &mut Reads<'_>,
        contents_id: &str,
        key: &GroupKey,
    ) -> Result<Option<Arc<Self>>> {
        reads.get(&key.name(contents_id)).await
    }

    /// The name of its place.
    pub(crate) fn place(&self, contents_id: &str, key: &GroupKey) -> Name {
        let in_flight = usize::try_from(self.in_flight).unwrap_or(0);
        place::name(self.table, contents_id, self.at, &key.place(in_flight))
    }

    /// Whether anything of it is in flight.
    pub(crate) fn is_locked(&self, now: Timestamp) -> bool {
        self.received.iter().any(|received| received.until > now)
    }

    /// Adds a message at the end.
    pub(crate) fn append(
        cx: &mut Cx<'_>,
        contents_id: &str,
        key: &GroupKey,
        before: Option<Arc<Self>>,
        sequence: Sequence,
    ) -> Result<()> {
        let group = match before {
            Some(group) => Self { last: sequence, ..Self::clone(&group) },
            None => {
                let group = Self {
                    last: sequence,
                    received: Vec::new(),
                    table: Table::Available,
                    at: sequence.time(),
                    in_flight: 0,
                };
                cx.put(group.place(contents_id, key), Place { sent: sequence.time(), ..Place::default() })?;
                group
            }
        };
        cx.put(key.name(contents_id), group)
    }

    /// Writes what became of the group: `received` is what it has of messages that were received, `gone` are those that
    /// the call deletes.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn settle(
        cx: &mut Cx<'_>,
        contents_id: &str,
        key: &GroupKey,
        before: &Self,
        received: Vec<Received>,
        gone: &BTreeSet<Sequence>,
    ) -> Result<()> {
        let now = cx.now();
        let old_place = before.place(contents_id, key);
        let Some(first) = first(cx, contents_id, key, gone).await? else {
            cx.delete(old_place)?;
            return cx.delete(key.name(contents_id));
        };
        let in_flight = received.iter().filter(|received| received.until > now);
        let latest = in_flight.clone().map(|received| received.until).max();
        let group = Self {
            last: before.last,
            table: if latest.is_some() { Table::InFlight } else { Table::Available },
            at: latest.unwrap_or(first.time()),
            in_flight: u32::try_from(in_flight.count()).unwrap_or(0),
            received,
        };
        let new_place = group.place(contents_id, key);
        if new_place != old_place {
            cx.delete(old_place)?;
            cx.put(new_place, Place { sent: first.time(), ..Place::default() })?;
        }
        cx.put(key.name(contents_id), group)
    }
}

/// The first message of a group but those that are gone.
async fn first(
    cx: &mut Cx<'_>,
    contents_id: &str,
    key: &GroupKey,
    gone: &BTreeSet<Sequence>,
) -> Result<Option<Sequence>> {
    let names = cx.glance_names(&message::of_group(contents_id, key), gone.len() + 1).await?;
    let numbers = names.iter().filter_map(|name| Some(message::read_fifo_name(name.as_bytes())?.1));
    Ok(numbers.into_iter().find(|sequence| !gone.contains(sequence)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_a_group_says_how_much_of_it_is_in_flight() {
        let key = GroupKey::from_text("gabc");
        assert_eq!(GroupKey::of_place(&key.place(3)), Some(("gabc", 3)));
        assert_eq!(GroupKey::of_place("0abc"), None);
    }
}
