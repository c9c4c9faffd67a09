//! An audit log that keeps the newest entries in memory, and no others.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use alcazar_base::Timestamp;
use alcazar_engine::port::audit_log::{
    AuditEntry, AuditLog, AuditLogError, AuditRecord, Find, Label, Labeller, LogWatcher, Order,
};
use alcazar_engine::port::store::Revision;

/// How many entries a [`MemoryAuditLog`] keeps; older ones are forgotten.
pub const MEMORY_AUDIT_ENTRIES_MAX: usize = 20_000;

/// The newest entries, in memory.
#[derive(Default)]
pub struct MemoryAuditLog(Mutex<Entries>);

#[derive(Default)]
struct Entries {
    next_sequence: u64,
    kept: VecDeque<(AuditEntry, Label)>,
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
    fn push(&mut self, commit: Option<Revision>, AuditRecord { bytes, label }: &AuditRecord) -> u64 {
        let sequence = self.next_sequence;
        self.next_sequence += 1;
        if self.kept.len() == MEMORY_AUDIT_ENTRIES_MAX {
            self.kept.pop_front();
        }
        for watcher in &self.watchers {
            watcher(sequence, bytes);
        }
        self.kept.push_back((AuditEntry { sequence, commit, record: bytes.clone() }, label.clone()));
        sequence
    }

    fn first_sequence(&self) -> u64 {
        self.kept.front().map_or(self.next_sequence, |(entry, _)| entry.sequence)
    }
}

impl AuditLog for MemoryAuditLog {
    fn append(&self, record: &AuditRecord) -> Result<u64, AuditLogError> {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(entries.push(None, record))
    }

    fn append_commits(&self, records: &[(Revision, AuditRecord)]) -> Result<(), AuditLogError> {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (revision, record) in records {
            entries.push(Some(*revision), record);
        }
        Ok(())
    }

    fn sync(&self) -> Result<(), AuditLogError> {
        Ok(())
    }

    fn read(&self, sequence: u64, limit: usize) -> Result<Vec<AuditEntry>, AuditLogError> {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let first = entries.kept.partition_point(|(entry, _)| entry.sequence < sequence);
        Ok(entries.kept.iter().skip(first).take(limit).map(|(entry, _)| entry.clone()).collect())
    }

    fn find(&self, find: &Find) -> Result<Vec<AuditEntry>, AuditLogError> {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut kept = entries.kept.iter();
        let mut next = || match find.order {
            Order::NewestFirst => kept.next_back(),
            Order::OldestFirst => kept.next(),
        };
        let found =
            std::iter::from_fn(&mut next).filter(|(entry, label)| find.matches(entry.sequence, label));
        Ok(found.take(find.limit).map(|(entry, _)| entry.clone()).collect())
    }

    /// It keeps every label beside its entry.
    fn label_by(&self, _: Labeller) {}

    fn drop_before(&self, time: Timestamp, sequence: u64) -> Result<u64, AuditLogError> {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some((entry, label)) = entries.kept.front()
            && entry.sequence < sequence
            && label.time < time
        {
            entries.kept.pop_front();
        }
        Ok(entries.first_sequence())
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
    use bytes::Bytes;

    use super::*;

    fn record(text: &'static [u8]) -> AuditRecord {
        AuditRecord::unlabelled(text)
    }

    #[test]
    fn entries_are_read_back_in_order_from_a_sequence_on() {
        let log = MemoryAuditLog::new();
        assert_eq!(log.append(&record(b"a")).unwrap(), 0);
        log.append_commits(&[(7, record(b"b")), (8, record(b"c"))]).unwrap();
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
            log.append(&record(b"x")).unwrap();
        }
        let entries = log.read(0, usize::MAX).unwrap();
        assert_eq!((entries.len(), entries[0].sequence), (MEMORY_AUDIT_ENTRIES_MAX, 1));
    }
}
