//! Limits that more than one crate must agree on. Each names its unit last.

/// The largest request body that is read, in bytes. Anything beyond it is refused unread.
///
/// The largest AWS JSON and Query requests are about 1 MiB; object storage will bring a limit of its own.
pub const REQUEST_BODY_BYTES_MAX: usize = 4 * 1024 * 1024;

/// How deep an input document may nest, in levels.
pub const DOCUMENT_DEPTH_MAX: usize = 64;

/// How often one operation starts again after a conflict before it answers that it could not go on.
pub const CONFLICT_RETRIES_MAX: u32 = 64;

/// The most records that one transaction may read or write.
pub const TRANSACTION_RECORDS_MAX: usize = 20_000;
