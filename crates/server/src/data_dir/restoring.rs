//! A data directory made from a backup and the root of trust that opens it.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use super::keyring_file::{self, KeyringFile};
use super::{DataDir, DataDirError, Secrets, root_of_trust};

/// How much of a backup is read at once, in bytes.
const BUFFER_BYTES: usize = 1024 * 1024;

/// Where the copy of the root of trust is that goes with a backup.
pub(crate) fn root_key_path(backup: &Path) -> PathBuf {
    let mut name = backup.file_name().unwrap_or_default().to_owned();
    name.push(".root-key");
    backup.with_file_name(name)
}

/// What is restored, and where.
#[derive(Debug)]
pub(crate) struct Restore<'a> {
    /// The backup.
    pub(crate) backup: &'a Path,
    /// The root of trust that opens it.
    pub(crate) root_key: &'a Path,
    /// The new data directory; absent or empty.
    pub(crate) data_dir: &'a DataDir,
}

impl Restore<'_> {
    /// Makes the data directory, all but the administrator's profile.
    ///
    /// # Errors
    /// The root of trust does not open, the backup was changed or is not whole, the directory is not empty, or
    /// something cannot be written. The directory is then what it was before.
    pub(crate) fn run(
        &self,
        secrets: &Secrets,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(), DataDirError> {
        let backup = File::open(self.backup).map_err(|error| DataDirError::io(self.backup, &error))?;
        let (root_file, root) = root_of_trust::open_at(self.root_key, secrets)?;
        let mut open_keyring = |file: &[u8], directory: &Path| {
            let keyring = KeyringFile::parse(file)?.open(&root)?;
            root_of_trust::write_restored(directory, &root_file)
                .and_then(|()| keyring_file::write_restored(directory, file))
                .map_err(|error| error.to_string())?;
            Ok(keyring)
        };
        let mut backup = BufReader::with_capacity(BUFFER_BYTES, backup);
        Ok(alcazar_store::restore(&mut backup, self.data_dir.path(), &mut open_keyring, progress)?)
    }
}
