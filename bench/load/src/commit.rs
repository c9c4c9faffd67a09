//! What the store's group commit does by itself: many tasks, each committing transactions of the size that an
//! operation writes, one after the other. It is what an operation that writes can reach at the most.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use alcazar_crypto::{Entropy, Keyring, SystemEntropy, entropy};
use alcazar_engine::port::audit_log::AuditRecord;
use alcazar_engine::port::store::{ReadSet, Store, Transaction};
use alcazar_store::EmbeddedStore;
use bytes::Bytes;
use serde_json::{Value, json};
use tokio::runtime;
use tokio::task::JoinSet;

use crate::error::BenchError;
use crate::histogram::Histogram;
use crate::{clock, report};

/// Random bytes that contents are cut from, so that nothing compresses and making them costs little.
const NOISE_BYTES: usize = 1 << 16;
/// The bytes of a record's name: table, account, region and key id.
const NAME_BYTES: usize = 72;

/// What to commit.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The data directory to make; it must not hold a store yet.
    #[arg(long)]
    directory: PathBuf,
    /// Tasks, each with one commit under way.
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..=4096))]
    tasks: u16,
    /// The content bytes of a transaction's records, one number for each record.
    #[arg(long, value_delimiter = ',', default_value = "320,96", value_parser = clap::value_parser!(u16).range(1..=32768))]
    records: Vec<u16>,
    /// The bytes of the audit record that goes with a transaction; none for 0.
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..=32768))]
    audit: u16,
    /// Milliseconds that are measured.
    #[arg(long, default_value_t = 3000, value_parser = clap::value_parser!(u64).range(1..=600_000))]
    measure_ms: u64,
    /// Milliseconds of commits before that.
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u64).range(0..=60_000))]
    warm_up_ms: u64,
}

/// What every task shares.
struct Shared {
    store: Arc<EmbeddedStore>,
    noise: Bytes,
    records: Vec<u16>,
    audit: u16,
    start: Instant,
    end: Instant,
}

/// Commits for the measured time, and reports.
pub(crate) fn run(options: &Options) -> Result<Value, BenchError> {
    let failed = |error: &dyn std::error::Error| BenchError::Store(error.to_string());
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy::new());
    let keyring = Keyring::generate(entropy.as_ref()).map_err(|error| failed(&error))?;
    let noise = entropy::random::<NOISE_BYTES>(entropy.as_ref()).map_err(|error| failed(&error))?;
    let (store, _audit) = EmbeddedStore::open(&options.directory, Arc::new(keyring), entropy)
        .map_err(|error| failed(&error))?;
    let start = clock::now() + Duration::from_millis(options.warm_up_ms);
    let shared = Arc::new(Shared {
        store: Arc::clone(&store),
        noise: Bytes::copy_from_slice(&noise),
        records: options.records.clone(),
        audit: options.audit,
        start,
        end: start + Duration::from_millis(options.measure_ms),
    });
    let runtime = runtime::Builder::new_multi_thread().enable_all().build()?;
    let latencies = runtime.block_on(async {
        let mut tasks = JoinSet::new();
        for task in 0..options.tasks {
            tasks.spawn(run_task(Arc::clone(&shared), task));
        }
        let mut latencies = Histogram::new();
        while let Some(task) = tasks.join_next().await {
            latencies.merge(&task.map_err(|_| BenchError::ThreadLost)??);
        }
        store.close().await.map_err(|error| failed(&error))?;
        Ok::<_, BenchError>(latencies)
    })?;
    Ok(json!({
        "commits": latencies.total(),
        "commits_per_second": report::rate(latencies.total(), Duration::from_millis(options.measure_ms)),
        "latency_p50_us": latencies.percentile(50),
        "latency_p99_us": latencies.percentile(99),
        "records": options.records,
        "audit_bytes": options.audit,
    }))
}

async fn run_task(shared: Arc<Shared>, task: u16) -> Result<Histogram, BenchError> {
    let mut latencies = Histogram::new();
    let mut sent = clock::now();
    let mut number = 0;
    while sent < shared.end {
        let transaction = transaction(&shared, task, number);
        number += 1;
        shared.store.commit(transaction).await.map_err(|error| BenchError::Store(error.to_string()))?;
        let durable = clock::now();
        if durable >= shared.start && durable < shared.end {
            latencies.record(durable - sent);
        }
        sent = durable;
    }
    Ok(latencies)
}

/// New records of the asked sizes. Each name was looked for first, as an operation that makes something does.
fn transaction(shared: &Shared, task: u16, number: u32) -> Transaction {
    let writes: Vec<_> = (0_u16..)
        .zip(&shared.records)
        .map(|(record, &length)| {
            (name(shared, task, number, record), Some(cut(&shared.noise, number, length)))
        })
        .collect();
    let reads = ReadSet { names: writes.iter().map(|(name, _)| name.clone()).collect(), ranges: Vec::new() };
    let audit =
        Some(shared.audit).filter(|length| *length > 0).map(|length| cut(&shared.noise, number, length));
    let audit = audit.map(AuditRecord::unlabelled).into_iter().collect();
    Transaction { snapshot: shared.store.revision(), reads, writes, audit }
}

/// A name that no other record has. It begins with noise, because new ids are spread over the whole order.
fn name(shared: &Shared, task: u16, number: u32, record: u16) -> Bytes {
    let mut name = cut(&shared.noise, number.wrapping_mul(31).wrapping_add(u32::from(task)), 16).to_vec();
    name.extend_from_slice(&task.to_be_bytes());
    name.extend_from_slice(&number.to_be_bytes());
    name.extend_from_slice(&record.to_be_bytes());
    name.resize(NAME_BYTES, 0);
    name.into()
}

/// `length` bytes of noise from a place that depends on `number`.
fn cut(noise: &Bytes, number: u32, length: u16) -> Bytes {
    let length = usize::from(length).min(noise.len());
    let places = u32::try_from(noise.len() - length + 1).unwrap_or(1);
    let start = usize::try_from(number.wrapping_mul(7919) % places).unwrap_or_default();
    noise.slice(start..start + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_has_the_asked_length_wherever_it_begins() {
        let noise = Bytes::from(vec![7; NOISE_BYTES]);
        for number in [0, 1, 77, u32::MAX] {
            assert_eq!(cut(&noise, number, 32768).len(), 32768);
            assert_eq!(cut(&noise, number, 1).len(), 1);
        }
    }
}
