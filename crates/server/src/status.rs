//! What a data directory holds, in figures.

use std::path::Path;

use alcazar_engine::port::store::Store;
use serde::{Deserialize, Serialize};

use crate::data_dir::Opened;

/// What a data directory holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Status {
    /// The directory.
    pub(crate) data_dir: String,
    /// The process of the server that runs on it, if one does.
    pub(crate) server_process_id: Option<u32>,
    /// The first account.
    pub(crate) account: String,
    /// The store's id.
    pub(crate) store_id: String,
    /// The format of the directory.
    pub(crate) format: String,
    /// How the root of trust is kept.
    pub(crate) root_of_trust: String,
    /// The newest commit.
    pub(crate) revision: u64,
    /// The size of the records on disk, about.
    pub(crate) records_bytes: u64,
    /// How many audit records there are.
    pub(crate) audit_records: u64,
    /// The size of the audit log on disk.
    pub(crate) audit_bytes: u64,
}

impl Status {
    /// The status of a data directory that this process holds, as a server or not.
    pub(crate) fn of(opened: &Opened, server_process_id: Option<u32>) -> Self {
        let path = opened.data_dir.path();
        let format = std::fs::read_to_string(path.join("format")).unwrap_or_default();
        Self {
            data_dir: path.display().to_string(),
            server_process_id,
            account: opened.account.to_string(),
            store_id: hex::encode(opened.store_id),
            format: format.trim_end().to_owned(),
            root_of_trust: opened.root_form.as_str().to_owned(),
            revision: opened.store.revision(),
            records_bytes: opened.store.disk_bytes(),
            audit_records: opened.audit_log.record_count(),
            audit_bytes: files_bytes(&path.join("audit")),
        }
    }
}

/// The size of a directory's files, as far as it can be told.
fn files_bytes(directory: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(directory) else { return 0 };
    entries.filter_map(|entry| Some(entry.ok()?.metadata().ok()?.len())).sum()
}
