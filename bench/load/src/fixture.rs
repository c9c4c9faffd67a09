//! What a server was given beforehand: its keys, ciphertexts under them, and one recorded answer for each
//! operation. A directory holds it, so that every run works on the same.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::BenchError;
use crate::operation::Operation;

/// Keys, and ciphertexts under them.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Fixture {
    /// Key ARNs.
    pub(crate) keys: Vec<String>,
    /// Ciphertexts in base64. The one at `i` was made with [`crate::operation::context`] of `i`.
    pub(crate) ciphertexts: Vec<String>,
}

impl Fixture {
    /// Reads the fixture of a directory.
    pub(crate) fn read(directory: &Path) -> Result<Self, BenchError> {
        let path = Self::path(directory);
        let text = fs::read(&path).map_err(BenchError::file(&path))?;
        Ok(serde_json::from_slice(&text)?)
    }

    /// Writes it.
    pub(crate) fn write(&self, directory: &Path) -> Result<(), BenchError> {
        let path = Self::path(directory);
        fs::write(&path, serde_json::to_vec(self)?).map_err(BenchError::file(&path))
    }

    fn path(directory: &Path) -> PathBuf {
        directory.join("fixture.json")
    }

    /// The key of the `index`-th request: each in its turn.
    pub(crate) fn key(&self, index: usize) -> Result<&str, BenchError> {
        cycle(&self.keys, index).map(String::as_str).ok_or(BenchError::EmptyFixture("keys"))
    }

    /// The index and the text of the ciphertext of the `index`-th request.
    pub(crate) fn ciphertext(&self, index: usize) -> Result<(usize, &str), BenchError> {
        let index = index.checked_rem(self.ciphertexts.len()).unwrap_or_default();
        let text = self.ciphertexts.get(index).ok_or(BenchError::EmptyFixture("ciphertexts"))?;
        Ok((index, text))
    }
}

/// The file of the recorded answer, head and body as they came.
pub(crate) fn answer_path(directory: &Path, operation: Operation) -> PathBuf {
    directory.join(format!("{}.http", operation.name()))
}

fn cycle<T>(items: &[T], index: usize) -> Option<&T> {
    items.get(index.checked_rem(items.len())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_its_turn_and_none_is_an_error() {
        let fixture =
            Fixture { keys: vec!["a".to_owned(), "b".to_owned()], ciphertexts: vec!["c".to_owned()] };
        assert_eq!((fixture.key(2).unwrap(), fixture.key(3).unwrap()), ("a", "b"));
        assert_eq!(fixture.ciphertext(7).unwrap(), (0, "c"));
        assert!(Fixture::default().key(0).is_err() && Fixture::default().ciphertext(0).is_err());
    }
}
