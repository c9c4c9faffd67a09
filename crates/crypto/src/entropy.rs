//! The port that randomness comes in through, and its two homes: the system's generator, and a seeded one for tests.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_lc_rs::hmac;
use aws_lc_rs::rand::{SecureRandom, SystemRandom};

use crate::error::EntropyError;

/// A source of random bytes. Keys, salts and nonces are drawn from here and nowhere else.
pub trait Entropy: Send + Sync {
    /// Fills `buffer` with random bytes.
    ///
    /// # Errors
    /// `EntropyError` if the source failed; what `buffer` then holds must not be used.
    fn fill(&self, buffer: &mut [u8]) -> Result<(), EntropyError>;
}

/// The system's randomness, through the generator of aws-lc (CTR_DRBG seeded by the operating system).
#[derive(Debug, Clone)]
pub struct SystemEntropy(SystemRandom);

impl SystemEntropy {
    /// The system's randomness.
    #[must_use]
    #[allow(clippy::disallowed_methods, reason = "this is the one home of the Entropy port's real source")]
    pub fn new() -> Self {
        Self(SystemRandom::new())
    }
}

impl Default for SystemEntropy {
    fn default() -> Self {
        Self::new()
    }
}

impl Entropy for SystemEntropy {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), EntropyError> {
        self.0.fill(buffer).map_err(|_| EntropyError)
    }
}

/// Bytes that follow from a seed: the same seed and the same calls give the same bytes. **Not for production**:
/// whoever knows the seed knows every key.
///
/// The bytes are HMAC-SHA-256 of a counter under the seed. Threads that share one source draw from it in the order in
/// which they come, so a replay needs the same order.
pub struct SeededEntropy {
    key: hmac::Key,
    blocks_drawn: AtomicU64,
}

impl SeededEntropy {
    /// The bytes that follow from `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { key: hmac::Key::new(hmac::HMAC_SHA256, &seed.to_be_bytes()), blocks_drawn: AtomicU64::new(0) }
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), EntropyError> {
        for chunk in buffer.chunks_mut(hmac::HMAC_SHA256.tag_len()) {
            let number = self.blocks_drawn.fetch_add(1, Ordering::Relaxed);
            let block = hmac::sign(&self.key, &number.to_be_bytes());
            for (byte, random) in chunk.iter_mut().zip(block.as_ref()) {
                *byte = *random;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for SeededEntropy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SeededEntropy(***)")
    }
}

/// Draws `N` bytes that need not be kept secret: an id, a salt, a nonce.
///
/// # Errors
/// `EntropyError` if the source failed.
pub fn random<const N: usize>(entropy: &dyn Entropy) -> Result<[u8; N], EntropyError> {
    let mut bytes = [0; N];
    entropy.fill(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_bytes_again() {
        let draw = |seed| {
            let entropy = SeededEntropy::new(seed);
            (random::<100>(&entropy).unwrap(), random::<7>(&entropy).unwrap())
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }

    #[test]
    fn a_seeded_source_does_not_repeat_itself() {
        let entropy = SeededEntropy::new(1);
        let blocks: std::collections::BTreeSet<[u8; 32]> =
            (0..1_000).map(|_| random(&entropy).unwrap()).collect();
        assert_eq!(blocks.len(), 1_000);
    }

    #[test]
    fn the_system_gives_other_bytes_each_time() {
        let entropy = SystemEntropy::new();
        assert_ne!(random::<32>(&entropy).unwrap(), random::<32>(&entropy).unwrap());
    }

    #[test]
    fn a_seeded_source_does_not_show_itself() {
        assert_eq!(format!("{:?}", SeededEntropy::new(7)), "SeededEntropy(***)");
    }
}
