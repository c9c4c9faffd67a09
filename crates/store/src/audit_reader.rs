//! Reads the audit log back, across its segments.
//!
//! The records of commits that never came to be are passed over: those of a revision that the store did not have
//! when it was opened next.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use alcazar_crypto::{Keyring, SegmentId};
use alcazar_engine::port::audit_log::AuditEntry;
use alcazar_engine::port::store::Revision;

use crate::directory;
use crate::open_error::OpenError;
use crate::segment::{Description, Kind, Next, SegmentReader};
use crate::segment_range::SegmentRange;

/// How many bytes of records one read gives at most; one record is always given.
pub const AUDIT_READ_BYTES_MAX: usize = 16 * 1024 * 1024;

/// How often a read begins anew because segments were dropped meanwhile.
const ATTEMPTS_MAX: usize = 8;

/// Reads the audit log of a data directory, whether a server is running on it or not. It changes nothing and
/// takes no lock.
///
/// The newest few records may be of commits that are under way, or that a crash has prevented.
#[derive(Debug, Clone)]
pub struct AuditReader {
    segments: PathBuf,
    keyring: Arc<Keyring>,
    /// The descriptions of segments, each read once: they never change.
    descriptions: Arc<Mutex<BTreeMap<u64, (SegmentId, Description)>>>,
}

impl AuditReader {
    /// Reads the log of the data directory `directory`.
    #[must_use]
    pub fn new(directory: &Path, keyring: Arc<Keyring>) -> Self {
        Self { segments: directory::audit(directory), keyring, descriptions: Arc::default() }
    }

    /// Up to `limit` entries from `sequence` on, the oldest first, and no more than [`AUDIT_READ_BYTES_MAX`] of them.
    /// None means that the end was reached.
    ///
    /// # Errors
    /// `OpenError` if the log cannot be read or is damaged there.
    pub fn read(&self, sequence: u64, limit: usize) -> Result<Vec<AuditEntry>, OpenError> {
        self.read_confirmed(sequence, limit, Revision::MAX)
    }

    /// The same, up to the first record of a commit after `confirmed` that may still come to be.
    pub(crate) fn read_confirmed(
        &self,
        sequence: u64,
        limit: usize,
        confirmed: Revision,
    ) -> Result<Vec<AuditEntry>, OpenError> {
        let mut attempts = 0;
        loop {
            let range = SegmentRange::read(&self.segments, &self.keyring)?;
            match self.read_range(range, sequence, limit, confirmed) {
                // What was the first segment may have been dropped while it was about to be read.
                Err(error) if error.is_not_found() && attempts < ATTEMPTS_MAX => attempts += 1,
                outcome => return outcome,
            }
        }
    }

    fn read_range(
        &self,
        range: SegmentRange,
        sequence: u64,
        limit: usize,
        confirmed: Revision,
    ) -> Result<Vec<AuditEntry>, OpenError> {
        let known = Known { reader: self, range };
        let mut entries = Vec::new();
        let mut bytes_left = AUDIT_READ_BYTES_MAX;
        let Some(first) = known.holding(sequence)? else { return Ok(entries) };
        for number in first..=range.last {
            let mut segment = known.open(number)?;
            segment.skip_to(sequence)?;
            while entries.len() < limit {
                let Next::Frame(frame) = segment.next_frame()? else {
                    known.check_end(number, &segment)?;
                    break;
                };
                let commit = match frame.kind {
                    Kind::Plain => None,
                    Kind::Commit => match known.fate(number, frame.commit, confirmed)? {
                        Fate::Done => Some(frame.commit),
                        Fate::Void => continue,
                        Fate::Unknown => return Ok(entries),
                    },
                    Kind::Description | Kind::Durable => continue,
                };
                if frame.record.len() > bytes_left && !entries.is_empty() {
                    return Ok(entries);
                }
                bytes_left = bytes_left.saturating_sub(frame.record.len());
                entries.push(AuditEntry { sequence: frame.sequence, commit, record: frame.record });
            }
            if entries.len() >= limit {
                break;
            }
        }
        Ok(entries)
    }
}

/// What became of a commit.
pub(crate) enum Fate {
    Done,
    Void,
    Unknown,
}

/// The segments as they are at one moment.
#[derive(Clone, Copy)]
pub(crate) struct Known<'a> {
    pub(crate) reader: &'a AuditReader,
    pub(crate) range: SegmentRange,
}

impl AuditReader {
    fn described(&self, number: u64) -> Result<(SegmentId, Description), OpenError> {
        let known = |map: &BTreeMap<_, _>| map.get(&number).copied();
        if let Some(described) = known(&self.descriptions.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(described);
        }
        let segment = SegmentReader::open(&self.segments, number, &self.keyring)?;
        let described = (segment.id(), *segment.description());
        self.descriptions.lock().unwrap_or_else(PoisonError::into_inner).insert(number, described);
        Ok(described)
    }

    pub(crate) fn description(&self, number: u64) -> Result<Description, OpenError> {
        self.described(number).map(|(_, description)| description)
    }

    /// Whether the segment `number` is the one of this id.
    pub(crate) fn is_segment(&self, number: u64, id: SegmentId) -> bool {
        self.described(number).is_ok_and(|(known, _)| known == id)
    }

    /// Opens a segment that is not the newest, bounded by what the next one says of it.
    pub(crate) fn open_closed(&self, number: u64) -> Result<SegmentReader, OpenError> {
        let segment = SegmentReader::open(&self.segments, number, &self.keyring)?;
        Ok(segment.ends_at(self.description(number + 1)?.previous_end))
    }

    /// Forgets what is known of the segments before `first`.
    pub(crate) fn forget_before(&self, first: u64) {
        let mut descriptions = self.descriptions.lock().unwrap_or_else(PoisonError::into_inner);
        descriptions.retain(|number, _| *number >= first);
    }
}

impl Known<'_> {
    /// The last segment that does not begin after `sequence`, if there is any segment; the first, if all do.
    fn holding(&self, sequence: u64) -> Result<Option<u64>, OpenError> {
        if self.range.count() == 0 {
            return Ok(None);
        }
        let (mut low, mut high) = (self.range.first, self.range.last);
        while low < high {
            let middle = low + (high - low).div_ceil(2);
            if self.reader.description(middle)?.first_sequence <= sequence {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        Ok(Some(low))
    }

    fn open(&self, number: u64) -> Result<SegmentReader, OpenError> {
        if number == self.range.last {
            return SegmentReader::open(&self.reader.segments, number, &self.reader.keyring);
        }
        self.reader.open_closed(number)
    }

    /// Checks that a segment ends with the record before the first of the next one.
    fn check_end(&self, number: u64, segment: &SegmentReader) -> Result<(), OpenError> {
        if number < self.range.last
            && self.reader.description(number + 1)?.first_sequence != segment.sequence()
        {
            return Err(OpenError::damaged(
                segment.path(),
                "the segment after it does not begin where it ends",
            ));
        }
        Ok(())
    }

    /// What became of a commit whose record is in the segment `number`.
    pub(crate) fn fate(&self, number: u64, commit: Revision, confirmed: Revision) -> Result<Fate, OpenError> {
        for later in number + 1..=self.range.last {
            let later = self.reader.description(later)?;
            if commit <= later.revision {
                return Ok(Fate::Done);
            }
            if later.at_start {
                return Ok(Fate::Void);
            }
        }
        Ok(if commit <= confirmed { Fate::Done } else { Fate::Unknown })
    }
}
