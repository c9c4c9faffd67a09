//! A data key that KMS gave a service, for what the service encrypts under a customer's key.
//!
//! A sealed text is as [`aead`](crate::aead) has it, with the format's version for a header; a key for each text is
//! derived, so that one data key may seal any number.

use alcazar_base::SecretBytes;
use alcazar_sys::LockedKey;

use crate::aead::{DerivingKey, Label};
use crate::entropy::Entropy;
use crate::error::{OpenError, SealError};

/// The version of the format.
const FORMAT: u8 = 1;

/// A 256-bit data key in locked memory.
#[derive(Debug, Clone)]
pub struct DataKey(DerivingKey);

impl DataKey {
    /// The data key of this plaintext, which has 32 bytes.
    #[must_use]
    pub fn new(plaintext: &SecretBytes) -> Option<Self> {
        LockedKey::copy_of_slice(plaintext.expose()).map(|secret| Self(DerivingKey::new(secret)))
    }

    /// Seals a text, bound to `aad`.
    ///
    /// # Errors
    /// `SealError` if no salt could be drawn, or the text is too long for AES-GCM.
    pub fn seal(&self, entropy: &dyn Entropy, aad: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, SealError> {
        self.0.seal(entropy, Label::DataKey, &[FORMAT], aad, plaintext)
    }

    /// Opens what [`DataKey::seal`] made under the same data key with the same `aad`.
    ///
    /// # Errors
    /// `OpenError` if it is not that, or was changed since.
    pub fn open(&self, aad: &[u8], sealed: &[u8]) -> Result<SecretBytes, OpenError> {
        match sealed.first() {
            Some(&FORMAT) => self.0.open(Label::DataKey, 1, aad, sealed),
            Some(&format) => Err(OpenError::UnknownFormat(format)),
            None => Err(OpenError::Unauthentic),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aead::tests::for_every_damage;
    use crate::entropy::SeededEntropy;

    #[test]
    fn a_text_opens_under_its_own_data_key_and_name_alone() {
        let key = |byte| DataKey::new(&SecretBytes::new(vec![byte; 32])).unwrap();
        let sealed = key(1).seal(&SeededEntropy::new(1), b"name", b"text").unwrap();
        assert_eq!(key(1).open(b"name", &sealed).unwrap().expose(), b"text");
        assert!(key(2).open(b"name", &sealed).is_err());
        assert!(key(1).open(b"other", &sealed).is_err());
        for_every_damage(&sealed, |damaged| assert!(key(1).open(b"name", damaged).is_err()));
        assert!(DataKey::new(&SecretBytes::new(vec![1; 31])).is_none());
    }
}
