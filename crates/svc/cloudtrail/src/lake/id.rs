//! Ids of event data stores and queries.

use alcazar_engine::{Reads, Result};

/// A new unique id.
///
/// # Errors
/// Randomness failed.
pub(crate) fn new(reads: &Reads<'_>) -> Result<String> {
    let mut bytes = [0; 16];
    reads.entropy().fill_public(&mut bytes)?;
    Ok(uuid::Builder::from_random_bytes(bytes).into_uuid().hyphenated().to_string())
}
