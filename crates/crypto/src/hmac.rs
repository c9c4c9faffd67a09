//! HMAC keys (FIPS 198-1, RFC 2104): GenerateMac and VerifyMac.
//!
//! A key is as long as its algorithm's digest, and lies in locked memory alone: the library's own key is made for each
//! call, which costs no more than a block of the digest.
//! <https://docs.aws.amazon.com/kms/latest/developerguide/hmac.html>

use std::fmt;

use alcazar_sys::Locked;
use aws_lc_rs::hmac;

use crate::algorithm::MacAlgorithm;
use crate::entropy::Entropy;
use crate::error::EntropyError;
use crate::spec::KeySpec;

/// The longest key, in bytes.
const KEY_BYTES_MAX: usize = 64;

/// An HMAC key in locked memory.
pub struct HmacKey {
    algorithm: MacAlgorithm,
    secret: Locked<KEY_BYTES_MAX>,
}

impl HmacKey {
    /// A new random key; `None` if `spec` is not one of HMAC.
    pub(crate) fn generate(spec: KeySpec, entropy: &dyn Entropy) -> Option<Result<Self, EntropyError>> {
        let algorithm = algorithm_of(spec)?;
        let mut secret = Locked::zeroed();
        let filled = entropy.fill(secret.expose_mut().get_mut(..bytes_of(algorithm))?);
        Some(filled.map(|()| Self { algorithm, secret }))
    }

    /// The key of these bytes; `None` if they are not as many as `spec` says.
    pub(crate) fn new(spec: KeySpec, bytes: &[u8]) -> Option<Self> {
        let algorithm = algorithm_of(spec)?;
        let mut secret = Locked::<KEY_BYTES_MAX>::zeroed();
        if bytes.len() != bytes_of(algorithm) {
            return None;
        }
        secret.expose_mut().get_mut(..bytes.len())?.copy_from_slice(bytes);
        Some(Self { algorithm, secret })
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
    pub(crate) fn secret(&self) -> &[u8] {
        self.secret.expose().get(..bytes_of(self.algorithm)).unwrap_or_default()
    }

    fn key(&self, algorithm: MacAlgorithm) -> Option<hmac::Key> {
        let library = match algorithm {
            MacAlgorithm::HmacSha224 => hmac::HMAC_SHA224,
            MacAlgorithm::HmacSha256 => hmac::HMAC_SHA256,
            MacAlgorithm::HmacSha384 => hmac::HMAC_SHA384,
            MacAlgorithm::HmacSha512 => hmac::HMAC_SHA512,
        };
        (algorithm == self.algorithm).then(|| hmac::Key::new(library, self.secret()))
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

const fn bytes_of(algorithm: MacAlgorithm) -> usize {
    match algorithm {
        MacAlgorithm::HmacSha224 => 28,
        MacAlgorithm::HmacSha256 => 32,
        MacAlgorithm::HmacSha384 => 48,
        MacAlgorithm::HmacSha512 => 64,
    }
}
