//! Unique ids, such as `AIDACKCEVSQ6C2EXAMPLE`.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids>

use alcazar_crypto::{Entropy, EntropyError};
use data_encoding::BASE32_NOPAD;

/// What an id is of; its prefix says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdKind {
    /// `AIDA`
    User,
    /// `AGPA`
    Group,
    /// `AROA`
    Role,
    /// `ANPA`
    ManagedPolicy,
    /// `AIPA`
    InstanceProfile,
}

impl IdKind {
    /// The four letters that ids of this kind begin with.
    #[must_use]
    pub fn prefix(self) -> &'static str {
        match self {
            Self::User => "AIDA",
            Self::Group => "AGPA",
            Self::Role => "AROA",
            Self::ManagedPolicy => "ANPA",
            Self::InstanceProfile => "AIPA",
        }
    }
}

/// The characters of an id after its prefix.
const RANDOM_CHARACTERS: usize = 17;

/// A new id.
///
/// # Errors
/// Randomness failed.
pub fn new(kind: IdKind, entropy: &dyn Entropy) -> Result<String, EntropyError> {
    let mut bytes = [0; 11];
    entropy.fill_public(&mut bytes)?;
    Ok(spelled(kind, &bytes))
}

/// The id that follows from bytes, of which eleven count.
#[must_use]
pub fn spelled(kind: IdKind, bytes: &[u8]) -> String {
    let text: String = BASE32_NOPAD.encode(bytes).chars().take(RANDOM_CHARACTERS).collect();
    format!("{}{text}", kind.prefix())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_its_prefix_and_twenty_one_characters() {
        let id = spelled(IdKind::User, &[0xab; 11]);
        assert!(id.starts_with("AIDA") && id.len() == 21, "{id}");
    }
}
