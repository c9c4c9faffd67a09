//! The embedded engine, fjall, behind the few calls that the store makes of it.
//!
//! One keyspace holds the records, and one more under [`STATE_NAME`]: the state of the store, which is written
//! with each batch. The engine checks every block that it reads; what it finds wrong is told as damage. Where it
//! panics on a damaged file, the panic is caught here and told as damage too.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use alcazar_engine::port::store::{NameRange, Revision, StoreError};
use bytes::{Buf, BufMut, Bytes};
use fjall::{Database, Keyspace, KeyspaceCreateOptions, PersistMode, Readable, Slice, Snapshot};
use lsm_tree::SequenceNumberCounter;

use crate::conflict::bounds;
use crate::journal_check;
use crate::open_error::OpenError;

/// The name under which the state of the store is kept; no record may have it.
pub(crate) const STATE_NAME: &[u8] = b"\0alcazar-state";

/// The longest name of a record, in bytes.
pub const NAME_BYTES_MAX: usize = 4096;

/// The largest content of a record, in bytes.
pub const CONTENT_BYTES_MAX: usize = 8 * 1024 * 1024;

/// How much of the blocks that were read is kept in memory, in bytes; nothing is taken before it is read. The index of a
/// store of millions of records should fit, or each read of one reads and checks blocks of the index too.
const BLOCK_CACHE_BYTES: u64 = 64 * 1024 * 1024;

/// How much is written before it goes from the journal into tables, in bytes. It also bounds how much journal
/// has to be read when the store is opened after a kill.
const MEMTABLE_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// How much journal is kept, in bytes; the least that the engine takes.
const JOURNAL_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// How many of the engine's files are held open.
const OPEN_FILES_MAX: usize = 128;

/// Threads that flush and compact.
const WORKER_THREADS: usize = 2;

/// How many deletions a batch of filler is.
const FILLER_NAMES: u16 = 256;

/// What their names begin with; no record has such a name.
const FILLER_NAME: &[u8] = b"\0alcazar-filler/";

const KEYSPACE: &str = "records";
const STATE_MAGIC: &[u8; 16] = b"alcazar state 1\n";
const STATE_BYTES: usize = 40;

/// What the store knows of itself, as of one batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct State {
    /// The newest commit.
    pub(crate) revision: Revision,
    /// The sequence number after the newest audit record that was durable when the batch was written.
    pub(crate) audit_sequence: u64,
    /// A number that the engine's own number of the batch is not below, and hardly above.
    pub(crate) engine_floor: u64,
}

impl State {
    fn encode(self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(STATE_BYTES);
        bytes.put_slice(STATE_MAGIC);
        bytes.put_u64(self.revision);
        bytes.put_u64(self.audit_sequence);
        bytes.put_u64(self.engine_floor);
        bytes
    }

    /// Reads a state; nothing if the bytes are none.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let mut fields = bytes.strip_prefix(STATE_MAGIC)?;
        if bytes.len() != STATE_BYTES {
            return None;
        }
        Some(Self {
            revision: fields.get_u64(),
            audit_sequence: fields.get_u64(),
            engine_floor: fields.get_u64(),
        })
    }
}

/// Bytes that go into the journal and mean nothing: deletions of names that no record has, as long as names can be.
/// A clone shares them.
#[derive(Clone)]
pub(crate) struct Filler(Vec<Slice>);

impl Filler {
    /// A mebibyte of it.
    pub(crate) fn new() -> Self {
        let name = |number: u16| {
            let mut name = [FILLER_NAME, &number.to_be_bytes()].concat();
            name.resize(NAME_BYTES_MAX, 0);
            Slice::from(name)
        };
        Self((0..FILLER_NAMES).map(name).collect())
    }

    /// None.
    pub(crate) fn none() -> Self {
        Self(Vec::new())
    }
}

/// What one batch writes, each name once.
pub(crate) type Writes = BTreeMap<Bytes, Option<Bytes>>;

/// The engine, open.
pub(crate) struct Engine {
    path: PathBuf,
    records: Keyspace,
    database: Database,
}

impl Engine {
    /// Makes a new engine in a directory that does not exist, at revision 0.
    pub(crate) fn create(path: &Path) -> Result<(), OpenError> {
        let failed = |error: fjall::Error| OpenError::failed(path, error);
        let database = open_database(path).map_err(failed)?;
        let records = database.keyspace(KEYSPACE, keyspace_options).map_err(failed)?;
        let engine = Self { path: path.to_owned(), records, database };
        let state = State { engine_floor: engine.floor(), ..State::default() };
        engine.commit(Writes::new(), state).map_err(|error| OpenError::failed(path, error))
    }

    /// Opens what [`Self::create`] made.
    pub(crate) fn open(path: &Path) -> Result<(Self, State), OpenError> {
        let damaged = |what: String| OpenError::damaged(path, what);
        // The engine makes anew, or even removes, what lacks these files.
        for file in ["version", "keyspaces/0/current", "keyspaces/1/current"] {
            if !path.join(file).is_file() {
                return Err(damaged(format!("the file {file} is missing")));
            }
        }
        let opened = guarded(|| {
            open_trees_alone(path)?;
            let database = open_database(path).map_err(|error| open_error(path, error))?;
            if !database.keyspace_exists(KEYSPACE) {
                return Err(OpenError::damaged(path, "it does not hold the records"));
            }
            let records =
                database.keyspace(KEYSPACE, keyspace_options).map_err(|error| open_error(path, error))?;
            Ok(Self { path: path.to_owned(), records, database })
        });
        let engine = opened.unwrap_or_else(|panic| Err(damaged(panic)))?;
        let state = engine.get(STATE_NAME).map_err(|error| damaged(error.to_string()))?;
        let state =
            state.as_deref().and_then(State::decode).ok_or_else(|| damaged("its state is missing".into()))?;
        Ok((engine, state))
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// A number that the next batch's is not below.
    pub(crate) fn floor(&self) -> u64 {
        self.database.seqno()
    }

    /// Writes a batch and makes it durable: all of it, or nothing.
    pub(crate) fn commit(&self, writes: Writes, state: State) -> Result<(), StoreError> {
        let commit = || {
            let mut batch = self.database.batch().durability(Some(PersistMode::SyncData));
            for (name, content) in writes {
                match content {
                    Some(content) => batch.insert(&self.records, Slice::from(name), Slice::from(content)),
                    None => batch.remove(&self.records, Slice::from(name)),
                }
            }
            batch.insert(&self.records, STATE_NAME, state.encode());
            batch.commit()
        };
        guarded(commit).map_err(StoreError::Failed)?.map_err(store_error)
    }

    /// Writes the state once more, and filler with it. That is as durable as the next batch is.
    pub(crate) fn fill(&self, filler: Filler, state: State) -> Result<(), StoreError> {
        let commit = || {
            let mut batch = self.database.batch().durability(Some(PersistMode::Buffer));
            for name in filler.0 {
                batch.remove(&self.records, name);
            }
            batch.insert(&self.records, STATE_NAME, state.encode());
            batch.commit()
        };
        guarded(commit).map_err(StoreError::Failed)?.map_err(store_error)
    }

    /// Has what is in memory go into tables soon.
    pub(crate) fn rotate(&self) -> Result<(), StoreError> {
        guarded(|| self.records.rotate_memtable()).map_err(StoreError::Failed)?.map_err(store_error)?;
        Ok(())
    }

    /// Whether something is on its way from memory into tables.
    pub(crate) fn is_flushing(&self) -> bool {
        self.records.sealed_memtable_count() > 0
    }

    /// The number below which a compaction keeps the newest version of a record alone: nobody reads older ones.
    pub(crate) fn forgets_below(&self) -> u64 {
        self.database.supervisor.snapshot_tracker.get_seqno_safe_to_gc()
    }

    /// Writes all tables anew, without what nobody reads any more.
    pub(crate) fn compact(&self) -> Result<(), StoreError> {
        guarded(|| self.records.major_compact()).map_err(StoreError::Failed)?.map_err(store_error)
    }

    /// The numbers of the journals that are there, the oldest first.
    pub(crate) fn journals(&self) -> Result<Vec<u64>, StoreError> {
        let found = journal_check::journals(&self.path);
        let found = found.map_err(|error| StoreError::Failed(error.to_string()))?;
        Ok(found.into_iter().map(|(number, _)| number).collect())
    }

    /// The names of the records' table files that are there, used or not.
    pub(crate) fn tables(&self) -> Result<BTreeSet<OsString>, StoreError> {
        let entries = std::fs::read_dir(self.records.path().join("tables"));
        let names = entries.and_then(|entries| entries.map(|entry| Ok(entry?.file_name())).collect());
        names.map_err(|error: std::io::Error| StoreError::Failed(error.to_string()))
    }

    /// The record of a name.
    pub(crate) fn get(&self, name: &[u8]) -> Result<Option<Bytes>, StoreError> {
        let found = guarded(|| self.records.get(name)).map_err(StoreError::Damaged)?.map_err(store_error)?;
        Ok(found.map(Bytes::from))
    }

    /// The first records of a range.
    pub(crate) fn scan(&self, range: &NameRange, limit: usize) -> Result<Vec<(Bytes, Bytes)>, StoreError> {
        let Some(bounds) = bounds(range) else { return Ok(Vec::new()) };
        let scan = || {
            let mut found = Vec::new();
            if limit == 0 {
                return Ok(found);
            }
            for guard in self.records.range::<&[u8], _>(bounds) {
                let (name, content) = guard.into_inner().map_err(store_error)?;
                if name.as_ref() != STATE_NAME {
                    found.push((Bytes::from(name), Bytes::from(content)));
                    if found.len() == limit {
                        break;
                    }
                }
            }
            Ok(found)
        };
        guarded(scan).map_err(StoreError::Damaged)?
    }

    /// All records as they are now.
    pub(crate) fn snapshot(&self) -> EngineSnapshot {
        EngineSnapshot { snapshot: self.database.snapshot(), records: self.records.clone() }
    }

    /// How many bytes the records take on disk, about.
    pub(crate) fn disk_bytes(&self) -> u64 {
        self.records.disk_space()
    }

    /// Makes everything durable.
    pub(crate) fn sync(&self) -> Result<(), StoreError> {
        self.database.persist(PersistMode::SyncAll).map_err(store_error)
    }
}

/// All records as they were between two batches.
pub(crate) struct EngineSnapshot {
    snapshot: Snapshot,
    records: Keyspace,
}

impl EngineSnapshot {
    /// The state of the store then.
    pub(crate) fn state(&self) -> Result<State, StoreError> {
        let state = guarded(|| self.snapshot.get(&self.records, STATE_NAME))
            .map_err(StoreError::Damaged)?
            .map_err(store_error)?;
        state
            .as_deref()
            .and_then(State::decode)
            .ok_or_else(|| StoreError::Damaged("the state is missing".to_owned()))
    }

    /// Hands every record to `each`, in the order of their names.
    pub(crate) fn for_each<E: From<StoreError>>(
        &self,
        mut each: impl FnMut(&[u8], &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let walk = || {
            for guard in self.snapshot.iter(&self.records) {
                let (name, content) = guard.into_inner().map_err(store_error)?;
                if name.as_ref() != STATE_NAME {
                    each(&name, &content)?;
                }
            }
            Ok(())
        };
        guarded(walk).map_err(StoreError::Damaged)?
    }
}

fn open_database(path: &Path) -> Result<Database, fjall::Error> {
    Database::builder(path)
        .cache_size(BLOCK_CACHE_BYTES)
        .max_journaling_size(JOURNAL_BYTES_MAX)
        .max_cached_files(Some(OPEN_FILES_MAX))
        .worker_threads(WORKER_THREADS)
        .open()
}

/// Opens the engine's trees without the engine. A tree that panics on a damaged file would take the process with it
/// from within the engine, which panics once more while it is unwound; alone it can be caught.
fn open_trees_alone(path: &Path) -> Result<(), OpenError> {
    for tree in ["keyspaces/0", "keyspaces/1"] {
        let (number, visible) = (SequenceNumberCounter::default(), SequenceNumberCounter::default());
        lsm_tree::Config::new(path.join(tree), number, visible)
            .open()
            .map_err(|error| open_error(path, error.into()))?;
    }
    Ok(())
}

/// Records are sealed, so nothing in them compresses.
fn keyspace_options() -> KeyspaceCreateOptions {
    KeyspaceCreateOptions::default().max_memtable_size(MEMTABLE_BYTES_MAX)
}

/// Runs `work`; a panic of the engine becomes its message.
fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    // What the engine leaves behind after a panic is not used again: the store closes, or was not opened.
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("without a message");
        format!("the engine gave up: {text}")
    })
}

fn store_error(error: fjall::Error) -> StoreError {
    match error {
        fjall::Error::Io(_) | fjall::Error::Poisoned | fjall::Error::Storage(fjall::LsmError::Io(_)) => {
            StoreError::Failed(error.to_string())
        }
        _ => StoreError::Damaged(error.to_string()),
    }
}

fn open_error(path: &Path, error: fjall::Error) -> OpenError {
    use std::io::ErrorKind::{
        OutOfMemory, PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, ResourceBusy, StorageFull,
    };
    match &error {
        fjall::Error::Io(io) | fjall::Error::Storage(fjall::LsmError::Io(io))
            if matches!(
                io.kind(),
                OutOfMemory
                    | PermissionDenied
                    | QuotaExceeded
                    | ReadOnlyFilesystem
                    | ResourceBusy
                    | StorageFull
            ) =>
        {
            OpenError::failed(path, error)
        }
        _ => OpenError::damaged(path, error.to_string()),
    }
}
