//! Finding records by their labels, segment by segment.

use std::sync::atomic::Ordering;

use alcazar_engine::port::audit_log::{AuditEntry, Find, Order};
use alcazar_engine::port::store::Revision;

use super::Shared;
use crate::audit_reader::{AUDIT_READ_BYTES_MAX, Fate, Known};
use crate::open_error::OpenError;
use crate::record_reader::RecordReader;
use crate::segment::Kind;
use crate::segment_index::Hit;
use crate::segment_range::SegmentRange;

/// How many hits are taken from an index at a time.
const HITS_MAX: usize = 4096;

/// What was found so far.
struct Found {
    entries: Vec<AuditEntry>,
    bytes_left: usize,
}

/// Whether there is more to be looked for.
#[derive(PartialEq, Eq)]
enum Search {
    GoesOn,
    IsDone,
}

impl Shared {
    /// Finds entries; those of commits that are not durable yet are not there.
    pub(super) fn find(&self, find: &Find) -> Result<Vec<AuditEntry>, OpenError> {
        let confirmed = self.durable.load(Ordering::Acquire);
        let range = self.range();
        let mut found = Found { entries: Vec::new(), bytes_left: AUDIT_READ_BYTES_MAX };
        let mut numbers = range.first..=range.last;
        let mut next = || match find.order {
            Order::NewestFirst => numbers.next_back(),
            Order::OldestFirst => numbers.next(),
        };
        while let Some(number) = next() {
            match self.find_in(number, range, find, confirmed, &mut found) {
                Ok(Search::GoesOn) => {}
                Ok(Search::IsDone) => break,
                // It was dropped since we looked which segments there are.
                Err(error) if error.is_not_found() && number < self.first.load(Ordering::Acquire) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(found.entries)
    }

    /// Finds entries in one segment.
    fn find_in(
        &self,
        number: u64,
        range: SegmentRange,
        find: &Find,
        confirmed: Revision,
        found: &mut Found,
    ) -> Result<Search, OpenError> {
        let mut find = find.clone();
        let wanted = find.limit;
        let mut reader = None;
        loop {
            let missing = wanted.saturating_sub(found.entries.len());
            if missing == 0 {
                return Ok(Search::IsDone);
            }
            find.limit = missing.min(HITS_MAX);
            let hits = self.hits(number, &find)?;
            let Some(last) = hits.last() else { return Ok(Search::GoesOn) };
            find.after = Some(last.sequence);
            let reader = match &mut reader {
                Some(reader) => reader,
                None => reader.insert(RecordReader::open(&self.segments, number, &self.keyring, find.order)?),
            };
            let known = Known { reader: &self.reader, range };
            for hit in &hits {
                if found.take(hit, reader, known, number, find.order, confirmed)? == Search::IsDone {
                    return Ok(Search::IsDone);
                }
            }
        }
    }

    fn hits(&self, number: u64, find: &Find) -> Result<Vec<Hit>, OpenError> {
        {
            let writer = self.lock();
            if writer.number == number {
                return Ok(writer.index.hits(find));
            }
        }
        self.index.hits(number, find, &self.reader)
    }

    /// The segments as they are now.
    pub(super) fn range(&self) -> SegmentRange {
        let last = self.lock().number;
        SegmentRange { first: self.first.load(Ordering::Acquire), last }
    }
}

impl Found {
    /// Reads a record, and takes it if it is of no commit or of one that came to be.
    fn take(
        &mut self,
        hit: &Hit,
        reader: &mut RecordReader,
        known: Known<'_>,
        number: u64,
        order: Order,
        confirmed: Revision,
    ) -> Result<Search, OpenError> {
        let frame = reader.read(hit)?;
        let commit = match frame.kind {
            Kind::Plain => None,
            Kind::Commit => match (known.fate(number, frame.commit, confirmed)?, order) {
                (Fate::Done, _) => Some(frame.commit),
                // What comes behind it, in the order of the log, is told only once it is known what became of it.
                (Fate::Unknown, Order::OldestFirst) => return Ok(Search::IsDone),
                (Fate::Unknown, Order::NewestFirst) | (Fate::Void, _) => return Ok(Search::GoesOn),
            },
            Kind::Description | Kind::Durable => return Err(reader.damaged("a frame is no record", hit)),
        };
        if frame.record.len() > self.bytes_left && !self.entries.is_empty() {
            return Ok(Search::IsDone);
        }
        self.bytes_left = self.bytes_left.saturating_sub(frame.record.len());
        self.entries.push(AuditEntry { sequence: frame.sequence, commit, record: frame.record });
        Ok(Search::GoesOn)
    }
}
