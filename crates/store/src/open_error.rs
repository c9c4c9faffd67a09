//! Why a data directory is not opened, with what its owner can do.

use std::io;
use std::path::{Path, PathBuf};

use alcazar_engine::port::store::StoreError;
use thiserror::Error;

/// A data directory that is not opened, backed up or restored.
#[derive(Debug, Error)]
pub enum OpenError {
    /// Another process has it open.
    #[error("{} is in use by process {holder}; stop that process first, or choose another directory", .directory.display())]
    InUse {
        /// The directory.
        directory: PathBuf,
        /// What the lock file says about its holder.
        holder: String,
    },
    /// It was written by another version of the software.
    #[error(
        "{} has the format {found:?}, and this version reads only {expected:?}; use the version that wrote it, or restore a backup",
        .directory.display()
    )]
    UnknownFormat {
        /// The directory.
        directory: PathBuf,
        /// What its format file says.
        found: String,
        /// What this version writes.
        expected: String,
    },
    /// Something in it does not read as what was written.
    #[error("{} is damaged: {what}. It was left as it is; restore the data directory from a backup", .path.display())]
    Damaged {
        /// The file or directory.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// A restore needs a directory that is absent or empty.
    #[error("{} is not empty; restore into a directory that is empty or absent", .0.display())]
    NotEmpty(PathBuf),
    /// A backup that was changed, is not whole, or is none.
    #[error("the backup is refused: {0}; use another one")]
    BadBackup(String),
    /// A file is not there.
    #[error("{}: {what}", .path.display())]
    NotFound {
        /// The file.
        path: PathBuf,
        /// The operating system's words.
        what: String,
    },
    /// The operating system or the engine refused.
    #[error("{}: {what}", .path.display())]
    Failed {
        /// The file or directory.
        path: PathBuf,
        /// What was refused.
        what: String,
    },
}

impl From<StoreError> for OpenError {
    fn from(error: StoreError) -> Self {
        Self::failed(Path::new("records"), error)
    }
}

impl OpenError {
    pub(crate) fn io(path: &Path, error: &io::Error) -> Self {
        let (path, what) = (path.to_owned(), error.to_string());
        match error.kind() {
            io::ErrorKind::NotFound => Self::NotFound { path, what },
            _ => Self::Failed { path, what },
        }
    }

    pub(crate) fn is_not_found(&self) -> bool {
        matches!(self, Self::NotFound { .. })
    }

    pub(crate) fn damaged(path: &Path, what: impl Into<String>) -> Self {
        Self::Damaged { path: path.to_owned(), what: what.into() }
    }

    pub(crate) fn failed(path: &Path, what: impl ToString) -> Self {
        Self::Failed { path: path.to_owned(), what: what.to_string() }
    }
}
