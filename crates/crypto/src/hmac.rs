//! HMAC keys (FIPS 198-1, RFC 2104): GenerateMac and VerifyMac.
//!
//! A key that is made here is as long as its algorithm's digest; one that is imported may be as long as a block of it.
//! The key lies in locked memory alone: the library's own is made for each call, which costs two blocks of the digest.
//! <https://docs.aws.amazon.com/kms/latest/developerguide/hmac.html>

use std::fmt;

use alcazar_sys::Locked;
use aws_lc_rs::hmac;
use zeroize::Zeroizing;

use crate::algorithm::MacAlgorithm;
use crate::entropy::Entropy;
use crate::error::EntropyError;
use crate::spec::KeySpec;

/// The longest key, in bytes: a block of SHA-384 and SHA-512. Longer ones would be digested first (RFC 2104).
const KEY_BYTES_MAX: usize = 2 * HALF_BYTES;

/// Half of it, which is what fits into a slot of locked memory.
const HALF_BYTES: usize = 64;

/// An HMAC key in locked memory.
pub struct HmacKey {
    algorithm: MacAlgorithm,
    halves: [Locked<HALF_BYTES>; 2],
    bytes: usize,
}

impl HmacKey {
    /// A new random key; `None` if `spec` is not one of HMAC.
    pub(crate) fn generate(spec: KeySpec, entropy: &dyn Entropy) -> Option<Result<Self, EntropyError>> {
        let algorithm = algorithm_of(spec)?;
        let mut secret = Zeroizing::new([0; KEY_BYTES_MAX]);
        let secret = secret.get_mut(..lengths(algorithm).0)?;
        match entropy.fill(secret) {
            Ok(()) => Self::new(spec, secret).map(Ok),
            Err(error) => Some(Err(error)),
        }
    }

    /// The key of these bytes; `None` if they are fewer or more than `spec` allows.
    pub(crate) fn new(spec: KeySpec, bytes: &[u8]) -> Option<Self> {
        let algorithm = algorithm_of(spec)?;
        let (shortest, longest) = lengths(algorithm);
        if !(shortest..=longest).contains(&bytes.len()) {
            return None;
        }
        let mut halves = [Locked::zeroed(), Locked::zeroed()];
        for (half, bytes) in halves.iter_mut().zip(bytes.chunks(HALF_BYTES)) {
            half.expose_mut().get_mut(..bytes.len())?.copy_from_slice(bytes);
        }
        Some(Self { algorithm, halves, bytes: bytes.len() })
    }

    /// The key's spec.
    #[must_use]
    pub const fn spec(&self) -> KeySpec {
        match self.algorithm {
            MacAlgorithm::HmacSha224 => KeySpec::Hmac224,
            MacAlgorithm::HmacSha256 => KeySpec::Hmac256,
            MacAlgorithm::HmacSha384 => KeySpec::Hmac384,
            MacAlgorithm::HmacSha512 => KeySpec::Hmac512,
        }
    }

    /// The message's authentication code; `None` if `algorithm` is not the key's.
    #[must_use]
    pub fn mac(&self, algorithm: MacAlgorithm, message: &[u8]) -> Option<Vec<u8>> {
        let key = self.key(algorithm)?;
        Some(hmac::sign(&key, message).as_ref().to_vec())
    }

    /// Whether `mac` is the message's whole authentication code, in constant time; `None` if `algorithm` is not the
    /// key's.
    #[must_use]
    pub fn verify(&self, algorithm: MacAlgorithm, message: &[u8], mac: &[u8]) -> Option<bool> {
        let key = self.key(algorithm)?;
        Some(hmac::verify(&key, message, mac).is_ok())
    }

    /// The key's bytes, to be wrapped under another key.
    pub(crate) fn secret(&self) -> Zeroizing<Vec<u8>> {
        let [first, second] = &self.halves;
        // Room for everything from the start: a buffer that grows leaves copies behind.
        let mut secret = Zeroizing::new(Vec::with_capacity(KEY_BYTES_MAX));
        secret.extend_from_slice(first.expose());
        secret.extend_from_slice(second.expose());
        secret.truncate(self.bytes);
        secret
    }

    fn key(&self, algorithm: MacAlgorithm) -> Option<hmac::Key> {
        let library = match algorithm {
            MacAlgorithm::HmacSha224 => hmac::HMAC_SHA224,
            MacAlgorithm::HmacSha256 => hmac::HMAC_SHA256,
            MacAlgorithm::HmacSha384 => hmac::HMAC_SHA384,
            MacAlgorithm::HmacSha512 => hmac::HMAC_SHA512,
        };
        (algorithm == self.algorithm).then(|| hmac::Key::new(library, &self.secret()))
    }
}

impl fmt::Debug for HmacKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HmacKey({}, ***)", self.spec())
    }
}

const fn algorithm_of(spec: KeySpec) -> Option<MacAlgorithm> {
    match spec {
        KeySpec::Hmac224 => Some(MacAlgorithm::HmacSha224),
        KeySpec::Hmac256 => Some(MacAlgorithm::HmacSha256),
        KeySpec::Hmac384 => Some(MacAlgorithm::HmacSha384),
        KeySpec::Hmac512 => Some(MacAlgorithm::HmacSha512),
        _ => None,
    }
}

/// The shortest key of an algorithm and the longest, in bytes: its digest's length and its block's.
const fn lengths(algorithm: MacAlgorithm) -> (usize, usize) {
    match algorithm {
        MacAlgorithm::HmacSha224 => (28, 64),
        MacAlgorithm::HmacSha256 => (32, 64),
        MacAlgorithm::HmacSha384 => (48, 128),
        MacAlgorithm::HmacSha512 => (64, 128),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;

    const SPECS: [(KeySpec, MacAlgorithm, usize, usize); 4] = [
        (KeySpec::Hmac224, MacAlgorithm::HmacSha224, 28, 64),
        (KeySpec::Hmac256, MacAlgorithm::HmacSha256, 32, 64),
        (KeySpec::Hmac384, MacAlgorithm::HmacSha384, 48, 128),
        (KeySpec::Hmac512, MacAlgorithm::HmacSha512, 64, 128),
    ];

    #[test]
    fn a_key_is_as_long_as_its_digest_or_imported_up_to_a_block() {
        for (spec, algorithm, shortest, longest) in SPECS {
            let key = HmacKey::generate(spec, &SeededEntropy::new(1)).unwrap().unwrap();
            assert_eq!((key.secret().len(), key.spec()), (shortest, spec));
            assert_eq!(key.mac(algorithm, b"message").unwrap().len(), shortest);
            let bytes: Vec<u8> = (1..=130).collect();
            for length in 0..=bytes.len() {
                let key = HmacKey::new(spec, &bytes[..length]);
                assert_eq!(key.is_some(), (shortest..=longest).contains(&length), "{spec} {length}");
                assert!(key.is_none_or(|key| **key.secret() == bytes[..length]));
            }
        }
        assert!(HmacKey::new(KeySpec::SymmetricDefault, &[0; 32]).is_none());
    }

    #[test]
    fn a_code_changed_or_cut_does_not_verify_nor_does_another_algorithm_work() {
        for (spec, algorithm, ..) in SPECS {
            let key = HmacKey::generate(spec, &SeededEntropy::new(1)).unwrap().unwrap();
            let mac = key.mac(algorithm, b"message").unwrap();
            assert_eq!(key.verify(algorithm, b"message", &mac), Some(true));
            assert_eq!(key.verify(algorithm, b"messagf", &mac), Some(false));
            assert_eq!(key.verify(algorithm, b"message", &mac[1..]), Some(false));
            assert_eq!(key.verify(algorithm, b"message", b""), Some(false));
            for bit in 0..mac.len() * 8 {
                let mut damaged = mac.clone();
                damaged[bit / 8] ^= 1 << (bit % 8);
                assert_eq!(key.verify(algorithm, b"message", &damaged), Some(false));
            }
            for &other in MacAlgorithm::ALL {
                assert_eq!(key.mac(other, b"message").is_some(), other == algorithm);
                assert_eq!(key.verify(other, b"message", &mac).is_some(), other == algorithm);
            }
        }
    }

    #[test]
    fn a_key_does_not_show_itself() {
        let key = HmacKey::new(KeySpec::Hmac256, &[0xAB; 32]).unwrap();
        assert_eq!(format!("{key:?}"), "HmacKey(HMAC_256, ***)");
    }
}
