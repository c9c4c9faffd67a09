//! Reads the audit log back, across its segments.
//!
//! The records of commits that never came to be are passed over: those of a revision that the store did not have
//! when it was opened next.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use alcazar_crypto::Keyring;
use alcazar_engine::port::audit_log::AuditEntry;
use alcazar_engine::port::store::Revision;

use crate::directory;
use crate::open_error::OpenError;
use crate::segment::{self, Description, Kind, Next, SegmentReader};

/// How many bytes of records one read gives at most; one record is always given.
pub const AUDIT_READ_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Reads the audit log of a data directory, whether a server is running on it or not. It changes nothing and
/// takes no lock.
///
/// The newest few records may be of commits that are under way, or that a crash has prevented.
#[derive(Debug, Clone)]
pub struct AuditReader {
    segments: PathBuf,
    keyring: Arc<Keyring>,
}

impl AuditReader {
    /// Reads the log of the data directory `directory`.
    #[must_use]
    pub fn new(directory: &Path, keyring: Arc<Keyring>) -> Self {
        Self { segments: directory::audit(directory), keyring }
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
        let count = segment::count(&self.segments)?;
        let mut known = Known { reader: self, descriptions: BTreeMap::new(), count };
        let mut entries = Vec::new();
        let mut bytes_left = AUDIT_READ_BYTES_MAX;
        let Some(first) = known.holding(sequence)? else { return Ok(entries) };
        for number in first..=count {
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
enum Fate {
    Done,
    Void,
    Unknown,
}

/// The descriptions of segments, each read once.
struct Known<'a> {
    reader: &'a AuditReader,
    descriptions: BTreeMap<u64, Description>,
    count: u64,
}

impl Known<'_> {
    fn description(&mut self, number: u64) -> Result<Description, OpenError> {
        if let Some(description) = self.descriptions.get(&number) {
            return Ok(*description);
        }
        let segment = SegmentReader::open(&self.reader.segments, number, &self.reader.keyring)?;
        self.descriptions.insert(number, *segment.description());
        Ok(*segment.description())
    }

    /// The last segment that does not begin after `sequence`, if there is any segment.
    fn holding(&mut self, sequence: u64) -> Result<Option<u64>, OpenError> {
        if self.count == 0 {
            return Ok(None);
        }
        let (mut low, mut high) = (1, self.count);
        while low < high {
            let middle = low + (high - low).div_ceil(2);
            if self.description(middle)?.first_sequence <= sequence {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        Ok(Some(low))
    }

    /// Opens a segment, bounded by what the next one says of it.
    fn open(&mut self, number: u64) -> Result<SegmentReader, OpenError> {
        let segment = SegmentReader::open(&self.reader.segments, number, &self.reader.keyring)?;
        if number == self.count {
            return Ok(segment);
        }
        let next = self.description(number + 1)?;
        Ok(segment.ends_at(next.previous_end))
    }

    /// Checks that a segment ends with the record before the first of the next one.
    fn check_end(&mut self, number: u64, segment: &SegmentReader) -> Result<(), OpenError> {
        if number < self.count && self.description(number + 1)?.first_sequence != segment.sequence() {
            return Err(OpenError::damaged(
                segment.path(),
                "the segment after it does not begin where it ends",
            ));
        }
        Ok(())
    }

    fn fate(&mut self, number: u64, commit: Revision, confirmed: Revision) -> Result<Fate, OpenError> {
        for later in number + 1..=self.count {
            let later = self.description(later)?;
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
