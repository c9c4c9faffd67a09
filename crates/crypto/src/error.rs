//! What can go wrong when something is sealed or opened.
//!
//! Opening never says which check failed: whoever changes sealed data learns nothing from the answer.

use thiserror::Error;

/// The source of randomness gave none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the source of randomness failed")]
pub struct EntropyError;

/// Something could not be sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SealError {
    /// No salt or nonce could be drawn.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// The plaintext is longer than AES-GCM takes (64 GiB), or the library refused.
    #[error("the data could not be sealed")]
    Refused,
    /// The Names domain hides names and seals nothing.
    #[error("nothing is sealed under the Names domain")]
    NotForSealing,
}

/// Something could not be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum OpenError {
    /// It was sealed under another key, for another name or purpose, or was changed since.
    #[error("the sealed data could not be authenticated")]
    Unauthentic,
    /// It says to be in a format that this version does not know: changed, or written by a newer one.
    #[error("the sealed data has the unknown format {0}")]
    UnknownFormat(u8),
    /// It says to be sealed under a version of the domain's key that this keyring does not hold: changed, or
    /// the keyring is older than the data.
    #[error("the sealed data asks for version {0} of its domain's key, which the keyring does not hold")]
    UnknownKeyVersion(u32),
    /// It is authentic, but does not hold what its format says: written by a version with a fault.
    #[error("the sealed data was opened, but its content is malformed")]
    Malformed,
}
