//! The data directory with all that makes it one: the root of trust, the keyring, the store, and the
//! administrator with the profile that holds its access key.
//!
//! Beside what the store keeps (`format`, `lock`, `records/`, `audit/`) there are `root.key`, `keyring` and
//! `credentials`, each of mode 0600. What always holds: a file gets its name only when it is whole and durable; the
//! root of trust is there before the keyring, and that before any record; neither is ever made over records
//! that are there. So a first start that was interrupted is finished by the next one, whatever it had reached.

mod administrator;
mod backup_file;
mod error;
mod keyring_file;
mod passphrase;
pub(crate) mod private_file;
mod profile;
mod restoring;
mod root_of_trust;
mod root_rotation;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use alcazar_base::{AccountId, SecretBytes};
use alcazar_crypto::{Entropy, Keyring, StoreId};
use alcazar_engine::port::clock::Clock;
use alcazar_store::{EmbeddedStore, SegmentLog};

pub(crate) use self::administrator::{Engine, rotate as rotate_administrator, write_profile};
pub(crate) use self::backup_file::write_backup;
pub(crate) use self::error::DataDirError;
pub(crate) use self::passphrase::Secrets;
pub(crate) use self::profile::{PROFILE, Profile, REGION};
pub(crate) use self::restoring::{Restore, root_key_path};
pub(crate) use self::root_of_trust::RootForm;
pub(crate) use self::root_rotation::{NewRoot, rotate_root};

/// What the commands and the server take from outside.
#[derive(Clone)]
pub(crate) struct Ports {
    /// The time.
    pub(crate) clock: Arc<dyn Clock>,
    /// Randomness.
    pub(crate) entropy: Arc<dyn Entropy>,
}

/// What a first start makes, as far as it can be chosen.
#[derive(Debug, Clone, Default)]
pub(crate) struct NewStore {
    /// The first account; a random one if none is named.
    pub(crate) account: Option<AccountId>,
    /// How the root of trust is kept.
    pub(crate) root: RootForm,
    /// The URL that the profile names.
    pub(crate) endpoint_url: String,
}

/// A data directory, whatever it holds.
#[derive(Debug, Clone)]
pub(crate) struct DataDir {
    path: PathBuf,
}

/// The keys as they were read.
struct Keys {
    form: RootForm,
    root_file: SecretBytes,
    found: keyring_file::Found,
}

/// A data directory that this process holds.
#[derive(Clone)]
pub(crate) struct Opened {
    /// The records.
    pub(crate) store: Arc<EmbeddedStore>,
    /// The audit log.
    pub(crate) audit_log: Arc<SegmentLog>,
    /// The keyring.
    pub(crate) keyring: Arc<Keyring>,
    /// The keyring's file, as it is.
    pub(crate) keyring_file: Arc<[u8]>,
    /// How the root of trust is kept.
    pub(crate) root_form: RootForm,
    /// The store's id.
    pub(crate) store_id: StoreId,
    /// Whether this opening made the administrator.
    pub(crate) first_start: bool,
    /// Where the administrator's profile is, or was.
    pub(crate) profile_path: PathBuf,
    /// The administrator's access key id.
    pub(crate) access_key_id: String,
    /// The administrator's account.
    pub(crate) account: AccountId,
    /// The directory.
    pub(crate) data_dir: DataDir,
    /// The ports that it was opened with.
    pub(crate) ports: Ports,
}

impl Opened {
    /// What the engine needs.
    pub(crate) fn engine(&self) -> Engine {
        Engine { store: self.store.clone(), audit_log: self.audit_log.clone(), keyring: self.keyring.clone() }
    }

    /// Makes everything durable and lets go of the directory, when the last copy of this is dropped.
    ///
    /// # Errors
    /// Something could not be made durable.
    pub(crate) async fn close(&self) -> Result<(), DataDirError> {
        Ok(self.store.close().await.map_err(alcazar_engine::Error::from)?)
    }
}

impl DataDir {
    /// The data directory at `path`, which need not exist.
    #[must_use]
    pub(crate) fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The root of trust's file.
    pub(crate) fn root_file(&self) -> PathBuf {
        self.path.join(root_of_trust::FILE_NAME)
    }

    /// The administrator's profile.
    pub(crate) fn profile_path(&self) -> PathBuf {
        self.path.join(profile::FILE_NAME)
    }

    /// Whether it holds a store's data.
    pub(crate) fn holds_data(&self) -> bool {
        // The store gives this directory its name once it is whole.
        self.path.join("records").exists()
    }

    /// Whether anything of a store is in it.
    fn is_begun(&self) -> bool {
        let has = |name: &str| self.path.join(name).exists();
        self.holds_data() || has(root_of_trust::FILE_NAME) || has(keyring_file::FILE_NAME)
    }

    /// Reads the keyring. The directory may be in use by a server.
    ///
    /// # Errors
    /// The directory holds no store, or its keys do not open.
    pub(crate) fn keyring(&self, secrets: &Secrets) -> Result<Keyring, DataDirError> {
        self.check_is_store()?;
        Ok(self.read_keys(secrets)?.found.keyring)
    }

    fn read_keys(&self, secrets: &Secrets) -> Result<Keys, DataDirError> {
        let root_file = root_of_trust::read(self)?.ok_or_else(|| self.lost(root_of_trust::FILE_NAME))?;
        let (root, form) = root_of_trust::open(&self.root_file(), &root_file, secrets)?;
        let found = keyring_file::load(self, &root)?.ok_or_else(|| self.lost(keyring_file::FILE_NAME))?;
        Ok(Keys { form, root_file, found })
    }

    /// Opens the store that is there, and holds it until what this gives is dropped.
    ///
    /// # Errors
    /// The directory holds no store, it is in use, or something in it does not open.
    pub(crate) async fn open(&self, secrets: &Secrets, ports: &Ports) -> Result<Opened, DataDirError> {
        self.check_is_store()?;
        self.open_or_init(secrets, ports, &NewStore::default()).await
    }

    /// Opens the store, making whatever of it is not there yet, and holds it until what this gives is dropped.
    ///
    /// # Errors
    /// The directory is in use, holds something else, has lost a file, or something in it does not open.
    pub(crate) async fn open_or_init(
        &self,
        secrets: &Secrets,
        ports: &Ports,
        new: &NewStore,
    ) -> Result<Opened, DataDirError> {
        if !self.is_begun() {
            self.check_is_empty()?;
        }
        if !self.holds_data() {
            self.make_keys(secrets, ports, new)?;
        }
        let Keys { form, root_file, found } = self.read_keys(secrets)?;
        let keyring = Arc::new(found.keyring);
        let (store, audit_log) = EmbeddedStore::open(&self.path, keyring.clone(), ports.entropy.clone())?;
        // From here on nobody else changes the keys.
        self.check_unchanged(&root_file, &found.bytes)?;
        keyring_file::settle(self, found.pending)?;
        let engine = Engine { store: store.clone(), audit_log: audit_log.clone(), keyring: keyring.clone() };
        let (key, first_start) = administrator::find_or_make(self, &engine, ports, new).await?;
        Ok(Opened {
            store,
            audit_log,
            keyring,
            keyring_file: found.bytes.into(),
            root_form: form,
            store_id: found.store_id,
            first_start,
            profile_path: self.profile_path(),
            access_key_id: key.access_key_id.clone(),
            account: key.account,
            data_dir: self.clone(),
            ports: ports.clone(),
        })
    }

    /// Makes the root of trust and the keyring, each unless it is there.
    fn make_keys(&self, secrets: &Secrets, ports: &Ports, new: &NewStore) -> Result<(), DataDirError> {
        private_file::make_directory(&self.path)?;
        root_of_trust::make_if_absent(self, secrets, new.root, ports)?;
        if keyring_file::is_absent(self) {
            let root_file = root_of_trust::read(self)?.ok_or_else(|| self.lost(root_of_trust::FILE_NAME))?;
            let (root, _) = root_of_trust::open(&self.root_file(), &root_file, secrets)?;
            keyring_file::make(self, &root, ports)?;
        }
        Ok(())
    }

    /// The keys may have been changed between their reading and the lock.
    fn check_unchanged(&self, root_file: &SecretBytes, keyring_file: &[u8]) -> Result<(), DataDirError> {
        let same_root = root_of_trust::read(self)?.is_some_and(|now| now == *root_file);
        if same_root && keyring_file::is_current(self, keyring_file)? {
            Ok(())
        } else {
            Err(DataDirError::Changed(self.path.clone()))
        }
    }

    /// Checks that there is a store, or the beginning of one.
    ///
    /// # Errors
    /// There is none.
    pub(crate) fn check_is_store(&self) -> Result<(), DataDirError> {
        match std::fs::metadata(&self.path) {
            Ok(found) if found.is_dir() && self.is_begun() => Ok(()),
            Ok(_) => Err(DataDirError::NoStore(self.path.clone())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Err(DataDirError::Absent(self.path.clone()))
            }
            Err(error) => Err(DataDirError::io(&self.path, &error)),
        }
    }

    /// A new store is not strewn among other files.
    fn check_is_empty(&self) -> Result<(), DataDirError> {
        let entries = match std::fs::read_dir(&self.path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(DataDirError::io(&self.path, &error)),
        };
        for entry in entries {
            let name = entry.map_err(|error| DataDirError::io(&self.path, &error))?.file_name();
            // What a file system brings along, and what an interrupted start leaves.
            let ours = name == "lost+found" || private_file::is_temporary(&name);
            if !ours {
                return Err(DataDirError::Foreign(self.path.clone()));
            }
        }
        Ok(())
    }

    fn lost(&self, file: &'static str) -> DataDirError {
        DataDirError::Lost { path: self.path.join(file), directory: self.path.clone() }
    }
}
