//! The data directory: who holds it, and which format it has.
//!
//! Directories are made with mode 0700 and files with 0600. The directory belongs to one process, by a lock on
//! its file `lock`, which also says who holds it; the lock goes with the process, however that ends.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, Mode, flock};
use rustix::io::Errno;

use crate::open_error::OpenError;

/// What the file `format` says in a directory that this version reads and writes.
pub(crate) const FORMAT: &str = "alcazar data 1\n";

/// The most bytes that are read of a small text file.
const TEXT_BYTES_MAX: u64 = 256;

/// A data directory that this process holds until this is dropped.
#[derive(Debug)]
pub(crate) struct Directory {
    path: PathBuf,
    _lock: File,
}

impl Directory {
    /// Makes the directory if it is absent, locks it, and checks its format.
    ///
    /// From here on the process makes no file that others may read: the engine's own files are made with the
    /// process's mask, so the mask is set.
    pub(crate) fn open(path: &Path) -> Result<Self, OpenError> {
        rustix::process::umask(Mode::RWXG | Mode::RWXO);
        make(path)?;
        let lock = lock(path)?;
        check_format(path)?;
        make(&path.join("audit"))?;
        Ok(Self { path: path.to_owned(), _lock: lock })
    }

    /// The directory itself.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Where the engine keeps the records.
    pub(crate) fn records(&self) -> PathBuf {
        records(&self.path)
    }

    /// Where the audit log's segments are.
    pub(crate) fn audit(&self) -> PathBuf {
        audit(&self.path)
    }
}

/// Where the engine keeps the records of a data directory.
pub(crate) fn records(directory: &Path) -> PathBuf {
    directory.join("records")
}

/// Where the audit log's segments are in a data directory.
pub(crate) fn audit(directory: &Path) -> PathBuf {
    directory.join("audit")
}

/// Makes a directory that only its owner reads; one that exists stays as it is.
pub(crate) fn make(path: &Path) -> Result<(), OpenError> {
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|error| OpenError::io(path, &error))
}

/// Makes what was created, renamed or removed in a directory survive the loss of power.
pub(crate) fn sync(path: &Path) -> Result<(), OpenError> {
    File::open(path).and_then(|directory| directory.sync_all()).map_err(|error| OpenError::io(path, &error))
}

/// Opens a new file that only its owner reads.
pub(crate) fn create_file(path: &Path) -> Result<File, OpenError> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(|error| OpenError::io(path, &error))
}

fn lock(directory: &Path) -> Result<File, OpenError> {
    let path = directory.join("lock");
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&path)
        .map_err(|error| OpenError::io(&path, &error))?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => {}
        Err(Errno::WOULDBLOCK) => {
            let mut holder = String::new();
            // Whatever cannot be read of the holder only makes the message poorer.
            let _ = file.take(TEXT_BYTES_MAX).read_to_string(&mut holder);
            let holder = match holder.trim() {
                "" => "unknown".to_owned(),
                holder => holder.to_owned(),
            };
            return Err(OpenError::InUse { directory: directory.to_owned(), holder });
        }
        Err(error) => return Err(OpenError::failed(&path, error)),
    }
    file.set_len(0)
        .and_then(|()| file.write_all(format!("{}\n", std::process::id()).as_bytes()))
        .map_err(|error| OpenError::io(&path, &error))?;
    Ok(file)
}

fn check_format(directory: &Path) -> Result<(), OpenError> {
    let path = directory.join("format");
    match File::open(&path) {
        Ok(file) => {
            let mut found = Vec::new();
            file.take(TEXT_BYTES_MAX)
                .read_to_end(&mut found)
                .map_err(|error| OpenError::io(&path, &error))?;
            if found == FORMAT.as_bytes() {
                return Ok(());
            }
            Err(OpenError::UnknownFormat {
                directory: directory.to_owned(),
                found: String::from_utf8_lossy(&found).trim_end().to_owned(),
                expected: FORMAT.trim_end().to_owned(),
            })
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            if records(directory).exists() || audit(directory).exists() {
                return Err(OpenError::damaged(
                    &path,
                    "the file is missing, though the directory holds data",
                ));
            }
            write_format(directory)
        }
        Err(error) => Err(OpenError::io(&path, &error)),
    }
}

/// Writes the format file of a new data directory.
pub(crate) fn write_format(directory: &Path) -> Result<(), OpenError> {
    let (path, new) = (directory.join("format"), directory.join("format.new"));
    // What a crash left of an earlier attempt.
    let _ = std::fs::remove_file(&new);
    let mut file = create_file(&new)?;
    file.write_all(FORMAT.as_bytes())
        .and_then(|()| file.sync_all())
        .and_then(|()| std::fs::rename(&new, &path))
        .map_err(|error| OpenError::io(&path, &error))?;
    sync(directory)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_second_holder_is_refused_and_told_who_the_first_is() {
        let home = tempfile::tempdir().unwrap();
        let first = Directory::open(home.path()).unwrap();
        let refused = Directory::open(home.path()).unwrap_err().to_string();
        assert!(refused.contains(&format!("in use by process {}", std::process::id())), "{refused}");
        drop(first);
        Directory::open(home.path()).unwrap();
    }

    #[test]
    fn only_its_owner_can_read_it() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a/b");
        let _held = Directory::open(&path).unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(&path.join("audit"))), (0o700, 0o700));
        assert_eq!((mode(&path.join("lock")), mode(&path.join("format"))), (0o600, 0o600));
    }

    #[test]
    fn an_unknown_or_missing_format_is_refused() {
        let home = tempfile::tempdir().unwrap();
        drop(Directory::open(home.path()).unwrap());
        let path = home.path().join("format");
        std::fs::write(&path, "alcazar data 2\n").unwrap();
        let refused = Directory::open(home.path()).unwrap_err();
        assert!(matches!(&refused, OpenError::UnknownFormat { found, .. } if found == "alcazar data 2"));
        std::fs::remove_file(&path).unwrap();
        assert!(matches!(Directory::open(home.path()).unwrap_err(), OpenError::Damaged { .. }));
    }
}
