//! A backup as a file, with the root of trust that opens it as another.

use std::fs;
use std::io::BufWriter;
use std::path::Path;

use super::{DataDirError, Opened, private_file, root_key_path, root_of_trust};

/// How much of a backup is written at once, in bytes.
const BUFFER_BYTES: usize = 1024 * 1024;

/// Writes a backup of an open data directory to `file`, and a copy of its root of trust beside it if `with_root`.
/// Neither is ever written over a file that is there. It waits for the store, so it must not be called from within
/// an asynchronous task.
///
/// # Errors
/// A file is there already, or cannot be written. There is no backup then.
pub(crate) fn write_backup(
    opened: &Opened,
    file: &Path,
    with_root: bool,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<(), DataDirError> {
    let root_copy = root_key_path(file);
    for path in [Some(file), with_root.then_some(root_copy.as_path())].into_iter().flatten() {
        if fs::symlink_metadata(path).is_ok() {
            return Err(exists(path));
        }
    }
    let (temporary, out) = private_file::create_temporary(file)?;
    let written = write(opened, file, out, progress).and_then(|()| {
        if with_root {
            copy_root(opened, &root_copy)?;
        }
        if private_file::publish(&temporary, file)? { Ok(()) } else { Err(exists(file)) }
    });
    if written.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    written
}

fn write(
    opened: &Opened,
    file: &Path,
    out: fs::File,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<(), DataDirError> {
    let mut out = BufWriter::with_capacity(BUFFER_BYTES, out);
    alcazar_store::backup(
        &opened.store,
        &opened.audit_log,
        &opened.keyring_file,
        &opened.keyring,
        opened.ports.entropy.as_ref(),
        &mut out,
        progress,
    )?;
    let out = out.into_inner().map_err(|error| DataDirError::io(file, error.error()))?;
    out.sync_all().map_err(|error| DataDirError::io(file, &error))
}

fn copy_root(opened: &Opened, path: &Path) -> Result<(), DataDirError> {
    let root = root_of_trust::read(&opened.data_dir)?;
    let root = root.ok_or_else(|| opened.data_dir.lost(root_of_trust::FILE_NAME))?;
    if private_file::create(path, root.expose())? { Ok(()) } else { Err(exists(path)) }
}

fn exists(path: &Path) -> DataDirError {
    DataDirError::Failed {
        path: path.to_owned(),
        what: "the file exists already; it was left as it is".to_owned(),
    }
}
