//! The listener's limits. Each names its unit last.

use std::time::Duration;

/// The most connections that are open at once; further ones wait to be accepted.
pub(crate) const CONNECTIONS_MAX: usize = 4096;

/// The longest that a TLS handshake may take.
pub(crate) const TLS_HANDSHAKE_TIME_MAX: Duration = Duration::from_secs(10);

/// The longest that a request's head may take, and that a connection may be idle.
pub(crate) const HEAD_TIME_MAX: Duration = Duration::from_secs(75);

/// The longest that a request's body may take.
pub(crate) const BODY_TIME_MAX: Duration = Duration::from_secs(60);

/// The most bytes of a request's head.
pub(crate) const HEAD_BYTES_MAX: usize = 64 * 1024;

/// The most headers of a request.
pub(crate) const HEADERS_MAX: usize = 128;

/// The most requests at once on one HTTP/2 connection.
pub(crate) const HTTP2_STREAMS_MAX: u32 = 256;

/// The longest that a stop waits for the requests that were begun.
pub(crate) const STOP_TIME_MAX: Duration = Duration::from_secs(20);

/// The largest body of a development request, in bytes.
pub(crate) const DEV_BODY_BYTES_MAX: usize = 64 * 1024;
