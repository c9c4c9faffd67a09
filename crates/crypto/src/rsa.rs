//! RSA (RFC 8017): signing with PKCS #1 v1.5 and PSS, encryption with OAEP.
//!
//! The library makes RSA keys from its own generator alone, so that they do not replay from a seed as all others do.
//! The public exponent is 65,537. What the library holds of a private key, the library wipes.
//! <https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html#key-spec-rsa>

use std::fmt;
use std::sync::OnceLock;

use alcazar_base::SecretBytes;
use aws_lc_rs::digest;
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::{
    KeyPair, KeySize, OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepAlgorithm, OaepPrivateDecryptingKey,
    OaepPublicEncryptingKey, PrivateDecryptingKey, PublicEncryptingKey,
};
use aws_lc_rs::signature::{
    self, KeyPair as _, ParsedPublicKey, RsaEncoding, RsaParameters, RsaSignatureEncoding,
};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::algorithm::{EncryptionAlgorithm, SigningAlgorithm};
use crate::der;
use crate::signing::{Input, Message, SignError};
use crate::spec::KeySpec;

/// The longest modulus, in bytes.
const MODULUS_BYTES_MAX: usize = 512;

/// Why RSA did not encrypt or decrypt. Decryption never says more than that it failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum OaepError {
    /// The algorithm is not one of RSA.
    #[error("the key does not encrypt with this algorithm")]
    Incompatible,
    /// The plaintext is too long, or the ciphertext is none of this key and algorithm.
    #[error("encryption or decryption failed")]
    Failed,
}

/// An RSA key pair.
pub struct RsaKey {
    pair: KeyPair,
    public: RsaPublicKey,
    decrypting: OnceLock<Option<OaepPrivateDecryptingKey>>,
}

impl RsaKey {
    /// A new key pair from the library's generator, which may take a second; `None` if it failed, or `spec` is not
    /// one of RSA.
    pub(crate) fn generate(spec: KeySpec) -> Option<Self> {
        let size = match spec {
            KeySpec::Rsa2048 => KeySize::Rsa2048,
            KeySpec::Rsa3072 => KeySize::Rsa3072,
            KeySpec::Rsa4096 => KeySize::Rsa4096,
            _ => return None,
        };
        Self::new(spec, KeyPair::generate(size).ok()?)
    }

    /// The key pair of a PKCS #8 document; `None` if it is not one of `spec`, or not consistent.
    pub(crate) fn from_pkcs8(spec: KeySpec, pkcs8: &[u8]) -> Option<Self> {
        if !der::is_whole(pkcs8) {
            return None;
        }
        Self::new(spec, KeyPair::from_pkcs8(pkcs8).ok()?)
    }

    fn new(spec: KeySpec, pair: KeyPair) -> Option<Self> {
        let spki: PublicKeyX509Der<'_> = pair.public_key().as_der().ok()?;
        let public = RsaPublicKey::from_spki(spki.as_ref()).filter(|public| public.spec == spec)?;
        Some(Self { pair, public, decrypting: OnceLock::new() })
    }

    /// The private key as a PKCS #8 document of version 1.
    #[must_use]
    pub fn to_pkcs8(&self) -> Option<SecretBytes> {
        let der: Pkcs8V1Der<'_> = self.pair.as_der().ok()?;
        Some(SecretBytes::new(der.as_ref().to_vec()))
    }

    /// The public key.
    #[must_use]
    pub fn public(&self) -> &RsaPublicKey {
        &self.public
    }

    /// Signs `message`.
    ///
    /// # Errors
    /// `SignError` if the algorithm is not one of RSA or does not take such messages.
    pub fn sign(&self, algorithm: SigningAlgorithm, message: Message<'_>) -> Result<Vec<u8>, SignError> {
        let scheme = Scheme::of(algorithm).ok_or(SignError::Incompatible)?;
        let input = Input::new(message, scheme.digest)?;
        let mut signature = vec![0; self.pair.public_modulus_len()];
        match input {
            // Digested here, since the library's way by the message asks for a generator that it then ignores.
            Input::Message(message) => {
                let digest = digest::digest(scheme.digest, message);
                self.pair.sign_digest(scheme.encoding, &digest, &mut signature)
            }
            Input::Digest(digest) => self.pair.sign_digest(scheme.encoding, &digest, &mut signature),
        }
        .map_err(|_| SignError::Failed)?;
        Ok(signature)
    }

    /// Decrypts what [`RsaPublicKey::encrypt`] encrypted.
    ///
    /// # Errors
    /// `OaepError` if the algorithm is not one of RSA, or the ciphertext none of this key and algorithm.
    pub fn decrypt(
        &self,
        algorithm: EncryptionAlgorithm,
        ciphertext: &[u8],
    ) -> Result<SecretBytes, OaepError> {
        let algorithm = oaep(algorithm).ok_or(OaepError::Incompatible)?;
        let key = self.decrypting.get_or_init(|| self.decrypting_key()).as_ref().ok_or(OaepError::Failed)?;
        let mut buffer = Zeroizing::new([0; MODULUS_BYTES_MAX]);
        let plaintext =
            key.decrypt(algorithm, ciphertext, &mut *buffer, None).map_err(|_| OaepError::Failed)?;
        Ok(SecretBytes::new(plaintext.to_vec()))
    }

    fn decrypting_key(&self) -> Option<OaepPrivateDecryptingKey> {
        let pkcs8 = self.to_pkcs8()?;
        OaepPrivateDecryptingKey::new(PrivateDecryptingKey::from_pkcs8(pkcs8.expose()).ok()?).ok()
    }
}

impl fmt::Debug for RsaKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RsaKey({}, ***)", self.public.spec)
    }
}

/// An RSA public key of one of the specs.
pub struct RsaPublicKey {
    spec: KeySpec,
    spki: Vec<u8>,
    verifying: [OnceLock<Option<ParsedPublicKey>>; SCHEMES.len()],
    encrypting: OnceLock<Option<OaepPublicEncryptingKey>>,
}

impl RsaPublicKey {
    /// The public key of a DER SubjectPublicKeyInfo; `None` if its modulus is of none of the specs' lengths.
    #[must_use]
    pub fn from_spki(spki: &[u8]) -> Option<Self> {
        let key = PublicEncryptingKey::from_der(spki).ok().filter(|_| der::is_whole(spki))?;
        let spec = match key.key_size_bits() {
            2048 => KeySpec::Rsa2048,
            3072 => KeySpec::Rsa3072,
            4096 => KeySpec::Rsa4096,
            _ => return None,
        };
        Some(Self {
            spec,
            spki: spki.to_vec(),
            verifying: [const { OnceLock::new() }; SCHEMES.len()],
            encrypting: OnceLock::new(),
        })
    }

    /// The key's spec.
    #[must_use]
    pub fn spec(&self) -> KeySpec {
        self.spec
    }

    /// The key as DER SubjectPublicKeyInfo (RFC 5280, 8017).
    #[must_use]
    pub fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// The key as DER RSAPublicKey (RFC 8017, appendix A.1.1), without the name of its algorithm.
    #[must_use]
    pub fn pkcs1(&self) -> Option<&[u8]> {
        der::bare_public_key(&self.spki)
    }

    /// Whether `signature` is one of `message`.
    ///
    /// # Errors
    /// `SignError` if the algorithm is not one of RSA or does not take such messages.
    pub fn verify(
        &self,
        algorithm: SigningAlgorithm,
        message: Message<'_>,
        signature: &[u8],
    ) -> Result<bool, SignError> {
        let (scheme, parsed) = SCHEMES
            .iter()
            .zip(&self.verifying)
            .find(|(scheme, _)| scheme.algorithm == algorithm)
            .ok_or(SignError::Incompatible)?;
        let input = Input::new(message, scheme.digest)?;
        let key = parsed
            .get_or_init(|| ParsedPublicKey::new(scheme.parameters, &self.spki).ok())
            .as_ref()
            .ok_or(SignError::Failed)?;
        Ok(input.verify(key, signature))
    }

    /// Encrypts `plaintext`.
    ///
    /// # Errors
    /// `OaepError` if the algorithm is not one of RSA, or the plaintext longer than it takes.
    pub fn encrypt(&self, algorithm: EncryptionAlgorithm, plaintext: &[u8]) -> Result<Vec<u8>, OaepError> {
        let library = oaep(algorithm).ok_or(OaepError::Incompatible)?;
        if plaintext.len() > algorithm.plaintext_bytes_max(self.spec) {
            return Err(OaepError::Failed);
        }
        let key = self.encrypting.get_or_init(|| self.encrypting_key()).as_ref().ok_or(OaepError::Failed)?;
        let mut ciphertext = vec![0; key.ciphertext_size()];
        let bytes =
            key.encrypt(library, plaintext, &mut ciphertext, None).map_err(|_| OaepError::Failed)?.len();
        ciphertext.truncate(bytes);
        Ok(ciphertext)
    }

    fn encrypting_key(&self) -> Option<OaepPublicEncryptingKey> {
        OaepPublicEncryptingKey::new(PublicEncryptingKey::from_der(&self.spki).ok()?).ok()
    }
}

impl fmt::Debug for RsaPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RsaPublicKey({})", self.spec)
    }
}

/// A signing algorithm as the library has it.
struct Scheme {
    algorithm: SigningAlgorithm,
    digest: &'static digest::Algorithm,
    encoding: &'static dyn RsaEncoding,
    parameters: &'static RsaParameters,
}

impl Scheme {
    const fn new(
        algorithm: SigningAlgorithm,
        digest: &'static digest::Algorithm,
        encoding: &'static RsaSignatureEncoding,
        parameters: &'static RsaParameters,
    ) -> Self {
        Self { algorithm, digest, encoding, parameters }
    }

    fn of(algorithm: SigningAlgorithm) -> Option<&'static Self> {
        SCHEMES.iter().find(|scheme| scheme.algorithm == algorithm)
    }
}

static SCHEMES: [Scheme; 6] = [
    Scheme::new(
        SigningAlgorithm::RsassaPssSha256,
        &digest::SHA256,
        &signature::RSA_PSS_SHA256,
        &signature::RSA_PSS_2048_8192_SHA256,
    ),
    Scheme::new(
        SigningAlgorithm::RsassaPssSha384,
        &digest::SHA384,
        &signature::RSA_PSS_SHA384,
        &signature::RSA_PSS_2048_8192_SHA384,
    ),
    Scheme::new(
        SigningAlgorithm::RsassaPssSha512,
        &digest::SHA512,
        &signature::RSA_PSS_SHA512,
        &signature::RSA_PSS_2048_8192_SHA512,
    ),
    Scheme::new(
        SigningAlgorithm::RsassaPkcs1V15Sha256,
        &digest::SHA256,
        &signature::RSA_PKCS1_SHA256,
        &signature::RSA_PKCS1_2048_8192_SHA256,
    ),
    Scheme::new(
        SigningAlgorithm::RsassaPkcs1V15Sha384,
        &digest::SHA384,
        &signature::RSA_PKCS1_SHA384,
        &signature::RSA_PKCS1_2048_8192_SHA384,
    ),
    Scheme::new(
        SigningAlgorithm::RsassaPkcs1V15Sha512,
        &digest::SHA512,
        &signature::RSA_PKCS1_SHA512,
        &signature::RSA_PKCS1_2048_8192_SHA512,
    ),
];

fn oaep(algorithm: EncryptionAlgorithm) -> Option<&'static OaepAlgorithm> {
    match algorithm {
        EncryptionAlgorithm::SymmetricDefault => None,
        EncryptionAlgorithm::RsaesOaepSha1 => Some(&OAEP_SHA1_MGF1SHA1),
        EncryptionAlgorithm::RsaesOaepSha256 => Some(&OAEP_SHA256_MGF1SHA256),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use EncryptionAlgorithm::{RsaesOaepSha1, RsaesOaepSha256, SymmetricDefault};

    fn key() -> &'static RsaKey {
        static KEY: OnceLock<RsaKey> = OnceLock::new();
        KEY.get_or_init(|| RsaKey::generate(KeySpec::Rsa2048).unwrap())
    }

    #[test]
    fn a_key_signs_messages_and_their_digests_alike() {
        for scheme in &SCHEMES {
            let digest = digest::digest(scheme.digest, b"message");
            let (raw, digested) = (Message::Raw(b"message"), Message::Digest(digest.as_ref()));
            let verify = |message, signature: &[u8]| {
                key().public().verify(scheme.algorithm, message, signature).unwrap()
            };
            for (message, other) in [(raw, digested), (digested, raw)] {
                let signature = key().sign(scheme.algorithm, message).unwrap();
                assert_eq!(signature.len(), 256);
                assert!(verify(message, &signature) && verify(other, &signature));
                assert!(!verify(Message::Raw(b"another"), &signature));
                assert!(!verify(message, &signature[1..]) && !verify(message, b""));
                for byte in 0..signature.len() {
                    let mut damaged = signature.clone();
                    damaged[byte] ^= 1;
                    assert!(!verify(message, &damaged));
                }
                for another in SCHEMES.iter().filter(|another| another.algorithm != scheme.algorithm) {
                    let verified = key().public().verify(another.algorithm, raw, &signature);
                    assert_eq!(verified, Ok(false));
                }
            }
            let expected_bytes = digest.as_ref().len();
            let short = Message::Digest(&digest.as_ref()[1..]);
            let error = Err(SignError::DigestLength { expected_bytes });
            assert_eq!(key().sign(scheme.algorithm, short), error);
            let mu = Message::ExternalMu(&[0; 64]);
            assert_eq!(key().sign(scheme.algorithm, mu), Err(SignError::MessageType));
        }
        let ecdsa = SigningAlgorithm::EcdsaSha256;
        assert_eq!(key().sign(ecdsa, Message::Raw(b"")), Err(SignError::Incompatible));
        assert_eq!(key().public().verify(ecdsa, Message::Raw(b""), b""), Err(SignError::Incompatible));
    }

    #[test]
    fn the_longest_plaintext_is_decrypted_again_and_a_longer_one_refused() {
        for algorithm in [RsaesOaepSha1, RsaesOaepSha256] {
            let longest = algorithm.plaintext_bytes_max(KeySpec::Rsa2048);
            let plaintext = vec![7; longest + 1];
            for length in [0, 1, longest] {
                let ciphertext = key().public().encrypt(algorithm, &plaintext[..length]).unwrap();
                assert_eq!(ciphertext.len(), 256);
                let opened = key().decrypt(algorithm, &ciphertext).unwrap();
                assert_eq!(opened.expose(), &plaintext[..length]);
            }
            assert_eq!(key().public().encrypt(algorithm, &plaintext), Err(OaepError::Failed));
        }
        assert_eq!(key().public().encrypt(SymmetricDefault, b""), Err(OaepError::Incompatible));
        assert_eq!(key().decrypt(SymmetricDefault, b""), Err(OaepError::Incompatible));
    }

    #[test]
    fn a_ciphertext_changed_or_of_the_other_algorithm_is_refused() {
        let ciphertext = key().public().encrypt(RsaesOaepSha256, b"plaintext").unwrap();
        assert_eq!(key().decrypt(RsaesOaepSha1, &ciphertext), Err(OaepError::Failed));
        for byte in (0..ciphertext.len()).step_by(16) {
            let mut damaged = ciphertext.clone();
            damaged[byte] ^= 1;
            assert_eq!(key().decrypt(RsaesOaepSha256, &damaged), Err(OaepError::Failed));
        }
        for wrong in [&ciphertext[1..], &[&ciphertext[..], &[0]].concat(), b""] {
            assert_eq!(key().decrypt(RsaesOaepSha256, wrong), Err(OaepError::Failed));
        }
    }

    #[test]
    fn a_document_of_another_length_or_not_whole_is_refused() {
        let pkcs8 = key().to_pkcs8().unwrap();
        let again = RsaKey::from_pkcs8(KeySpec::Rsa2048, pkcs8.expose()).unwrap();
        assert_eq!(again.public().spki(), key().public().spki());
        for spec in [KeySpec::Rsa3072, KeySpec::Rsa4096, KeySpec::EccNistP256] {
            assert!(RsaKey::from_pkcs8(spec, pkcs8.expose()).is_none());
        }
        assert!(RsaKey::from_pkcs8(KeySpec::Rsa2048, &[pkcs8.expose(), &[0]].concat()).is_none());
        // The CRT coefficient that stands at its end has to fit the primes.
        let mut damaged = pkcs8.expose().to_vec();
        *damaged.last_mut().unwrap() ^= 1;
        assert!(RsaKey::from_pkcs8(KeySpec::Rsa2048, &damaged).is_none());
        assert!(RsaPublicKey::from_spki(&[key().public().spki(), &[0]].concat()).is_none());
    }

    #[test]
    fn a_key_does_not_show_itself() {
        assert_eq!(format!("{:?}", key()), "RsaKey(RSA_2048, ***)");
    }
}
