//! The control socket: how the operator's commands reach the server that runs on a data directory.
//!
//! A connection carries one request, a line of JSON, and its answer: lines of progress and one last line that says how
//! it came out. The socket is in the data directory and of mode 0600, so that only the server's own user reaches it.
//! Everything is bounded: the length of a line, the time that a peer may take, the connections at a time.

mod client;
mod server;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::cost::{Cost, CostFilter};
use crate::status::Status;

pub(crate) use self::client::{Client, ControlError};
pub(crate) use self::server::serve;

/// The longest line, in bytes.
const LINE_BYTES_MAX: usize = 16 * 1024;

/// What a command asks of the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
enum Request {
    /// What the data directory holds.
    Status {},
    /// What keys cost in a month.
    Cost(CostFilter),
    /// Write a backup.
    Backup {
        /// The file, by its absolute path.
        file: PathBuf,
        /// Whether to copy the root of trust too.
        with_root: bool,
    },
}

/// What the server answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Reply {
    /// It is under way.
    Progress {
        /// Bytes done.
        done: u64,
        /// Bytes in all, about.
        total: u64,
    },
    /// What the data directory holds. The last line.
    Status(Box<Status>),
    /// What a key cost; another line follows.
    Cost(Box<Cost>),
    /// It is done. The last line.
    Done,
    /// It failed. The last line.
    Failed(String),
}

/// Where the socket of a data directory is.
fn socket_path(data_dir: &Path) -> PathBuf {
    data_dir.join("control.sock")
}
