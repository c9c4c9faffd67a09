//! A store that keeps nothing: an ordered map under a lock, with the same rules for transactions as the
//! embedded one.

use std::collections::BTreeMap;
use std::future::ready;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use alcazar_engine::port::BoxFuture;
use alcazar_engine::port::audit_log::AuditLog;
use alcazar_engine::port::store::{
    Commit, CommitError, NameRange, ReadSet, Revision, Store, StoreError, Transaction, Watcher,
};
use bytes::Bytes;

use crate::conflict::{ConflictWindow, bounds};
use crate::watchers::Watchers;

/// Records in memory. Each commit is one revision, and is done when `commit` returns.
pub struct MemoryStore {
    audit: Arc<dyn AuditLog>,
    records: RwLock<BTreeMap<Bytes, Bytes>>,
    /// Held for the whole of a commit, so that commits come one after the other.
    window: Mutex<ConflictWindow>,
    begun: AtomicU64,
    revision: AtomicU64,
    watchers: Watchers,
}

impl MemoryStore {
    /// An empty store that appends the audit records of its commits to `audit`.
    #[must_use]
    pub fn new(audit: Arc<dyn AuditLog>) -> Self {
        Self {
            audit,
            records: RwLock::default(),
            window: Mutex::new(ConflictWindow::new(0)),
            begun: AtomicU64::new(0),
            revision: AtomicU64::new(0),
            watchers: Watchers::default(),
        }
    }

    fn commit_now(&self, transaction: Transaction) -> Result<Revision, CommitError> {
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        if window.has_changed(&transaction.reads, transaction.snapshot) {
            return Err(CommitError::Conflict);
        }
        let revision = self.revision.load(Ordering::Acquire) + 1;
        let audit: Vec<_> = transaction.audit.into_iter().map(|record| (revision, record)).collect();
        self.audit
            .append_commits(&audit)
            .and_then(|()| self.audit.sync())
            .map_err(|error| StoreError::Failed(error.to_string()))?;

        let commit = Commit::of(&transaction.writes, revision);
        window.note(revision, commit.names().to_vec());
        self.begun.store(revision, Ordering::Release);
        {
            let mut records = self.records.write().unwrap_or_else(PoisonError::into_inner);
            for (name, content) in transaction.writes {
                match content {
                    Some(content) => records.insert(name, content),
                    None => records.remove(&name),
                };
            }
        }
        self.watchers.tell(&commit);
        self.revision.store(revision, Ordering::Release);
        Ok(revision)
    }
}

impl std::fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MemoryStore").field("revision", &self.revision).finish_non_exhaustive()
    }
}

impl Store for MemoryStore {
    fn begun(&self) -> Revision {
        self.begun.load(Ordering::Acquire)
    }

    fn revision(&self) -> Revision {
        self.revision.load(Ordering::Acquire)
    }

    fn get<'a>(&'a self, name: &'a [u8]) -> BoxFuture<'a, Result<Option<Bytes>, StoreError>> {
        let record = self.records.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned();
        Box::pin(ready(Ok(record)))
    }

    fn scan<'a>(
        &'a self,
        range: &'a NameRange,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<(Bytes, Bytes)>, StoreError>> {
        let records = self.records.read().unwrap_or_else(PoisonError::into_inner);
        let found = bounds(range)
            .into_iter()
            .flat_map(|bounds| records.range::<[u8], _>(bounds))
            .take(limit)
            .map(|(name, content)| (name.clone(), content.clone()))
            .collect();
        Box::pin(ready(Ok(found)))
    }

    fn changed_since<'a>(&'a self, reads: &'a ReadSet, snapshot: Revision) -> BoxFuture<'a, bool> {
        let window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        Box::pin(ready(window.has_changed(reads, snapshot)))
    }

    fn commit(&self, transaction: Transaction) -> BoxFuture<'_, Result<Revision, CommitError>> {
        Box::pin(async move { self.commit_now(transaction) })
    }

    fn watch(&self, watcher: Watcher) {
        self.watchers.add(watcher);
    }

    /// Nothing is kept but the newest version of each record.
    fn purge(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(ready(Ok(())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MemoryAuditLog;
    use crate::contract;

    #[test]
    fn it_keeps_the_contract() {
        contract::all(|| {
            let audit = Arc::new(MemoryAuditLog::new());
            (Arc::new(MemoryStore::new(audit.clone())) as Arc<dyn Store>, audit as Arc<dyn AuditLog>)
        });
    }
}
