//! An audit log that keeps the newest entries in memory, and no others.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use alcazar_engine::port::audit_log::{AuditEntry, AuditLog, AuditLogError, LogWatcher};
use alcazar_engine::port::store::Revision;
use bytes::Bytes;

/// How many entries a [`MemoryAuditLog`] keeps; older ones are forgotten.
pub const MEMORY_AUDIT_ENTRIES_MAX: usize = 20_000;

/// The newest entries, in memory.
#[derive(Default)]
pub struct MemoryAuditLog(Mutex<Entries>);

#[derive(Default)]
struct Entries {
    next_sequence: u64,
    kept: VecDeque<AuditEntry>,
    watchers: Vec<LogWatcher>,
}

impl MemoryAuditLog {
    /// An empty log.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Entries {
    fn push(&mut self, commit: Option<Revision>, record: Bytes) -> u64 {
        let sequence = self.next_sequence;
        self.next_sequence += 1;
        if self.kept.len() == MEMORY_AUDIT_ENTRIES_MAX {
            self.kept.pop_front();
        }
        for watcher in &self.watchers {
            watcher(sequence, &record);
        }
        self.kept.push_back(AuditEntry { sequence, commit, record });
        sequence
    }
}

impl AuditLog for MemoryAuditLog {
    fn append(&self, record: &[u8]) -> Result<u64, AuditLogError> {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(entries.push(None, Bytes::copy_from_slice(record)))
    }

    fn append_commits(&self, records: &[(Revision, Bytes)]) -> Result<(), AuditLogError> {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (revision, record) in records {
            entries.push(Some(*revision), record.clone());
        }
        Ok(())
    }

    fn sync(&self) -> Result<(), AuditLogError> {
        Ok(())
    }

    fn read(&self, sequence: u64, limit: usize) -> Result<Vec<AuditEntry>, AuditLogError> {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let first = entries.kept.partition_point(|entry| entry.sequence < sequence);
        Ok(entries.kept.iter().skip(first).take(limit).cloned().collect())
    }

    fn next_sequence(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).next_sequence
    }

    fn watch(&self, watcher: LogWatcher) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).watchers.push(watcher);
    }
}

impl std::fmt::Debug for MemoryAuditLog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MemoryAuditLog").field("next_sequence", &self.next_sequence()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_read_back_in_order_from_a_sequence_on() {
        let log = MemoryAuditLog::new();
        assert_eq!(log.append(b"a").unwrap(), 0);
        log.append_commits(&[(7, Bytes::from_static(b"b")), (8, Bytes::from_static(b"c"))]).unwrap();
        let entries = log.read(1, 10).unwrap();
        assert_eq!(entries.len(), 2);
        assert_eq!(entries[0], AuditEntry { sequence: 1, commit: Some(7), record: Bytes::from_static(b"b") });
        assert_eq!(log.read(0, 1).unwrap()[0].commit, None);
        assert!(log.read(3, 10).unwrap().is_empty());
    }

    #[test]
    fn only_the_newest_entries_are_kept() {
        let log = MemoryAuditLog::new();
        for _ in 0..=MEMORY_AUDIT_ENTRIES_MAX {
            log.append(b"x").unwrap();
        }
        let entries = log.read(0, usize::MAX).unwrap();
        assert_eq!((entries.len(), entries[0].sequence), (MEMORY_AUDIT_ENTRIES_MAX, 1));
    }
}
