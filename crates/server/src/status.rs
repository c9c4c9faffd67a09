//! What a data directory holds, in figures.

use std::fs::DirEntry;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, absolute};

use alcazar_engine::port::store::Store;
use serde::{Deserialize, Serialize};

use crate::data_dir::Opened;

/// The unit that the system counts a file's space in, whatever the file system's own is.
const BLOCK_BYTES: u64 = 512;

/// How deep directories are looked into.
const DEPTH_MAX: usize = 8;

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
    /// What the records take on disk.
    pub(crate) records_bytes: u64,
    /// How many audit records there are.
    pub(crate) audit_records: u64,
    /// What the audit log takes on disk.
    pub(crate) audit_bytes: u64,
}

impl Status {
    /// The status of a data directory that this process holds, as a server or not.
    pub(crate) fn of(opened: &Opened, server_process_id: Option<u32>) -> Self {
        let path = opened.data_dir.path();
        let format = std::fs::read_to_string(path.join("format")).unwrap_or_default();
        Self {
            data_dir: absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string(),
            server_process_id,
            account: opened.account.to_string(),
            store_id: hex::encode(opened.store_id),
            format: format.trim_end().to_owned(),
            root_of_trust: opened.root_form.as_str().to_owned(),
            revision: opened.store.revision(),
            records_bytes: disk_bytes(&path.join("records"), DEPTH_MAX),
            audit_records: opened.audit_log.record_count(),
            audit_bytes: disk_bytes(&path.join("audit"), DEPTH_MAX),
        }
    }
}

/// What a directory takes on disk, as far as it can be told.
fn disk_bytes(directory: &Path, depth: usize) -> u64 {
    let Ok(entries) = std::fs::read_dir(directory) else { return 0 };
    let bytes_of = |entry: std::io::Result<DirEntry>| {
        let entry = entry.ok()?;
        let found = entry.metadata().ok()?;
        let within = if found.is_dir() && depth > 0 { disk_bytes(&entry.path(), depth - 1) } else { 0 };
        Some(found.blocks() * BLOCK_BYTES + within)
    };
    entries.filter_map(bytes_of).sum()
}
