//! What a segment's records are found by, in memory: their places, times and tags, in the order of the records.
//!
//! The index of the newest segment grows as records are appended, and that must cost next to nothing: so looking
//! something up here walks over all of it. The index of a closed segment is [written](crate::index_file) so that it need
//! not be walked over, and leaves memory.

use std::ops::Range;

use alcazar_base::Timestamp;
use alcazar_crypto::SegmentId;
use alcazar_engine::port::audit_log::{Find, Label, Order};

/// Where a record stands in its segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// Where its frame begins, in bytes.
    pub(crate) offset: u64,
    /// How long its frame is, in bytes.
    pub(crate) bytes: u32,
    /// Its frame's place among all of the segment.
    pub(crate) frame: u32,
    /// The time of the record.
    pub(crate) time: Timestamp,
}

/// A record that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hit {
    /// The record's sequence number.
    pub(crate) sequence: u64,
    /// Where it stands.
    pub(crate) place: Place,
}

/// What is known of a segment's records without looking at any of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Summary {
    /// The sequence number of the first record.
    pub(crate) first_sequence: u64,
    /// How many records there are.
    pub(crate) records: u32,
    /// The time of the earliest record.
    pub(crate) earliest: Timestamp,
    /// The time of the latest record.
    pub(crate) latest: Timestamp,
}

impl Summary {
    /// Of a segment without records.
    pub(crate) fn empty(first_sequence: u64) -> Self {
        let (earliest, latest) = (Timestamp::from_millis(i64::MAX), Timestamp::from_millis(i64::MIN));
        Self { first_sequence, records: 0, earliest, latest }
    }

    /// The sequence number after the last record.
    pub(crate) fn next_sequence(&self) -> u64 {
        self.first_sequence + u64::from(self.records)
    }

    /// The records, counted within the segment, that stand where they are looked for; none if it was another time.
    pub(crate) fn range(&self, find: &Find) -> Range<u32> {
        if self.latest < find.from || self.earliest > find.to {
            return 0..0;
        }
        let within = |sequence: u64| {
            u32::try_from(sequence.saturating_sub(self.first_sequence)).unwrap_or(u32::MAX).min(self.records)
        };
        match (find.order, find.after) {
            (_, None) => 0..self.records,
            (Order::NewestFirst, Some(after)) => 0..within(after),
            (Order::OldestFirst, Some(after)) => within(after.saturating_add(1))..self.records,
        }
    }
}

/// The index of one segment.
#[derive(Debug)]
pub(crate) struct SegmentIndex {
    number: u64,
    id: SegmentId,
    summary: Summary,
    places: Vec<Place>,
    tags: Vec<u32>,
    /// Where the tags of each record end.
    tags_end: Vec<u32>,
}

impl SegmentIndex {
    /// The index of a segment without records.
    pub(crate) fn new(number: u64, id: SegmentId, first_sequence: u64) -> Self {
        let summary = Summary::empty(first_sequence);
        Self { number, id, summary, places: Vec::new(), tags: Vec::new(), tags_end: Vec::new() }
    }

    /// Adds the next record.
    pub(crate) fn push(&mut self, offset: u64, bytes: u64, frame: u32, label: &Label) {
        let time = label.time;
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        self.places.push(Place { offset, bytes, frame, time });
        self.tags.extend_from_slice(&label.tags);
        self.tags_end.push(u32::try_from(self.tags.len()).unwrap_or(u32::MAX));
        self.summary.records = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
        self.summary.earliest = self.summary.earliest.min(time);
        self.summary.latest = self.summary.latest.max(time);
    }

    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    pub(crate) fn id(&self) -> SegmentId {
        self.id
    }

    pub(crate) fn summary(&self) -> Summary {
        self.summary
    }

    pub(crate) fn places(&self) -> &[Place] {
        &self.places
    }

    /// Every tag with the record that has it, counted within the segment; in the order of tags, then of records.
    pub(crate) fn postings(&self) -> Vec<(u32, u32)> {
        // Numbers are sorted faster than pairs of them.
        let mut postings: Vec<u64> = Vec::with_capacity(self.tags.len());
        for (record, _) in (0_u32..).zip(&self.places) {
            let tags = self.tags_of(record).iter();
            postings.extend(tags.map(|tag| u64::from(*tag) << 32 | u64::from(record)));
        }
        postings.sort_unstable();
        postings.dedup();
        let half = |number: u64| u32::try_from(number & u64::from(u32::MAX)).unwrap_or(0);
        postings.into_iter().map(|posting| (half(posting >> 32), half(posting))).collect()
    }

    fn tags_of(&self, record: u32) -> &[u32] {
        let record = usize::try_from(record).unwrap_or(usize::MAX);
        let end = |record: usize| {
            self.tags_end.get(record).and_then(|end| usize::try_from(*end).ok()).unwrap_or(self.tags.len())
        };
        let begin = record.checked_sub(1).map_or(0, end);
        self.tags.get(begin..end(record)).unwrap_or_default()
    }

    /// The records that are looked for, in the order that they are looked for in.
    pub(crate) fn hits(&self, find: &Find) -> Vec<Hit> {
        let is_wanted = |record: &u32| {
            find.tags
                .as_ref()
                .is_none_or(|wanted| self.tags_of(*record).iter().any(|tag| wanted.contains(tag)))
        };
        let place = |record: u32| self.places.get(usize::try_from(record).ok()?).copied();
        let hit = |record: u32| {
            let place = place(record).filter(|place| find.from <= place.time && place.time <= find.to)?;
            Some(Hit { sequence: self.summary.first_sequence + u64::from(record), place })
        };
        let range = self.summary.range(find);
        match find.order {
            Order::OldestFirst => range.filter(is_wanted).filter_map(hit).take(find.limit).collect(),
            Order::NewestFirst => range.rev().filter(is_wanted).filter_map(hit).take(find.limit).collect(),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// An index whose records have known places, times and tags.
    pub(crate) fn index(records: &[(i64, Vec<u32>)]) -> SegmentIndex {
        let mut index = SegmentIndex::new(7, [3; 16], 100);
        let mut offset = 200;
        for (number, (time, tags)) in (0_u32..).zip(records) {
            let label = Label { time: Timestamp::from_millis(*time), tags: tags.clone() };
            let bytes = 60 + u64::from(number % 5);
            index.push(offset, bytes, 1 + 2 * number, &label);
            offset += bytes + u64::from(number % 3);
        }
        index
    }

    /// Looks for a tag at any time.
    pub(crate) fn find(tag: u32, order: Order, after: Option<u64>, limit: usize) -> Find {
        Find {
            tags: Some(vec![tag]),
            from: Timestamp::from_millis(i64::MIN),
            to: Timestamp::from_millis(i64::MAX),
            order,
            after,
            limit,
        }
    }

    fn sequences(hits: &[Hit]) -> Vec<u64> {
        hits.iter().map(|hit| hit.sequence).collect()
    }

    #[test]
    fn records_are_found_by_tag_time_and_place_in_both_orders() {
        let index = index(&[(10, vec![1, 2]), (20, vec![2]), (15, vec![]), (30, vec![2, 1])]);
        assert_eq!(sequences(&index.hits(&find(2, Order::NewestFirst, None, 9))), [103, 101, 100]);
        assert_eq!(sequences(&index.hits(&find(2, Order::NewestFirst, Some(103), 1))), [101]);
        assert_eq!(sequences(&index.hits(&find(2, Order::OldestFirst, Some(100), 9))), [101, 103]);
        assert_eq!(sequences(&index.hits(&find(3, Order::OldestFirst, None, 9))), [0; 0]);
        let at = Timestamp::from_millis;
        let window = Find { from: at(15), to: at(20), tags: None, ..find(0, Order::NewestFirst, None, 9) };
        assert_eq!(sequences(&index.hits(&window)), [102, 101]);
        let before = Find { from: at(0), to: at(9), ..window.clone() };
        let after = Find { from: at(31), to: at(99), ..window };
        assert!(index.summary().range(&before).is_empty() && index.summary().range(&after).is_empty());
    }
}
