//! The store port: ordered names, revisions, transactions that compare what was read and then write.
//!
//! Names and contents are opaque here: both are sealed by the engine before they arrive. An implementation
//! promises:
//!
//! - a commit is atomic and durable before it is acknowledged, and gets a revision greater than any before it;
//! - a commit is refused with [`CommitError::Conflict`] if anything that it read was written at a revision
//!   later than its snapshot;
//! - `begun()` is raised before any write of a commit can be seen, `revision()` after all of them can and the
//!   watchers were told: so a reader whose snapshot still equals `begun()` at its end saw one state;
//! - the audit records of a commit are in the audit log before the commit can be seen;
//! - after a purge, nothing is left of what was deleted or replaced before it.

use std::ops::Bound;
use std::sync::Arc;

use bytes::Bytes;
use thiserror::Error;

use super::BoxFuture;
use super::audit_log::AuditRecord;

/// The number of a commit. The empty store is at 0.
pub type Revision = u64;

/// The store cannot do what was asked. Never the caller's fault.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The engine or the operating system failed.
    #[error("the store failed: {0}")]
    Failed(String),
    /// What is stored does not read as what was written.
    #[error("the store is damaged: {0}")]
    Damaged(String),
    /// The store is shutting down, or stopped after an earlier failure.
    #[error("the store is closed")]
    Closed,
}

/// Why a commit was not done. Nothing of it was written.
#[derive(Debug, Error)]
pub enum CommitError {
    /// Something it read has changed since; the operation may start again.
    #[error("a record that was read has changed since")]
    Conflict,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A range of names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameRange {
    /// Where it begins.
    pub start: Bound<Bytes>,
    /// Where it ends.
    pub end: Bound<Bytes>,
}

impl NameRange {
    /// All names that begin with `prefix`.
    #[must_use]
    pub fn prefix(prefix: &[u8]) -> Self {
        Self { start: Bound::Included(Bytes::copy_from_slice(prefix)), end: prefix_end(prefix) }
    }

    /// The names of this range that come after `name`.
    #[must_use]
    pub fn after(mut self, name: &[u8]) -> Self {
        self.start = Bound::Excluded(Bytes::copy_from_slice(name));
        self
    }

    /// Whether `name` is in it.
    #[must_use]
    pub fn contains(&self, name: &[u8]) -> bool {
        let after_start = match &self.start {
            Bound::Included(start) => name >= start.as_ref(),
            Bound::Excluded(start) => name > start.as_ref(),
            Bound::Unbounded => true,
        };
        let before_end = match &self.end {
            Bound::Included(end) => name <= end.as_ref(),
            Bound::Excluded(end) => name < end.as_ref(),
            Bound::Unbounded => true,
        };
        after_start && before_end
    }
}

/// The least name greater than every name that begins with `prefix`.
fn prefix_end(prefix: &[u8]) -> Bound<Bytes> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if last < u8::MAX {
            end.push(last + 1);
            return Bound::Excluded(end.into());
        }
    }
    Bound::Unbounded
}

/// What a transaction has read, for the comparison.
#[derive(Debug, Clone, Default)]
pub struct ReadSet {
    /// Single names, whether a record was there or not.
    pub names: Vec<Bytes>,
    /// Ranges, as far as they were read.
    pub ranges: Vec<NameRange>,
}

/// A transaction as it is handed in.
#[derive(Debug, Default)]
pub struct Transaction {
    /// The revision before anything was read.
    pub snapshot: Revision,
    /// What was read.
    pub reads: ReadSet,
    /// What is written, each name once; `None` deletes.
    pub writes: Vec<(Bytes, Option<Bytes>)>,
    /// The audit records that go with it.
    pub audit: Vec<AuditRecord>,
}

/// What watchers are told of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// Its revision.
    pub revision: Revision,
    /// The names that it wrote, those of deleted records last.
    names: Vec<Bytes>,
    /// How many of them have a record now.
    put: usize,
}

impl Commit {
    /// The commit of these writes.
    #[must_use]
    pub fn of(writes: &[(Bytes, Option<Bytes>)], revision: Revision) -> Self {
        let put = writes.iter().filter(|(_, content)| content.is_some());
        let deleted = writes.iter().filter(|(_, content)| content.is_none());
        Self {
            revision,
            put: put.clone().count(),
            names: put.chain(deleted).map(|(name, _)| name.clone()).collect(),
        }
    }

    /// Every name that it wrote.
    #[must_use]
    pub fn names(&self) -> &[Bytes] {
        &self.names
    }

    /// The names that have a record now.
    #[must_use]
    pub fn put(&self) -> &[Bytes] {
        self.names.get(..self.put).unwrap_or_default()
    }

    /// The names that have none any more.
    #[must_use]
    pub fn deleted(&self) -> &[Bytes] {
        self.names.get(self.put..).unwrap_or_default()
    }
}

/// Told of every commit.
pub type Watcher = Arc<dyn Fn(&Commit) + Send + Sync>;

/// Durable, ordered records.
pub trait Store: Send + Sync + 'static {
    /// The newest commit whose writes may be visible.
    fn begun(&self) -> Revision;

    /// The newest commit that is durable and wholly visible, and of which every watcher has been told.
    fn revision(&self) -> Revision;

    /// The record of this name.
    fn get<'a>(&'a self, name: &'a [u8]) -> BoxFuture<'a, Result<Option<Bytes>, StoreError>>;

    /// The first `limit` records of a range, in the order of their names.
    fn scan<'a>(
        &'a self,
        range: &'a NameRange,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<(Bytes, Bytes)>, StoreError>>;

    /// Whether anything in `reads` was written after `snapshot`. May say yes when it cannot tell.
    fn changed_since<'a>(&'a self, reads: &'a ReadSet, snapshot: Revision) -> BoxFuture<'a, bool>;

    /// Commits a transaction, and answers when it is durable.
    fn commit(&self, transaction: Transaction) -> BoxFuture<'_, Result<Revision, CommitError>>;

    /// Registers a watcher for all later commits.
    fn watch(&self, watcher: Watcher);

    /// Forgets physically what was deleted or replaced before the call: afterwards none of it is in anything that the
    /// store keeps. Commits and reads go on beside it. It may take as long as writing all records anew; one that was
    /// interrupted is as good as none.
    fn purge(&self) -> BoxFuture<'_, Result<(), StoreError>>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_range_holds_what_begins_with_it_and_nothing_else() {
        let range = NameRange::prefix(b"ab");
        assert!(range.contains(b"ab") && range.contains(b"ab\xff\xff") && range.contains(b"abc"));
        assert!(!range.contains(b"aa") && !range.contains(b"ac") && !range.contains(b"a"));
        let last = NameRange::prefix(b"\xff\xff");
        assert!(last.contains(b"\xff\xff\x01") && !last.contains(b"\xff\xfe"));
    }

    #[test]
    fn a_range_goes_on_after_a_name() {
        let range = NameRange::prefix(b"a").after(b"ab");
        assert!(!range.contains(b"ab") && range.contains(b"ab\0") && !range.contains(b"aa"));
    }
}
