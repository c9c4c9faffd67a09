//! Measures appends to the audit log, durable commits and opening: `cargo run --release -p alcazar-store --example measure`.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use alcazar_crypto::{Keyring, SystemEntropy};
use alcazar_engine::port::audit_log::{AuditLog, AuditRecord};
use alcazar_engine::port::store::{Store, Transaction};
use alcazar_store::EmbeddedStore;
use bytes::Bytes;

const APPENDS: u32 = 300_000;
const RECORD_BYTES: usize = 700;

#[allow(clippy::disallowed_methods, reason = "a measurement needs the time")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let home = tempfile::tempdir()?;
    let entropy = Arc::new(SystemEntropy::new());
    let keyring = Arc::new(Keyring::generate(entropy.as_ref())?);
    let (store, audit) = EmbeddedStore::open(home.path(), keyring.clone(), entropy.clone())?;
    let record = AuditRecord::unlabelled(vec![7; RECORD_BYTES]);
    let (start, cpu) = (Instant::now(), cpu_time());
    for _ in 0..APPENDS {
        audit.append(&record)?;
    }
    let (elapsed, cpu) = (start.elapsed() / APPENDS, (cpu_time() - cpu) / APPENDS);
    writeln!(std::io::stdout(), "append of {RECORD_BYTES} bytes: {elapsed:?}, {cpu:?} of the process's CPU")?;

    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    for clients in [8, 64] {
        let rate = runtime.block_on(commit_rate(&store, clients))?;
        writeln!(
            std::io::stdout(),
            "{clients} clients: {rate} commits/s of a 1 KiB record and its audit record"
        )?;
    }
    drop((store, audit));
    let start = Instant::now();
    let _opened = EmbeddedStore::open(home.path(), keyring, entropy)?;
    writeln!(std::io::stdout(), "opening again: {:?}", start.elapsed())?;
    Ok(())
}

/// The processor time of this process so far.
fn cpu_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}

const COMMIT_SECONDS: u64 = 2;

/// Commits a second, with so many clients that each wait for one commit after the other.
#[allow(clippy::disallowed_methods, reason = "a measurement needs the time")]
async fn commit_rate(store: &Arc<EmbeddedStore>, clients: u64) -> Result<u64, tokio::task::JoinError> {
    let done = Arc::new(AtomicU64::new(0));
    let end = Instant::now() + Duration::from_secs(COMMIT_SECONDS);
    let mut tasks = tokio::task::JoinSet::new();
    for client in 0..clients {
        let (store, done) = (Arc::clone(store), Arc::clone(&done));
        tasks.spawn(async move {
            while Instant::now() < end {
                let number = done.fetch_add(1, Ordering::Relaxed);
                let name = Bytes::from(format!("{clients}/{client}/{number}").into_bytes());
                let transaction = Transaction {
                    snapshot: store.revision(),
                    writes: vec![(name, Some(Bytes::from(vec![7; 1024])))],
                    audit: vec![AuditRecord::unlabelled(vec![7; RECORD_BYTES])],
                    ..Transaction::default()
                };
                if store.commit(transaction).await.is_err() {
                    return;
                }
            }
        });
    }
    while let Some(finished) = tasks.join_next().await {
        finished?;
    }
    Ok(done.load(Ordering::Relaxed) / COMMIT_SECONDS)
}
