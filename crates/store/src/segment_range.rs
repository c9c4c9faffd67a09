//! Which segments of the audit log there are.
//!
//! Segments are numbered from 1. The oldest ones may have been dropped; a sealed file, `first`, says which is the first
//! that was kept, and is durable before anything is removed. So whatever is missing without its saying so was lost, and
//! whatever is there before it is left of a removal that was interrupted.

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use alcazar_crypto::{Domain, Entropy, Keyring};

use crate::directory;
use crate::open_error::OpenError;

const FIRST_NAME: &[u8] = b"audit-first\0";

/// The most bytes that the file `first` may have.
pub(crate) const FIRST_BYTES_MAX: usize = 1024;

/// The numbers of the segments, without gaps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SegmentRange {
    /// The oldest.
    pub(crate) first: u64,
    /// The newest; before `first` if there is none.
    pub(crate) last: u64,
}

impl SegmentRange {
    /// Looks which segments there are in a directory, be they in use or not.
    pub(crate) fn read(segments: &Path, keyring: &Keyring) -> Result<Self, OpenError> {
        // Listed before `first` is read: what is removed in between is before it.
        let mut numbers = numbers(segments)?;
        let first = read_first(segments, keyring)?;
        let last = numbers.iter().copied().max().unwrap_or(0);
        numbers.retain(|number| *number >= first);
        let range = Self { first, last };
        if numbers.len() as u64 != range.count() || (first > 1 && numbers.is_empty()) {
            return Err(OpenError::damaged(
                segments,
                format!("segments {first} to {last} were written and {} are there", numbers.len()),
            ));
        }
        Ok(range)
    }

    /// How many there are.
    pub(crate) fn count(self) -> u64 {
        (self.last + 1).saturating_sub(self.first)
    }
}

/// Whether there is any segment.
pub(crate) fn is_any(segments: &Path) -> Result<bool, OpenError> {
    Ok(!numbers(segments)?.is_empty())
}

fn numbers(segments: &Path) -> Result<Vec<u64>, OpenError> {
    let io = |error| OpenError::io(segments, &error);
    let mut numbers = Vec::new();
    for entry in std::fs::read_dir(segments).map_err(io)? {
        let name = entry.map_err(io)?.file_name();
        let name = name.to_string_lossy();
        let Some(number) = name.strip_suffix(".log") else { continue };
        let number = number.parse::<u64>().ok().filter(|number| *name == format!("{number:016}.log"));
        let Some(number) = number else {
            return Err(OpenError::damaged(segments, format!("{name} is no name of a segment")));
        };
        numbers.push(number);
    }
    Ok(numbers)
}

/// Where it is said which segment is the first.
pub(crate) fn first_path(segments: &Path) -> PathBuf {
    segments.join("first")
}

/// The file `first` as it is, if there is one.
pub(crate) fn first_file(segments: &Path) -> Result<Option<Vec<u8>>, OpenError> {
    let path = first_path(segments);
    match std::fs::read(&path) {
        Ok(sealed) if sealed.len() <= FIRST_BYTES_MAX => Ok(Some(sealed)),
        Ok(_) => Err(OpenError::damaged(&path, "it is too long")),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(OpenError::io(&path, &error)),
    }
}

fn read_first(segments: &Path, keyring: &Keyring) -> Result<u64, OpenError> {
    let Some(sealed) = first_file(segments)? else { return Ok(1) };
    let damaged = |what: &dyn std::fmt::Display| OpenError::damaged(&first_path(segments), what.to_string());
    let opened = keyring.open(Domain::Audit, FIRST_NAME, &sealed).map_err(|error| damaged(&error))?;
    let number = opened.expose().try_into().map(u64::from_be_bytes);
    number.ok().filter(|number| *number > 0).ok_or_else(|| damaged(&"it names no segment"))
}

/// Says that `number` is the first segment, for good.
pub(crate) fn write_first(
    segments: &Path,
    number: u64,
    keyring: &Keyring,
    entropy: &dyn Entropy,
) -> Result<(), OpenError> {
    let path = first_path(segments);
    let sealed = keyring
        .seal(Domain::Audit, entropy, FIRST_NAME, &number.to_be_bytes())
        .map_err(|error| OpenError::failed(&path, error))?;
    put_first_file(segments, &sealed)
}

/// Puts the file `first` in place, for good.
pub(crate) fn put_first_file(segments: &Path, sealed: &[u8]) -> Result<(), OpenError> {
    let path = first_path(segments);
    let new = path.with_extension("new");
    // What a crash left of an earlier attempt.
    let _ = std::fs::remove_file(&new);
    let mut file = directory::create_file(&new)?;
    file.write_all(sealed)
        .and_then(|()| file.sync_all())
        .and_then(|()| std::fs::rename(&new, &path))
        .map_err(|error| OpenError::io(&path, &error))?;
    directory::sync(segments)
}

/// Removes the segments before `first`, and their indexes, whatever is there of them.
pub(crate) fn remove_before(segments: &Path, first: u64) -> Result<(), OpenError> {
    let io = |error| OpenError::io(segments, &error);
    let mut removed = false;
    for entry in std::fs::read_dir(segments).map_err(io)? {
        let entry = entry.map_err(io)?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let number = name.split_once('.').and_then(|(number, _)| number.parse::<u64>().ok());
        if number.is_some_and(|number| number < first) {
            std::fs::remove_file(entry.path()).map_err(|error| OpenError::io(&entry.path(), &error))?;
            removed = true;
        }
    }
    if removed { directory::sync(segments) } else { Ok(()) }
}
