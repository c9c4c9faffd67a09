//! The `Store` and `AuditLog` ports: on an embedded engine and segment files in one directory, and in memory.

mod conflict;
mod memory_audit_log;
mod memory_store;
mod watchers;

#[cfg(test)]
mod contract;

pub use memory_audit_log::{MEMORY_AUDIT_ENTRIES_MAX, MemoryAuditLog};
pub use memory_store::MemoryStore;
