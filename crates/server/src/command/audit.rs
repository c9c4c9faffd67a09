//! `alcazar audit`: the audit log as CloudTrail records.
//!
//! The log is read from its files, whether a server runs or not; nothing is written and no lock is taken.

use std::sync::Arc;

use alcazar_engine::audit::AuditEvent;
use alcazar_engine::audit::render::to_cloudtrail;
use alcazar_store::AuditReader;
use serde_json::json;

use super::{CommandError, Context, Result};
use crate::cli::AuditArgs;
use crate::output;

/// How many records are read at a time.
const BATCH_RECORDS: usize = 1024;

pub(super) fn run(arguments: &AuditArgs) -> Result<()> {
    let context = Context::common(&arguments.common)?;
    let keyring = Arc::new(context.data_dir.keyring(&context.secrets)?);
    let reader = AuditReader::new(context.data_dir.path(), keyring);
    let (mut sequence, mut left) = (arguments.from_sequence, arguments.limit.unwrap_or(u64::MAX));
    while left > 0 {
        let limit = usize::try_from(left).unwrap_or(BATCH_RECORDS).min(BATCH_RECORDS);
        let entries = reader.read(sequence, limit)?;
        let Some(last) = entries.last() else { break };
        sequence = last.sequence + 1;
        left -= entries.len() as u64;
        for entry in &entries {
            let event = AuditEvent::from_bytes(&entry.record)
                .map_err(|what| CommandError::AuditRecord { sequence: entry.sequence, what })?;
            let mut record = to_cloudtrail(&event, event.recipient());
            if arguments.with_sequence {
                record = json!({"sequence": entry.sequence, "record": record});
            }
            if !output::answer(record) {
                return Ok(());
            }
        }
    }
    Ok(())
}
