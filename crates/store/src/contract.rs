//! What every store must do, as one set of tests that each implementation runs.

use std::ops::Bound;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use alcazar_base::Timestamp;
use alcazar_engine::port::audit_log::{AuditEntry, AuditLog, AuditRecord, Find, Label, Labeller, Order};
use alcazar_engine::port::store::{CommitError, NameRange, ReadSet, Store, Transaction};
use bytes::Bytes;
use tokio::runtime::{Builder, Runtime};

/// A store and its audit log.
pub(crate) type Subject = (Arc<dyn Store>, Arc<dyn AuditLog>);

/// A runtime with as many threads as the tests have clients.
pub(crate) fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap()
}

/// A transaction that read and wrote the given names.
pub(crate) fn transaction(snapshot: u64, reads: &[&str], writes: &[(&str, Option<&str>)]) -> Transaction {
    Transaction {
        snapshot,
        reads: ReadSet { names: reads.iter().map(|name| bytes(name)).collect(), ranges: vec![] },
        writes: writes.iter().map(|(name, content)| (bytes(name), content.map(bytes))).collect(),
        audit: vec![],
    }
}

/// A record for the audit log.
pub(crate) fn record(text: &[u8]) -> AuditRecord {
    AuditRecord::unlabelled(text.to_vec())
}

/// A record that says its own time and tags, so that [`labeller`] can make its label again.
pub(crate) fn labelled(time: i64, tags: &[u32]) -> AuditRecord {
    let words: Vec<_> = [time.to_string()].into_iter().chain(tags.iter().map(u32::to_string)).collect();
    let label = Label { time: Timestamp::from_millis(time), tags: tags.to_vec() };
    AuditRecord { bytes: words.join(" ").into(), label }
}

/// Makes the labels of records as [`labelled`] gives them.
pub(crate) fn labeller() -> Labeller {
    Arc::new(|record| {
        let text = std::str::from_utf8(record).ok()?;
        let mut words = text.split(' ');
        let time = Timestamp::from_millis(words.next()?.parse().ok()?);
        Some(Label { time, tags: words.map(|tag| tag.parse().unwrap()).collect() })
    })
}

/// A search for records with any of these tags, at any time.
pub(crate) fn find(tags: &[u32], order: Order, after: Option<u64>, limit: usize) -> Find {
    let (from, to) = (Timestamp::from_millis(i64::MIN), Timestamp::from_millis(i64::MAX));
    Find { tags: Some(tags.to_vec()), from, to, order, after, limit }
}

/// What [`AuditLog::find`] has to find, by reading everything.
pub(crate) fn found_by_reading(audit: &dyn AuditLog, find: &Find) -> Vec<AuditEntry> {
    let (mut sequence, mut entries) = (0, Vec::new());
    while let Some(read) = Some(audit.read(sequence, 1000).unwrap()).filter(|read| !read.is_empty()) {
        sequence = read[read.len() - 1].sequence + 1;
        entries.extend(read);
    }
    let label = labeller();
    entries.retain(|entry| find.matches(entry.sequence, &label(&entry.record).unwrap_or_default()));
    if find.order == Order::NewestFirst {
        entries.reverse();
    }
    entries.truncate(find.limit);
    entries
}

fn bytes(text: &str) -> Bytes {
    Bytes::copy_from_slice(text.as_bytes())
}

fn text(found: Option<Bytes>) -> Option<String> {
    found.map(|content| String::from_utf8(content.to_vec()).unwrap())
}

/// Runs every test, each on a store of its own.
pub(crate) fn all(mut make: impl FnMut() -> Subject) {
    let runtime = runtime();
    runtime.block_on(async {
        an_empty_store_is_at_revision_zero(make()).await;
        what_was_written_is_read_and_what_was_deleted_is_not(make()).await;
        a_scan_gives_names_in_order_within_its_range_and_limit(make()).await;
        a_commit_on_a_name_changed_since_its_snapshot_is_refused_whole(make()).await;
        a_name_that_appears_in_a_range_that_was_read_is_a_conflict(make()).await;
        what_was_only_written_is_no_conflict(make()).await;
        a_change_is_told_to_whoever_asks(make()).await;
        watchers_are_told_before_the_revision_rises(make()).await;
        audit_records_are_in_the_log_with_their_commits(make()).await;
        records_are_found_by_their_labels(make()).await;
    });
    let subject = make();
    runtime.block_on(counters_do_not_lose_an_increment(subject));
    let subject = make();
    runtime.block_on(a_reader_whose_snapshot_still_equals_begun_saw_one_state(subject));
}

async fn an_empty_store_is_at_revision_zero((store, audit): Subject) {
    assert_eq!((store.begun(), store.revision()), (0, 0));
    assert_eq!(store.get(b"a").await.unwrap(), None);
    assert!(store.scan(&NameRange::prefix(b""), 10).await.unwrap().is_empty());
    assert!(audit.read(0, 10).unwrap().is_empty());
}

async fn what_was_written_is_read_and_what_was_deleted_is_not((store, _): Subject) {
    let first = store.commit(transaction(0, &[], &[("a", Some("1")), ("b", Some(""))])).await.unwrap();
    assert_eq!(text(store.get(b"a").await.unwrap()), Some("1".into()));
    assert_eq!(text(store.get(b"b").await.unwrap()), Some(String::new()));
    let second = store
        .commit(transaction(first, &["a"], &[("a", None), ("c", None), ("b", Some("2"))]))
        .await
        .unwrap();
    assert!(second > first && store.revision() >= second && store.begun() >= second);
    assert_eq!(store.get(b"a").await.unwrap(), None);
    assert_eq!(text(store.get(b"b").await.unwrap()), Some("2".into()));
}

async fn a_scan_gives_names_in_order_within_its_range_and_limit((store, _): Subject) {
    let writes =
        [("p/2", Some("b")), ("p/1", Some("a")), ("q", Some("z")), ("p/3", Some("c")), ("o", Some("y"))];
    store.commit(transaction(0, &[], &writes)).await.unwrap();
    let names = |found: Vec<(Bytes, Bytes)>| -> Vec<String> {
        found.into_iter().map(|(name, _)| String::from_utf8(name.to_vec()).unwrap()).collect()
    };
    let range = NameRange::prefix(b"p/");
    assert_eq!(names(store.scan(&range, 10).await.unwrap()), ["p/1", "p/2", "p/3"]);
    assert_eq!(names(store.scan(&range, 2).await.unwrap()), ["p/1", "p/2"]);
    assert!(store.scan(&range, 0).await.unwrap().is_empty());
    assert_eq!(names(store.scan(&range.after(b"p/1"), 10).await.unwrap()), ["p/2", "p/3"]);
    let inverted = NameRange { start: Bound::Included(bytes("z")), end: Bound::Excluded(bytes("a")) };
    assert!(store.scan(&inverted, 10).await.unwrap().is_empty());
    let everything = NameRange { start: Bound::Unbounded, end: Bound::Unbounded };
    assert_eq!(store.scan(&everything, 10).await.unwrap().len(), 5);
}

async fn a_commit_on_a_name_changed_since_its_snapshot_is_refused_whole((store, audit): Subject) {
    let first = store.commit(transaction(0, &[], &[("a", Some("1"))])).await.unwrap();
    store.commit(transaction(first, &["a"], &[("a", Some("2"))])).await.unwrap();
    let mut late = transaction(first, &["x", "a"], &[("a", Some("3")), ("b", Some("3"))]);
    late.audit = vec![record(b"never")];
    assert!(matches!(store.commit(late).await, Err(CommitError::Conflict)));
    assert_eq!(text(store.get(b"a").await.unwrap()), Some("2".into()));
    assert_eq!(store.get(b"b").await.unwrap(), None);
    assert!(audit.read(0, 10).unwrap().is_empty());
    // A name that was not there when it was read counts like any other.
    let absent = store.revision();
    store.commit(transaction(absent, &["new"], &[("new", Some("1"))])).await.unwrap();
    let late = transaction(absent, &["new"], &[("new", Some("2"))]);
    assert!(matches!(store.commit(late).await, Err(CommitError::Conflict)));
}

async fn a_name_that_appears_in_a_range_that_was_read_is_a_conflict((store, _): Subject) {
    let snapshot = store.commit(transaction(0, &[], &[("p/1", Some("1"))])).await.unwrap();
    store.commit(transaction(snapshot, &[], &[("p/2", Some("phantom"))])).await.unwrap();
    let over = |range: NameRange| {
        let mut late = transaction(snapshot, &[], &[("count", Some("1"))]);
        late.reads.ranges.push(range);
        late
    };
    let late = over(NameRange::prefix(b"p/"));
    assert!(matches!(store.commit(late).await, Err(CommitError::Conflict)));
    store.commit(over(NameRange::prefix(b"q/"))).await.unwrap();
    store.commit(over(NameRange::prefix(b"p/").after(b"p/2"))).await.unwrap();
    // What disappears from a range is a change of it too.
    let before = store.revision();
    store.commit(transaction(before, &[], &[("p/1", None)])).await.unwrap();
    let mut late = over(NameRange::prefix(b"p/"));
    late.snapshot = before;
    assert!(matches!(store.commit(late).await, Err(CommitError::Conflict)));
}

async fn what_was_only_written_is_no_conflict((store, _): Subject) {
    store.commit(transaction(0, &[], &[("a", Some("1"))])).await.unwrap();
    store.commit(transaction(0, &[], &[("a", Some("2"))])).await.unwrap();
    assert_eq!(text(store.get(b"a").await.unwrap()), Some("2".into()));
}

async fn a_change_is_told_to_whoever_asks((store, _): Subject) {
    let first = store.commit(transaction(0, &[], &[("a", Some("1"))])).await.unwrap();
    let reads = transaction(0, &["a"], &[]).reads;
    assert!(!store.changed_since(&reads, first).await);
    store.commit(transaction(first, &[], &[("a", Some("2")), ("b", Some("2"))])).await.unwrap();
    assert!(store.changed_since(&reads, first).await);
    assert!(!store.changed_since(&transaction(0, &["c"], &[]).reads, first).await);
    let range = ReadSet { names: vec![], ranges: vec![NameRange::prefix(b"b")] };
    assert!(store.changed_since(&range, first).await);
}

async fn watchers_are_told_before_the_revision_rises((store, _): Subject) {
    let told = Arc::new(Mutex::new(Vec::new()));
    let early = Arc::new(AtomicBool::new(true));
    {
        let (told, early, weak) = (told.clone(), early.clone(), Arc::downgrade(&store));
        store.watch(Arc::new(move |commit| {
            let store = weak.upgrade().unwrap();
            if store.revision() >= commit.revision || store.begun() < commit.revision {
                early.store(false, Ordering::SeqCst);
            }
            told.lock().unwrap().push((commit.put().to_vec(), commit.deleted().to_vec(), commit.revision));
        }));
    }
    let revision = store.commit(transaction(0, &[], &[("b", None), ("a", Some("1"))])).await.unwrap();
    assert_eq!(*told.lock().unwrap(), [(vec![bytes("a")], vec![bytes("b")], revision)]);
    assert!(early.load(Ordering::SeqCst));
    assert!(store.revision() >= revision);
}

async fn audit_records_are_in_the_log_with_their_commits((store, audit): Subject) {
    assert_eq!(audit.append(&record(b"read")).unwrap(), 0);
    let mut change = transaction(0, &[], &[("a", Some("1"))]);
    change.audit = vec![record(b"one"), record(b"two")];
    let revision = store.commit(change).await.unwrap();
    assert_eq!(audit.append(&record(b"last")).unwrap(), 3);
    let entries = audit.read(0, 10).unwrap();
    let seen: Vec<_> =
        entries.iter().map(|entry| (entry.sequence, entry.commit, entry.record.as_ref())).collect();
    assert_eq!(
        seen,
        [
            (0, None, b"read".as_slice()),
            (1, Some(revision), b"one"),
            (2, Some(revision), b"two"),
            (3, None, b"last")
        ]
    );
    assert_eq!(audit.read(2, 1).unwrap(), entries[2..3]);
}

async fn records_are_found_by_their_labels((store, audit): Subject) {
    audit.label_by(labeller());
    for time in 0..50_u32 {
        audit.append(&labelled(i64::from(time), &[1, 100 + time % 5])).unwrap();
        let mut change = transaction(store.revision(), &[], &[("a", Some("1"))]);
        change.audit = vec![labelled(i64::from(time), &[2, 100 + time % 5]), labelled(7, &[])];
        store.commit(change).await.unwrap();
    }
    for order in [Order::NewestFirst, Order::OldestFirst] {
        for tags in [&[1][..], &[2], &[104], &[102, 1], &[9], &[]] {
            for after in [None, Some(0), Some(77), Some(149)] {
                let mut find = find(tags, order, after, 20);
                assert_eq!(audit.find(&find).unwrap(), found_by_reading(audit.as_ref(), &find));
                (find.from, find.to) = (Timestamp::from_millis(7), Timestamp::from_millis(33));
                assert_eq!(audit.find(&find).unwrap(), found_by_reading(audit.as_ref(), &find));
                find.tags = None;
                assert_eq!(audit.find(&find).unwrap(), found_by_reading(audit.as_ref(), &find));
            }
        }
    }
    assert_eq!(audit.find(&find(&[1], Order::NewestFirst, None, 1)).unwrap()[0].sequence, 147);
    // The newest record is never dropped, nor what somebody has not read yet.
    assert_eq!(audit.drop_before(Timestamp::MAX, 0).unwrap(), 0);
    assert_eq!(audit.read(0, 1).unwrap()[0].sequence, 0);
}

const CLIENTS: u64 = 16;
const INCREMENTS_EACH: u64 = 40;

async fn counters_do_not_lose_an_increment((store, audit): Subject) {
    let mut clients = Vec::new();
    for client in 0..CLIENTS {
        let store = store.clone();
        clients.push(tokio::spawn(async move {
            for step in 0..INCREMENTS_EACH {
                increment(store.as_ref(), &format!("counter/{}", (client + step) % 3)).await;
            }
        }));
    }
    for client in clients {
        client.await.unwrap();
    }
    let counters = store.scan(&NameRange::prefix(b"counter/"), 10).await.unwrap();
    let total: u64 =
        counters.into_iter().map(|(_, count)| text(Some(count)).unwrap().parse::<u64>().unwrap()).sum();
    assert_eq!(total, CLIENTS * INCREMENTS_EACH);
    assert_eq!(audit.read(0, usize::MAX).unwrap().len() as u64, CLIENTS * INCREMENTS_EACH);
}

async fn increment(store: &dyn Store, counter: &str) {
    loop {
        let snapshot = store.revision();
        let count =
            text(store.get(counter.as_bytes()).await.unwrap()).map_or(0, |text| text.parse::<u64>().unwrap());
        let mut change = transaction(snapshot, &[counter], &[(counter, Some(&(count + 1).to_string()))]);
        change.audit = vec![record(counter.as_bytes())];
        match store.commit(change).await {
            Ok(_) => return,
            Err(CommitError::Conflict) => tokio::task::yield_now().await,
            Err(error) => panic!("{error}"),
        }
    }
}

async fn a_reader_whose_snapshot_still_equals_begun_saw_one_state((store, _): Subject) {
    store.commit(transaction(0, &[], &[("left", Some("0")), ("right", Some("0"))])).await.unwrap();
    let done = Arc::new(AtomicBool::new(false));
    let judged = Arc::new(AtomicU64::new(0));
    let mut readers = Vec::new();
    for _ in 0..2 {
        let (store, done, judged) = (store.clone(), done.clone(), judged.clone());
        readers.push(tokio::spawn(async move {
            while !done.load(Ordering::Relaxed) {
                let snapshot = store.revision();
                let left = store.get(b"left").await.unwrap();
                let right = store.get(b"right").await.unwrap();
                if store.begun() == snapshot {
                    assert_eq!(left, right);
                    judged.fetch_add(1, Ordering::Relaxed);
                }
                tokio::task::yield_now().await;
            }
        }));
    }
    for step in 1..=200 {
        let content = step.to_string();
        let writes = [("left", Some(content.as_str())), ("right", Some(content.as_str()))];
        store.commit(transaction(store.revision(), &["left"], &writes)).await.unwrap();
    }
    while judged.load(Ordering::Relaxed) == 0 {
        tokio::task::yield_now().await;
    }
    done.store(true, Ordering::Relaxed);
    for reader in readers {
        reader.await.unwrap();
    }
}
