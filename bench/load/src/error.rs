//! What can go wrong in a benchmark. Each one ends the run.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// Why a benchmark has no result.
#[derive(Debug, Error)]
pub(crate) enum BenchError {
    /// A socket or a runtime failed.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A file failed.
    #[error("{}: {cause}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        cause: io::Error,
    },
    /// The server closed a connection that was to be kept alive.
    #[error("the server closed the connection")]
    Closed,
    /// What came back is no HTTP response with a content length.
    #[error("not an HTTP response with a content length: {0}")]
    NotHttp(String),
    /// The response is not the one that was expected.
    #[error("status {status}, expected {expected:?} in: {body}")]
    WrongAnswer {
        /// The HTTP status.
        status: u16,
        /// The text that the body had to contain.
        expected: String,
        /// The body as far as it is worth showing.
        body: String,
    },
    /// A response lacks a member that later requests need.
    #[error("no {member} in: {body}")]
    MissingMember {
        /// The member's path.
        member: &'static str,
        /// The body.
        body: String,
    },
    /// The fixture has nothing that this operation could work on.
    #[error("the fixture has no {0}: run `prepare` first")]
    EmptyFixture(&'static str),
    /// A fixture file does not read.
    #[error("the fixture does not read: {0}")]
    Fixture(#[from] serde_json::Error),
    /// The process that is measured is not there, or its accounts do not read.
    #[error("process {pid}: no {what}")]
    Process {
        /// Whose accounts.
        pid: u32,
        /// What was looked for.
        what: &'static str,
    },
    /// No request ended inside the measured time.
    #[error("no request ended within the measured time")]
    NothingMeasured,
    /// The work that is measured failed.
    #[error("the key does not do this work, or the library refused")]
    Primitive,
    /// The store that is measured failed.
    #[error("the store: {0}")]
    Store(String),
    /// The server left a request unanswered.
    #[error("no answer in time")]
    Unanswered,
    /// A thread of the generator panicked.
    #[error("a thread of the load generator ended early")]
    ThreadLost,
}

impl BenchError {
    /// Names the file that failed.
    pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |cause| Self::File { path, cause }
    }
}
