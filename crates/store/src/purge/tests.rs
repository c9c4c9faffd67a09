use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use alcazar_engine::port::store::{Store, StoreError};

use crate::EmbeddedStore;
use crate::contract::{runtime, transaction};
use crate::embedded_store::tests::{files, open};

/// What the records of a test have in them that are to be forgotten.
const SECRET: &str = "a content that is to be forgotten wholly";

/// The environment variable that names the directory of the process that is killed.
const CHILD_DIRECTORY: &str = "ALCAZAR_TEST_PURGE_DIRECTORY";

async fn write(store: &EmbeddedStore, name: &str, content: Option<&str>) {
    store.commit(transaction(store.revision(), &[], &[(name, content)])).await.unwrap();
}

/// The files under a directory with `text` in them.
fn files_with(directory: &Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for path in files(directory) {
        // A table may have gone since it was listed.
        let bytes = std::fs::read(&path).unwrap_or_default();
        if String::from_utf8_lossy(&bytes).contains(text) {
            found.push(path.display().to_string());
        }
    }
    found
}

/// Writes 6 MB of other records, so that some are in tables and some are not.
async fn write_others(store: &EmbeddedStore, step: usize) {
    for number in 0..60 {
        let content = format!("{number} of step {step} {}", "x".repeat(100_000));
        write(store, &format!("other/{number}"), Some(&content)).await;
    }
}

async fn check_others(store: &EmbeddedStore, step: usize) {
    for number in 0..60 {
        let found = store.get(format!("other/{number}").as_bytes()).await.unwrap().unwrap();
        assert!(found.starts_with(format!("{number} of step {step} ").as_bytes()));
    }
}

#[test]
fn nothing_is_left_of_what_was_deleted_or_replaced_before_a_purge() {
    let home = tempfile::tempdir().unwrap();
    runtime().block_on(async {
        let (store, audit) = open(home.path()).unwrap();
        for step in 0..2 {
            for version in 0..5 {
                write(&store, "deleted", Some(&format!("{version} {SECRET}"))).await;
                write(&store, "replaced", Some(&format!("{version} {SECRET}"))).await;
            }
            write_others(&store, step).await;
            write(&store, "deleted", Some(&format!("last {SECRET}"))).await;
        }
        assert!(files_with(home.path(), SECRET).len() > 1, "the journal and a table");
        write(&store, "deleted", None).await;
        write(&store, "replaced", Some("something else")).await;
        // Others go on meanwhile, on what is to be forgotten too.
        let busy = store.clone();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let writer = tokio::spawn(async move {
            // Stopped between two writes: one that was given up could still be committed later.
            for step in 0_u32.. {
                if !stopped.is_empty() {
                    break;
                }
                write(&busy, "replaced", Some(&format!("something else {step}"))).await;
            }
        });
        store.purge().await.unwrap();
        assert_eq!(files_with(home.path(), SECRET), [""; 0]);
        stop.send(()).unwrap();
        writer.await.unwrap();
        let revision = store.revision();
        drop((store, audit));

        let (store, _audit) = open(home.path()).unwrap();
        assert_eq!(store.revision(), revision);
        check_others(&store, 1).await;
        assert_eq!(store.get(b"deleted").await.unwrap(), None);
        assert!(store.get(b"replaced").await.unwrap().unwrap().starts_with(b"something else"));
        write(&store, "deleted", Some(SECRET)).await;
        store.purge().await.unwrap();
        assert_eq!(store.get(b"deleted").await.unwrap().unwrap(), SECRET.as_bytes());
        assert_eq!(files_with(home.path(), SECRET).len(), 1);
    });
}

#[test]
fn a_purge_waits_for_whoever_reads_older_records_and_may_be_asked_for_again() {
    let home = tempfile::tempdir().unwrap();
    runtime().block_on(async {
        let (store, _audit) = open(home.path()).unwrap();
        write(&store, "deleted", Some(SECRET)).await;
        let reader = store.clone();
        let held = tokio::task::spawn_blocking(move || reader.consistent_snapshot().unwrap()).await.unwrap();
        write(&store, "deleted", None).await;
        assert!(matches!(store.purge().await, Err(StoreError::Failed(_))));
        assert!(!files_with(home.path(), SECRET).is_empty());
        drop(held);
        let (one, other) = tokio::join!(store.purge(), store.purge());
        assert!(one.is_ok() && other.is_ok());
        assert_eq!(files_with(home.path(), SECRET), [""; 0]);
    });
}

#[test]
fn a_store_that_goes_while_it_purges_lets_its_directory_go() {
    let home = tempfile::tempdir().unwrap();
    runtime().block_on(async {
        let (store, audit) = open(home.path()).unwrap();
        write_others(&store, 0).await;
        let purging = tokio::time::timeout(Duration::from_millis(50), store.purge()).await;
        assert!(purging.is_err());
        drop((store, audit));
        let (store, _audit) = open(home.path()).unwrap();
        check_others(&store, 0).await;
        store.purge().await.unwrap();
        store.close().await.unwrap();
        assert!(matches!(store.purge().await, Err(StoreError::Closed)));
    });
}

/// Not a test by itself: the process that the next one kills.
#[test]
fn child_that_purges_until_it_is_killed() {
    let Some(directory) = std::env::var_os(CHILD_DIRECTORY) else { return };
    runtime().block_on(async {
        let (store, _audit) = open(Path::new(&directory)).unwrap();
        loop {
            write(&store, "deleted", Some(SECRET)).await;
            write_others(&store, 0).await;
            write(&store, "deleted", None).await;
            writeln!(std::io::stdout(), "\nPURGING").unwrap();
            store.purge().await.unwrap();
        }
    });
}

#[test]
fn a_store_that_was_killed_while_it_purged_has_everything_and_purges_again() {
    let home = tempfile::tempdir().unwrap();
    for delay in [5, 150, 400, 900] {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "purge::tests::child_that_purges_until_it_is_killed", "--nocapture"])
            .env(CHILD_DIRECTORY, home.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(lines.any(|line| line.unwrap() == "PURGING"));
        std::thread::sleep(Duration::from_millis(delay));
        child.kill().unwrap();
        child.wait().unwrap();
        runtime().block_on(async {
            let (store, _audit) = open(home.path()).unwrap();
            check_others(&store, 0).await;
            write(&store, "deleted", None).await;
            store.purge().await.unwrap();
            check_others(&store, 0).await;
            assert_eq!(files_with(home.path(), SECRET), [""; 0], "killed after {delay} ms");
        });
    }
}
