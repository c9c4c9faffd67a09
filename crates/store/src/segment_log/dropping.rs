//! Dropping the oldest segments.
//!
//! First it is said, for good, which segment will be the first; then those before it are removed. A crash in between
//! leaves segments that nobody looks at, and the next start removes them.

use std::sync::atomic::Ordering;

use alcazar_base::Timestamp;
use alcazar_engine::port::audit_log::AuditLogError;

use super::{Shared, error};
use crate::segment_range::{self, SegmentRange};

impl Shared {
    /// Drops the segments whose records are all older than `time` and before `sequence`, never the newest; gives the
    /// sequence number of the first record that is kept. While somebody [holds](super::SegmentLog::hold) the segments,
    /// none is dropped.
    pub(super) fn drop_before(&self, time: Timestamp, sequence: u64) -> Result<u64, AuditLogError> {
        let range = self.range();
        if let Ok(_turn) = self.held.try_write() {
            let first = self.first_to_keep(range, time, sequence)?;
            if first > range.first {
                segment_range::write_first(&self.segments, first, &self.keyring, self.entropy.as_ref())
                    .map_err(error)?;
                self.first.store(first, Ordering::Release);
                self.index.forget_before(first);
                self.reader.forget_before(first);
                segment_range::remove_before(&self.segments, first).map_err(error)?;
            }
        }
        let first = self.first.load(Ordering::Acquire);
        self.reader.description(first).map(|description| description.first_sequence).map_err(error)
    }

    fn first_to_keep(
        &self,
        range: SegmentRange,
        time: Timestamp,
        sequence: u64,
    ) -> Result<u64, AuditLogError> {
        for number in range.first..range.last {
            let summary = self.index.summary(number, &self.reader).map_err(error)?;
            if (summary.records > 0 && summary.latest >= time) || summary.next_sequence() > sequence {
                return Ok(number);
            }
        }
        Ok(range.last)
    }
}
