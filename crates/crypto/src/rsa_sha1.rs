//! RSA signatures with SHA-1 (PKCS #1 v1.5), for protocols that still ask for them: SNS signs its messages so unless it
//! is told otherwise.
//!
//! SHA-1 is broken where an attacker chooses what is signed, so nothing else may use this. aws-lc-rs does not sign with
//! SHA-1, so this is RustCrypto's, with the private operation blinded.
//! <https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html>

use std::fmt;

use alcazar_base::SecretBytes;
use rsa::RsaPrivateKey;
use rsa::pkcs1v15::SigningKey;
use rsa::pkcs8::DecodePrivateKey as _;
use rsa::signature::{RandomizedSigner as _, SignatureEncoding as _};
use sha1::Sha1;

use crate::entropy::Entropy;
use crate::ml_dsa::Drawn;
use crate::signing::SignError;

/// A private key that signs with SHA-1.
pub struct RsaSha1Key(SigningKey<Sha1>);

impl RsaSha1Key {
    /// The key of a PKCS #8 document; `None` if it is none.
    #[must_use]
    pub fn from_pkcs8(pkcs8: &SecretBytes) -> Option<Self> {
        RsaPrivateKey::from_pkcs8_der(pkcs8.expose()).ok().map(|key| Self(SigningKey::new(key)))
    }

    /// Signs `message`. It takes some milliseconds.
    ///
    /// # Errors
    /// `SignError::Failed` if the source of randomness or the library failed.
    pub fn sign(&self, entropy: &dyn Entropy, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let signature = self.0.try_sign_with_rng(&mut Drawn(entropy), message);
        signature.map(|signature| signature.to_vec()).map_err(|_| SignError::Failed)
    }
}

impl fmt::Debug for RsaSha1Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RsaSha1Key(***)")
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, UnparsedPublicKey};

    use super::*;
    use crate::entropy::SystemEntropy;
    use crate::material::KeyMaterial;
    use crate::spec::KeySpec;

    #[test]
    fn another_library_finds_the_signature_right() {
        let entropy = SystemEntropy::new();
        let material = KeyMaterial::generate(KeySpec::Rsa2048, &entropy).unwrap();
        let key = RsaSha1Key::from_pkcs8(&material.to_pkcs8().unwrap()).unwrap();
        let signature = key.sign(&entropy, b"message").unwrap();
        let public = UnparsedPublicKey::new(
            &RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY,
            material.public_key().unwrap(),
        );
        assert!(public.verify(b"message", &signature).is_ok());
        assert!(public.verify(b"massage", &signature).is_err());
        assert_eq!(format!("{key:?}"), "RsaSha1Key(***)");
    }

    #[test]
    fn what_is_no_key_is_refused() {
        assert!(RsaSha1Key::from_pkcs8(&SecretBytes::new(vec![0x30, 0])).is_none());
    }
}
