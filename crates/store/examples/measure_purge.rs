//! Measures a purge of a store with so many keys, and what commits beside it wait:
//! `cargo run --release -p alcazar-store --example measure_purge`.

use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use alcazar_crypto::{Keyring, SystemEntropy};
use alcazar_engine::port::store::{CommitError, Store, Transaction};
use alcazar_store::EmbeddedStore;
use bytes::Bytes;

const KEYS: usize = 100_000;

/// What is committed at once while the store is filled.
const BATCH: usize = 1000;

/// About as long as a key's record, and the entry in its account's list.
const RECORD_BYTES: [usize; 2] = [1024, 128];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let home = tempfile::tempdir()?;
    let entropy = Arc::new(SystemEntropy::new());
    let keyring = Arc::new(Keyring::generate(entropy.as_ref())?);
    let (store, _audit) = EmbeddedStore::open(home.path(), keyring, entropy)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(measure(&store))
}

async fn measure(store: &Arc<EmbeddedStore>) -> Result<(), Box<dyn std::error::Error>> {
    for batch in 0..KEYS / BATCH {
        let names = (0..BATCH).map(|number| batch * BATCH + number);
        let writes = names.flat_map(|number| {
            RECORD_BYTES.map(|length| (format!("{length}/{number}").into(), Some(vec![7; length].into())))
        });
        commit(store, writes.collect()).await?;
    }
    for name in ["of a store that was just filled", "of one that was purged before"] {
        let (purge, waited) = timed_purge(store).await?;
        writeln!(
            std::io::stdout(),
            "{name}: {purge:?}, and a commit beside it took {waited:?} at the most; {} MB of records",
            store.disk_bytes() / 1_000_000
        )?;
    }
    Ok(())
}

/// How long a purge takes, and the slowest of the commits that are done meanwhile.
#[allow(clippy::disallowed_methods, reason = "a measurement needs the time")]
async fn timed_purge(store: &Arc<EmbeddedStore>) -> Result<(Duration, Duration), Box<dyn std::error::Error>> {
    let purged = Arc::clone(store);
    let start = Instant::now();
    let purge = tokio::spawn(async move { purged.purge().await });
    let mut slowest = Duration::ZERO;
    while !purge.is_finished() {
        let start = Instant::now();
        commit(store, vec![(Bytes::from_static(b"beside"), Some(Bytes::from(vec![7; 1024])))]).await?;
        slowest = slowest.max(start.elapsed());
    }
    purge.await??;
    Ok((start.elapsed(), slowest))
}

async fn commit(store: &EmbeddedStore, writes: Vec<(Bytes, Option<Bytes>)>) -> Result<(), CommitError> {
    let transaction = Transaction { snapshot: store.revision(), writes, ..Transaction::default() };
    store.commit(transaction).await.map(drop)
}
