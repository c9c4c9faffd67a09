//! Uses keys once each, so that a server holds them as it holds keys in use.

use std::path::PathBuf;

use serde_json::{Value, json};
use tokio::runtime;

use crate::batch::Calls;
use crate::error::BenchError;
use crate::fixture::Fixture;
use crate::operation::Operation;
use crate::{clock, report};

/// Which keys to use.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    calls: Calls,
    /// The directory that `prepare` filled.
    #[arg(long)]
    fixture: PathBuf,
    /// How many of its keys, from the first on.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    keys: u32,
}

/// Encrypts once under each key, and reports.
pub(crate) fn run(options: &Options) -> Result<Value, BenchError> {
    let fixture = Fixture::read(&options.fixture)?;
    let count = usize::try_from(options.keys).unwrap_or(usize::MAX).min(fixture.keys.len());
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let started = clock::now();
    let body = |index| Operation::Encrypt.body(&fixture, index);
    runtime.block_on(options.calls.call_each(Operation::Encrypt, count, body, |_| Ok(())))?;
    let elapsed = clock::now() - started;
    Ok(json!({
        "keys": count,
        "seconds": elapsed.as_secs_f64(),
        "keys_per_second": report::rate(u64::try_from(count).unwrap_or(u64::MAX), elapsed),
    }))
}
