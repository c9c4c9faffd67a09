//! Measures what an append to the audit log costs: `cargo run --release -p alcazar-store --example audit_append`.

use std::io::Write;
use std::sync::Arc;

use alcazar_crypto::{Keyring, SystemEntropy};
use alcazar_engine::port::audit_log::AuditLog;
use alcazar_store::EmbeddedStore;

const APPENDS: u32 = 300_000;
const RECORD_BYTES: usize = 700;

#[allow(clippy::disallowed_methods, reason = "a measurement needs the time")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let home = tempfile::tempdir()?;
    let entropy = Arc::new(SystemEntropy::new());
    let keyring = Arc::new(Keyring::generate(entropy.as_ref())?);
    let (_store, audit) = EmbeddedStore::open(home.path(), keyring, entropy)?;
    let record = [7; RECORD_BYTES];
    let (start, cpu) = (std::time::Instant::now(), cpu_time());
    for _ in 0..APPENDS {
        audit.append(&record)?;
    }
    let (elapsed, cpu) = (start.elapsed() / APPENDS, (cpu_time() - cpu) / APPENDS);
    writeln!(std::io::stdout(), "append of {RECORD_BYTES} bytes: {elapsed:?}, {cpu:?} of the process's CPU")?;
    Ok(())
}

/// The processor time of this process so far.
fn cpu_time() -> std::time::Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    std::time::Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}
