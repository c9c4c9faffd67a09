//! One file of the audit log: a header, and sealed frames one after the other.
//!
//! A segment is `magic (8) ‖ format (4) ‖ segment id (16) ‖ length of the wrapped key (4) ‖ wrapped key`, then
//! frames. A frame is `length (4) ‖ length, inverted (4) ‖ sequence (8) ‖ sealed (length)`; sealed are `kind (1) ‖
//! sequence (8) ‖ commit (8) ‖ durable revision (8) ‖ record`. All numbers are big-endian. The first frame is the
//! segment's own description. A record takes a sequence number, any other frame bears that of the record after it.
//!
//! What always holds: a frame opens only at its own place in its own segment, and the inverted length tells a
//! frame that was cut off from one whose length was changed.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use alcazar_crypto::segment::SegmentId;
use alcazar_crypto::{Entropy, Keyring, SegmentKey};
use alcazar_engine::port::store::Revision;
use bytes::{Buf, BufMut, Bytes};

use crate::open_error::OpenError;

/// The largest audit record, in bytes.
pub const AUDIT_RECORD_BYTES_MAX: usize = 1024 * 1024;

pub(crate) const MAGIC: &[u8; 8] = b"ALCAUDIT";
const FORMAT: u32 = 1;
const WRAPPED_BYTES_MAX: u32 = 1024;
const FRAME_HEAD_BYTES: usize = 16;
const FRAME_HEAD_BYTES_U64: u64 = 16;
const SEALED_BYTES_MAX: usize =
    AUDIT_RECORD_BYTES_MAX + PREFIX_BYTES + alcazar_crypto::segment::FRAME_OVERHEAD_BYTES;
const PREFIX_BYTES: usize = 25;

/// What a frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The description of its segment, a [`Description`].
    Description = 0,
    /// The record of a call that changed nothing.
    Plain = 1,
    /// The record of a commit.
    Commit = 2,
    /// Says that the durable revision has risen; its record is empty.
    Durable = 3,
}

impl Kind {
    fn from_byte(byte: u8) -> Option<Self> {
        [Self::Description, Self::Plain, Self::Commit, Self::Durable]
            .into_iter()
            .find(|kind| *kind as u8 == byte)
    }

    /// Whether a frame of this kind takes a sequence number.
    pub(crate) fn is_record(self) -> bool {
        matches!(self, Self::Plain | Self::Commit)
    }
}

/// A frame, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) kind: Kind,
    pub(crate) sequence: u64,
    /// The commit that a record belongs to; 0 for every other kind.
    pub(crate) commit: Revision,
    /// The newest durable revision when the frame was written.
    pub(crate) durable: Revision,
    pub(crate) record: Bytes,
}

/// What a segment says about itself and the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Description {
    /// Counted from 1 without gaps; also the file's name.
    pub(crate) number: u64,
    /// The sequence number of its first record.
    pub(crate) first_sequence: u64,
    /// Where the segment before it ended, in bytes. What that one has beyond was cut off by a crash.
    pub(crate) previous_end: u64,
    /// The store's revision when it was begun.
    pub(crate) revision: Revision,
    /// Whether the store was opened then: commits of earlier segments beyond `revision` never came to be.
    pub(crate) at_start: bool,
}

impl Description {
    fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(25);
        bytes.put_u64(self.number);
        bytes.put_u64(self.previous_end);
        bytes.put_u64(self.revision);
        bytes.put_u8(u8::from(self.at_start));
        bytes
    }

    fn decode(frame: &Frame) -> Option<Self> {
        let mut bytes = frame.record.as_ref();
        if frame.kind != Kind::Description || bytes.len() != 25 {
            return None;
        }
        Some(Self {
            number: bytes.get_u64(),
            first_sequence: frame.sequence,
            previous_end: bytes.get_u64(),
            revision: bytes.get_u64(),
            at_start: bytes.get_u8() == 1,
        })
    }
}

/// Where the segment `number` is.
pub(crate) fn path(directory: &Path, number: u64) -> PathBuf {
    directory.join(format!("{number:016}.log"))
}

/// Where the index of the segment `number` is.
pub(crate) fn index_path(directory: &Path, number: u64) -> PathBuf {
    directory.join(format!("{number:016}.idx"))
}

/// How long the frame of a record of so many bytes is.
pub(crate) fn frame_bytes(record_bytes: usize) -> u64 {
    let bytes =
        FRAME_HEAD_BYTES + PREFIX_BYTES + record_bytes + alcazar_crypto::segment::FRAME_OVERHEAD_BYTES;
    bytes as u64
}

/// Seals the frames of one segment.
pub(crate) struct FrameSealer {
    key: SegmentKey,
    frames: u32,
    plaintext: Vec<u8>,
}

impl FrameSealer {
    /// Begins a segment: a new key, and the bytes that the file begins with.
    pub(crate) fn begin(
        description: &Description,
        keyring: &Keyring,
        entropy: &dyn Entropy,
    ) -> Result<(Self, Vec<u8>), String> {
        let (key, mut bytes) = begin(MAGIC, keyring, entropy)?;
        let mut sealer = Self { key, frames: 0, plaintext: Vec::new() };
        let frame = Frame {
            kind: Kind::Description,
            sequence: description.first_sequence,
            commit: 0,
            durable: description.revision,
            record: Bytes::new(),
        };
        sealer.seal(&frame, &description.encode(), &mut bytes)?;
        Ok((sealer, bytes))
    }

    /// The segment's id.
    pub(crate) fn id(&self) -> SegmentId {
        self.key.id()
    }

    /// The place of the next frame among all of the segment.
    pub(crate) fn frame_number(&self) -> u32 {
        self.frames
    }

    /// Appends a frame to `out`. The record is given apart, so that it need not be copied into the frame first.
    pub(crate) fn seal(&mut self, frame: &Frame, record: &[u8], out: &mut Vec<u8>) -> Result<(), String> {
        if record.len() > AUDIT_RECORD_BYTES_MAX {
            return Err(format!("a record of {} bytes is too long", record.len()));
        }
        let next = self.frames.checked_add(1).ok_or("the segment is full")?;
        self.plaintext.clear();
        self.plaintext.put_u8(frame.kind as u8);
        self.plaintext.put_u64(frame.sequence);
        self.plaintext.put_u64(frame.commit);
        self.plaintext.put_u64(frame.durable);
        self.plaintext.put_slice(record);
        let sealed_bytes = self.plaintext.len() + alcazar_crypto::segment::FRAME_OVERHEAD_BYTES;
        let length = u32::try_from(sealed_bytes).map_err(|error| error.to_string())?;
        out.put_u32(length);
        out.put_u32(!length);
        out.put_u64(frame.sequence);
        self.key.seal_frame(self.frames, &self.plaintext, out).map_err(|error| error.to_string())?;
        self.frames = next;
        Ok(())
    }
}

/// What comes next in a segment.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// A whole frame.
    Frame(Frame),
    /// The end.
    End,
    /// A frame that was cut off. Allowed only at the end of the newest segment.
    Torn,
}

/// Reads the frames of one segment in order.
pub(crate) struct SegmentReader {
    path: PathBuf,
    file: BufReader<File>,
    file_bytes: u64,
    key: SegmentKey,
    description: Description,
    offset: u64,
    frames: u32,
    sequence: u64,
    /// Where the segment ends, if the one after it says so.
    end: Option<u64>,
}

impl SegmentReader {
    /// Opens the segment `number` and reads its description.
    pub(crate) fn open(directory: &Path, number: u64, keyring: &Keyring) -> Result<Self, OpenError> {
        let path = path(directory, number);
        let file = File::open(&path).map_err(|error| OpenError::io(&path, &error))?;
        let file_bytes = file.metadata().map_err(|error| OpenError::io(&path, &error))?.len();
        let mut file = BufReader::with_capacity(64 * 1024, file);
        let (key, offset) = read_head(&mut file, &path, MAGIC, keyring)?;
        let placeholder =
            Description { number, first_sequence: 0, previous_end: 0, revision: 0, at_start: false };
        let mut reader = Self {
            path,
            file,
            file_bytes,
            key,
            description: placeholder,
            offset,
            frames: 0,
            sequence: 0,
            end: None,
        };
        reader.read_description(number)?;
        Ok(reader)
    }

    fn read_description(&mut self, number: u64) -> Result<(), OpenError> {
        let description = match self.advance(None)? {
            Next::Frame(frame) => Description::decode(&frame),
            Next::End | Next::Torn => None,
        };
        self.description = description
            .filter(|description| description.number == number)
            .ok_or_else(|| OpenError::damaged(&self.path, "it does not describe itself as this segment"))?;
        self.sequence = self.description.first_sequence;
        Ok(())
    }

    /// Says where the segment ends; from then on anything but frames up to there is damage.
    pub(crate) fn ends_at(mut self, end: u64) -> Self {
        self.end = Some(end);
        self
    }

    pub(crate) fn description(&self) -> &Description {
        &self.description
    }

    /// Where the next frame begins, in bytes.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// The place of the next frame among all of the segment.
    pub(crate) fn frame_number(&self) -> u32 {
        self.frames
    }

    /// The segment's id.
    pub(crate) fn id(&self) -> SegmentId {
        self.key.id()
    }

    /// The sequence number of the next record.
    pub(crate) fn sequence(&self) -> u64 {
        self.sequence
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The next frame.
    pub(crate) fn next_frame(&mut self) -> Result<Next, OpenError> {
        let expected = self.sequence;
        let next = self.advance(None)?;
        if let Next::Frame(frame) = &next {
            if frame.sequence != expected || frame.kind == Kind::Description {
                return Err(self.damaged("a frame is out of order"));
            }
            self.sequence += u64::from(frame.kind.is_record());
        }
        Ok(next)
    }

    /// Passes over frames until the next record is `sequence` or later, without opening them.
    pub(crate) fn skip_to(&mut self, sequence: u64) -> Result<(), OpenError> {
        let mut last = self.sequence;
        while let Next::Frame(frame) = self.advance(Some(sequence))? {
            // What is not opened is not authenticated, but a gap would show here, and a wrong number when it is opened.
            if frame.sequence != last && frame.sequence != last + 1 {
                return Err(self.damaged("a frame is out of order"));
            }
            last = frame.sequence;
        }
        self.sequence = self.sequence.max(sequence);
        Ok(())
    }

    /// Reads the next frame; given `before`, only passes over it, and stops in front of one that is not before.
    fn advance(&mut self, before: Option<u64>) -> Result<Next, OpenError> {
        let end = self.end.unwrap_or(self.file_bytes);
        if end > self.file_bytes || self.offset > end {
            return Err(self.damaged("it has lost its end"));
        }
        let left = end - self.offset;
        if left == 0 {
            return Ok(Next::End);
        }
        if left < FRAME_HEAD_BYTES_U64 {
            return self.torn();
        }
        let mut head = [0; FRAME_HEAD_BYTES];
        read_exact(&mut self.file, &mut head, &self.path)?;
        let mut fields = head.as_slice();
        let (length, inverted, sequence) = (fields.get_u32(), fields.get_u32(), fields.get_u64());
        let sealed_bytes = usize::try_from(length).unwrap_or(usize::MAX);
        if inverted != !length || sealed_bytes > SEALED_BYTES_MAX {
            return if head == [0; FRAME_HEAD_BYTES] && self.is_zero_to_the_end()? {
                self.torn()
            } else {
                Err(self.damaged("a frame's length was changed"))
            };
        }
        if left - FRAME_HEAD_BYTES_U64 < u64::from(length) {
            return self.torn();
        }
        if let Some(before) = before {
            if sequence >= before {
                self.file.seek_relative(-16).map_err(|error| OpenError::io(&self.path, &error))?;
                return Ok(Next::End);
            }
            self.file.seek_relative(i64::from(length)).map_err(|error| OpenError::io(&self.path, &error))?;
            self.passed(length)?;
            let record = Bytes::new();
            return Ok(Next::Frame(Frame { kind: Kind::Plain, sequence, commit: 0, durable: 0, record }));
        }
        let mut sealed = vec![0; sealed_bytes];
        read_exact(&mut self.file, &mut sealed, &self.path)?;
        let frame =
            open_frame(&self.key, self.frames, &sealed, sequence).map_err(|what| self.damaged(what))?;
        self.passed(length)?;
        Ok(Next::Frame(frame))
    }

    fn passed(&mut self, length: u32) -> Result<(), OpenError> {
        self.offset += FRAME_HEAD_BYTES_U64 + u64::from(length);
        self.frames = self.frames.checked_add(1).ok_or_else(|| self.damaged("it has too many frames"))?;
        Ok(())
    }

    fn torn(&mut self) -> Result<Next, OpenError> {
        if self.end.is_some() {
            return Err(self.damaged("it has lost its end"));
        }
        // Whoever reads on finds the end.
        self.file_bytes = self.offset;
        Ok(Next::Torn)
    }

    /// Whether the rest of the file holds nothing: a loss of power may leave that where data was to come.
    fn is_zero_to_the_end(&mut self) -> Result<bool, OpenError> {
        let mut chunk = [0; 4096];
        loop {
            match self.file.read(&mut chunk).map_err(|error| OpenError::io(&self.path, &error))? {
                0 => break,
                read if chunk.iter().take(read).any(|byte| *byte != 0) => return Ok(false),
                _ => {}
            }
        }
        Ok(true)
    }

    fn damaged(&self, what: &str) -> OpenError {
        OpenError::damaged(&self.path, format!("{what} (at byte {})", self.offset))
    }
}

/// Reads what a segment or an index begins with: its key, and where what comes then begins.
pub(crate) fn read_head(
    file: &mut impl Read,
    path: &Path,
    expected: &[u8; 8],
    keyring: &Keyring,
) -> Result<(SegmentKey, u64), OpenError> {
    let mut head = [0; 32];
    read_exact(file, &mut head, path)?;
    let mut fields = head.as_slice();
    let (mut magic, mut id) = ([0; 8], [0; 16]);
    fields.copy_to_slice(&mut magic);
    let format = fields.get_u32();
    fields.copy_to_slice(&mut id);
    let wrapped_bytes = fields.get_u32();
    if magic != *expected || format != FORMAT || wrapped_bytes > WRAPPED_BYTES_MAX {
        return Err(OpenError::damaged(path, "it does not begin as an audit segment does"));
    }
    let mut wrapped = vec![0; usize::try_from(wrapped_bytes).unwrap_or(0)];
    read_exact(file, &mut wrapped, path)?;
    let key = SegmentKey::unwrap(keyring, id, &wrapped)
        .map_err(|error| OpenError::damaged(path, format!("its key does not open: {error}")))?;
    Ok((key, 32 + u64::from(wrapped_bytes)))
}

/// Makes a key, and what a segment or an index begins with.
pub(crate) fn begin(
    magic: &[u8; 8],
    keyring: &Keyring,
    entropy: &dyn Entropy,
) -> Result<(SegmentKey, Vec<u8>), String> {
    let id = alcazar_crypto::entropy::random(entropy).map_err(|error| error.to_string())?;
    let key = SegmentKey::generate(id, entropy).map_err(|error| error.to_string())?;
    let wrapped = key.wrap(keyring, entropy).map_err(|error| error.to_string())?;
    let mut bytes = Vec::with_capacity(256);
    bytes.put_slice(magic);
    bytes.put_u32(FORMAT);
    bytes.put_slice(&id);
    bytes.put_u32(u32::try_from(wrapped.len()).map_err(|error| error.to_string())?);
    bytes.put_slice(&wrapped);
    Ok((key, bytes))
}

/// Opens a frame with its head, as it stands in the file.
pub(crate) fn open_whole_frame(
    key: &SegmentKey,
    number: u32,
    mut frame: &[u8],
    expected: u64,
) -> Result<Frame, &'static str> {
    let mut next = || frame.try_get_u32().map_err(|_| "a frame is too short");
    let (length, inverted) = (next()?, next()?);
    let sequence = frame.try_get_u64().map_err(|_| "a frame is too short")?;
    if inverted != !length || usize::try_from(length).ok() != Some(frame.len()) {
        return Err("a frame's length was changed");
    }
    if sequence != expected {
        return Err("a frame is out of order");
    }
    open_frame(key, number, frame, sequence)
}

/// Opens a frame that stands at the place `number` among all of its segment, and says that it has this sequence number.
fn open_frame(key: &SegmentKey, number: u32, sealed: &[u8], sequence: u64) -> Result<Frame, &'static str> {
    let opened = key.open_frame(number, sealed).map_err(|_| "a frame was changed")?;
    let mut bytes = opened.expose();
    if bytes.len() < PREFIX_BYTES {
        return Err("a frame is too short");
    }
    let kind = Kind::from_byte(bytes.get_u8()).ok_or("a frame is of no known kind")?;
    if bytes.get_u64() != sequence {
        return Err("a frame's number was changed");
    }
    let (commit, durable) = (bytes.get_u64(), bytes.get_u64());
    Ok(Frame { kind, sequence, commit, durable, record: Bytes::copy_from_slice(bytes) })
}

pub(crate) fn read_exact(file: &mut impl Read, bytes: &mut [u8], path: &Path) -> Result<(), OpenError> {
    file.read_exact(bytes).map_err(|error| match error.kind() {
        std::io::ErrorKind::UnexpectedEof => OpenError::damaged(path, "it has lost its end"),
        _ => OpenError::io(path, &error),
    })
}
