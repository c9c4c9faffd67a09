//! A store and an audit log that fail when a test wants them to.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use alcazar_base::Timestamp;
use alcazar_engine::port::BoxFuture;
use alcazar_engine::port::audit_log::{
    AuditEntry, AuditLog, AuditLogError, AuditRecord, Find, Labeller, LogWatcher,
};
use alcazar_engine::port::store::{
    CommitError, NameRange, ReadSet, Revision, Store, StoreError, Transaction, Watcher,
};
use bytes::Bytes;

/// What is to be done once, at some moment, before the store goes on.
type Hook = Box<dyn FnOnce() -> BoxFuture<'static, ()> + Send>;

/// A store in front of another: it lets all through until it is told otherwise.
pub struct FaultyStore {
    inner: Arc<dyn Store>,
    reads_fail: AtomicBool,
    commits_fail: AtomicBool,
    conflicts_to_come: AtomicU64,
    before_commit: Mutex<Option<Hook>>,
    after_read: Mutex<Option<Hook>>,
    /// Raised while a commit is begun, but not seen yet.
    begun_ahead: AtomicU64,
}

impl FaultyStore {
    /// A store in front of `inner`.
    #[must_use]
    pub fn new(inner: Arc<dyn Store>) -> Self {
        Self {
            inner,
            reads_fail: AtomicBool::new(false),
            commits_fail: AtomicBool::new(false),
            conflicts_to_come: AtomicU64::new(0),
            before_commit: Mutex::default(),
            after_read: Mutex::default(),
            begun_ahead: AtomicU64::new(0),
        }
    }

    /// Has reads fail from now on, or no longer.
    pub fn fail_reads(&self, fail: bool) {
        self.reads_fail.store(fail, Ordering::SeqCst);
    }

    /// Has commits fail from now on, or no longer.
    pub fn fail_commits(&self, fail: bool) {
        self.commits_fail.store(fail, Ordering::SeqCst);
    }

    /// Has the next `count` commits be refused as conflicts.
    pub fn refuse_commits(&self, count: u64) {
        self.conflicts_to_come.store(count, Ordering::SeqCst);
    }

    /// Does something once, right before the next commit.
    pub fn before_next_commit(&self, hook: impl FnOnce() -> BoxFuture<'static, ()> + Send + 'static) {
        *self.before_commit.lock().unwrap() = Some(Box::new(hook));
    }

    /// Does something once, after the next single record was read and before the reader gets it. The reader is
    /// told beforehand that a commit has begun, as when that commit's writes cannot be seen yet.
    pub fn after_next_read(&self, hook: impl FnOnce() -> BoxFuture<'static, ()> + Send + 'static) {
        self.begun_ahead.store(1, Ordering::SeqCst);
        *self.after_read.lock().unwrap() = Some(Box::new(hook));
    }

    /// All records, as they are stored.
    pub async fn records(&self) -> Vec<(Bytes, Bytes)> {
        self.inner.scan(&NameRange::prefix(b""), usize::MAX).await.unwrap()
    }

    /// The names of the records of a table.
    pub async fn names(&self, table: &str) -> Vec<Bytes> {
        let prefix = [table.as_bytes(), b"\0"].concat();
        let records = self.inner.scan(&NameRange::prefix(&prefix), usize::MAX).await.unwrap();
        records.into_iter().map(|(name, _)| name).collect()
    }

    /// Writes records as a thief of the disk would: behind the engine's back.
    pub async fn write_raw(&self, writes: Vec<(Bytes, Option<Bytes>)>) {
        let snapshot = self.inner.revision();
        self.inner.commit(Transaction { snapshot, writes, ..Transaction::default() }).await.unwrap();
    }

    fn check_reads(&self) -> Result<(), StoreError> {
        if self.reads_fail.load(Ordering::SeqCst) {
            return Err(StoreError::Failed("a read that was to fail".to_owned()));
        }
        Ok(())
    }
}

impl Store for FaultyStore {
    fn begun(&self) -> Revision {
        self.inner.begun() + self.begun_ahead.load(Ordering::SeqCst)
    }

    fn revision(&self) -> Revision {
        self.inner.revision()
    }

    fn get<'a>(&'a self, name: &'a [u8]) -> BoxFuture<'a, Result<Option<Bytes>, StoreError>> {
        Box::pin(async move {
            self.check_reads()?;
            let record = self.inner.get(name).await;
            let hook = self.after_read.lock().unwrap().take();
            if let Some(hook) = hook {
                self.begun_ahead.store(0, Ordering::SeqCst);
                hook().await;
            }
            record
        })
    }

    fn scan<'a>(
        &'a self,
        range: &'a NameRange,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<(Bytes, Bytes)>, StoreError>> {
        Box::pin(async move {
            self.check_reads()?;
            self.inner.scan(range, limit).await
        })
    }

    fn changed_since<'a>(&'a self, reads: &'a ReadSet, snapshot: Revision) -> BoxFuture<'a, bool> {
        self.inner.changed_since(reads, snapshot)
    }

    fn commit(&self, transaction: Transaction) -> BoxFuture<'_, Result<Revision, CommitError>> {
        Box::pin(async move {
            let hook = self.before_commit.lock().unwrap().take();
            if let Some(hook) = hook {
                hook().await;
            }
            if self.commits_fail.load(Ordering::SeqCst) {
                return Err(StoreError::Failed("a commit that was to fail".to_owned()).into());
            }
            let one_less = |count: u64| count.checked_sub(1);
            if self.conflicts_to_come.fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_less).is_ok() {
                return Err(CommitError::Conflict);
            }
            self.inner.commit(transaction).await
        })
    }

    fn watch(&self, watcher: Watcher) {
        self.inner.watch(watcher);
    }

    fn purge(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        self.inner.purge()
    }
}

/// An audit log in front of another: it lets all through until it is told otherwise.
pub struct FaultyAuditLog {
    inner: Arc<dyn AuditLog>,
    fails: AtomicBool,
    is_deaf: AtomicBool,
}

impl FaultyAuditLog {
    /// A log in front of `inner`.
    #[must_use]
    pub fn new(inner: Arc<dyn AuditLog>) -> Self {
        Self { inner, fails: AtomicBool::new(false), is_deaf: AtomicBool::new(false) }
    }

    /// Has it take no records from now on, or take them again.
    pub fn fail(&self, fail: bool) {
        self.fails.store(fail, Ordering::SeqCst);
    }

    /// Has it drop the records of calls that changed nothing, as if they were in the log: for measuring what the log
    /// costs.
    pub fn be_deaf(&self, deaf: bool) {
        self.is_deaf.store(deaf, Ordering::Relaxed);
    }

    fn check(&self) -> Result<(), AuditLogError> {
        if self.fails.load(Ordering::SeqCst) {
            return Err(AuditLogError("a record that was not to be taken".to_owned()));
        }
        Ok(())
    }
}

impl AuditLog for FaultyAuditLog {
    fn append(&self, record: &AuditRecord) -> Result<u64, AuditLogError> {
        self.check()?;
        if self.is_deaf.load(Ordering::Relaxed) { Ok(0) } else { self.inner.append(record) }
    }

    fn append_all(&self, records: &[AuditRecord]) -> Result<(), AuditLogError> {
        self.check()?;
        if self.is_deaf.load(Ordering::Relaxed) { Ok(()) } else { self.inner.append_all(records) }
    }

    fn append_commits(&self, records: &[(Revision, AuditRecord)]) -> Result<(), AuditLogError> {
        self.check()?;
        self.inner.append_commits(records)
    }

    fn sync(&self) -> Result<(), AuditLogError> {
        self.inner.sync()
    }

    fn read(&self, sequence: u64, limit: usize) -> Result<Vec<AuditEntry>, AuditLogError> {
        self.inner.read(sequence, limit)
    }

    fn find(&self, find: &Find) -> Result<Vec<AuditEntry>, AuditLogError> {
        self.inner.find(find)
    }

    fn label_by(&self, labeller: Labeller) {
        self.inner.label_by(labeller);
    }

    fn drop_before(&self, time: Timestamp, sequence: u64) -> Result<u64, AuditLogError> {
        self.inner.drop_before(time, sequence)
    }

    fn next_sequence(&self) -> u64 {
        self.inner.next_sequence()
    }

    fn watch(&self, watcher: LogWatcher) {
        self.inner.watch(watcher);
    }
}
