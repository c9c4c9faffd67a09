//! The port that randomness comes in through, and its two homes: the system's generator, and a seeded one for tests.

use std::cell::RefCell;
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

    /// Fills `buffer` with random bytes that are no secret: a salt, a nonce, an id. They may have been drawn ahead
    /// of time, so never use them for a key.
    ///
    /// # Errors
    /// As [`fill`](Self::fill).
    fn fill_public(&self, buffer: &mut [u8]) -> Result<(), EntropyError> {
        self.fill(buffer)
    }
}

/// How many bytes that are no secret each thread draws at once: every call of the generator mixes in fresh
/// randomness of the processor, which costs more than the bytes themselves.
const DRAWN_AHEAD_BYTES: usize = 2048;

thread_local! {
    static DRAWN_AHEAD: RefCell<DrawnAhead> =
        const { RefCell::new(DrawnAhead { bytes: [0; DRAWN_AHEAD_BYTES], left: 0 }) };
}

/// Random bytes that were drawn ahead; the last `left` of them are unused.
struct DrawnAhead {
    bytes: [u8; DRAWN_AHEAD_BYTES],
    left: usize,
}

impl DrawnAhead {
    fn take(&mut self, buffer: &mut [u8], source: &dyn SecureRandom) -> Result<(), EntropyError> {
        if self.left < buffer.len() {
            // Nothing of an attempt that failed is used.
            self.left = 0;
            source.fill(&mut self.bytes).map_err(|_| EntropyError)?;
            self.left = DRAWN_AHEAD_BYTES;
        }
        let start = DRAWN_AHEAD_BYTES - self.left;
        let unused = self.bytes.get_mut(start..).ok_or(EntropyError)?;
        for (to, from) in buffer.iter_mut().zip(unused) {
            // Taken out, so that no byte can be handed out twice.
            *to = std::mem::take(from);
        }
        self.left -= buffer.len();
        Ok(())
    }
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

    fn fill_public(&self, buffer: &mut [u8]) -> Result<(), EntropyError> {
        if buffer.len() > DRAWN_AHEAD_BYTES {
            return self.fill(buffer);
        }
        DRAWN_AHEAD.with_borrow_mut(|ahead| ahead.take(buffer, &self.0))
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

    #[test]
    fn bytes_drawn_ahead_are_handed_out_once() {
        let entropy = SystemEntropy::new();
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..1000 {
            let mut bytes = [0; 28];
            entropy.fill_public(&mut bytes).unwrap();
            assert!(seen.insert(bytes));
        }
        let mut long = vec![0; 2 * DRAWN_AHEAD_BYTES];
        entropy.fill_public(&mut long).unwrap();
        assert!(long.iter().any(|byte| *byte != 0));
    }
}
