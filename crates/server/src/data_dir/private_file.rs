//! Files that only their owner reads, written so that a crash leaves the old content, the new one, or none.

use std::ffi::OsStr;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use alcazar_base::SecretBytes;

use super::DataDirError;

/// The largest file that is read, in bytes.
const FILE_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// How the name of a file ends while it is being written.
const TEMPORARY: &str = ".partial";

/// Makes a directory that only its owner reads; one that exists stays as it is.
pub(super) fn make_directory(path: &Path) -> Result<(), DataDirError> {
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|error| DataDirError::io(path, &error))
}

/// Whether a file of this name is one that was never finished.
pub(super) fn is_temporary(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| name.ends_with(TEMPORARY))
}

/// Writes the file, in place of one that is there.
pub(crate) fn replace(path: &Path, content: &[u8]) -> Result<(), DataDirError> {
    let temporary = write_temporary(path, content)?;
    fs::rename(&temporary, path).map_err(|error| DataDirError::io(path, &error))?;
    sync_parent(path)
}

/// Writes the file unless one is there; says whether it did.
pub(crate) fn create(path: &Path, content: &[u8]) -> Result<bool, DataDirError> {
    let temporary = write_temporary(path, content)?;
    let published = publish(&temporary, path);
    if !matches!(published, Ok(true)) {
        let _ = fs::remove_file(&temporary);
    }
    published
}

/// Gives a file that is whole and durable its name, unless another file has it; says whether it did.
pub(crate) fn publish(temporary: &Path, path: &Path) -> Result<bool, DataDirError> {
    // A link never takes the place of a file, as a renaming would.
    match fs::hard_link(temporary, path) {
        Ok(()) => fs::remove_file(temporary).map_err(|error| DataDirError::io(temporary, &error))?,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(false),
        // Some file systems have no links.
        Err(_) if !path.exists() => {
            fs::rename(temporary, path).map_err(|error| DataDirError::io(path, &error))?;
        }
        Err(error) => return Err(DataDirError::io(path, &error)),
    }
    sync_parent(path).map(|()| true)
}

/// Moves a file to another name in its directory.
pub(super) fn rename(from: &Path, to: &Path) -> Result<(), DataDirError> {
    fs::rename(from, to).map_err(|error| DataDirError::io(from, &error))?;
    sync_parent(to)
}

/// Removes a file, if it is there.
pub(crate) fn remove(path: &Path) -> Result<(), DataDirError> {
    match fs::remove_file(path) {
        Ok(()) => sync_parent(path),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(DataDirError::io(path, &error)),
    }
}

/// Reads a file that nobody but its owner may read.
pub(super) fn read_private(path: &Path) -> Result<Option<SecretBytes>, DataDirError> {
    let Some(file) = open(path)? else { return Ok(None) };
    let mode = file.metadata().map_err(|error| DataDirError::io(path, &error))?.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(DataDirError::Exposed { path: path.to_owned(), mode });
    }
    read_all(path, file).map(|bytes| Some(SecretBytes::new(bytes)))
}

/// Reads a file.
pub(super) fn read(path: &Path) -> Result<Option<Vec<u8>>, DataDirError> {
    open(path)?.map(|file| read_all(path, file)).transpose()
}

fn open(path: &Path) -> Result<Option<File>, DataDirError> {
    match File::open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(DataDirError::io(path, &error)),
    }
}

fn read_all(path: &Path, file: File) -> Result<Vec<u8>, DataDirError> {
    let bytes = file.metadata().map_err(|error| DataDirError::io(path, &error))?.len();
    if bytes > FILE_BYTES_MAX {
        return Err(DataDirError::Failed { path: path.to_owned(), what: "the file is too long".to_owned() });
    }
    // Room for everything from the start: a buffer that grows leaves copies of secrets behind.
    let mut content = Vec::with_capacity(usize::try_from(bytes).unwrap_or_default() + 1);
    file.take(FILE_BYTES_MAX).read_to_end(&mut content).map_err(|error| DataDirError::io(path, &error))?;
    Ok(content)
}

/// Where a file is written before it gets its name.
fn temporary_path(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}{TEMPORARY}", std::process::id()));
    path.with_file_name(name)
}

/// Opens a new file that only its owner reads.
pub(crate) fn create_temporary(path: &Path) -> Result<(PathBuf, File), DataDirError> {
    let temporary = temporary_path(path);
    // What a process of the same id left when it was interrupted.
    let _ = fs::remove_file(&temporary);
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&temporary);
    let file = file.map_err(|error| DataDirError::io(&temporary, &error))?;
    Ok((temporary, file))
}

fn write_temporary(path: &Path, content: &[u8]) -> Result<PathBuf, DataDirError> {
    let (temporary, mut file) = create_temporary(path)?;
    file.write_all(content)
        .and_then(|()| file.sync_all())
        .map_err(|error| DataDirError::io(&temporary, &error))?;
    Ok(temporary)
}

/// Makes what was named, renamed or removed in a directory survive the loss of power.
pub(crate) fn sync_parent(path: &Path) -> Result<(), DataDirError> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(parent)
        .and_then(|directory| directory.sync_all())
        .map_err(|error| DataDirError::io(parent, &error))
}

/// Removes what interrupted processes left in a directory that this process holds.
pub(super) fn remove_temporaries(directory: &Path) -> Result<(), DataDirError> {
    let entries = fs::read_dir(directory).map_err(|error| DataDirError::io(directory, &error))?;
    for entry in entries.filter_map(Result::ok).filter(|entry| is_temporary(&entry.file_name())) {
        let _ = fs::remove_file(entry.path());
    }
    Ok(())
}
