//! The index of a closed segment, in a file of its own beside it.
//!
//! An index is `magic (8) ‖ format (4) ‖ index id (16) ‖ length of the wrapped key (4) ‖ wrapped key ‖ length (4)`, then
//! sealed blocks one after the other: the contents, the tags, the places. The contents say what segment it is of,
//! what is known of it as a whole, and how long each other block is. A block of tags holds those that begin with the
//! same bits: `tag (4)`, how many records have it, and which, each as its distance from the one before. A block of
//! places holds those of [`PLACES_IN_BLOCK`] records. Numbers without a size are of seven bits a byte, the lowest first.
//!
//! So whoever looks for a tag reads the contents and one block. A block opens only at its own place in its own index.
//! An index can be made again from its segment whenever it is missing, and is when it does not open.

use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use alcazar_base::Timestamp;
use alcazar_crypto::segment::FRAME_OVERHEAD_BYTES;
use alcazar_crypto::{Entropy, Keyring, SegmentId, SegmentKey};
use alcazar_engine::port::audit_log::{Find, Order};
use bytes::{Buf, BufMut};

use crate::directory;
use crate::open_error::OpenError;
use crate::segment;
use crate::segment_index::{Hit, Place, SegmentIndex, Summary};

const MAGIC: &[u8; 8] = b"ALCAINDX";

/// What the contents begin with. No frame of a segment does, so neither can be taken for the other.
const CONTENTS_MARK: u8 = 0xC0;

/// How many records' places stand in one block.
const PLACES_IN_BLOCK: u32 = 512;

/// How many tags of records stand in one block, about.
const POSTINGS_IN_BLOCK: usize = 2048;

/// The most blocks of tags.
const TAG_BLOCKS_MAX: usize = 256;

/// The longest block, in bytes.
const BLOCK_BYTES_MAX: usize = 64 * 1024 * 1024;

/// What an index says of itself.
struct Contents {
    number: u64,
    segment: SegmentId,
    summary: Summary,
    /// By how much a tag is shifted to give its block.
    shift: u32,
    /// The lengths of the blocks of tags, sealed.
    tags: Vec<u32>,
    /// The lengths of the blocks of places, sealed.
    places: Vec<u32>,
}

impl Contents {
    fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(80 + 4 * (self.tags.len() + self.places.len()));
        bytes.put_u8(CONTENTS_MARK);
        bytes.put_u64(self.number);
        bytes.put_slice(&self.segment);
        bytes.put_u64(self.summary.first_sequence);
        bytes.put_u32(self.summary.records);
        bytes.put_i64(self.summary.earliest.as_millis());
        bytes.put_i64(self.summary.latest.as_millis());
        bytes.put_u32(self.shift);
        for lengths in [&self.tags, &self.places] {
            put_number(&mut bytes, lengths.len() as u64);
            lengths.iter().for_each(|length| bytes.put_u32(*length));
        }
        bytes
    }

    fn decode(mut bytes: &[u8]) -> Option<Self> {
        if bytes.try_get_u8().ok()? != CONTENTS_MARK {
            return None;
        }
        let number = bytes.try_get_u64().ok()?;
        let mut segment = [0; 16];
        bytes.try_copy_to_slice(&mut segment).ok()?;
        let summary = Summary {
            first_sequence: bytes.try_get_u64().ok()?,
            records: bytes.try_get_u32().ok()?,
            earliest: Timestamp::from_millis(bytes.try_get_i64().ok()?),
            latest: Timestamp::from_millis(bytes.try_get_i64().ok()?),
        };
        let shift = bytes.try_get_u32().ok()?;
        let tags = get_lengths(&mut bytes)?;
        let places = get_lengths(&mut bytes)?;
        bytes.is_empty().then_some(Self { number, segment, summary, shift, tags, places })
    }

    /// The block that a tag would be in.
    fn block_of(&self, tag: u32) -> u32 {
        tag.checked_shr(self.shift).unwrap_or(0)
    }
}

fn get_lengths(bytes: &mut &[u8]) -> Option<Vec<u32>> {
    let count = usize::try_from(get_number(bytes)?).ok()?;
    if count.checked_mul(4)? > bytes.len() {
        return None;
    }
    (0..count).map(|_| bytes.try_get_u32().ok()).collect()
}

/// Writes the index of a segment. The file appears under its name only when it is whole and durable.
pub(crate) fn write(
    segments: &Path,
    index: &SegmentIndex,
    keyring: &Keyring,
    entropy: &dyn Entropy,
) -> Result<(), OpenError> {
    let path = segment::index_path(segments, index.number());
    let new = path.with_extension("idx-new");
    let encoded = encode(index, keyring, entropy).map_err(|error| OpenError::failed(&path, error))?;
    // What a crash left of an earlier attempt.
    let _ = std::fs::remove_file(&new);
    let mut file = directory::create_file(&new)?;
    file.write_all(&encoded)
        .and_then(|()| file.sync_all())
        .and_then(|()| std::fs::rename(&new, &path))
        .map_err(|error| OpenError::io(&path, &error))?;
    directory::sync(segments)
}

fn encode(index: &SegmentIndex, keyring: &Keyring, entropy: &dyn Entropy) -> Result<Vec<u8>, String> {
    let (tags, shift) = tag_blocks(&index.postings());
    let places = place_blocks(index.places());
    let lengths = |blocks: &[Vec<u8>]| -> Result<Vec<u32>, String> {
        let length = |block: &Vec<u8>| u32::try_from(block.len() + FRAME_OVERHEAD_BYTES);
        blocks.iter().map(length).collect::<Result<_, _>>().map_err(|error| error.to_string())
    };
    let contents = Contents {
        number: index.number(),
        segment: index.id(),
        summary: index.summary(),
        shift,
        tags: lengths(&tags)?,
        places: lengths(&places)?,
    };
    let (mut key, mut bytes) = segment::begin(MAGIC, keyring, entropy)?;
    let contents = contents.encode();
    let length = u32::try_from(contents.len() + FRAME_OVERHEAD_BYTES).map_err(|error| error.to_string())?;
    bytes.put_u32(length);
    for (number, block) in (0..).zip([contents].iter().chain(&tags).chain(&places)) {
        key.seal_frame(number, block, &mut bytes).map_err(|error| error.to_string())?;
    }
    Ok(bytes)
}

/// The blocks of tags, and by how much a tag is shifted to give its block.
fn tag_blocks(postings: &[(u32, u32)]) -> (Vec<Vec<u8>>, u32) {
    let wanted = (postings.len() / POSTINGS_IN_BLOCK).clamp(1, TAG_BLOCKS_MAX).next_power_of_two();
    let shift = u32::BITS - wanted.trailing_zeros();
    let mut blocks = vec![Vec::new(); wanted];
    for same_tag in postings.chunk_by(|one, next| one.0 == next.0) {
        let Some((tag, _)) = same_tag.first() else { continue };
        let block = tag.checked_shr(shift).unwrap_or(0);
        let Some(block) = usize::try_from(block).ok().and_then(|block| blocks.get_mut(block)) else {
            continue;
        };
        block.put_u32(*tag);
        put_number(block, same_tag.len() as u64);
        let mut before = 0;
        for (_, record) in same_tag {
            put_number(block, u64::from(record - before));
            before = *record;
        }
    }
    (blocks, shift)
}

fn place_blocks(places: &[Place]) -> Vec<Vec<u8>> {
    let in_block = usize::try_from(PLACES_IN_BLOCK).unwrap_or(usize::MAX);
    let block = |places: &[Place]| {
        let mut block = Vec::with_capacity(places.len() * 8);
        let (mut end, mut frame, mut time) = (0, 0, 0);
        for place in places {
            put_number(&mut block, place.offset.wrapping_sub(end));
            put_number(&mut block, u64::from(place.bytes));
            put_number(&mut block, u64::from(place.frame.wrapping_sub(frame)));
            put_signed(&mut block, place.time.as_millis().wrapping_sub(time));
            (end, frame, time) = (place.offset + u64::from(place.bytes), place.frame, place.time.as_millis());
        }
        block
    };
    places.chunks(in_block).map(block).collect()
}

fn read_places(mut block: &[u8]) -> Option<Vec<Place>> {
    let mut places = Vec::new();
    let (mut end, mut frame, mut time) = (0_u64, 0_u32, 0_i64);
    while !block.is_empty() {
        let offset = end.wrapping_add(get_number(&mut block)?);
        let bytes = u32::try_from(get_number(&mut block)?).ok()?;
        frame = frame.wrapping_add(u32::try_from(get_number(&mut block)?).ok()?);
        time = time.wrapping_add(get_signed(&mut block)?);
        end = offset.wrapping_add(u64::from(bytes));
        places.push(Place { offset, bytes, frame, time: Timestamp::from_millis(time) });
    }
    Some(places)
}

/// The records that have one of the tags, in order.
fn records_with(mut block: &[u8], tags: &[u32], records: &mut Vec<u32>) -> Option<()> {
    while !block.is_empty() {
        let tag = block.try_get_u32().ok()?;
        let is_wanted = tags.contains(&tag);
        let mut record = 0_u32;
        for _ in 0..get_number(&mut block)? {
            record = record.checked_add(u32::try_from(get_number(&mut block)?).ok()?)?;
            if is_wanted {
                records.push(record);
            }
        }
    }
    Some(())
}

/// The index of a closed segment, as far as it was read.
pub(crate) struct IndexFile {
    path: PathBuf,
    file: File,
    key: SegmentKey,
    contents: Contents,
    /// Where the first block after the contents begins.
    blocks: u64,
}

impl IndexFile {
    /// Opens the index of the segment `number`; none if there is no file of it.
    pub(crate) fn open(segments: &Path, number: u64, keyring: &Keyring) -> Result<Option<Self>, OpenError> {
        let path = segment::index_path(segments, number);
        let mut file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(OpenError::io(&path, &error)),
        };
        let (key, offset) = segment::read_head(&mut file, &path, MAGIC, keyring)?;
        let mut length = [0; 4];
        segment::read_exact(&mut file, &mut length, &path)?;
        let length = u32::from_be_bytes(length);
        let sealed = read_block(&mut file, length, &path)?;
        let opened = key.open_frame(0, &sealed).map_err(|_| OpenError::damaged(&path, "it was changed"))?;
        let contents = Contents::decode(opened.expose())
            .filter(|contents| contents.number == number)
            .ok_or_else(|| OpenError::damaged(&path, "it does not describe itself as this index"))?;
        Ok(Some(Self { path, file, key, contents, blocks: offset + 4 + u64::from(length) }))
    }

    /// The id of the segment that it is of.
    pub(crate) fn segment(&self) -> SegmentId {
        self.contents.segment
    }

    pub(crate) fn summary(&self) -> Summary {
        self.contents.summary
    }

    /// The records that are looked for, in the order that they are looked for in.
    pub(crate) fn hits(&self, find: &Find) -> Result<Vec<Hit>, OpenError> {
        let range = self.contents.summary.range(find);
        let mut hits = Vec::new();
        let Some(tags) = &find.tags else {
            match find.order {
                Order::OldestFirst => self.places(range, find, &mut hits)?,
                Order::NewestFirst => self.places(range.rev(), find, &mut hits)?,
            }
            return Ok(hits);
        };
        let mut records = self.records_with(tags)?;
        records.retain(|record| range.contains(record));
        match find.order {
            Order::OldestFirst => self.places(records.into_iter(), find, &mut hits)?,
            Order::NewestFirst => self.places(records.into_iter().rev(), find, &mut hits)?,
        }
        Ok(hits)
    }

    /// The records that have one of the tags, in order.
    fn records_with(&self, tags: &[u32]) -> Result<Vec<u32>, OpenError> {
        let mut blocks: Vec<u32> = tags.iter().map(|tag| self.contents.block_of(*tag)).collect();
        blocks.sort_unstable();
        blocks.dedup();
        let mut records = Vec::new();
        for block in blocks {
            let opened = self.block(block)?;
            records_with(&opened, tags, &mut records).ok_or_else(|| self.damaged("its tags do not read"))?;
        }
        if tags.len() > 1 {
            records.sort_unstable();
            records.dedup();
        }
        Ok(records)
    }

    /// Adds those of the records that are of the right time, until there are enough.
    fn places(
        &self,
        records: impl Iterator<Item = u32>,
        find: &Find,
        hits: &mut Vec<Hit>,
    ) -> Result<(), OpenError> {
        let first_block = u32::try_from(self.contents.tags.len()).unwrap_or(u32::MAX);
        let mut read: Option<(u32, Vec<Place>)> = None;
        for record in records {
            if hits.len() >= find.limit {
                break;
            }
            let block = record / PLACES_IN_BLOCK;
            let places = match read.take().filter(|(number, _)| *number == block) {
                Some((_, places)) => places,
                None => {
                    let opened = self.block(first_block.saturating_add(block))?;
                    read_places(&opened).ok_or_else(|| self.damaged("its places do not read"))?
                }
            };
            let place = usize::try_from(record % PLACES_IN_BLOCK).ok().and_then(|place| places.get(place));
            let place = *place.ok_or_else(|| self.damaged("a place is missing"))?;
            if find.from <= place.time && place.time <= find.to {
                let sequence = self.contents.summary.first_sequence + u64::from(record);
                hits.push(Hit { sequence, place });
            }
            read = Some((block, places));
        }
        Ok(())
    }

    /// Opens a block, counted from the first after the contents.
    fn block(&self, number: u32) -> Result<Vec<u8>, OpenError> {
        let place = usize::try_from(number).unwrap_or(usize::MAX);
        let mut lengths = self.contents.tags.iter().chain(&self.contents.places);
        let before: u64 = lengths.by_ref().take(place).map(|length| u64::from(*length)).sum();
        let length = *lengths.next().ok_or_else(|| self.damaged("a block is missing"))?;
        let bytes = usize::try_from(length).unwrap_or(usize::MAX);
        if bytes > BLOCK_BYTES_MAX {
            return Err(self.damaged("a block is too long"));
        }
        let mut sealed = vec![0; bytes];
        self.file
            .read_exact_at(&mut sealed, self.blocks + before)
            .map_err(|error| OpenError::io(&self.path, &error))?;
        let opened = self.key.open_frame(number.saturating_add(1), &sealed);
        opened.map(|opened| opened.expose().to_vec()).map_err(|_| self.damaged("a block was changed"))
    }

    fn damaged(&self, what: &str) -> OpenError {
        OpenError::damaged(&self.path, what)
    }
}

fn read_block(file: &mut File, length: u32, path: &Path) -> Result<Vec<u8>, OpenError> {
    let bytes = usize::try_from(length).unwrap_or(usize::MAX);
    if bytes > BLOCK_BYTES_MAX {
        return Err(OpenError::damaged(path, "a block is too long"));
    }
    let mut sealed = Vec::new();
    let read = file.take(u64::from(length)).read_to_end(&mut sealed);
    read.map_err(|error| OpenError::io(path, &error))?;
    if sealed.len() < bytes {
        return Err(OpenError::damaged(path, "it has lost its end"));
    }
    Ok(sealed)
}

fn put_number(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.put_u8(u8::try_from(number & 0x7F).unwrap_or(0) | 0x80);
        number >>= 7;
    }
    bytes.put_u8(u8::try_from(number).unwrap_or(0));
}

fn get_number(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..u64::BITS).step_by(7) {
        let byte = bytes.try_get_u8().ok()?;
        number |= u64::from(byte & 0x7F) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

/// Numbers near zero take few bytes, whichever side of it they are on.
fn put_signed(bytes: &mut Vec<u8>, number: i64) {
    put_number(bytes, ((number << 1) ^ (number >> 63)).cast_unsigned());
}

fn get_signed(bytes: &mut &[u8]) -> Option<i64> {
    let number = get_number(bytes)?;
    Some((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
}

#[cfg(test)]
mod tests;
