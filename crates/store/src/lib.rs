//! The `Store` and `AuditLog` ports: on an embedded engine and segment files in one directory, and in memory.
//!
//! A data directory holds `format` (the version of all this), `lock`, `records/` (the engine's own files) and
//! `audit/` (one file a segment). Other files in it belong to whoever put them there.

mod audit_reader;
mod backup;
mod committer;
mod conflict;
mod directory;
mod embedded_store;
mod engine;
mod index_file;
mod journal_check;
mod log_index;
mod memory_audit_log;
mod memory_store;
mod open_error;
mod purge;
mod record_reader;
mod restore;
mod segment;
mod segment_index;
mod segment_log;
mod segment_range;
mod watchers;

#[cfg(test)]
mod contract;

pub use audit_reader::{AUDIT_READ_BYTES_MAX, AuditReader};
pub use backup::{Progress, backup};
pub use embedded_store::{EmbeddedStore, TRANSACTION_BYTES_MAX};
pub use engine::{CONTENT_BYTES_MAX, NAME_BYTES_MAX};
pub use memory_audit_log::{MEMORY_AUDIT_ENTRIES_MAX, MemoryAuditLog};
pub use memory_store::MemoryStore;
pub use open_error::OpenError;
pub use restore::{OpenKeyring, restore};
pub use segment::AUDIT_RECORD_BYTES_MAX;
pub use segment_log::{SEGMENT_BYTES_MAX, SegmentLog};
