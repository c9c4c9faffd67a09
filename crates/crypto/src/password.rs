//! Passwords: what is kept of them, and what Argon2id (RFC 9106) makes of them.
//!
//! What is kept tells nothing of the password to anyone who does not try them all, and each try costs the time and
//! memory that the hash was made with.

use std::fmt;

use alcazar_base::SecretString;
use argon2::{Algorithm, Argon2, Params, Version};
use aws_lc_rs::constant_time;
use minicbor::{Decode, Encode};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::entropy::{self, Entropy};
use crate::error::EntropyError;
use crate::root::PassphraseCost;

/// What a hash costs, in KiB and passes: 19 MiB and two passes, some hundredths of a second.
///
/// Source: <https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html>
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 32;

/// A hash that could not be made or compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PasswordError {
    /// The memory that the hash costs could not be had, or what it asks for is out of bounds.
    #[error("the hash of a password could not be computed")]
    Refused,
    /// No salt could be drawn.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
}

/// What is kept of a password. Field numbers never change their meaning.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub struct PasswordHash {
    #[n(0)]
    memory_kib: u32,
    #[n(1)]
    passes: u32,
    #[n(2)]
    lanes: u32,
    #[cbor(n(3), with = "minicbor::bytes")]
    salt: [u8; SALT_BYTES],
    #[cbor(n(4), with = "minicbor::bytes")]
    hash: [u8; HASH_BYTES],
}

impl PasswordHash {
    /// What is to be kept of `password`. It takes the processor for some hundredths of a second.
    ///
    /// # Errors
    /// `PasswordError` if the memory or a salt could not be had.
    pub fn new(password: &SecretString, entropy: &dyn Entropy) -> Result<Self, PasswordError> {
        let salt = entropy::random(entropy)?;
        let empty =
            Self { memory_kib: MEMORY_KIB, passes: PASSES, lanes: LANES, salt, hash: [0; HASH_BYTES] };
        let hash = *empty.computed(password)?;
        Ok(Self { hash, ..empty })
    }

    /// Whether `password` is the one. It takes as long as making the hash did.
    ///
    /// # Errors
    /// `PasswordError` if the memory could not be had.
    pub fn matches(&self, password: &SecretString) -> Result<bool, PasswordError> {
        let computed = self.computed(password)?;
        Ok(constant_time::verify_slices_are_equal(&*computed, &self.hash).is_ok())
    }

    fn computed(&self, password: &SecretString) -> Result<Zeroizing<[u8; HASH_BYTES]>, PasswordError> {
        let cost = PassphraseCost::new(self.memory_kib, self.passes, self.lanes);
        let cost = cost.map_err(|_| PasswordError::Refused)?;
        let mut hash = Zeroizing::new([0; HASH_BYTES]);
        derive(password, cost, &self.salt, &mut *hash)?;
        Ok(hash)
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(***)")
    }
}

/// Fills `output` with what Argon2id makes of a password or passphrase.
pub(crate) fn derive(
    secret: &SecretString,
    cost: PassphraseCost,
    salt: &[u8],
    output: &mut [u8],
) -> Result<(), PasswordError> {
    let (memory_kib, passes, lanes) = cost.parts();
    let params = Params::new(memory_kib, passes, lanes, Some(output.len()));
    let params = params.map_err(|_| PasswordError::Refused)?;
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(secret.expose().as_bytes(), salt, output)
        .map_err(|_| PasswordError::Refused)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;

    fn secret(text: &str) -> SecretString {
        SecretString::new(text.to_owned())
    }

    #[test]
    fn argon2id_gives_the_published_answer() {
        // The reference implementation's own test: t=2, m=64 KiB * 1024, p=1, "password", "somesalt", version 0x13.
        let mut key = [0; 32];
        let cost = PassphraseCost::new(65536, 2, 1).unwrap();
        derive(&secret("password"), cost, b"somesalt", &mut key).unwrap();
        assert_eq!(hex::encode(key), "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7");
    }

    #[test]
    fn a_hash_knows_its_password_and_no_other() {
        let entropy = SeededEntropy::new(1);
        let hash = PasswordHash::new(&secret("correct horse"), &entropy).unwrap();
        assert!(hash.matches(&secret("correct horse")).unwrap());
        assert!(!hash.matches(&secret("Correct horse")).unwrap());
        assert_ne!(hash, PasswordHash::new(&secret("correct horse"), &entropy).unwrap());
        let read: PasswordHash = minicbor::decode(&minicbor::to_vec(&hash).unwrap()).unwrap();
        assert_eq!(read, hash);
        assert_eq!(format!("{hash:?}"), "PasswordHash(***)");
    }

    #[test]
    fn a_hash_that_asks_for_too_much_is_refused() {
        let hash = PasswordHash::new(&secret("x"), &SeededEntropy::new(1)).unwrap();
        let dear = PasswordHash { memory_kib: u32::MAX, ..hash };
        assert_eq!(dear.matches(&secret("x")), Err(PasswordError::Refused));
    }
}
