use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use alcazar_crypto::{SeededEntropy, SystemEntropy};
use alcazar_engine::port::audit_log::{AuditEntry, AuditLog};
use tempfile::TempDir;

use super::*;
use crate::contract::{self, record, runtime, transaction};

pub(crate) fn keyring() -> Arc<Keyring> {
    Arc::new(Keyring::generate(&SeededEntropy::new(1)).unwrap())
}

pub(crate) fn open(path: &Path) -> Result<(Arc<EmbeddedStore>, Arc<SegmentLog>), OpenError> {
    EmbeddedStore::open(path, keyring(), Arc::new(SystemEntropy::new()))
}

/// Copies a directory as a crash would leave it, were it to come while nothing is being written.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (from, to) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        if from.is_dir() { copy(&from, &to) } else { assert!(fs::copy(&from, &to).is_ok()) }
    }
}

pub(crate) fn files(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// All that can be read of a store and its log.
pub(crate) type Content = (Vec<(Bytes, Bytes)>, Vec<AuditEntry>);

pub(crate) async fn content(store: &dyn Store, audit: &dyn AuditLog) -> Result<Content, String> {
    let everything = NameRange { start: std::ops::Bound::Unbounded, end: std::ops::Bound::Unbounded };
    let records = store.scan(&everything, usize::MAX).await.map_err(|error| error.to_string())?;
    for (name, content) in &records {
        let found = store.get(name).await.map_err(|error| error.to_string())?;
        assert_eq!(found.as_ref(), Some(content));
    }
    let mut entries = Vec::new();
    loop {
        let next = entries.last().map_or(0, |last: &AuditEntry| last.sequence + 1);
        let page = audit.read(next, 1000).map_err(|error| error.to_string())?;
        if page.is_empty() {
            return Ok((records, entries));
        }
        entries.extend(page);
    }
}

async fn write(store: &EmbeddedStore, name: &str, content: &str) {
    let mut change = transaction(store.revision(), &[], &[(name, Some(content))]);
    change.audit = vec![record(format!("wrote {name}").as_bytes())];
    store.commit(change).await.unwrap();
}

#[test]
fn it_keeps_the_contract() {
    let mut homes = Vec::new();
    contract::all(|| {
        let home = tempfile::tempdir().unwrap();
        let (store, audit) = open(home.path()).unwrap();
        homes.push(home);
        (store as Arc<dyn Store>, audit as Arc<dyn AuditLog>)
    });
}

#[test]
fn what_was_committed_is_found_again_after_a_clean_close_and_after_none() {
    let home = tempfile::tempdir().unwrap();
    let (first, second) = (home.path().join("first"), home.path().join("second"));
    runtime().block_on(async {
        let (store, audit) = open(&first).unwrap();
        for number in 0..50 {
            write(&store, &format!("name/{number}"), &format!("content {number}")).await;
            audit.append(&record(format!("looked at {number}").as_bytes())).unwrap();
        }
        store.commit(transaction(store.revision(), &[], &[("name/7", None)])).await.unwrap();
        let before = content(store.as_ref(), audit.as_ref()).await.unwrap();
        assert_eq!((before.0.len(), before.1.len()), (49, 100));
        copy(&first, &second);
        store.close().await.unwrap();
        assert!(matches!(store.get(b"name/1").await, Err(StoreError::Closed)));
        let late = store.commit(transaction(0, &[], &[("late", Some("1"))])).await;
        assert!(matches!(late, Err(CommitError::Store(StoreError::Closed))));
        assert!(store.close().await.is_err());
        drop((store, audit));
        for directory in [&first, &second] {
            for _ in 0..2 {
                let (store, audit) = open(directory).unwrap();
                assert_eq!((store.revision(), store.begun()), (51, 51));
                assert_eq!(content(store.as_ref(), audit.as_ref()).await.unwrap(), before);
            }
        }
    });
}

#[test]
fn a_second_process_is_refused_until_the_first_lets_go() {
    let home = tempfile::tempdir().unwrap();
    let held = open(home.path()).unwrap();
    let refused = open(home.path()).unwrap_err();
    assert!(matches!(&refused, OpenError::InUse { holder, .. } if *holder == std::process::id().to_string()));
    drop(held);
    open(home.path()).unwrap();
}

#[test]
fn nobody_else_can_read_its_files() {
    use std::os::unix::fs::PermissionsExt;
    let home = tempfile::tempdir().unwrap();
    let _held = open(home.path()).unwrap();
    for file in files(home.path()) {
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o077, 0, "{}", file.display());
    }
}

#[test]
fn another_keyring_opens_nothing() {
    let home = tempfile::tempdir().unwrap();
    drop(open(home.path()).unwrap());
    let other = Arc::new(Keyring::generate(&SeededEntropy::new(2)).unwrap());
    let refused = EmbeddedStore::open(home.path(), other, Arc::new(SystemEntropy::new())).unwrap_err();
    assert!(refused.to_string().contains("its key does not open"), "{refused}");
}

#[test]
fn what_cannot_be_stored_is_refused_and_the_store_goes_on() {
    let home = tempfile::tempdir().unwrap();
    let (store, _audit) = open(home.path()).unwrap();
    let store = store.as_ref();
    runtime().block_on(async {
        let long = "n".repeat(NAME_BYTES_MAX + 1);
        for name in ["", &long, std::str::from_utf8(STATE_NAME).unwrap()] {
            let refused = store.commit(transaction(0, &[], &[(name, Some("1"))])).await;
            assert!(matches!(refused, Err(CommitError::Store(StoreError::Failed(_)))), "{name}");
            assert_eq!(store.get(name.as_bytes()).await.unwrap(), None);
        }
        write(store, "good", "1").await;
    });
}

#[test]
fn when_the_audit_log_fails_nothing_is_acknowledged_and_the_store_closes() {
    let home = tempfile::tempdir().unwrap();
    runtime().block_on(async {
        let (store, audit) = open(home.path()).unwrap();
        write(&store, "before", "1").await;
        audit.break_down();
        let mut change = transaction(store.revision(), &[], &[("never", Some("1"))]);
        change.audit = vec![record(b"never")];
        assert!(matches!(store.commit(change).await, Err(CommitError::Store(StoreError::Failed(_)))));
        assert!(matches!(store.get(b"before").await, Err(StoreError::Closed)));
        let later = store.commit(transaction(0, &[], &[("later", Some("1"))])).await;
        assert!(matches!(later, Err(CommitError::Store(StoreError::Closed))));
        assert_eq!(store.revision(), 1);
        drop((store, audit));
        let (store, audit) = open(home.path()).unwrap();
        let (records, entries) = content(store.as_ref(), audit.as_ref()).await.unwrap();
        assert_eq!((store.revision(), records.len(), entries.len()), (1, 1, 1));
    });
}

#[test]
fn the_record_of_a_commit_that_never_came_to_be_is_passed_over() {
    let home = tempfile::tempdir().unwrap();
    runtime().block_on(async {
        let (store, audit) = open(home.path()).unwrap();
        write(&store, "a", "1").await;
        audit.append_commits(&[(2, record(b"void"))]).unwrap();
        assert_eq!(audit.read(0, 10).unwrap().len(), 1);
        drop((store, audit));
        let (store, audit) = open(home.path()).unwrap();
        write(&store, "b", "1").await;
        let seen = audit.read(0, 10).unwrap();
        let seen: Vec<_> = seen.iter().map(|entry| (entry.sequence, entry.commit)).collect();
        assert_eq!(seen, [(0, Some(1)), (2, Some(2))]);
        let reader = crate::AuditReader::new(home.path(), keyring());
        assert_eq!(reader.read(1, 10).unwrap(), audit.read(1, 10).unwrap());
    });
}

/// A directory with tables, a journal and several audit segments, and what is in it.
fn filled() -> (TempDir, Content) {
    let home = tempfile::tempdir().unwrap();
    let live = home.path().join("live");
    let filled = runtime().block_on(async {
        let large = "x".repeat(100_000);
        // Enough to fill tables, then a new start for a second segment and a journal of plain length.
        let (store, audit) = open(&live).unwrap();
        for number in 0..60 {
            write(&store, &format!("large/{number}"), &format!("{number}{large}")).await;
        }
        store.close().await.unwrap();
        drop((store, audit));
        let (store, audit) = open(&live).unwrap();
        for number in 0..20 {
            write(&store, &format!("small/{}", number % 10), &format!("{number}")).await;
            audit.append(&record(format!("looked at {number}").as_bytes())).unwrap();
        }
        write(&store, "last", "1").await;
        copy(&live, &home.path().join("copy"));
        content(store.as_ref(), audit.as_ref()).await.unwrap()
    });
    (home, filled)
}

/// Opens a damaged directory: all of it must read right, or something must say that it is damaged.
fn check_damaged(path: &Path, expected: &Content, what: &str) -> bool {
    let (store, audit) = match open(path) {
        Ok(opened) => opened,
        Err(error) => {
            let told = error.to_string();
            assert!(told.contains("restore") || told.contains("use the version"), "{what}: {told}");
            return true;
        }
    };
    match runtime().block_on(content(store.as_ref(), audit.as_ref())) {
        Ok(found) => {
            assert!(found.0 == expected.0, "{what}: wrong records");
            assert!(found.1 == expected.1, "{what}: wrong audit records");
            false
        }
        Err(_) => true,
    }
}

#[test]
fn a_changed_bit_in_any_file_is_found_out_or_does_no_harm() {
    let (home, expected) = filled();
    let source = home.path().join("copy");
    let mut found_out = BTreeMap::new();
    for file in files(&source) {
        let relative = file.strip_prefix(&source).unwrap().to_owned();
        let length = fs::metadata(&file).unwrap().len();
        let places: Vec<u64> =
            (0..length.min(24)).step_by(3).chain((1..12).map(|part| length * part / 12)).collect();
        for place in places.into_iter().chain(length.checked_sub(1)) {
            let damaged = home.path().join("damaged");
            copy(&source, &damaged);
            let target = OpenOptions::new().read(true).write(true).open(damaged.join(&relative)).unwrap();
            let mut byte = [0];
            if target.read_at(&mut byte, place).unwrap() == 1 {
                target.write_all_at(&[byte[0] ^ (1 << (place % 8))], place).unwrap();
                let found = check_damaged(&damaged, &expected, &format!("{} at {place}", relative.display()));
                *found_out.entry(relative.clone()).or_insert(0) += u32::from(found);
            }
            fs::remove_dir_all(&damaged).unwrap();
        }
    }
    // A damaged index keeps nobody from opening the directory: it is made again.
    let segments = found_out.iter().filter(|(file, _)| {
        file.starts_with("audit") && file.extension().is_some_and(|extension| extension == "log")
    });
    assert!(segments.clone().count() >= 2 && segments.clone().all(|(_, found)| *found > 10), "{found_out:?}");
    assert!(
        found_out.iter().any(|(file, found)| file.extension().is_some_and(|jnl| jnl == "jnl") && *found > 10)
    );
}

#[test]
fn a_file_cut_off_or_missing_is_found_out_or_does_no_harm() {
    let (home, expected) = filled();
    let source = home.path().join("copy");
    for file in files(&source) {
        let relative = file.strip_prefix(&source).unwrap().to_owned();
        let length = fs::metadata(&file).unwrap().len();
        for kept in (0..8)
            .map(|part| length * part / 8)
            .chain((1..40).step_by(3).map(|cut| length.saturating_sub(cut)))
        {
            let damaged = home.path().join("damaged");
            copy(&source, &damaged);
            OpenOptions::new().write(true).open(damaged.join(&relative)).unwrap().set_len(kept).unwrap();
            check_damaged(&damaged, &expected, &format!("{} cut to {kept}", relative.display()));
            fs::remove_dir_all(&damaged).unwrap();
        }
        let damaged = home.path().join("damaged");
        copy(&source, &damaged);
        fs::remove_file(damaged.join(&relative)).unwrap();
        check_damaged(&damaged, &expected, &format!("{} removed", relative.display()));
        fs::remove_dir_all(&damaged).unwrap();
    }
}

const CHILD_DIRECTORY: &str = "ALCAZAR_STORE_TEST_DIRECTORY";

/// Not a test by itself: the process that the next one kills. It prints what was acknowledged.
#[test]
fn child_that_writes_until_it_is_killed() {
    let Some(directory) = std::env::var_os(CHILD_DIRECTORY) else { return };
    runtime().block_on(async {
        let (store, audit) = open(Path::new(&directory)).unwrap();
        let mut writers = tokio::task::JoinSet::new();
        for writer in 0..8_u32 {
            let (store, audit) = (store.clone(), audit.clone());
            writers.spawn(async move {
                for step in 0.. {
                    let name = format!("{}/{writer}/{step}", std::process::id());
                    let content = "c".repeat(1000);
                    let writes =
                        [(name.as_str(), Some(content.as_str())), (&format!("twin/{name}"), Some(&content))];
                    let mut change = transaction(store.revision(), &[], &writes);
                    change.audit = vec![record(name.as_bytes())];
                    let revision = store.commit(change).await.unwrap();
                    audit.append(&record(format!("looked at {name}").as_bytes())).unwrap();
                    let mut out = std::io::stdout().lock();
                    writeln!(out, "\nACK {revision} {name}").and_then(|()| out.flush()).unwrap();
                }
            });
        }
        writers.join_all().await;
    });
}

#[test]
fn after_a_kill_every_acknowledged_commit_is_there_and_none_by_half() {
    let home = tempfile::tempdir().unwrap();
    let mut acknowledged = Vec::new();
    for round in 1..=6 {
        acknowledged.extend(write_until_killed(home.path(), 150 * round));
        let (store, audit) = open(home.path()).unwrap();
        let (records, entries) = runtime().block_on(content(store.as_ref(), audit.as_ref())).unwrap();
        let records: BTreeMap<_, _> = records.into_iter().collect();
        for (name, content) in &records {
            let text = std::str::from_utf8(name).unwrap();
            let twin = text.strip_prefix("twin/").map_or_else(|| format!("twin/{text}"), str::to_owned);
            assert_eq!(records.get(twin.as_bytes()), Some(content), "half of a commit");
        }
        let commits: BTreeMap<_, _> =
            entries.iter().filter_map(|entry| Some((entry.record.clone(), entry.commit?))).collect();
        let plain: std::collections::BTreeSet<_> =
            entries.iter().filter(|entry| entry.commit.is_none()).map(|entry| entry.record.clone()).collect();
        for (revision, name) in &acknowledged {
            assert!(records.contains_key(name.as_bytes()), "an acknowledged commit is lost");
            assert_eq!(commits.get(name.as_bytes()), Some(revision));
            assert!(plain.contains(format!("looked at {name}").as_bytes()));
        }
        assert_eq!(commits.len() * 2, records.len(), "a commit and its audit record belong together");
    }
}

fn write_until_killed(directory: &Path, acknowledgements: usize) -> Vec<(u64, String)> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "embedded_store::tests::child_that_writes_until_it_is_killed", "--nocapture"])
        .env(CHILD_DIRECTORY, directory)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut acknowledged = Vec::new();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut read = |line: String| {
        if let Some((revision, name)) = line.strip_prefix("ACK ").and_then(|ack| ack.split_once(' ')) {
            acknowledged.push((revision.parse().unwrap(), name.to_owned()));
        }
        acknowledged.len()
    };
    while read(lines.next().unwrap().unwrap()) < acknowledgements {}
    child.kill().unwrap();
    child.wait().unwrap();
    // What it still printed counts too, but for a line that was cut off.
    let mut rest: Vec<String> = lines.map_while(Result::ok).collect();
    rest.pop();
    for line in rest {
        read(line);
    }
    acknowledged
}
