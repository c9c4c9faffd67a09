use std::fs::OpenOptions;

use super::*;
use crate::contract::record;
use crate::embedded_store::tests::{keyring, open};

const RECORD_BYTES: usize = 10_000;

#[test]
fn a_long_log_is_read_across_its_segments_from_anywhere() {
    let home = tempfile::tempdir().unwrap();
    let (_store, audit) = open(home.path()).unwrap();
    let count = 2 * SEGMENT_BYTES_MAX / RECORD_BYTES as u64 + 10;
    for number in 0..count {
        let mut record = number.to_be_bytes().to_vec();
        record.resize(RECORD_BYTES, 0);
        assert_eq!(audit.append(&AuditRecord::unlabelled(record)).unwrap(), number);
    }
    assert_eq!(audit.position().0, 3);
    for from in [0, 1, count / 2 - 3, count / 2 + 3, count - 2] {
        let entries = audit.read(from, 12).unwrap();
        assert_eq!(entries.len() as u64, 12.min(count - from));
        for (expected, entry) in (from..).zip(&entries) {
            assert_eq!(entry.sequence, expected);
            assert_eq!(entry.record[..8], expected.to_be_bytes());
        }
    }
    let first_page = audit.read(0, usize::MAX).unwrap().len();
    assert!(first_page as u64 * RECORD_BYTES as u64 <= SEGMENT_BYTES_MAX && first_page > 1000);
    assert!(audit.read(count, 10).unwrap().is_empty());
}

#[test]
fn a_frame_cut_off_by_a_crash_is_passed_over_for_good() {
    let home = tempfile::tempdir().unwrap();
    let (store, audit) = open(home.path()).unwrap();
    audit.append(&record(b"whole")).unwrap();
    audit.append(&record(b"cut off")).unwrap();
    let (number, end) = audit.position();
    let path = segment::path(audit.segments(), number);
    drop((store, audit));
    OpenOptions::new().write(true).open(path).unwrap().set_len(end - 3).unwrap();
    for expected in 1..4 {
        let (_store, audit) = open(home.path()).unwrap();
        let entries = audit.read(0, 10).unwrap();
        assert_eq!(entries.len(), expected);
        assert!(entries.iter().all(|entry| entry.record == b"whole".as_slice()));
        assert_eq!(audit.append(&record(b"whole")).unwrap(), expected as u64);
    }
}

#[test]
fn a_record_that_is_too_long_is_refused_and_the_log_goes_on() {
    let home = tempfile::tempdir().unwrap();
    let (_store, audit) = open(home.path()).unwrap();
    let long = vec![0; segment::AUDIT_RECORD_BYTES_MAX + 1];
    assert!(audit.append(&record(&long)).is_err());
    assert!(audit.append_commits(&[(1, record(b"fine")), (1, AuditRecord::unlabelled(long))]).is_err());
    assert_eq!(audit.append(&record(b"after")).unwrap(), 0);
    assert_eq!(audit.read(0, 10).unwrap().len(), 1);
    let longest = vec![7; segment::AUDIT_RECORD_BYTES_MAX];
    audit.append(&record(&longest)).unwrap();
    assert_eq!(audit.read(1, 10).unwrap()[0].record, longest);
}

#[test]
fn no_record_is_readable_in_a_segment() {
    let home = tempfile::tempdir().unwrap();
    let (_store, audit) = open(home.path()).unwrap();
    audit.append(&record(b"a-text-that-would-be-seen")).unwrap();
    let bytes = std::fs::read(segment::path(audit.segments(), 1)).unwrap();
    assert!(!bytes.windows(10).any(|window| window == b"would-be-s"));
    assert_eq!(Tail::read(audit.segments(), &keyring()).unwrap().next_sequence, 1);
}

#[test]
fn watchers_are_told_of_every_record_in_order_whoever_appended_it() {
    let home = tempfile::tempdir().unwrap();
    let (_store, audit) = open(home.path()).unwrap();
    audit.append(&record(b"before")).unwrap();
    let told = Arc::new(Mutex::new(Vec::new()));
    let heard = told.clone();
    audit.watch(Arc::new(move |sequence, record| heard.lock().unwrap().push((sequence, record.to_vec()))));
    assert_eq!(audit.next_sequence(), 1);
    audit.append(&record(b"a")).unwrap();
    audit.append_all(&[record(b"b"), record(b"c")]).unwrap();
    audit.append_durably(&[(1, record(b"d"))]).unwrap();
    // A note that commits are durable is no record.
    audit.set_durable(1).unwrap();
    audit.append(&record(b"e")).unwrap();
    let expected = (1..).zip([b"a", b"b", b"c", b"d", b"e"].map(|record| record.to_vec()));
    assert_eq!(*told.lock().unwrap(), expected.collect::<Vec<_>>());
    assert_eq!(audit.next_sequence(), 6);
}
