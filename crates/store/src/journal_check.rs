//! A look at the engine's journal before the engine opens it.
//!
//! The engine drops whatever it cannot read at the end of a journal, and everything behind it, and shortens the file.
//! That is right for a batch that a crash cut off, and wrong for anything else; nor does its checksum cover the
//! number of a batch. So the journal is walked here first, and changed by nobody:
//!
//! - what follows the last whole batch may be one batch without its end, and nothing that was whole;
//! - the numbers of batches rise, and each is where the state within the batch says;
//! - the newest state in the journal is what the audit log is compared with.
//!
//! Format 3 of the engine: `1 ‖ items (4) ‖ number (8)`, then each item as `2 ‖ kind (1) ‖ compression (1) ‖ keyspace
//! (8) ‖ name length (2) ‖ length (4) ‖ stored length (4) ‖ name ‖ content`, then `3 ‖ checksum (8) ‖ "FJL" 3`; all
//! little-endian. The engine itself checks the checksums.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use bytes::Buf;

use crate::engine::{STATE_NAME, State};
use crate::open_error::OpenError;

/// How far a batch's number may be above what its state says: the engine itself takes a few in between.
const NUMBER_SLACK: u64 = 1 << 16;

/// The largest journal that is read, in bytes.
const JOURNAL_BYTES_MAX: u64 = 1024 * 1024 * 1024;

const END_MAGIC: &[u8] = b"FJL\x03";

/// Walks all journals of the engine in `records` and gives the newest state in them, if any has one.
pub(crate) fn newest_state(records: &Path) -> Result<Option<State>, OpenError> {
    let mut walk = Walk { last_number: None, newest: None };
    for (_, path) in journals(records)? {
        walk.journal(&path)?;
    }
    Ok(walk.newest)
}

/// All journals of the engine in `records` with their numbers, the oldest first.
pub(crate) fn journals(records: &Path) -> Result<Vec<(u64, PathBuf)>, OpenError> {
    let io = |error| OpenError::io(records, &error);
    let mut journals = Vec::new();
    for entry in std::fs::read_dir(records).map_err(io)? {
        let path = entry.map_err(io)?.path();
        if path.extension().is_some_and(|extension| extension == "jnl") {
            let number = path.file_stem().and_then(|stem| stem.to_str()).and_then(|stem| stem.parse().ok());
            let number = number.ok_or_else(|| OpenError::damaged(&path, "it is no journal by its name"))?;
            journals.push((number, path));
        }
    }
    if journals.is_empty() {
        return Err(OpenError::damaged(records, "the journal is missing"));
    }
    journals.sort_unstable();
    Ok(journals)
}

struct Walk {
    last_number: Option<u64>,
    newest: Option<State>,
}

impl Walk {
    fn journal(&mut self, path: &Path) -> Result<(), OpenError> {
        let bytes = read(path)?;
        let mut left = bytes.as_slice();
        loop {
            let batch_start = left;
            match batch(&mut left) {
                Some(batch) => self.batch(batch).map_err(|what| OpenError::damaged(path, what))?,
                None => {
                    return match rest(batch_start) {
                        true => Ok(()),
                        false => Err(OpenError::damaged(
                            path,
                            format!("a batch was changed (at byte {})", bytes.len() - batch_start.len()),
                        )),
                    };
                }
            }
        }
    }

    fn batch(&mut self, batch: Batch) -> Result<(), &'static str> {
        if self.last_number.is_some_and(|last| batch.number <= last) {
            return Err("its batches are out of order");
        }
        self.last_number = Some(batch.number);
        let state = batch.state.ok_or("a batch does not bear the store's state")?;
        let expected = state.engine_floor..state.engine_floor.saturating_add(NUMBER_SLACK);
        if !expected.contains(&batch.number) {
            return Err("the number of a batch was changed");
        }
        if self.newest.is_some_and(|newest| state.revision < newest.revision) {
            return Err("its batches are out of order");
        }
        self.newest = Some(state);
        Ok(())
    }
}

struct Batch {
    number: u64,
    state: Option<State>,
}

/// Takes one whole batch off the front; nothing if there is none.
fn batch(left: &mut &[u8]) -> Option<Batch> {
    if left.try_get_u8().ok()? != 1 {
        return None;
    }
    let items = left.try_get_u32_le().ok()?;
    let mut batch = Batch { number: left.try_get_u64_le().ok()?, state: None };
    for _ in 0..items {
        let (tag, _kind, compression) =
            (left.try_get_u8().ok()?, left.try_get_u8().ok()?, left.try_get_u8().ok()?);
        let _keyspace = left.try_get_u64_le().ok()?;
        let name_bytes = usize::from(left.try_get_u16_le().ok()?);
        let (content_bytes, stored_bytes) = (left.try_get_u32_le().ok()?, left.try_get_u32_le().ok()?);
        if tag != 2 || compression != 0 || content_bytes != stored_bytes {
            return None;
        }
        let (name, after_name) = left.split_at_checked(name_bytes)?;
        let (content, after) = after_name.split_at_checked(usize::try_from(stored_bytes).ok()?)?;
        if name == STATE_NAME {
            batch.state = State::decode(content);
        }
        *left = after;
    }
    if left.try_get_u8().ok()? != 3 {
        return None;
    }
    let _checksum = left.try_get_u64_le().ok()?;
    *left = left.strip_prefix(END_MAGIC)?;
    Some(batch)
}

/// Whether this can be what a crash leaves after the last whole batch: nothing, or one batch without its end.
fn rest(left: &[u8]) -> bool {
    let written = left.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let written = left.get(..written).unwrap_or_default();
    written.is_empty()
        || (written.first() == Some(&1)
            && !written.windows(END_MAGIC.len()).any(|window| window == END_MAGIC))
}

/// The file as far as anything was written: it is made long beforehand, and only the front of it is filled.
fn read(path: &Path) -> Result<Vec<u8>, OpenError> {
    let io = |error| OpenError::io(path, &error);
    let file = File::open(path).map_err(io)?;
    let length = file.metadata().map_err(io)?.len();
    if length > JOURNAL_BYTES_MAX {
        return Err(OpenError::damaged(path, "it is longer than any journal"));
    }
    let written = rustix::fs::seek(&file, rustix::fs::SeekFrom::Hole(0)).unwrap_or(length).min(length);
    let holds_more = rustix::fs::seek(&file, rustix::fs::SeekFrom::Data(written)).is_ok();
    rustix::fs::seek(&file, rustix::fs::SeekFrom::Start(0))
        .map_err(|error| OpenError::failed(path, error))?;
    let mut bytes = Vec::new();
    file.take(if holds_more { length } else { written }).read_to_end(&mut bytes).map_err(io)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Engine, Writes};
    use bytes::Bytes;

    const BATCHES: u64 = 6;

    /// An engine's directory with a journal of a few batches, and the journal's bytes as far as they were written.
    fn journal() -> (tempfile::TempDir, PathBuf, Vec<u8>) {
        let home = tempfile::tempdir().unwrap();
        let records = home.path().join("records");
        Engine::create(&records).unwrap();
        let (engine, _) = Engine::open(&records).unwrap();
        for revision in 1..=BATCHES {
            let writes = Writes::from([(Bytes::from_static(b"name"), Some(Bytes::from(vec![7; 50])))]);
            let state = State { revision, audit_sequence: 0, engine_floor: engine.floor() };
            engine.commit(writes, state).unwrap();
        }
        drop(engine);
        let path = records.join("0.jnl");
        let bytes = read(&path).unwrap();
        let written = bytes.iter().rposition(|byte| *byte != 0).unwrap() + 1;
        (home, records, bytes[..written].to_vec())
    }

    fn starts(bytes: &[u8]) -> Vec<usize> {
        let (mut left, mut starts) = (bytes, vec![]);
        while !left.is_empty() {
            starts.push(bytes.len() - left.len());
            batch(&mut left).unwrap();
        }
        starts
    }

    fn newest(records: &Path, bytes: &[u8]) -> Result<Option<u64>, OpenError> {
        std::fs::write(records.join("0.jnl"), bytes).unwrap();
        newest_state(records).map(|state| state.map(|state| state.revision))
    }

    #[test]
    fn the_newest_state_is_that_of_the_last_whole_batch() {
        let (_home, records, bytes) = journal();
        assert_eq!(newest(&records, &bytes).unwrap(), Some(BATCHES));
        let last = *starts(&bytes).last().unwrap();
        for cut in last..bytes.len() {
            assert_eq!(newest(&records, &bytes[..cut]).unwrap(), Some(BATCHES - 1), "{cut}");
            let zeros = [&bytes[..cut], &[0; 100]].concat();
            assert_eq!(newest(&records, &zeros).unwrap(), Some(BATCHES - 1), "{cut}");
        }
    }

    #[test]
    fn a_batch_whose_number_was_changed_is_refused() {
        let (_home, records, bytes) = journal();
        let starts = starts(&bytes);
        for (index, start) in starts.iter().enumerate() {
            for bit in 0..64 {
                let mut changed = bytes.clone();
                changed[start + 5 + bit / 8] ^= 1 << (bit % 8);
                let number =
                    |start: &usize| u64::from_le_bytes(bytes[start + 5..start + 13].try_into().unwrap());
                let raised = number(start) ^ (1 << bit);
                // A number may be a little higher if its batch keeps its place: that changes nothing.
                let next = starts.get(index + 1).map_or(u64::MAX, number);
                if !(number(start)..next).contains(&raised) {
                    assert!(newest(&records, &changed).is_err(), "batch {index}, bit {bit}");
                }
            }
        }
    }

    #[test]
    fn whole_batches_behind_a_changed_one_are_not_given_up() {
        let (_home, records, bytes) = journal();
        let starts = starts(&bytes);
        for start in &starts[..starts.len() - 1] {
            for place in [0, 1, 13, 24] {
                let mut changed = bytes.clone();
                changed[start + place] ^= 0x41;
                assert!(newest(&records, &changed).is_err(), "{start} + {place}");
            }
        }
    }
}
