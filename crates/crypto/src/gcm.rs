//! AES-GCM with 96-bit nonces and 128-bit tags (NIST SP 800-38D), over the library's key.
//!
//! What is alcazar's own has 256-bit keys; shorter ones are for [`crate::encryption_sdk`]. Nothing here chooses a nonce: that
//! module, [`crate::aead`] and [`crate::segment`] do, each with its reason why none repeats.

use alcazar_base::SecretBytes;
use aws_lc_rs::aead::{AES_128_GCM, AES_192_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

/// The length of a nonce, in bytes.
pub(crate) const NONCE_BYTES: usize = 12;

/// The length of a tag, in bytes.
pub(crate) const TAG_BYTES: usize = 16;

/// The library refused: a message too long, a wrong tag, a failed allocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct GcmError;

/// A key that is ready for use. The library holds the key schedule, and wipes it in the end.
pub(crate) struct Gcm(LessSafeKey);

impl Gcm {
    pub(crate) fn new(key: &[u8; 32]) -> Result<Self, GcmError> {
        Self::of_any_length(key)
    }

    /// A key of 128, 192 or 256 bits.
    pub(crate) fn of_any_length(key: &[u8]) -> Result<Self, GcmError> {
        let algorithm = match key.len() {
            16 => &AES_128_GCM,
            24 => &AES_192_GCM,
            32 => &AES_256_GCM,
            _ => return Err(GcmError),
        };
        UnboundKey::new(algorithm, key).map(|key| Self(LessSafeKey::new(key))).map_err(|_| GcmError)
    }

    /// Appends the ciphertext and the tag to `out`, which never holds the plaintext. After an error `out` is what it
    /// was before.
    pub(crate) fn seal(
        &self,
        nonce: [u8; NONCE_BYTES],
        aad: &[u8],
        plaintext: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), GcmError> {
        let start = out.len();
        out.resize(start + plaintext.len() + TAG_BYTES, 0);
        let sealed = out
            .get_mut(start..)
            .and_then(|tail| tail.split_last_chunk_mut::<TAG_BYTES>())
            .ok_or(GcmError)
            .and_then(|(ciphertext, tag)| {
                let nonce = Nonce::assume_unique_for_key(nonce);
                self.0
                    .seal_out_of_place_scatter(nonce, Aad::from(aad), plaintext, ciphertext, &[], tag)
                    .map_err(|_| GcmError)
            });
        if sealed.is_err() {
            out.truncate(start);
        }
        sealed
    }

    /// The plaintext of a ciphertext that its tag follows.
    pub(crate) fn open(
        &self,
        nonce: [u8; NONCE_BYTES],
        aad: &[u8],
        sealed: &[u8],
    ) -> Result<SecretBytes, GcmError> {
        let (ciphertext, tag) = sealed.split_last_chunk::<TAG_BYTES>().ok_or(GcmError)?;
        let mut plaintext = zeroize::Zeroizing::new(vec![0; ciphertext.len()]);
        let nonce = Nonce::assume_unique_for_key(nonce);
        self.0
            .open_separate_gather(nonce, Aad::from(aad), ciphertext, tag, &mut plaintext)
            .map_err(|_| GcmError)?;
        Ok(SecretBytes::new(std::mem::take(&mut *plaintext)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    const WYCHEPROOF: &str = include_str!("../testdata/wycheproof/aes_gcm_test.json");

    fn bytes(test: &Value, name: &str) -> Vec<u8> {
        hex::decode(test[name].as_str().unwrap()).unwrap()
    }

    #[test]
    fn the_wycheproof_vectors_are_met_and_the_invalid_ones_refused() {
        let vectors: Value = serde_json::from_str(WYCHEPROOF).unwrap();
        let groups = vectors["testGroups"].as_array().unwrap();
        let mut seen = (0, 0);
        for test in groups.iter().flat_map(|group| group["tests"].as_array().unwrap()) {
            let gcm = Gcm::new(&bytes(test, "key").try_into().unwrap()).unwrap();
            let nonce: [u8; 12] = bytes(test, "iv").try_into().unwrap();
            let (aad, plaintext) = (bytes(test, "aad"), bytes(test, "msg"));
            let expected = [bytes(test, "ct"), bytes(test, "tag")].concat();
            let opened = gcm.open(nonce, &aad, &expected);
            if test["result"] == "valid" {
                let mut sealed = b"before".to_vec();
                gcm.seal(nonce, &aad, &plaintext, &mut sealed).unwrap();
                assert_eq!(sealed, [b"before".to_vec(), expected].concat(), "test {}", test["tcId"]);
                assert_eq!(opened.unwrap().expose(), plaintext, "test {}", test["tcId"]);
                seen.0 += 1;
            } else {
                assert_eq!(opened, Err(GcmError), "test {}", test["tcId"]);
                seen.1 += 1;
            }
        }
        assert_eq!(seen, (39, 27));
    }

    #[test]
    fn what_is_shorter_than_a_tag_is_refused() {
        let gcm = Gcm::new(&[1; 32]).unwrap();
        for length in 0..TAG_BYTES {
            assert_eq!(gcm.open([0; 12], b"", &vec![0; length]), Err(GcmError));
        }
    }
}
