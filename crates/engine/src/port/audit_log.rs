//! The audit log port: an append-only log, one record for each call.
//!
//! Every record says the last commit that was durable when it was appended, and a record of a commit says
//! that commit's own revision. The log and the store thereby vouch for each other: a log whose records name a
//! commit that the store does not have, or a store that knows of records the log has lost, is found out when
//! the directory is opened.

use std::sync::Arc;

use bytes::Bytes;
use thiserror::Error;

use super::store::Revision;

/// The audit log cannot take a record. The call that it was of must not be acknowledged.
#[derive(Debug, Clone, Error)]
#[error("the audit log failed: {0}")]
pub struct AuditLogError(pub String);

/// One record as it is read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its place in the log, counted from 0 without gaps.
    pub sequence: u64,
    /// The commit it belongs to, if the call changed anything.
    pub commit: Option<Revision>,
    /// The record, as it was appended.
    pub record: Bytes,
}

/// Told of every record that was appended: its sequence number, and what it says. It is told in order and while the
/// log is locked, so it must be quick and must not call the log.
pub type LogWatcher = Arc<dyn Fn(u64, &[u8]) + Send + Sync>;

/// The append-only log of all calls.
pub trait AuditLog: Send + Sync + 'static {
    /// Appends the record of a call that changed nothing. When this returns, the record survives the death of
    /// the process; it survives the loss of power from the next [`sync`](Self::sync) on, which an
    /// implementation runs by itself within a second.
    ///
    /// # Errors
    /// The log failed; the record is not in it.
    fn append(&self, record: &[u8]) -> Result<u64, AuditLogError>;

    /// Appends the records of several calls that changed nothing, as [`append`](Self::append) does each.
    ///
    /// # Errors
    /// The log failed; none of the calls may be acknowledged.
    fn append_all(&self, records: &[Bytes]) -> Result<(), AuditLogError> {
        records.iter().try_for_each(|record| self.append(record).map(|_| ()))
    }

    /// Appends the records of commits that are about to become visible, in order.
    ///
    /// # Errors
    /// The log failed; the commits must not be done.
    fn append_commits(&self, records: &[(Revision, Bytes)]) -> Result<(), AuditLogError>;

    /// Makes all that was appended survive the loss of power.
    ///
    /// # Errors
    /// The log failed.
    fn sync(&self) -> Result<(), AuditLogError>;

    /// Reads up to `limit` entries from `sequence` on, oldest first, without those of commits that never
    /// came to be.
    ///
    /// # Errors
    /// The log failed, or is damaged.
    fn read(&self, sequence: u64, limit: usize) -> Result<Vec<AuditEntry>, AuditLogError>;

    /// The sequence number of the next record. Watchers have been told of all before it.
    fn next_sequence(&self) -> u64;

    /// Registers a watcher of all later records.
    fn watch(&self, watcher: LogWatcher);
}
