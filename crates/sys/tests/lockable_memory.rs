//! What the system says about the memory that keys live in. These tests look at the whole process and change its
//! limits, so they stand in one function, apart from the others.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]
#![cfg(target_os = "linux")]

use alcazar_sys::{LockedKey, REGION_BYTES, SLOT_BYTES, locking_status};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// The flags of the mapping that holds `address`: `lo` for locked, `dd` for left out of core dumps.
fn mapping_flags(address: usize) -> Vec<String> {
    let maps = std::fs::read_to_string("/proc/self/smaps").unwrap();
    let mut inside = false;
    for line in maps.lines() {
        let range = line.split(' ').next().and_then(|range| range.split_once('-'));
        let bounds = range.map(|(from, to)| (usize::from_str_radix(from, 16), usize::from_str_radix(to, 16)));
        if let Some((Ok(from), Ok(to))) = bounds {
            inside = (from..to).contains(&address);
        } else if let Some(flags) = line.strip_prefix("VmFlags: ").filter(|_| inside) {
            return flags.split_whitespace().map(str::to_owned).collect();
        }
    }
    panic!("no mapping holds {address:#x}");
}

fn has(flags: &[String], flag: &str) -> bool {
    flags.iter().any(|found| found == flag)
}

#[test]
fn keys_are_locked_and_left_out_of_core_dumps_and_work_without_lockable_memory_too() {
    let first = LockedKey::copy_of(&[7; 32]);
    let flags = mapping_flags(first.expose().as_ptr().addr());
    assert!(has(&flags, "dd"), "{flags:?}");
    let before = locking_status();
    assert_eq!(before.is_complete(), has(&flags, "lo"), "{flags:?} {before:?}");
    assert_eq!((before.locked_bytes + before.unlocked_bytes, before.dumpable_bytes), (REGION_BYTES, 0));

    let limit = getrlimit(Resource::Memlock);
    setrlimit(Resource::Memlock, Rlimit { current: Some(0), ..limit }).unwrap();
    let more: Vec<_> = (0..=REGION_BYTES / SLOT_BYTES).map(|_| LockedKey::copy_of(&[8; 32])).collect();
    assert!(more.iter().all(|key| key.expose() == &[8; 32]));
    let last = more.last().unwrap().expose().as_ptr().addr();
    let (after, flags) = (locking_status(), mapping_flags(last));
    assert!(has(&flags, "dd"), "{flags:?}");
    // A process with CAP_IPC_LOCK knows no limit, so both outcomes are right, as long as the status tells which.
    assert_eq!(after.is_complete(), has(&flags, "lo"), "{flags:?} {after:?}");
    assert_eq!(after.lock_error.is_some(), !after.is_complete());
    assert_eq!(after.locked_bytes + after.unlocked_bytes, 2 * REGION_BYTES);
    assert_eq!(first.expose(), &[7; 32]);
}
