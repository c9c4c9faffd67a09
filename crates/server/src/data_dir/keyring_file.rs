//! The keyring as it stands in the data directory: `magic (8) ‖ version (1) ‖ store id (16) ‖ sealed keyring`.
//!
//! While the root of trust is being changed, the keyring for the new one waits in `keyring.next`. Whichever root is in
//! place, one of the two opens under it: so there is no moment at which a crash would lose the keys.

use std::path::{Path, PathBuf};

use alcazar_crypto::{Keyring, RootKey, StoreId};

use super::{DataDir, DataDirError, Ports, private_file};

/// The name of the file.
pub(super) const FILE_NAME: &str = "keyring";

/// The name of the keyring for the root of trust to come.
const NEXT_FILE_NAME: &str = "keyring.next";

const MAGIC: &[u8; 8] = b"ALCAKEYS";
const VERSION: u8 = 1;
const HEADER_BYTES: usize = 25;

/// A keyring's file, in its parts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KeyringFile<'a> {
    /// The store that the keyring is of.
    pub(crate) store_id: StoreId,
    sealed: &'a [u8],
}

impl<'a> KeyringFile<'a> {
    /// Reads a keyring's file.
    ///
    /// # Errors
    /// What the file is instead.
    pub(crate) fn parse(file: &'a [u8]) -> Result<Self, String> {
        let rest = file.strip_prefix(MAGIC).ok_or("the file is not a keyring")?;
        let (&version, rest) = rest.split_first().ok_or("the keyring is damaged")?;
        if version != VERSION {
            return Err(format!("the keyring has the unknown version {version}"));
        }
        let (store_id, sealed) = rest.split_first_chunk().ok_or("the keyring is damaged")?;
        Ok(Self { store_id: *store_id, sealed })
    }

    /// Opens the keyring under the root of trust.
    ///
    /// # Errors
    /// Why it does not open.
    pub(crate) fn open(&self, root: &RootKey) -> Result<Keyring, String> {
        Keyring::open_under(root, &self.store_id, self.sealed)
            .map_err(|error| format!("the keyring does not open under the root of trust ({error})"))
    }

    /// The file of a keyring, sealed under the root of trust.
    pub(crate) fn write(
        keyring: &Keyring,
        root: &RootKey,
        store_id: &StoreId,
        ports: &Ports,
    ) -> Result<Vec<u8>, DataDirError> {
        let sealed = keyring.seal_under(root, store_id, ports.entropy.as_ref())?;
        let mut file = Vec::with_capacity(HEADER_BYTES + sealed.len());
        file.extend_from_slice(MAGIC);
        file.push(VERSION);
        file.extend_from_slice(store_id);
        file.extend_from_slice(&sealed);
        Ok(file)
    }
}

/// A keyring that was read.
pub(super) struct Found {
    pub(super) store_id: StoreId,
    pub(super) keyring: Keyring,
    pub(super) bytes: Vec<u8>,
    /// It is the one that waited for the root that is now in place.
    pub(super) pending: bool,
}

fn path(data_dir: &DataDir) -> PathBuf {
    data_dir.path().join(FILE_NAME)
}

/// Where the keyring for the root of trust to come waits.
pub(super) fn next_path(data_dir: &DataDir) -> PathBuf {
    data_dir.path().join(NEXT_FILE_NAME)
}

/// Reads the keyring that opens under `root`; none if there is no keyring at all.
pub(super) fn load(data_dir: &DataDir, root: &RootKey) -> Result<Option<Found>, DataDirError> {
    let Some(bytes) = private_file::read(&path(data_dir))? else { return Ok(None) };
    let what = match open(bytes, root, false) {
        Ok(found) => return Ok(Some(found)),
        Err(what) => what,
    };
    // A change of the root that was interrupted has left the keyring that belongs to it here.
    if let Some(bytes) = private_file::read(&next_path(data_dir))?
        && let Ok(found) = open(bytes, root, true)
    {
        return Ok(Some(found));
    }
    Err(DataDirError::Keyring { path: path(data_dir), what })
}

fn open(bytes: Vec<u8>, root: &RootKey, pending: bool) -> Result<Found, String> {
    let file = KeyringFile::parse(&bytes)?;
    let (store_id, keyring) = (file.store_id, file.open(root)?);
    Ok(Found { store_id, keyring, bytes, pending })
}

/// Whether `bytes` are still the keyring's file, or the one that waits.
pub(super) fn is_current(data_dir: &DataDir, bytes: &[u8]) -> Result<bool, DataDirError> {
    let is = |path: &Path| private_file::read(path).map(|found| found.is_some_and(|found| found == bytes));
    Ok(is(&path(data_dir))? || is(&next_path(data_dir))?)
}

/// Finishes a change of the root of trust that was interrupted. The directory must be held.
pub(super) fn settle(data_dir: &DataDir, pending: bool) -> Result<(), DataDirError> {
    private_file::remove_temporaries(data_dir.path())?;
    let next = next_path(data_dir);
    if pending { private_file::rename(&next, &path(data_dir)) } else { private_file::remove(&next) }
}

/// Whether there is no keyring yet.
pub(super) fn is_absent(data_dir: &DataDir) -> bool {
    !path(data_dir).exists()
}

/// Makes a keyring with an id for the store.
pub(super) fn make(data_dir: &DataDir, root: &RootKey, ports: &Ports) -> Result<(), DataDirError> {
    let store_id: StoreId = alcazar_crypto::entropy::random(ports.entropy.as_ref())?;
    let keyring = Keyring::generate(ports.entropy.as_ref())?;
    let file = KeyringFile::write(&keyring, root, &store_id, ports)?;
    // Another process may have been faster; its keyring is as good.
    private_file::create(&path(data_dir), &file).map(|_| ())
}

/// Writes the keyring of a directory that is being restored.
pub(crate) fn write_restored(directory: &Path, file: &[u8]) -> Result<(), DataDirError> {
    private_file::replace(&directory.join(FILE_NAME), file)
}
