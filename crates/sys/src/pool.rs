//! The pool of locked memory: 64-byte slots cut from regions that are locked and left out of core dumps.
//!
//! What always holds: a slot that is not handed out is all zeros; a slot is handed out to one owner at a
//! time; a region, once made, is never freed, so a slot stays valid as long as the process lives. A page for
//! each key would cost a hundred thousand keys 400 MB, so many keys share one.

use std::ffi::c_void;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustix::io::Errno;
use zeroize::Zeroize;

/// The size of a slot, in bytes: the largest secret that fits, and one line of a processor's cache.
pub const SLOT_BYTES: usize = 64;

/// The size and the alignment of a region, in bytes: a multiple of every page size in use (4, 16 and 64 KiB).
pub const REGION_BYTES: usize = 64 * 1024;

/// The most memory that is locked, in bytes; it holds a million keys.
///
/// Keys beyond it work as before but may be swapped out, which [`locking_status`] tells. Without this bound a
/// process whose limit is lifted could keep the whole machine's memory from being paged.
pub const LOCKED_BYTES_MAX: usize = 64 * 1024 * 1024;

const REGION_SLOTS: usize = REGION_BYTES / SLOT_BYTES;

/// The memory of one secret, owned by whoever holds the reference.
pub(crate) type Slot = &'static mut [u8; SLOT_BYTES];

#[repr(align(65536))]
struct Region([[u8; SLOT_BYTES]; REGION_SLOTS]);

const _: () = assert!(size_of::<Region>() == REGION_BYTES && align_of::<Region>() == REGION_BYTES);

/// How much of the memory that keys live in is locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LockingStatus {
    /// Memory that never reaches the swap space, in bytes.
    pub locked_bytes: usize,
    /// Memory that could not be locked and may be swapped out, in bytes.
    pub unlocked_bytes: usize,
    /// Memory that could not be left out of core dumps, in bytes.
    pub dumpable_bytes: usize,
    /// Why the system refused to lock memory, the last time that it did: its error number, e.g. `ENOMEM` where
    /// `RLIMIT_MEMLOCK` is too low.
    pub lock_error: Option<i32>,
}

impl LockingStatus {
    /// Whether all memory that keys live in is locked and left out of core dumps.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.unlocked_bytes == 0 && self.dumpable_bytes == 0
    }
}

/// How much of the memory that keys live in is locked so far. It grows with the number of keys.
#[must_use]
pub fn locking_status() -> LockingStatus {
    pool().status
}

struct Pool {
    free: Vec<Slot>,
    status: LockingStatus,
}

static POOL: Mutex<Pool> = Mutex::new(Pool {
    free: Vec::new(),
    status: LockingStatus { locked_bytes: 0, unlocked_bytes: 0, dumpable_bytes: 0, lock_error: None },
});

/// A panic elsewhere cannot leave the pool half changed, so a poisoned lock is taken like any other.
fn pool() -> MutexGuard<'static, Pool> {
    POOL.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Hands out a slot of zeros.
pub(crate) fn take() -> Slot {
    let mut pool = pool();
    loop {
        if let Some(slot) = pool.free.pop() {
            return slot;
        }
        pool.grow();
    }
}

/// Takes a slot back, and wipes it.
pub(crate) fn give_back(slot: Slot) {
    slot.zeroize();
    pool().free.push(slot);
}

impl Pool {
    /// Adds a region's slots to those that are free.
    fn grow(&mut self) {
        // SAFETY: a `Region` is an array of bytes, for which zeros are a valid value.
        let region: &'static mut Region = Box::leak(unsafe { Box::<Region>::new_zeroed().assume_init() });
        let address = std::ptr::from_mut(region).cast::<c_void>();
        if leave_out_of_core_dumps(address).is_err() {
            self.status.dumpable_bytes += REGION_BYTES;
        }
        if self.status.locked_bytes + REGION_BYTES > LOCKED_BYTES_MAX {
            self.status.unlocked_bytes += REGION_BYTES;
        } else {
            // SAFETY: the region is memory of this process, `REGION_BYTES` long, and is never freed; locking it
            // neither reads nor writes it.
            match unsafe { rustix::mm::mlock(address, REGION_BYTES) } {
                Ok(()) => self.status.locked_bytes += REGION_BYTES,
                Err(error) => {
                    self.status.unlocked_bytes += REGION_BYTES;
                    self.status.lock_error = Some(error.raw_os_error());
                }
            }
        }
        self.free.extend(region.0.iter_mut());
    }
}

#[cfg(target_os = "linux")]
fn leave_out_of_core_dumps(region: *mut c_void) -> Result<(), Errno> {
    // SAFETY: `region` is the start of a leaked `Region`: whole pages, aligned, `REGION_BYTES` long, never freed and
    // shared with nothing else. `MADV_DONTDUMP` changes no content.
    unsafe { rustix::mm::madvise(region, REGION_BYTES, rustix::mm::Advice::LinuxDontDump) }
}

/// Other systems know no such advice; [`crate::harden_process`] turns core dumps off altogether.
#[cfg(not(target_os = "linux"))]
fn leave_out_of_core_dumps(_: *mut c_void) -> Result<(), Errno> {
    Err(Errno::NOSYS)
}
