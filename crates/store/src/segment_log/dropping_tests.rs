use std::collections::BTreeSet;

use super::*;
use crate::contract::{find, labelled, labeller};
use crate::embedded_store::tests::{copy, keyring, open};
use alcazar_engine::port::audit_log::Order;

/// A log of so many segments of ten records each, a hundred milliseconds a segment.
fn fill(home: &Path, segments: i64) {
    for segment in 0..segments {
        let (_store, audit) = open(home).unwrap();
        audit.label_by(labeller());
        for number in 0..10 {
            audit.append(&labelled(segment * 100 + number, &[1])).unwrap();
        }
    }
}

fn files(home: &Path) -> BTreeSet<String> {
    let files = std::fs::read_dir(home.join("audit")).unwrap();
    files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
}

fn sequences(audit: &SegmentLog) -> Vec<u64> {
    audit.read(0, 1000).unwrap().iter().map(|entry| entry.sequence).collect()
}

fn found(audit: &SegmentLog) -> Vec<u64> {
    let found = audit.find(&find(&[1], Order::OldestFirst, None, 1000)).unwrap();
    found.iter().map(|entry| entry.sequence).collect()
}

const ALL: u64 = u64::MAX;

fn at(time: i64) -> Timestamp {
    Timestamp::from_millis(time)
}

#[test]
fn whole_segments_go_when_all_of_their_records_are_old_and_read() {
    let home = tempfile::tempdir().unwrap();
    fill(home.path(), 5);
    let (_store, audit) = open(home.path()).unwrap();
    audit.label_by(labeller());
    assert_eq!(audit.drop_before(at(9), ALL).unwrap(), 0);
    assert_eq!(audit.drop_before(at(10), 9).unwrap(), 0);
    assert_eq!(audit.drop_before(at(10), 10).unwrap(), 10);
    assert_eq!(audit.drop_before(at(309), ALL).unwrap(), 30);
    assert_eq!((sequences(&audit), found(&audit)), ((30..50).collect(), (30..50).collect()));
    // The newest segment stays, be it empty or not.
    assert_eq!(audit.drop_before(Timestamp::MAX, ALL).unwrap(), 50);
    assert!(sequences(&audit).is_empty() && found(&audit).is_empty());
    assert_eq!(audit.append(&labelled(1, &[1])).unwrap(), 50);
    assert_eq!(audit.drop_before(Timestamp::MAX, ALL).unwrap(), 50);
    assert_eq!((sequences(&audit), found(&audit)), (vec![50], vec![50]));
}

#[test]
fn a_log_whose_first_segments_are_gone_is_opened_read_and_goes_on() {
    let home = tempfile::tempdir().unwrap();
    fill(home.path(), 4);
    for round in 0..3_u64 {
        let (_store, audit) = open(home.path()).unwrap();
        audit.label_by(labeller());
        assert_eq!(audit.drop_before(at(100 * (round.cast_signed() + 1)), ALL).unwrap(), 10 * (round + 1));
        assert_eq!(audit.append(&labelled(1_000, &[1])).unwrap(), 40 + round);
        let expected: Vec<_> = (10 * (round + 1)..=40 + round).collect();
        assert_eq!((sequences(&audit), found(&audit)), (expected.clone(), expected));
        let reader = AuditReader::new(home.path(), keyring());
        assert_eq!(reader.read(0, 1).unwrap()[0].sequence, 10 * (round + 1));
    }
}

#[test]
fn a_crash_at_any_moment_of_dropping_leaves_a_whole_log() {
    let (home, cases) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fill(home.path(), 5);
    let before = cases.path().join("before");
    copy(home.path(), &before);
    {
        let (_store, audit) = open(home.path()).unwrap();
        audit.label_by(labeller());
        assert_eq!(audit.drop_before(at(150), ALL).unwrap(), 20);
    }
    // The file `first` is in place, and of what is to be removed some is there still.
    let gone: Vec<_> = files(&before).difference(&files(home.path())).cloned().collect();
    assert_eq!(gone.len(), 4, "{gone:?}");
    for left in 0..(1 << gone.len()) {
        let case = cases.path().join(format!("left-{left}"));
        copy(home.path(), &case);
        for (_, name) in gone.iter().enumerate().filter(|(place, _)| left & (1 << place) != 0) {
            std::fs::copy(before.join("audit").join(name), case.join("audit").join(name)).unwrap();
        }
        assert_eq!(AuditReader::new(&case, keyring()).read(0, 1).unwrap()[0].sequence, 20);
        let (_store, audit) = open(&case).unwrap();
        audit.label_by(labeller());
        assert_eq!((sequences(&audit), found(&audit)), ((20..50).collect(), (20..50).collect()));
        assert!(gone.iter().all(|name| !files(&case).contains(name)));
    }
    // A crash before it got its name has dropped nothing.
    std::fs::write(before.join("audit/first.new"), b"half").unwrap();
    let (_store, audit) = open(&before).unwrap();
    assert_eq!(sequences(&audit), (0..50).collect::<Vec<_>>());
}

#[test]
fn a_segment_that_nobody_dropped_is_missed() {
    let (home, cases) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fill(home.path(), 5);
    {
        let (_store, audit) = open(home.path()).unwrap();
        audit.label_by(labeller());
        assert_eq!(audit.drop_before(at(50), ALL).unwrap(), 10);
    }
    let segment = |number| segment::path(Path::new("audit"), number).to_str().unwrap().to_owned();
    drop(open(home.path()).unwrap());
    for (number, lost) in [segment(2), segment(4), "audit/first".to_owned()].into_iter().enumerate() {
        let case = cases.path().join(number.to_string());
        copy(home.path(), &case);
        std::fs::remove_file(case.join(&lost)).unwrap();
        assert!(matches!(open(&case).unwrap_err(), OpenError::Damaged { .. }), "{lost}");
    }
    let mut first = std::fs::read(home.path().join("audit/first")).unwrap();
    first[20] ^= 1;
    std::fs::write(home.path().join("audit/first"), first).unwrap();
    assert!(matches!(open(home.path()).unwrap_err(), OpenError::Damaged { .. }));
}

#[test]
fn nothing_is_dropped_while_somebody_holds_the_segments() {
    let home = tempfile::tempdir().unwrap();
    fill(home.path(), 3);
    let (_store, audit) = open(home.path()).unwrap();
    audit.label_by(labeller());
    {
        let _held = audit.hold();
        assert_eq!(audit.drop_before(Timestamp::MAX, ALL).unwrap(), 0);
        assert_eq!(sequences(&audit).len(), 30);
    }
    assert_eq!(audit.drop_before(Timestamp::MAX, ALL).unwrap(), 30);
}
