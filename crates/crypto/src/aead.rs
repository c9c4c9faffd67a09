//! Sealing under a key that derives another one for each message.
//!
//! A sealed message is `header ‖ salt (16) ‖ nonce (12) ‖ ciphertext ‖ tag (16)`. The message's key is derived from the
//! deriving key, a [`Label`] and the random salt by SP 800-108, and used once with a random nonce in AES-256-GCM.
//! Header and associated data are authenticated together, the header with its length before it, so that no byte can
//! pass from the one to the other.
//!
//! What always holds: the deriving key itself encrypts nothing, and its secret lies in locked memory alone. AES-GCM with
//! random nonces allows 2^32 messages for each key (SP 800-38D, section 8.3); with 224 random bits for each message
//! that bound is out of reach here at any volume.

use std::fmt;

use alcazar_base::SecretBytes;
use alcazar_sys::LockedKey;
use zeroize::Zeroizing;

use crate::entropy::Entropy;
use crate::error::{EntropyError, OpenError, SealError};
use crate::gcm::{Gcm, GcmError, NONCE_BYTES, TAG_BYTES};
use crate::kdf;
pub use crate::kdf::Label;

/// The length of the salt that a message's key is derived with, in bytes.
pub const SALT_BYTES: usize = 16;

/// What sealing adds to a plaintext beside the header, in bytes: salt, nonce and tag.
pub const OVERHEAD_BYTES: usize = SALT_BYTES + NONCE_BYTES + TAG_BYTES;

/// A 256-bit key that never encrypts anything itself: a key for each message is derived from it.
#[derive(Clone)]
pub struct DerivingKey(LockedKey);

impl DerivingKey {
    /// A new random key.
    ///
    /// # Errors
    /// `EntropyError` if the source failed.
    pub fn generate(entropy: &dyn Entropy) -> Result<Self, EntropyError> {
        let mut secret = LockedKey::zeroed();
        entropy.fill(secret.expose_mut())?;
        Ok(Self(secret))
    }

    /// The key of these bytes.
    #[must_use]
    pub fn new(secret: LockedKey) -> Self {
        Self(secret)
    }

    /// The key's bytes, to be wrapped under another key.
    pub(crate) fn secret(&self) -> &LockedKey {
        &self.0
    }

    /// Seals `plaintext`, and authenticates `header`, which it puts before it, and `aad`.
    ///
    /// # Errors
    /// `SealError::Entropy` if the source failed, `SealError::Refused` if the plaintext is too long for AES-GCM.
    pub fn seal(
        &self,
        entropy: &dyn Entropy,
        label: Label,
        header: &[u8],
        aad: &[u8],
        plaintext: &[u8],
    ) -> Result<Vec<u8>, SealError> {
        let mut salt_and_nonce = [0; SALT_BYTES + NONCE_BYTES];
        entropy.fill_public(&mut salt_and_nonce)?;
        let (salt, nonce) = split_salt(&salt_and_nonce).ok_or(SealError::Refused)?;
        let mut sealed = Vec::with_capacity(header.len() + OVERHEAD_BYTES + plaintext.len());
        sealed.extend_from_slice(header);
        sealed.extend_from_slice(&salt_and_nonce);
        self.message_key(label, salt)
            .and_then(|key| key.seal(*nonce, &bind(header, aad), plaintext, &mut sealed))
            .map_err(|GcmError| SealError::Refused)?;
        Ok(sealed)
    }

    /// Opens what [`DerivingKey::seal`] made with a header of `header_bytes` bytes, the same label and `aad`.
    ///
    /// # Errors
    /// `OpenError::Unauthentic`, whatever the reason.
    pub fn open(
        &self,
        label: Label,
        header_bytes: usize,
        aad: &[u8],
        sealed: &[u8],
    ) -> Result<SecretBytes, OpenError> {
        let (header, rest) = sealed.split_at_checked(header_bytes).ok_or(OpenError::Unauthentic)?;
        let (salt_and_nonce, body) = rest.split_first_chunk().ok_or(OpenError::Unauthentic)?;
        let (salt, nonce) = split_salt(salt_and_nonce).ok_or(OpenError::Unauthentic)?;
        self.message_key(label, salt)
            .and_then(|key| key.open(*nonce, &bind(header, aad), body))
            .map_err(|GcmError| OpenError::Unauthentic)
    }

    fn message_key(&self, label: Label, salt: &[u8; SALT_BYTES]) -> Result<Gcm, GcmError> {
        let mut key = Zeroizing::new([0; 32]);
        kdf::derive(self.0.expose(), label, &[salt], &mut *key).map_err(|_| GcmError)?;
        Gcm::new(&key)
    }
}

impl fmt::Debug for DerivingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DerivingKey(***)")
    }
}

fn split_salt(
    salt_and_nonce: &[u8; SALT_BYTES + NONCE_BYTES],
) -> Option<(&[u8; SALT_BYTES], &[u8; NONCE_BYTES])> {
    let (salt, nonce) = salt_and_nonce.split_first_chunk()?;
    Some((salt, nonce.try_into().ok()?))
}

/// Header and associated data as the one string that AES-GCM authenticates.
fn bind(header: &[u8], aad: &[u8]) -> Vec<u8> {
    let header_bytes = (header.len() as u64).to_be_bytes();
    [&header_bytes, header, aad].concat()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;
    use proptest::prelude::*;

    /// Calls `check` with `sealed` after each single change: every bit turned, every shorter length, a byte more.
    pub(crate) fn for_every_damage(sealed: &[u8], mut check: impl FnMut(&[u8])) {
        let mut damaged = sealed.to_vec();
        for index in 0..sealed.len() {
            for bit in 0..8 {
                damaged[index] ^= 1 << bit;
                check(&damaged);
                damaged[index] ^= 1 << bit;
            }
        }
        (0..sealed.len()).for_each(|length| check(&sealed[..length]));
        damaged.push(0);
        check(&damaged);
    }

    fn key(seed: u64) -> DerivingKey {
        DerivingKey::generate(&SeededEntropy::new(seed)).unwrap()
    }

    #[test]
    fn a_message_changed_anywhere_is_refused() {
        let sealed =
            key(1).seal(&SeededEntropy::new(2), Label::Store, b"header", b"name", b"plaintext").unwrap();
        assert_eq!(key(1).open(Label::Store, 6, b"name", &sealed).unwrap().expose(), b"plaintext");
        for_every_damage(&sealed, |damaged| {
            assert_eq!(key(1).open(Label::Store, 6, b"name", damaged), Err(OpenError::Unauthentic));
        });
    }

    #[test]
    fn another_key_label_name_or_header_length_opens_nothing() {
        let sealed =
            key(1).seal(&SeededEntropy::new(2), Label::Store, b"header", b"name", b"plaintext").unwrap();
        assert!(key(2).open(Label::Store, 6, b"name", &sealed).is_err());
        assert!(key(1).open(Label::Kms, 6, b"name", &sealed).is_err());
        assert!(key(1).open(Label::Store, 6, b"nam", &sealed).is_err());
        for header_bytes in (0..=sealed.len() + 1).filter(|&bytes| bytes != 6) {
            assert!(key(1).open(Label::Store, header_bytes, b"name", &sealed).is_err());
        }
    }

    #[test]
    fn a_byte_cannot_pass_between_header_and_associated_data() {
        assert_ne!(bind(b"a", b"bc"), bind(b"ab", b"c"));
        assert_ne!(bind(b"", b"abc"), bind(b"abc", b""));
    }

    #[test]
    fn each_message_has_a_salt_and_a_nonce_of_its_own() {
        let entropy = SeededEntropy::new(2);
        let sealed: std::collections::BTreeSet<_> =
            (0..100).map(|_| key(1).seal(&entropy, Label::Store, b"", b"", b"same").unwrap()).collect();
        assert_eq!(sealed.len(), 100);
    }

    #[test]
    fn a_source_of_randomness_that_fails_seals_nothing() {
        struct Failing;
        impl Entropy for Failing {
            fn fill(&self, _: &mut [u8]) -> Result<(), EntropyError> {
                Err(EntropyError)
            }
        }
        let sealed = key(1).seal(&Failing, Label::Store, b"", b"", b"");
        assert_eq!(sealed, Err(SealError::Entropy(EntropyError)));
        assert_eq!(DerivingKey::generate(&Failing).unwrap_err(), EntropyError);
    }

    #[test]
    fn a_key_does_not_show_itself() {
        assert_eq!(format!("{:?}", key(1)), "DerivingKey(***)");
    }

    proptest! {
        #[test]
        fn what_is_sealed_opens_again(
            header in proptest::collection::vec(any::<u8>(), 0..40),
            aad in proptest::collection::vec(any::<u8>(), 0..40),
            plaintext in proptest::collection::vec(any::<u8>(), 0..400),
            seed in any::<u64>(),
        ) {
            let sealed =
                key(seed).seal(&SeededEntropy::new(seed ^ 1), Label::Backup, &header, &aad, &plaintext).unwrap();
            prop_assert_eq!(sealed.len(), header.len() + OVERHEAD_BYTES + plaintext.len());
            let opened = key(seed).open(Label::Backup, header.len(), &aad, &sealed).unwrap();
            prop_assert_eq!(opened.expose(), &plaintext[..]);
        }

        #[test]
        fn no_bytes_at_all_make_it_panic(
            header_bytes in 0..64_usize,
            sealed in proptest::collection::vec(any::<u8>(), 0..200),
        ) {
            prop_assert!(key(1).open(Label::Store, header_bytes, b"", &sealed).is_err());
        }
    }
}
