//! How many messages a queue has: visible, delayed, in flight.
//!
//! What is counted are the names of places, and in FIFO queues, where a place is that of a whole group, the names of
//! messages beside them. So every commit can be followed by its names.
//!
//! Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-monitoring-using-cloudwatch.html>

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::time::Duration;

use alcazar_base::Timestamp;
use alcazar_engine::Name;
use alcazar_engine::port::store::NameRange;
use alcazar_engine::{Reads, Result};

use crate::group::GroupKey;
use crate::index::Indexes;
use crate::message;
use crate::place::{self, Table};
use crate::queue::Queue;

/// How long messages of a queue may be delayed, in milliseconds.
const DELAY_MILLIS_MAX: i64 = 900 * 1000;

/// What a name is that matters to an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A place.
    Place(Table),
    /// A message of a FIFO queue.
    Message,
}

impl Kind {
    /// Whose contents a name belongs to, and what it is.
    pub(crate) fn of(name: &[u8]) -> Option<(&str, Self)> {
        if let Some(told) = place::read(name) {
            return Some((told.contents_id, Self::Place(told.table)));
        }
        let (contents_id, _) = message::read_fifo_name(name)?;
        Some((contents_id, Self::Message))
    }

    /// Where everything is that is counted of a queue, in the order of the names.
    pub(crate) fn ranges(contents_id: &str, is_fifo: bool) -> Vec<NameRange> {
        let places = Table::ALL.into_iter().map(|table| table.of(contents_id).range());
        places.chain(is_fifo.then(|| message::all(contents_id))).collect()
    }
}

/// How many messages a queue has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counts {
    /// `ApproximateNumberOfMessages`
    pub(crate) visible: i64,
    /// `ApproximateNumberOfMessagesDelayed`
    pub(crate) delayed: i64,
    /// `ApproximateNumberOfMessagesNotVisible`
    pub(crate) in_flight: i64,
}

/// How many messages a queue has now. It is not noted as read.
///
/// # Errors
/// The store failed.
pub(crate) async fn counts(reads: &mut Reads<'_>, queue: &Queue) -> Result<Counts> {
    let now = reads.now();
    let delay = Duration::from_secs(queue.settings.delay_seconds.into());
    let index = reads.state::<Indexes>().of(&queue.contents_id);
    let ask = |tally: &mut Tally| if queue.is_fifo() { tally.fifo(now, delay) } else { tally.standard(now) };
    index.tally(reads, queue.is_fifo(), ask).await
}

/// A number of things at times.
#[derive(Debug, Default)]
struct Times {
    later: BTreeMap<i64, i64>,
    /// How many are not later than this time.
    before: i64,
    folded_to: Option<i64>,
}

impl Times {
    fn add(&mut self, at: Timestamp, change: i64) {
        let at = at.as_millis();
        if self.folded_to.is_some_and(|folded_to| at <= folded_to) {
            self.before += change;
            return;
        }
        let count = self.later.entry(at).or_default();
        *count += change;
        if *count == 0 {
            self.later.remove(&at);
        }
    }

    /// How many there are in all, and how many of them later than `now`; nobody asks for an earlier time again.
    fn split(&mut self, now: Timestamp) -> (i64, i64) {
        let now = now.as_millis();
        let later = self.later.split_off(&now.saturating_add(1));
        self.before += std::mem::replace(&mut self.later, later).values().sum::<i64>();
        self.folded_to = self.folded_to.max(Some(now));
        let later = self.later.values().sum::<i64>();
        (self.before + later, later)
    }
}

/// What is counted of one queue's contents.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    available: Times,
    in_flight: Times,
    messages: Times,
}

impl Tally {
    /// A name has a record now, or none any more.
    pub(crate) fn told(&mut self, name: &[u8], is_put: bool) {
        let sign = if is_put { 1 } else { -1 };
        if let Some(told) = place::read(name) {
            match (told.table, GroupKey::of_place(told.what)) {
                (Table::Available, None) => self.available.add(told.at, sign),
                (Table::Available, Some(_)) => {}
                (Table::InFlight, None) => self.in_flight.add(told.at, sign),
                (Table::InFlight, Some((_, count))) => self.in_flight.add(told.at, sign * i64::from(count)),
            }
        } else if let Some((_, sequence)) = message::read_fifo_name(name) {
            self.messages.add(sequence.time(), sign);
        }
    }

    /// The counts of a standard queue.
    pub(crate) fn standard(&mut self, now: Timestamp) -> Counts {
        let (available, delayed) = self.available.split(now);
        let (received, in_flight) = self.in_flight.split(now);
        Counts { visible: available - delayed + received - in_flight, delayed, in_flight }
    }

    /// The counts of a FIFO queue with this delay.
    pub(crate) fn fifo(&mut self, now: Timestamp, delay: Duration) -> Counts {
        let earliest = Timestamp::from_millis(now.as_millis() - DELAY_MILLIS_MAX);
        let (messages, _) = self.messages.split(earliest);
        let delay = i64::try_from(delay.as_millis()).unwrap_or(0);
        let from = (Bound::Excluded(now.as_millis() - delay), Bound::Unbounded);
        let delayed = self.messages.later.range(from).map(|(_, count)| count).sum::<i64>();
        let (_, in_flight) = self.in_flight.split(now);
        Counts { visible: (messages - delayed - in_flight).max(0), delayed, in_flight }
    }
}

/// A tally in the making: what it has been through is exact, and what is told of the rest will be found there.
#[derive(Debug, Default)]
pub(crate) struct Counted {
    pub(crate) tally: Tally,
    /// Every name before this one has been counted.
    reach: Vec<u8>,
}

impl Counted {
    /// Adds the next names, all there are before `reach`, and what was noted until they were read.
    pub(crate) fn add(&mut self, found: Vec<Name>, reach: Vec<u8>, notes: Vec<(Name, bool)>) {
        let mut names: BTreeSet<Name> = found.into_iter().collect();
        for (name, is_put) in notes {
            let bytes = name.as_bytes().as_ref();
            if bytes < self.reach.as_slice() {
                self.tally.told(bytes, is_put);
            } else if is_put && bytes < reach.as_slice() {
                names.insert(name);
            } else {
                names.remove(&name);
            }
        }
        for name in names {
            self.tally.told(name.as_bytes(), true);
        }
        self.reach = reach;
    }

    /// The tally, when everything has been through, with what was noted since.
    pub(crate) fn finish(mut self, notes: Vec<(Name, bool)>) -> Tally {
        let reach = self.reach.clone();
        self.add(Vec::new(), reach, notes);
        self.tally
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_secs(seconds)
    }

    fn standing(table: Table, seconds: i64, what: &str) -> Name {
        place::name(table, "c", at(seconds), what)
    }

    #[test]
    fn messages_are_counted_by_where_they_stand_when_asked() {
        let mut tally = Tally::default();
        tally.told(standing(Table::Available, 10, "0a").as_bytes(), true);
        tally.told(standing(Table::Available, 20, "0b").as_bytes(), true);
        tally.told(standing(Table::InFlight, 30, "0c").as_bytes(), true);
        assert_eq!(tally.standard(at(10)), Counts { visible: 1, delayed: 1, in_flight: 1 });
        assert_eq!(tally.standard(at(20)), Counts { visible: 2, delayed: 0, in_flight: 1 });
        tally.told(standing(Table::Available, 10, "0a").as_bytes(), false);
        tally.told(standing(Table::InFlight, 50, "0a").as_bytes(), true);
        assert_eq!(tally.standard(at(30)), Counts { visible: 2, delayed: 0, in_flight: 1 });
    }

    #[test]
    fn what_is_told_while_counting_is_counted_once() {
        let name = |number: i64| standing(Table::Available, number, "0a");
        let mut counted = Counted::default();
        // Told before it was read, and read; told before it was read, and beyond.
        let notes = vec![(name(1), true), (name(5), true)];
        counted.add(vec![name(1), name(2)], name(3).as_bytes().to_vec(), notes);
        // Behind: counted at once. Ahead: as it is read.
        let notes = vec![(name(2), false), (name(4), false)];
        counted.add(vec![name(4), name(5)], name(9).as_bytes().to_vec(), notes);
        let mut tally = counted.finish(vec![(name(6), true)]);
        assert_eq!(tally.standard(at(100)).visible, 3);
    }
}
