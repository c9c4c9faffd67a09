//! How an operation fails.

use alcazar_crypto::{EntropyError, OpenError, SealError};
use alcazar_shape::{ApiError, Mismatch};
use thiserror::Error;

use crate::port::audit_log::AuditLogError;
use crate::port::store::{CommitError, StoreError};

/// Why an operation did not succeed.
#[derive(Debug, Error)]
pub enum Error {
    /// The caller is told this.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// Something that was read has changed since; the operation starts again.
    #[error("a record that was read has changed since")]
    Conflict,
    /// What was waited for came; the operation starts again, however often that happens.
    #[error("what was waited for came")]
    Again,
    /// Something failed inside. The caller is told no more than that.
    #[error(transparent)]
    Internal(#[from] InternalError),
}

/// What can fail inside. It is logged, and never sent.
#[derive(Debug, Error)]
pub enum InternalError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The audit log failed.
    #[error(transparent)]
    AuditLog(#[from] AuditLogError),
    /// A record does not open under its own name: it was damaged, swapped or forged.
    #[error("a record of table {table} does not open: {cause}")]
    Sealed {
        /// The record's table.
        table: String,
        /// What the key hierarchy said.
        cause: OpenError,
    },
    /// Something could not be sealed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// A record opens but does not read as what its table holds.
    #[error("a record of table {table} cannot be read: {cause}")]
    Record {
        /// The record's table.
        table: String,
        /// What the decoder said.
        cause: String,
    },
    /// Randomness failed.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// A validated input is not of its own shape: generated code and schema differ.
    #[error(transparent)]
    Mismatch(#[from] Mismatch),
    /// A transaction grew beyond its limit.
    #[error("the transaction touches more than {0} records")]
    TransactionTooLarge(usize),
    /// Operations called each other deeper than any service needs.
    #[error("calls between services nest deeper than {0}")]
    NestedTooDeep(usize),
    /// An invariant of a service does not hold.
    #[error("{0}")]
    Invariant(String),
}

impl Error {
    /// An invariant of the caller's own does not hold.
    #[must_use]
    pub fn invariant(what: impl Into<String>) -> Self {
        Self::Internal(InternalError::Invariant(what.into()))
    }
}

macro_rules! internal {
    ($($type:ty),+) => {
        $(impl From<$type> for Error {
            fn from(cause: $type) -> Self {
                Self::Internal(cause.into())
            }
        })+
    };
}

internal!(StoreError, AuditLogError, SealError, EntropyError, Mismatch);

impl From<CommitError> for Error {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Conflict => Self::Conflict,
            CommitError::Store(cause) => cause.into(),
        }
    }
}

/// What operations return.
pub type Result<T, E = Error> = std::result::Result<T, E>;
