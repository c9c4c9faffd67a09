//! The one crate with unsafe code: locked memory for keys, and a process that leaves no core dump.
//!
//! It knows nothing of what it guards. Each unsafe block proves why it is sound, and there is none outside
//! this crate.

#![allow(unsafe_code)]

mod harden;
mod locked;
mod pool;

pub use harden::{HardenError, LimitsBefore, harden_process, harden_process_for_now};
pub use locked::{Locked, LockedKey};
pub use pool::{LOCKED_BYTES_MAX, LockingStatus, REGION_BYTES, SLOT_BYTES, locking_status};
