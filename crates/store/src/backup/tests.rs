use std::sync::Arc;

use alcazar_base::Timestamp;
use alcazar_crypto::SystemEntropy;
use alcazar_engine::port::audit_log::AuditLog;
use alcazar_engine::port::store::Store;

use super::*;
use crate::contract::{labeller, record, runtime, transaction};
use crate::embedded_store::tests::{Content, content, files, keyring, open};
use crate::restore::restore;

const KEYRING_FILE: &[u8] = b"the keyring, sealed under the root of trust";

fn write(store: &EmbeddedStore, audit: &SegmentLog, name: &str, text: &str) {
    runtime().block_on(async {
        let mut change = transaction(store.revision(), &[], &[(name, Some(text))]);
        change.audit = vec![record(name.as_bytes())];
        store.commit(change).await.unwrap();
        audit.append(&record(b"a look")).unwrap();
    });
}

fn backup_of(store: &EmbeddedStore, audit: &SegmentLog) -> Vec<u8> {
    let (mut out, mut last) = (Vec::new(), (0, 1));
    let mut progress = |done, total| {
        assert!(done <= total && done >= last.0);
        last = (done, total);
    };
    backup(store, audit, KEYRING_FILE, &keyring(), &SystemEntropy::new(), &mut out, &mut progress).unwrap();
    assert_eq!(last.0, last.1);
    out
}

fn restore_to(bytes: &[u8], directory: &Path) -> Result<(), OpenError> {
    let mut open_keyring = |file: &[u8], staging: &Path| {
        std::fs::write(staging.join("keyring"), file).unwrap();
        Ok((*keyring()).clone())
    };
    restore(&mut &*bytes, directory, &mut open_keyring, &mut |done, total| assert!(done <= total))
}

fn everything(store: &Arc<EmbeddedStore>, audit: &Arc<SegmentLog>) -> Content {
    runtime().block_on(content(store.as_ref(), audit.as_ref())).unwrap()
}

#[test]
fn what_was_backed_up_while_running_is_restored_and_runs_on() {
    let home = tempfile::tempdir().unwrap();
    let (live, restored) = (home.path().join("live"), home.path().join("restored"));
    drop(open(&live).unwrap());
    let (store, audit) = open(&live).unwrap();
    let large = "x".repeat(700_000);
    for number in 0..5 {
        write(&store, &audit, &format!("name/{number}"), &large);
    }
    let before = everything(&store, &audit);
    let bytes = backup_of(&store, &audit);
    write(&store, &audit, "later", "1");

    restore_to(&bytes, &restored).unwrap();
    assert_eq!(std::fs::read(restored.join("keyring")).unwrap(), KEYRING_FILE);
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 2);
    let (again, log) = open(&restored).unwrap();
    assert_eq!(again.revision(), store.revision() - 1);
    assert!(everything(&again, &log) == before);
    write(&again, &log, "after", "1");
    assert_eq!(everything(&again, &log).1.len(), before.1.len() + 2);
}

#[test]
fn a_log_whose_first_segments_were_dropped_is_backed_up_and_restored() {
    let home = tempfile::tempdir().unwrap();
    let (live, restored) = (home.path().join("live"), home.path().join("restored"));
    for name in ["a", "b", "c", "d"] {
        let (store, audit) = open(&live).unwrap();
        audit.label_by(labeller());
        write(&store, &audit, name, "content");
    }
    let (store, audit) = open(&live).unwrap();
    audit.label_by(labeller());
    assert_eq!(audit.drop_before(Timestamp::MAX, 5).unwrap(), 4);
    let before = everything(&store, &audit);
    assert_eq!(before.1.len(), 4);
    let bytes = backup_of(&store, &audit);
    restore_to(&bytes, &restored).unwrap();
    let (store, audit) = open(&restored).unwrap();
    assert!(everything(&store, &audit) == before);
    audit.label_by(labeller());
    assert_eq!(audit.drop_before(Timestamp::MAX, u64::MAX).unwrap(), 8);
}

#[test]
fn a_backup_taken_while_others_write_is_of_one_moment() {
    let home = tempfile::tempdir().unwrap();
    let (store, audit) = open(&home.path().join("live")).unwrap();
    let runtime = runtime();
    let writer = {
        let store = store.clone();
        runtime.spawn(async move {
            for step in 0..300 {
                let content = step.to_string();
                let writes = [("left", Some(content.as_str())), ("right", Some(content.as_str()))];
                let mut change = transaction(store.revision(), &[], &writes);
                change.audit = vec![record(content.as_ref())];
                store.commit(change).await.unwrap();
            }
        })
    };
    for round in 0..5 {
        let bytes = backup_of(&store, &audit);
        let restored = home.path().join(format!("restored{round}"));
        restore_to(&bytes, &restored).unwrap();
        let (again, log) = open(&restored).unwrap();
        let (records, entries) = everything(&again, &log);
        assert_eq!(entries.len() as u64, again.revision());
        if let Some(last) = entries.last() {
            assert!(records.iter().all(|(_, content)| *content == last.record));
        }
    }
    runtime.block_on(writer).unwrap();
}

#[test]
fn a_backup_changed_anywhere_is_refused_and_leaves_nothing() {
    let home = tempfile::tempdir().unwrap();
    let (store, audit) = open(&home.path().join("live")).unwrap();
    for number in 0..3 {
        write(&store, &audit, &format!("name/{number}"), "content");
    }
    let bytes = backup_of(&store, &audit);
    let restored = home.path().join("restored");
    let refused = |damaged: &[u8], what: &str| {
        assert!(restore_to(damaged, &restored).is_err(), "{what}");
        assert!(!restored.exists() && std::fs::read_dir(home.path()).unwrap().count() == 1, "{what}");
    };
    for place in (0..bytes.len()).step_by(7) {
        let mut damaged = bytes.clone();
        damaged[place] ^= 1 << (place % 8);
        refused(&damaged, &format!("changed at {place}"));
    }
    for kept in (0..bytes.len()).step_by(11).chain([bytes.len() - 1]) {
        refused(&bytes[..kept], &format!("cut to {kept}"));
    }
    refused(&[&bytes[..], &[0]].concat(), "made longer");
    let (header, chunks) = split(&bytes);
    for left_out in 0..chunks.len() {
        let mut fewer = chunks.clone();
        fewer.remove(left_out);
        refused(&[header, &fewer.concat()].concat(), "a chunk left out");
        let mut moved = chunks.clone();
        moved.swap(left_out, (left_out + 1) % chunks.len());
        refused(&[header, &moved.concat()].concat(), "chunks swapped");
    }
    let other = backup_of(&store, &audit);
    let (_, others) = split(&other);
    refused(&[header, chunks[0], &others[1..].concat()].concat(), "chunks of another backup");
}

fn split(bytes: &[u8]) -> (&[u8], Vec<&[u8]>) {
    let (header, mut left) = bytes.split_at(32 + KEYRING_FILE.len());
    let mut chunks = Vec::new();
    while !left.is_empty() {
        let length = u32::from_be_bytes(left[..4].try_into().unwrap()) as usize + 4;
        chunks.push(&left[..length]);
        left = &left[length..];
    }
    (header, chunks)
}

#[test]
fn a_directory_that_holds_something_is_left_alone() {
    let home = tempfile::tempdir().unwrap();
    let (store, audit) = open(&home.path().join("live")).unwrap();
    let bytes = backup_of(&store, &audit);
    let taken = home.path().join("taken");
    std::fs::create_dir(&taken).unwrap();
    std::fs::write(taken.join("file"), "mine").unwrap();
    assert!(matches!(restore_to(&bytes, &taken), Err(OpenError::NotEmpty(_))));
    assert_eq!(files(&taken).len(), 1);
    std::fs::remove_file(taken.join("file")).unwrap();
    restore_to(&bytes, &taken).unwrap();
}

#[test]
fn no_record_is_readable_in_a_backup() {
    let home = tempfile::tempdir().unwrap();
    let (store, audit) = open(&home.path().join("live")).unwrap();
    write(&store, &audit, "a-name-that-would-be-seen", "a-content-that-would-be-seen");
    let bytes = backup_of(&store, &audit);
    assert!(!bytes.windows(13).any(|window| window == b"that-would-be"));
}
