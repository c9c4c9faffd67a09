//! A backup: all records and the audit log as of one moment, as one stream.
//!
//! A stream is `magic (8) ‖ format (4) ‖ backup id (16) ‖ length of the keyring file (4) ‖ keyring file`, then chunks of
//! `length (4) ‖ sealed`. The keyring file is itself sealed, under the root of trust; each chunk is sealed in the
//! Backup domain, bound to the backup's id and to its place, the first one to the whole header too. The last chunk
//! says how much there was, and nothing may follow it: so whatever is changed, moved, left out or cut off shows.
//! All numbers are big-endian.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use alcazar_crypto::{Domain, Entropy, Keyring};
use bytes::{Buf, BufMut};

use crate::committer::ConsistentSnapshot;
use crate::embedded_store::EmbeddedStore;
use crate::open_error::OpenError;
use crate::segment;
use crate::segment_log::SegmentLog;
use crate::segment_range::{self, SegmentRange};

pub(crate) const MAGIC: &[u8; 8] = b"ALCABACK";
pub(crate) const FORMAT: u32 = 1;

/// The largest keyring file, in bytes.
pub(crate) const KEYRING_FILE_BYTES_MAX: usize = 4 * 1024 * 1024;

/// A chunk is sealed when it is this long, in bytes; one record may make it longer.
const CHUNK_BYTES: usize = 1024 * 1024;

/// The longest sealed chunk, in bytes: a full one with the largest record behind it.
pub(crate) const SEALED_CHUNK_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Told how many bytes are done, and of how many about.
pub type Progress<'a> = &'a mut dyn FnMut(u64, u64);

/// What a chunk holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A [`Start`].
    Start = 1,
    /// Records, each `length of name (4) ‖ name ‖ length of content (4) ‖ content`.
    Records = 2,
    /// `number of the segment (8) ‖ some of its bytes`, in order.
    Segment = 3,
    /// An [`End`].
    End = 4,
    /// The sealed file that says which segment is the first, before any segment; none if it is the one numbered 1.
    FirstSegment = 5,
}

impl Kind {
    pub(crate) fn from_byte(byte: u8) -> Option<Self> {
        [Self::Start, Self::Records, Self::Segment, Self::End, Self::FirstSegment]
            .into_iter()
            .find(|kind| *kind as u8 == byte)
    }
}

/// What a backup begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Start {
    /// The revision of the records.
    pub(crate) revision: u64,
    /// The audit records that the store vouched for.
    pub(crate) audit_sequence: u64,
    /// How many bytes there are, about.
    pub(crate) bytes: u64,
}

/// What a backup ends with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct End {
    /// Chunks before this one.
    pub(crate) chunks: u64,
    /// Records in them.
    pub(crate) records: u64,
    /// Segments in them.
    pub(crate) segments: u64,
}

impl Start {
    pub(crate) fn decode(mut bytes: &[u8]) -> Option<Self> {
        (bytes.len() == 24).then(|| Self {
            revision: bytes.get_u64(),
            audit_sequence: bytes.get_u64(),
            bytes: bytes.get_u64(),
        })
    }
}

impl End {
    pub(crate) fn decode(mut bytes: &[u8]) -> Option<Self> {
        (bytes.len() == 24).then(|| Self {
            chunks: bytes.get_u64(),
            records: bytes.get_u64(),
            segments: bytes.get_u64(),
        })
    }
}

/// The associated data of a chunk: its place, and for the first one the header before it.
pub(crate) fn chunk_name(id: &[u8], index: u64, header: &[u8]) -> Vec<u8> {
    let mut name = Vec::with_capacity(id.len() + 8 + header.len());
    name.put_slice(id);
    name.put_u64(index);
    if index == 0 {
        name.put_slice(header);
    }
    name
}

/// Writes a backup of a running store to `out`, and says how far it is. It waits for the store, so it must not be
/// called from within an asynchronous task.
///
/// `keyring_file` is the file that the keyring is opened from, as it is; `keyring` is what it opens to.
///
/// # Errors
/// `OpenError` if the store is closed or damaged, or `out` cannot be written.
pub fn backup(
    store: &EmbeddedStore,
    audit: &SegmentLog,
    keyring_file: &[u8],
    keyring: &Keyring,
    entropy: &dyn Entropy,
    out: &mut dyn Write,
    progress: Progress<'_>,
) -> Result<(), OpenError> {
    let _held = audit.hold();
    let snapshot = store.consistent_snapshot().map_err(failed)?;
    let state = snapshot.records.state().map_err(failed)?;
    let id = alcazar_crypto::entropy::random::<16>(entropy).map_err(failed)?;
    let length = u32::try_from(keyring_file.len()).map_err(failed)?;
    if keyring_file.len() > KEYRING_FILE_BYTES_MAX {
        return Err(failed("the keyring file is too long"));
    }
    let mut header = Vec::with_capacity(32 + keyring_file.len());
    header.put_slice(MAGIC);
    header.put_u32(FORMAT);
    header.put_slice(&id);
    header.put_u32(length);
    header.put_slice(keyring_file);
    out.write_all(&header).map_err(failed)?;

    let (newest, end) = snapshot.audit_end;
    let range = SegmentRange { last: newest, ..audit.range() };
    let audit_bytes = audit_bytes(audit.segments(), range, end)?;
    let total = store.disk_bytes() + audit_bytes;
    let mut writer =
        ChunkWriter { keyring, entropy, id, header, out, progress, end: End::default(), done: 0, total };
    let mut start = Vec::with_capacity(24);
    start.put_u64(state.revision);
    start.put_u64(state.audit_sequence);
    start.put_u64(total);
    writer.chunk(Kind::Start, &start)?;
    writer.records(&snapshot)?;
    writer.segments(audit.segments(), range, end)?;
    writer.end()
}

fn audit_bytes(segments: &Path, range: SegmentRange, end: u64) -> Result<u64, OpenError> {
    let mut bytes = end;
    for number in range.first..range.last {
        let path = segment::path(segments, number);
        bytes += std::fs::metadata(&path).map_err(|error| OpenError::io(&path, &error))?.len();
    }
    Ok(bytes)
}

fn failed(error: impl ToString) -> OpenError {
    OpenError::failed(Path::new("backup"), error)
}

struct ChunkWriter<'a> {
    keyring: &'a Keyring,
    entropy: &'a dyn Entropy,
    id: [u8; 16],
    header: Vec<u8>,
    out: &'a mut dyn Write,
    progress: Progress<'a>,
    end: End,
    done: u64,
    total: u64,
}

impl ChunkWriter<'_> {
    fn chunk(&mut self, kind: Kind, payload: &[u8]) -> Result<(), OpenError> {
        let mut plaintext = Vec::with_capacity(1 + payload.len());
        plaintext.put_u8(kind as u8);
        plaintext.put_slice(payload);
        let name = chunk_name(&self.id, self.end.chunks, &self.header);
        let sealed = self.keyring.seal(Domain::Backup, self.entropy, &name, &plaintext).map_err(failed)?;
        let length = u32::try_from(sealed.len()).map_err(failed)?;
        self.out.write_all(&length.to_be_bytes()).map_err(failed)?;
        self.out.write_all(&sealed).map_err(failed)?;
        self.end.chunks += 1;
        self.done += payload.len() as u64;
        // How much there is was an estimate.
        self.total = self.total.max(self.done);
        (self.progress)(self.done, self.total);
        Ok(())
    }

    fn records(&mut self, snapshot: &ConsistentSnapshot) -> Result<(), OpenError> {
        let mut payload = Vec::with_capacity(CHUNK_BYTES);
        snapshot.records.for_each(|name, content| {
            payload.put_u32(u32::try_from(name.len()).map_err(failed)?);
            payload.put_slice(name);
            payload.put_u32(u32::try_from(content.len()).map_err(failed)?);
            payload.put_slice(content);
            self.end.records += 1;
            if payload.len() >= CHUNK_BYTES {
                self.chunk(Kind::Records, &payload)?;
                payload.clear();
            }
            Ok::<_, OpenError>(())
        })?;
        if payload.is_empty() { Ok(()) } else { self.chunk(Kind::Records, &payload) }
    }

    /// The segments as they are, which is sealed already, up to where the log ended at the moment of the records.
    fn segments(&mut self, segments: &Path, range: SegmentRange, end: u64) -> Result<(), OpenError> {
        if let Some(first) = segment_range::first_file(segments)? {
            self.chunk(Kind::FirstSegment, &first)?;
        }
        for number in range.first..=range.last {
            let path = segment::path(segments, number);
            let file = File::open(&path).map_err(|error| OpenError::io(&path, &error))?;
            let mut left = file.take(if number == range.last { end } else { u64::MAX });
            let mut payload = Vec::with_capacity(8 + CHUNK_BYTES);
            loop {
                payload.clear();
                payload.put_u64(number);
                let part = left.by_ref().take(CHUNK_BYTES as u64).read_to_end(&mut payload);
                if part.map_err(|error| OpenError::io(&path, &error))? == 0 {
                    break;
                }
                self.chunk(Kind::Segment, &payload)?;
            }
            self.end.segments += 1;
        }
        Ok(())
    }

    fn end(mut self) -> Result<(), OpenError> {
        let mut payload = Vec::with_capacity(24);
        payload.put_u64(self.end.chunks);
        payload.put_u64(self.end.records);
        payload.put_u64(self.end.segments);
        self.chunk(Kind::End, &payload)?;
        self.out.flush().map_err(failed)?;
        (self.progress)(self.done, self.done);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
