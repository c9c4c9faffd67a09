//! How large the parts of a signature may be. Anything beyond is refused before it is read further.

/// The longest `Authorization` header, in bytes.
pub const AUTHORIZATION_BYTES_MAX: usize = 8 * 1024;

/// The longest access key id, in bytes.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKey.html>
pub const ACCESS_KEY_ID_BYTES_MAX: usize = 128;

/// The longest session token, in bytes. AWS names no limit and advises callers to assume none.
pub const SESSION_TOKEN_BYTES_MAX: usize = 16 * 1024;

/// The most headers that one signature may cover.
pub const SIGNED_HEADERS_MAX: usize = 128;

/// The longest path, in bytes.
pub const PATH_BYTES_MAX: usize = 16 * 1024;

/// The longest query, in bytes.
pub const QUERY_BYTES_MAX: usize = 64 * 1024;

/// The most bytes that all values of the signed headers together may have.
pub const SIGNED_HEADER_BYTES_MAX: usize = 256 * 1024;

/// How far the signer's clock may be from ours, in seconds.
pub const CLOCK_SKEW_SECONDS_MAX: u32 = 5 * 60;

/// The longest time that a presigned request may be valid, in seconds: a week.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html>
pub const PRESIGNED_SECONDS_MAX: u32 = 7 * 24 * 60 * 60;

/// How much of a malformed text an error repeats, in characters.
pub(super) const SHOWN_CHARS_MAX: usize = 64;
