//! The store on the embedded engine.

use std::future::ready;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use alcazar_crypto::{Entropy, Keyring};
use alcazar_engine::port::BoxFuture;
use alcazar_engine::port::store::{
    CommitError, NameRange, ReadSet, Revision, Store, StoreError, Transaction, Watcher,
};
use bytes::Bytes;
use tokio::sync::{mpsc, oneshot};

use crate::committer::{self, ConsistentSnapshot, QUEUE_MAX, Request, transaction_bytes};
use crate::conflict::ConflictWindow;
use crate::directory::{self, Directory};
use crate::engine::{CONTENT_BYTES_MAX, Engine, NAME_BYTES_MAX, STATE_NAME, State};
use crate::journal_check;
use crate::open_error::OpenError;
use crate::purge;
use crate::segment;
use crate::segment_log::{SegmentLog, Tail};
use crate::segment_range;
use crate::watchers::Watchers;

/// The largest transaction, in bytes of names, contents and audit records.
pub const TRANSACTION_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Durable records in one directory, which belongs to this process.
///
/// Reads go straight to the engine; commits go through one thread. Dropping it finishes what waits; so does
/// [`close`](Self::close), which also says whether that succeeded.
pub struct EmbeddedStore {
    shared: Arc<Shared>,
    requests: Option<mpsc::Sender<Request>>,
    committer: Mutex<Option<JoinHandle<()>>>,
    /// The newest purge's thread, and the turn to purge, which it holds.
    purger: Mutex<Option<JoinHandle<()>>>,
    turn_to_purge: Arc<tokio::sync::Mutex<()>>,
}

/// What the store and its committer both use.
pub(crate) struct Shared {
    pub(crate) engine: Engine,
    pub(crate) audit: Arc<SegmentLog>,
    window: Mutex<ConflictWindow>,
    pub(crate) begun: AtomicU64,
    pub(crate) revision: AtomicU64,
    /// The sequence number after the newest audit record that is known to be durable.
    pub(crate) audit_sequence: AtomicU64,
    pub(crate) watchers: Watchers,
    /// Nothing is committed or read any more: the store was closed, or a commit failed.
    pub(crate) closed: AtomicBool,
    /// Held until engine and log are gone, so it stands last.
    _directory: Arc<Directory>,
}

impl Shared {
    pub(crate) fn window(&self) -> MutexGuard<'_, ConflictWindow> {
        self.window.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl EmbeddedStore {
    /// Opens the data directory `directory`, making it if it is absent, and gives the store and the audit log of it.
    ///
    /// The keyring has to be the one that the directory's audit log was written under. The mask of the process is
    /// set so that nobody else can read the files it makes.
    ///
    /// # Errors
    /// `OpenError` if another process holds the directory, it has another format, it is damaged, or store and
    /// audit log do not belong together. Whatever is there is left as it is.
    pub fn open(
        directory: &Path,
        keyring: Arc<Keyring>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<(Arc<Self>, Arc<SegmentLog>), OpenError> {
        let directory = Arc::new(Directory::open(directory)?);
        let tail = Tail::read(&directory.audit(), &keyring)?;
        let records = directory.records();
        if records.exists() {
            // Looked at first, because the engine shortens a journal that it cannot read to its end.
            if let Some(newest) = journal_check::newest_state(&records)? {
                check_agreement(directory.path(), newest, tail)?;
            }
        } else {
            create(&directory)?;
        }
        let (engine, state) = Engine::open(&records)?;
        check_agreement(directory.path(), state, tail)?;
        let audit = SegmentLog::start(Arc::clone(&directory), tail, state.revision, keyring, entropy)?;
        let audit = Arc::new(audit);
        let store = Self::start(directory, engine, state, Arc::clone(&audit))?;
        Ok((Arc::new(store), audit))
    }

    fn start(
        directory: Arc<Directory>,
        engine: Engine,
        state: State,
        audit: Arc<SegmentLog>,
    ) -> Result<Self, OpenError> {
        let path = directory.path().to_owned();
        let shared = Arc::new(Shared {
            engine,
            audit,
            window: Mutex::new(ConflictWindow::new(state.revision)),
            begun: AtomicU64::new(state.revision),
            revision: AtomicU64::new(state.revision),
            audit_sequence: AtomicU64::new(state.audit_sequence),
            watchers: Watchers::default(),
            closed: AtomicBool::new(false),
            _directory: directory,
        });
        let (requests, receiver) = mpsc::channel(QUEUE_MAX);
        let thread = Arc::clone(&shared);
        let committer = std::thread::Builder::new()
            .name("committer".to_owned())
            .spawn(move || committer::run(&thread, receiver))
            .map_err(|error| OpenError::io(&path, &error))?;
        Ok(Self {
            shared,
            requests: Some(requests),
            committer: Mutex::new(Some(committer)),
            purger: Mutex::default(),
            turn_to_purge: Arc::default(),
        })
    }

    /// Commits what waits, makes records and audit log durable, and stops. Later calls get `StoreError::Closed`.
    ///
    /// # Errors
    /// `StoreError` if something could not be made durable, or the store was closed before.
    pub async fn close(&self) -> Result<(), StoreError> {
        let (answer, answered) = oneshot::channel();
        self.request(Request::Close(answer)).await?;
        answered.await.map_err(|_| StoreError::Closed)?
    }

    /// A state of records and audit log that belong together.
    pub(crate) fn consistent_snapshot(&self) -> Result<ConsistentSnapshot, StoreError> {
        let (answer, answered) = oneshot::channel();
        let requests = self.requests.as_ref().ok_or(StoreError::Closed)?;
        requests.blocking_send(Request::Snapshot(answer)).map_err(|_| StoreError::Closed)?;
        answered.blocking_recv().map_err(|_| StoreError::Closed)
    }

    /// How many bytes the records take on disk, about.
    #[must_use]
    pub fn disk_bytes(&self) -> u64 {
        self.shared.engine.disk_bytes()
    }

    async fn request(&self, request: Request) -> Result<(), StoreError> {
        let requests = self.requests.as_ref().ok_or(StoreError::Closed)?;
        requests.send(request).await.map_err(|_| StoreError::Closed)
    }

    async fn commit_through_the_queue(&self, transaction: Transaction) -> Result<Revision, CommitError> {
        check_sizes(&transaction)?;
        let (answer, answered) = oneshot::channel();
        self.request(Request::Commit(transaction, answer)).await?;
        answered.await.map_err(|_| StoreError::Closed)?
    }

    /// Purges on a thread of its own, which goes on if nobody waits for it any more.
    async fn purge_in_turn(&self) -> Result<(), StoreError> {
        let turn = self.turn_to_purge.clone().lock_owned().await;
        let requests = self.requests.as_ref().ok_or(StoreError::Closed)?.downgrade();
        let shared = Arc::clone(&self.shared);
        let (answer, answered) = oneshot::channel();
        let purger = std::thread::Builder::new().name("purger".to_owned()).spawn(move || {
            // Whoever asked may have gone.
            let _ = answer.send(purge::run(&shared, requests));
            drop((shared, turn));
        });
        let purger = purger.map_err(|error| StoreError::Failed(error.to_string()))?;
        *self.purger.lock().unwrap_or_else(PoisonError::into_inner) = Some(purger);
        answered.await.map_err(|_| StoreError::Failed("the purge gave up".to_owned()))?
    }

    fn read<T>(&self, read: impl FnOnce(&Engine) -> Result<T, StoreError>) -> Result<T, StoreError> {
        if self.shared.closed.load(Ordering::Acquire) {
            return Err(StoreError::Closed);
        }
        read(&self.shared.engine)
    }
}

impl Drop for EmbeddedStore {
    fn drop(&mut self) {
        // With the last sender gone the committer finishes what waits.
        drop(self.requests.take());
        let committer = self.committer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if committer.is_some_and(|committer| committer.join().is_err()) {
            tracing::error!("the committer gave up");
        }
        // It ends, for nothing commits any more; the directory is free only then.
        let purger = self.purger.lock().unwrap_or_else(PoisonError::into_inner).take();
        if purger.is_some_and(|purger| purger.join().is_err()) {
            tracing::error!("a purge gave up");
        }
    }
}

impl std::fmt::Debug for EmbeddedStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EmbeddedStore").field("path", &self.shared.engine.path()).finish_non_exhaustive()
    }
}

impl Store for EmbeddedStore {
    fn begun(&self) -> Revision {
        self.shared.begun.load(Ordering::Acquire)
    }

    fn revision(&self) -> Revision {
        self.shared.revision.load(Ordering::Acquire)
    }

    fn get<'a>(&'a self, name: &'a [u8]) -> BoxFuture<'a, Result<Option<Bytes>, StoreError>> {
        let found = if name.is_empty() || name.len() > NAME_BYTES_MAX || name == STATE_NAME {
            Ok(None)
        } else {
            self.read(|engine| engine.get(name))
        };
        Box::pin(ready(found))
    }

    fn scan<'a>(
        &'a self,
        range: &'a NameRange,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<(Bytes, Bytes)>, StoreError>> {
        Box::pin(ready(self.read(|engine| engine.scan(range, limit))))
    }

    fn changed_since<'a>(&'a self, reads: &'a ReadSet, snapshot: Revision) -> BoxFuture<'a, bool> {
        Box::pin(ready(self.shared.window().has_changed(reads, snapshot)))
    }

    fn commit(&self, transaction: Transaction) -> BoxFuture<'_, Result<Revision, CommitError>> {
        Box::pin(self.commit_through_the_queue(transaction))
    }

    fn watch(&self, watcher: Watcher) {
        self.shared.watchers.add(watcher);
    }

    fn purge(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(self.purge_in_turn())
    }
}

/// Makes the engine of a new directory. It gets its name only when it is whole; until then, opening begins again.
fn create(directory: &Directory) -> Result<(), OpenError> {
    let (records, new) = (directory.records(), directory.path().join("records.new"));
    if segment_range::is_any(&directory.audit())? {
        return Err(OpenError::damaged(&records, "the records are missing, though there is an audit log"));
    }
    let io = |error| OpenError::io(&new, &error);
    if new.exists() {
        std::fs::remove_dir_all(&new).map_err(io)?;
    }
    directory::make(&new)?;
    Engine::create(&new)?;
    std::fs::rename(&new, &records).map_err(io)?;
    directory::sync(directory.path())
}

/// Checks that neither the store nor the audit log has lost what the other one vouches for.
pub(crate) fn check_agreement(directory: &Path, state: State, tail: Tail) -> Result<(), OpenError> {
    if state.revision < tail.durable {
        let lost = format!(
            "the audit log vouches for commit {}, and the records end with commit {}",
            tail.durable, state.revision
        );
        return Err(OpenError::damaged(&directory::records(directory), lost));
    }
    if tail.next_sequence < state.audit_sequence {
        let lost = format!(
            "the records vouch for {} audit records, and the log ends after {}",
            state.audit_sequence, tail.next_sequence
        );
        return Err(OpenError::damaged(&directory::audit(directory), lost));
    }
    Ok(())
}

fn check_sizes(transaction: &Transaction) -> Result<(), StoreError> {
    for (name, content) in &transaction.writes {
        if name.is_empty() || name.len() > NAME_BYTES_MAX || name.as_ref() == STATE_NAME {
            return Err(StoreError::Failed(format!("a name of {} bytes cannot be stored", name.len())));
        }
        if content.as_ref().is_some_and(|content| content.len() > CONTENT_BYTES_MAX) {
            return Err(StoreError::Failed(format!("a record is longer than {CONTENT_BYTES_MAX} bytes")));
        }
    }
    if transaction.audit.iter().any(|record| record.bytes.len() > segment::AUDIT_RECORD_BYTES_MAX) {
        return Err(StoreError::Failed("an audit record is too long".to_owned()));
    }
    if transaction_bytes(transaction) > TRANSACTION_BYTES_MAX {
        return Err(StoreError::Failed(format!(
            "a transaction is longer than {TRANSACTION_BYTES_MAX} bytes"
        )));
    }
    Ok(())
}

#[cfg(test)]
pub(crate) mod tests;
