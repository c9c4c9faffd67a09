//! Why a data directory is not used, with what its owner can do.

use std::io;
use std::path::{Path, PathBuf};

use alcazar_crypto::{EntropyError, RootFileError, SealError};
use thiserror::Error;

/// A data directory that is not used.
#[derive(Debug, Error)]
pub(crate) enum DataDirError {
    /// There is no such directory.
    #[error("{} does not exist; make it with `alcazar init` or `alcazar serve`", .0.display())]
    Absent(PathBuf),
    /// The directory holds no store.
    #[error("{} holds no alcazar store; make one with `alcazar init`, or name another directory with --data-dir", .0.display())]
    NoStore(PathBuf),
    /// The directory holds a store already.
    #[error("{} holds a store already; it was left as it is", .0.display())]
    Exists(PathBuf),
    /// The directory holds other files.
    #[error("{} holds other files and no store; name an empty or a new directory with --data-dir", .0.display())]
    Foreign(PathBuf),
    /// A file without which the records cannot be read is missing.
    #[error(
        "{} is missing, and nothing in {} opens without it; put the file back from a copy, or restore a backup \
         into another directory with `alcazar restore`",
        .path.display(), .directory.display()
    )]
    Lost {
        /// The file.
        path: PathBuf,
        /// The directory.
        directory: PathBuf,
    },
    /// Others may read a file that only its owner should.
    #[error("{} may be read by others (mode {mode:04o}); if nobody has read it, close it with `chmod 600`", .path.display())]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// The root of trust does not open.
    #[error("{}: {cause}", .path.display())]
    Root {
        /// The file.
        path: PathBuf,
        /// Why not.
        cause: RootFileError,
    },
    /// The keyring does not open.
    #[error("{}: {what}; put the file back from a copy, or restore a backup with `alcazar restore`", .path.display())]
    Keyring {
        /// The file.
        path: PathBuf,
        /// Why not.
        what: String,
    },
    /// The keys were changed while they were read.
    #[error("the keys in {} were changed just now by another process; try again", .0.display())]
    Changed(PathBuf),
    /// There is no passphrase to be had.
    #[error("{0}")]
    Passphrase(String),
    /// The store does not open.
    #[error(transparent)]
    Store(#[from] alcazar_store::OpenError),
    /// A record of the store does not open, or cannot be written.
    #[error(transparent)]
    Engine(#[from] alcazar_engine::Error),
    /// Randomness failed.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// Something could not be sealed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The operating system refused.
    #[error("{}: {what}", .path.display())]
    Failed {
        /// The file or directory.
        path: PathBuf,
        /// What it said.
        what: String,
    },
}

impl DataDirError {
    pub(crate) fn io(path: &Path, error: &io::Error) -> Self {
        Self::Failed { path: path.to_owned(), what: error.to_string() }
    }
}
