//! The commands' side of the control socket.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;

use thiserror::Error;

use super::{LINE_BYTES_MAX, Reply, Request, socket_path};
use crate::cost::{Cost, CostFilter};
use crate::status::Status;

/// A request that the server did not do.
#[derive(Debug, Error)]
pub(crate) enum ControlError {
    /// The server says why not.
    #[error("{0}")]
    Refused(String),
    /// The connection failed.
    #[error("the server on this data directory did not answer: {0}")]
    Connection(#[from] std::io::Error),
}

/// What comes before the last line of an answer.
enum Line {
    /// Bytes done, and bytes in all.
    Progress(u64, u64),
    /// What a key cost.
    Cost(Box<Cost>),
}

/// A connection to the server that runs on a data directory.
#[derive(Debug)]
pub(crate) struct Client(UnixStream);

impl Client {
    /// Connects to the server; none if none runs, or it has no control socket.
    pub(crate) fn connect(data_dir: &Path) -> Option<Self> {
        UnixStream::connect(socket_path(data_dir)).ok().map(Self)
    }

    /// What the data directory holds.
    ///
    /// # Errors
    /// The server did not answer.
    pub(crate) fn status(self) -> Result<Status, ControlError> {
        match self.call(&Request::Status {}, &mut |_| {})? {
            Reply::Status(status) => Ok(*status),
            _ => Err(unexpected()),
        }
    }

    /// What keys cost in a month, one after the other.
    ///
    /// # Errors
    /// The server did not answer, or says why it cannot.
    pub(crate) fn costs(self, filter: &CostFilter, each: &mut dyn FnMut(Cost)) -> Result<(), ControlError> {
        let mut hear = |line: Line| {
            if let Line::Cost(cost) = line {
                each(*cost);
            }
        };
        match self.call(&Request::Cost(filter.clone()), &mut hear)? {
            Reply::Done => Ok(()),
            _ => Err(unexpected()),
        }
    }

    /// Writes a backup. The file is named by its absolute path, and written by the server.
    ///
    /// # Errors
    /// The server did not do it, and says why.
    pub(crate) fn backup(
        self,
        file: &Path,
        with_root: bool,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(), ControlError> {
        let mut hear = |line: Line| {
            if let Line::Progress(done, total) = line {
                progress(done, total);
            }
        };
        match self.call(&Request::Backup { file: file.to_owned(), with_root }, &mut hear)? {
            Reply::Done => Ok(()),
            _ => Err(unexpected()),
        }
    }

    fn call(self, request: &Request, hear: &mut dyn FnMut(Line)) -> Result<Reply, ControlError> {
        let mut line = serde_json::to_vec(request).map_err(std::io::Error::from)?;
        line.push(b'\n');
        (&self.0).write_all(&line)?;
        let mut reader = BufReader::new(&self.0);
        loop {
            line.clear();
            reader.by_ref().take(LINE_BYTES_MAX as u64).read_until(b'\n', &mut line)?;
            if line.is_empty() {
                return Err(std::io::Error::from(ErrorKind::UnexpectedEof).into());
            }
            match serde_json::from_slice(&line).map_err(std::io::Error::from)? {
                Reply::Progress { done, total } => hear(Line::Progress(done, total)),
                Reply::Cost(cost) => hear(Line::Cost(cost)),
                Reply::Failed(why) => return Err(ControlError::Refused(why)),
                reply => return Ok(reply),
            }
        }
    }
}

fn unexpected() -> ControlError {
    std::io::Error::new(ErrorKind::InvalidData, "its answer is to another question").into()
}
