//! The key that a day's signatures are made with, in one region and for one service.

use std::fmt;

use alcazar_base::SecretString;
use aws_lc_rs::digest::SHA256_OUTPUT_LEN;
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hmac::{self, HMAC_SHA256};
use zeroize::Zeroizing;

use super::claim::TERMINATOR;

/// A signing key, derived from a secret access key. It serves one date, region and service, so that a cache
/// of these must have all three and the access key in its key.
///
/// It holds the HMAC's state after the key rather than the key itself; the state is wiped when dropped.
pub struct SigningKey(hmac::Key);

impl SigningKey {
    /// Derives the key of `date` (as `YYYYMMDD`), `region` and `service` from a secret access key.
    ///
    /// # Errors
    /// `Unspecified` if the cryptographic library fails, which it has no reason to.
    pub fn derive(
        secret: &SecretString,
        date: &str,
        region: &str,
        service: &str,
    ) -> Result<Self, Unspecified> {
        let mut start = Zeroizing::new(Vec::with_capacity(4 + secret.expose().len()));
        start.extend_from_slice(b"AWS4");
        start.extend_from_slice(secret.expose().as_bytes());
        let mut key = hmac::Key::new(HMAC_SHA256, &start);
        for step in [date, region, service, TERMINATOR] {
            let mut derived = Zeroizing::new([0; SHA256_OUTPUT_LEN]);
            hmac::sign_to_buffer(&key, step.as_bytes(), derived.as_mut())?;
            key = hmac::Key::new(HMAC_SHA256, derived.as_ref());
        }
        Ok(Self(key))
    }

    /// The signature over `text`.
    pub(super) fn sign(&self, text: &[u8]) -> hmac::Tag {
        hmac::sign(&self.0, text)
    }

    /// Whether `signature` is this key's over `text`, in constant time.
    pub(super) fn verifies(&self, text: &[u8], signature: &[u8]) -> bool {
        hmac::verify(&self.0, text, signature).is_ok()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(***)")
    }
}
