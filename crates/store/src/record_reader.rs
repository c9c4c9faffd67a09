//! Reads single records of a segment by their places, without reading what lies between.
//!
//! A record that is found near the one before is there already: some bytes are read at a time, on the side where the
//! next one is looked for.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use alcazar_crypto::{Keyring, SegmentKey};
use alcazar_engine::port::audit_log::Order;

use crate::open_error::OpenError;
use crate::segment::{self, Frame};
use crate::segment_index::{Hit, Place};

/// How many bytes are read at a time.
const READ_BYTES: u64 = 32 * 1024;

/// The records of one segment.
pub(crate) struct RecordReader {
    path: PathBuf,
    file: File,
    key: SegmentKey,
    order: Order,
    read: Vec<u8>,
    /// Where what was read begins.
    offset: u64,
}

impl RecordReader {
    /// Opens the segment `number`, whose records will be read in this order.
    pub(crate) fn open(
        segments: &Path,
        number: u64,
        keyring: &Keyring,
        order: Order,
    ) -> Result<Self, OpenError> {
        let path = segment::path(segments, number);
        let mut file = File::open(&path).map_err(|error| OpenError::io(&path, &error))?;
        let (key, _) = segment::read_head(&mut file, &path, segment::MAGIC, keyring)?;
        Ok(Self { path, file, key, order, read: Vec::new(), offset: 0 })
    }

    /// Reads a record.
    pub(crate) fn read(&mut self, hit: &Hit) -> Result<Frame, OpenError> {
        if self.sealed(&hit.place).is_none() {
            self.fill(&hit.place)?;
        }
        let sealed = self.sealed(&hit.place).ok_or_else(|| self.damaged("it has lost its end", hit))?;
        let frame = segment::open_whole_frame(&self.key, hit.place.frame, sealed, hit.sequence);
        frame.map_err(|what| self.damaged(what, hit))
    }

    /// Says that the segment is damaged where a record stands.
    pub(crate) fn damaged(&self, what: &str, hit: &Hit) -> OpenError {
        OpenError::damaged(&self.path, format!("{what} (at byte {})", hit.place.offset))
    }

    /// The frame, if it was read.
    fn sealed(&self, place: &Place) -> Option<&[u8]> {
        let begin = usize::try_from(place.offset.checked_sub(self.offset)?).ok()?;
        let end = begin.checked_add(usize::try_from(place.bytes).ok()?)?;
        self.read.get(begin..end)
    }

    fn fill(&mut self, place: &Place) -> Result<(), OpenError> {
        let bytes = u64::from(place.bytes).max(READ_BYTES);
        let end = place.offset.saturating_add(u64::from(place.bytes));
        self.offset = match self.order {
            Order::OldestFirst => place.offset,
            Order::NewestFirst => end.saturating_sub(bytes),
        };
        self.read.clear();
        self.read.resize(usize::try_from(bytes).unwrap_or(0), 0);
        let mut filled = 0;
        while let Some(rest) = self.read.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.file.read_at(rest, self.offset + filled as u64) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(OpenError::io(&self.path, &error)),
            }
        }
        self.read.truncate(filled);
        Ok(())
    }
}
