//! What a server was given beforehand: its keys, what was made with them, and one recorded answer for each
//! operation. A directory holds it, so that every run works on the same.

use std::fs;
use std::path::{Path, PathBuf};

use aws_lc_rs::digest;
use serde::{Deserialize, Serialize};

use crate::error::BenchError;
use crate::operation::Operation;
use crate::parameter;

/// Keys, and what was made with them.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Fixture {
    /// Key ARNs.
    pub(crate) keys: Vec<String>,
    /// Ciphertexts in base64. The one at `i` was made with [`crate::operation::context`] of `i`.
    pub(crate) ciphertexts: Vec<String>,
    /// The algorithm of keys that sign or make MACs.
    pub(crate) algorithm: Option<String>,
    /// Signatures or MACs in base64. The one at `i` is of [`crate::operation::message`] of `i`.
    pub(crate) signatures: Vec<String>,
    /// How many parameters there are, and in how many paths.
    #[serde(default)]
    pub(crate) parameters: (usize, usize),
    /// Tells what is made in this run from what was made in others.
    #[serde(skip)]
    pub(crate) run: i64,
    /// What asks for the second and each later page of the first key's grants.
    pub(crate) markers: Vec<String>,
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

    /// Keeps `count` keys drawn at random, some perhaps more than once; other ones for another seed.
    pub(crate) fn draw(&mut self, seed: u64, count: usize) {
        let drawn = (0_u64..).take(count).map_while(|index| {
            let index = usize::try_from(scatter(seed, index)).unwrap_or(usize::MAX);
            cycle(&self.keys, index).cloned()
        });
        self.keys = drawn.collect();
    }

    /// How many requests of an operation differ.
    pub(crate) fn different(&self, operation: Operation) -> usize {
        match operation.service().name {
            "ssm" => parameter::different(operation, self),
            _ => self.keys.len(),
        }
    }

    /// Whether the keys make MACs.
    pub(crate) fn makes_macs(&self) -> bool {
        self.algorithm.as_deref().is_some_and(|algorithm| algorithm.starts_with("HMAC_"))
    }

    /// The index and the text of the signature or MAC of the `index`-th request.
    pub(crate) fn signature(&self, index: usize) -> Result<(usize, &str), BenchError> {
        let index = index.checked_rem(self.signatures.len()).unwrap_or_default();
        let text = self.signatures.get(index).ok_or(BenchError::EmptyFixture("signatures"))?;
        Ok((index, text))
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

/// A number that looks like chance, the same for the same seed and index.
fn scatter(seed: u64, index: u64) -> u64 {
    let mut bytes = [0; 8];
    let digest = digest::digest(&digest::SHA256, &[seed.to_be_bytes(), index.to_be_bytes()].concat());
    for (byte, drawn) in bytes.iter_mut().zip(digest.as_ref()) {
        *byte = *drawn;
    }
    u64::from_be_bytes(bytes)
}

fn cycle<T>(items: &[T], index: usize) -> Option<&T> {
    items.get(index.checked_rem(items.len())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_its_turn_and_none_is_an_error() {
        let fixture = Fixture {
            keys: vec!["a".to_owned(), "b".to_owned()],
            ciphertexts: vec!["c".to_owned()],
            ..Fixture::default()
        };
        assert_eq!((fixture.key(2).unwrap(), fixture.key(3).unwrap()), ("a", "b"));
        assert_eq!(fixture.ciphertext(7).unwrap(), (0, "c"));
        assert!(Fixture::default().key(0).is_err() && Fixture::default().ciphertext(0).is_err());
    }

    #[test]
    fn keys_are_drawn_from_all_and_differ_for_each_seed() {
        let drawn = |seed| {
            let keys = (0..1000).map(|key| key.to_string()).collect();
            let mut fixture = Fixture { keys, ..Fixture::default() };
            fixture.draw(seed, 100);
            fixture.keys
        };
        assert_eq!(drawn(1).len(), 100);
        assert_eq!(drawn(1), drawn(1));
        assert_ne!(drawn(1), drawn(2));
        assert!(drawn(1).iter().any(|key| key.len() == 3 && key > &"500".to_owned()));
        let mut none = Fixture::default();
        none.draw(1, 100);
        assert!(none.keys.is_empty());
    }
}
