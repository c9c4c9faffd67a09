//! The engines, behind what the store needs of one: a durable batch, a point read, a scan.

use std::ops::Bound;
use std::path::Path;

use fjall::{Database, Keyspace, KeyspaceCreateOptions, PersistMode};
use heed::types::Bytes as HeedBytes;
use heed::{Env, EnvOpenOptions};
use redb::{ReadableDatabase, TableDefinition};

/// Names and contents of one durable batch.
pub type Batch = Vec<(Vec<u8>, Vec<u8>)>;

/// Whatever an engine answers when it fails.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// An engine, open on a directory.
pub trait Engine: Send + Sync {
    /// Writes a batch and makes it durable.
    fn commit(&self, batch: Batch) -> Result<(), Failure>;
    /// Reads one record.
    fn get(&self, name: &[u8]) -> Result<Option<Vec<u8>>, Failure>;
    /// Reads `limit` records from `start` on, and says how many bytes they have.
    fn scan(&self, start: &[u8], limit: usize) -> Result<usize, Failure>;
}

/// The engines by name.
pub const ENGINES: [&str; 3] = ["fjall", "redb", "lmdb"];

/// Opens an engine.
pub fn open(engine: &str, path: &Path) -> Result<Box<dyn Engine>, Failure> {
    std::fs::create_dir_all(path)?;
    Ok(match engine {
        "fjall" => Box::new(Fjall::open(path)?),
        "redb" => Box::new(Redb::open(path)?),
        "lmdb" => Box::new(Lmdb::open(path)?),
        other => return Err(format!("no engine is called {other}").into()),
    })
}

struct Fjall {
    database: Database,
    records: Keyspace,
}

impl Fjall {
    /// Tuned as the store has it.
    fn open(path: &Path) -> Result<Self, Failure> {
        let database = Database::builder(path)
            .cache_size(16 << 20)
            .max_journaling_size(64 << 20)
            .max_cached_files(Some(128))
            .worker_threads(2)
            .open()?;
        let options = || KeyspaceCreateOptions::default().max_memtable_size(4 << 20);
        let records = database.keyspace("records", options)?;
        Ok(Self { database, records })
    }
}

impl Engine for Fjall {
    fn commit(&self, writes: Batch) -> Result<(), Failure> {
        let mut batch = self.database.batch().durability(Some(PersistMode::SyncData));
        for (name, content) in writes {
            batch.insert(&self.records, name, content);
        }
        Ok(batch.commit()?)
    }

    fn get(&self, name: &[u8]) -> Result<Option<Vec<u8>>, Failure> {
        Ok(self.records.get(name)?.map(|content| content.to_vec()))
    }

    fn scan(&self, start: &[u8], limit: usize) -> Result<usize, Failure> {
        let range = (Bound::Included(start), Bound::Unbounded);
        let mut bytes = 0;
        for guard in self.records.range::<&[u8], _>(range).take(limit) {
            let (name, content) = guard.into_inner()?;
            bytes += name.len() + content.len();
        }
        Ok(bytes)
    }
}

const TABLE: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("records");

struct Redb(redb::Database);

impl Redb {
    fn open(path: &Path) -> Result<Self, Failure> {
        let database = redb::Builder::new().set_cache_size(16 << 20).create(path.join("records.redb"))?;
        let transaction = database.begin_write()?;
        transaction.open_table(TABLE)?;
        transaction.commit()?;
        Ok(Self(database))
    }
}

impl Engine for Redb {
    fn commit(&self, batch: Batch) -> Result<(), Failure> {
        let transaction = self.0.begin_write()?;
        {
            let mut table = transaction.open_table(TABLE)?;
            for (name, content) in &batch {
                table.insert(name.as_slice(), content.as_slice())?;
            }
        }
        Ok(transaction.commit()?)
    }

    fn get(&self, name: &[u8]) -> Result<Option<Vec<u8>>, Failure> {
        let table = self.0.begin_read()?.open_table(TABLE)?;
        Ok(table.get(name)?.map(|content| content.value().to_vec()))
    }

    fn scan(&self, start: &[u8], limit: usize) -> Result<usize, Failure> {
        let table = self.0.begin_read()?.open_table(TABLE)?;
        let mut bytes = 0;
        for record in table.range(start..)?.take(limit) {
            let (name, content) = record?;
            bytes += name.value().len() + content.value().len();
        }
        Ok(bytes)
    }
}

struct Lmdb {
    env: Env,
    records: heed::Database<HeedBytes, HeedBytes>,
}

impl Lmdb {
    #[allow(unsafe_code)]
    fn open(path: &Path) -> Result<Self, Failure> {
        // SAFETY: nobody else changes the file while it is mapped, which is all that can be promised here.
        let env = unsafe { EnvOpenOptions::new().map_size(8 << 30).max_dbs(1).open(path)? };
        let mut transaction = env.write_txn()?;
        let records = env.create_database(&mut transaction, Some("records"))?;
        transaction.commit()?;
        Ok(Self { env, records })
    }
}

impl Engine for Lmdb {
    fn commit(&self, batch: Batch) -> Result<(), Failure> {
        let mut transaction = self.env.write_txn()?;
        for (name, content) in &batch {
            self.records.put(&mut transaction, name, content)?;
        }
        Ok(transaction.commit()?)
    }

    fn get(&self, name: &[u8]) -> Result<Option<Vec<u8>>, Failure> {
        let transaction = self.env.read_txn()?;
        Ok(self.records.get(&transaction, name)?.map(<[u8]>::to_vec))
    }

    fn scan(&self, start: &[u8], limit: usize) -> Result<usize, Failure> {
        let transaction = self.env.read_txn()?;
        let range = (Bound::Included(start), Bound::Unbounded);
        let mut bytes = 0;
        for record in self.records.range(&transaction, &range)?.take(limit) {
            let (name, content) = record?;
            bytes += name.len() + content.len();
        }
        Ok(bytes)
    }
}
