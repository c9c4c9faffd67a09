//! The audit log port: an append-only log, one record for each call.
//!
//! Every record says the last commit that was durable when it was appended, and a record of a commit says
//! that commit's own revision. The log and the store thereby vouch for each other: a log whose records name a
//! commit that the store does not have, or a store that knows of records the log has lost, is found out when
//! the directory is opened.
//!
//! The log knows nothing of what records say. It finds them by their [`Label`], which the engine makes of each.

use std::sync::Arc;

use alcazar_base::Timestamp;
use bytes::Bytes;
use thiserror::Error;

use super::store::Revision;

/// The audit log cannot take a record. The call that it was of must not be acknowledged.
#[derive(Debug, Clone, Error)]
#[error("the audit log failed: {0}")]
pub struct AuditLogError(pub String);

/// The most tags of one record.
pub const TAGS_MAX: usize = 255;

/// What the log finds a record by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Label {
    /// When that happened of which the record tells.
    pub time: Timestamp,
    /// What it may be asked for by, [`TAGS_MAX`] of them at most. Two things may have the same tag, so whoever asks
    /// looks at what was found.
    pub tags: Vec<u32>,
}

/// One record on its way into the log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditRecord {
    /// What it says.
    pub bytes: Bytes,
    /// What it is found by.
    pub label: Label,
}

impl AuditRecord {
    /// A record that is found by nothing but its place.
    #[must_use]
    pub fn unlabelled(bytes: impl Into<Bytes>) -> Self {
        Self { bytes: bytes.into(), label: Label::default() }
    }
}

/// Makes the label of a record that was appended earlier, as it was made then. None if it cannot be read.
pub type Labeller = Arc<dyn Fn(&[u8]) -> Option<Label> + Send + Sync>;

/// In which order records are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The last one appended comes first.
    NewestFirst,
    /// The first one appended comes first.
    OldestFirst,
}

/// What is looked for in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Find {
    /// Records with any of these tags; all records if none are given.
    pub tags: Option<Vec<u32>>,
    /// Of this time or later.
    pub from: Timestamp,
    /// Of this time or earlier.
    pub to: Timestamp,
    /// In which order.
    pub order: Order,
    /// Only those that come, in this order, after the one with this sequence number.
    pub after: Option<u64>,
    /// How many at most.
    pub limit: usize,
}

impl Find {
    /// Whether a record of this label, at this place, is one of those.
    #[must_use]
    pub fn matches(&self, sequence: u64, label: &Label) -> bool {
        let is_after = match (self.order, self.after) {
            (_, None) => true,
            (Order::NewestFirst, Some(after)) => sequence < after,
            (Order::OldestFirst, Some(after)) => sequence > after,
        };
        let is_tagged =
            self.tags.as_ref().is_none_or(|wanted| label.tags.iter().any(|tag| wanted.contains(tag)));
        is_after && is_tagged && self.from <= label.time && label.time <= self.to
    }
}

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
    fn append(&self, record: &AuditRecord) -> Result<u64, AuditLogError>;

    /// Appends the records of several calls that changed nothing, as [`append`](Self::append) does each.
    ///
    /// # Errors
    /// The log failed; none of the calls may be acknowledged.
    fn append_all(&self, records: &[AuditRecord]) -> Result<(), AuditLogError> {
        records.iter().try_for_each(|record| self.append(record).map(|_| ()))
    }

    /// Appends the records of commits that are about to become visible, in order.
    ///
    /// # Errors
    /// The log failed; the commits must not be done.
    fn append_commits(&self, records: &[(Revision, AuditRecord)]) -> Result<(), AuditLogError>;

    /// Makes all that was appended survive the loss of power.
    ///
    /// # Errors
    /// The log failed.
    fn sync(&self) -> Result<(), AuditLogError>;

    /// Reads up to `limit` entries from `sequence` on, oldest first, without those of commits that never
    /// came to be. What the log has dropped is passed over. None means that the end was reached.
    ///
    /// # Errors
    /// The log failed, or is damaged.
    fn read(&self, sequence: u64, limit: usize) -> Result<Vec<AuditEntry>, AuditLogError>;

    /// Finds entries by their labels, without those of commits that never came to be or are under way. There may be
    /// fewer than `limit` though there are more: none means that there are no more.
    ///
    /// # Errors
    /// The log failed, or is damaged.
    fn find(&self, find: &Find) -> Result<Vec<AuditEntry>, AuditLogError>;

    /// Says how labels are made of records, for those whose labels the log has lost.
    fn label_by(&self, labeller: Labeller);

    /// Drops the oldest records, as far as they are older than `time` and before `sequence`; some of them may stay for
    /// a while. Gives the sequence number of the first that is kept. This waits for files, and for whoever reads them.
    ///
    /// # Errors
    /// The log failed. What was not dropped is dropped by a later call.
    fn drop_before(&self, time: Timestamp, sequence: u64) -> Result<u64, AuditLogError>;

    /// The sequence number of the next record. Watchers have been told of all before it.
    fn next_sequence(&self) -> u64;

    /// Registers a watcher of all later records.
    fn watch(&self, watcher: LogWatcher);
}
