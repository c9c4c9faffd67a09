//! Sign and Verify: one way in for every family.
//!
//! What a signature is: PKCS #1 of RFC 8017 for RSA, with a PSS salt as long as the digest; a DER sequence of r and s
//! (ANSI X9.62) for ECDSA; 64 bytes (RFC 8032) for Ed25519; FIPS 204 for ML-DSA.
//! <https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html>

use aws_lc_rs::digest;
use thiserror::Error;

use crate::algorithm::SigningAlgorithm;
use crate::entropy::Entropy;
use crate::material::{KeyMaterial, Material};

/// What is signed, as the caller's `MessageType` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Message<'a> {
    /// `RAW`: the message itself, which the algorithm digests.
    Raw(&'a [u8]),
    /// `DIGEST`: the message's digest in place of the message.
    Digest(&'a [u8]),
    /// `EXTERNAL_MU`: the 64-byte message representative of ML-DSA (FIPS 204, section 6.2).
    ExternalMu(&'a [u8]),
}

/// Why nothing was signed or verified. A signature that does not verify is no error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SignError {
    /// The key does not sign with this algorithm.
    #[error("the key does not sign with this algorithm")]
    Incompatible,
    /// The algorithm does not take messages of this type.
    #[error("the algorithm does not take messages of this type")]
    MessageType,
    /// The digest or message representative has another length than the algorithm's.
    #[error("a message of this type must have {expected_bytes} bytes")]
    DigestLength {
        /// The length that it must have.
        expected_bytes: usize,
    },
    /// The library refused.
    #[error("signing failed")]
    Failed,
}

/// Signs `message`.
///
/// ECDSA, RSASSA-PSS and ML-DSA draw from the library's own generator, for nonce and salt; `entropy` is for the μ of
/// ML-DSA.
///
/// # Errors
/// `SignError` if key, algorithm and message do not go together, or the library refused.
pub fn sign(
    material: &KeyMaterial,
    algorithm: SigningAlgorithm,
    message: Message<'_>,
    entropy: &dyn Entropy,
) -> Result<Vec<u8>, SignError> {
    match material.material() {
        Material::Rsa(key) => key.sign(algorithm, message),
        Material::Ecc(key) => key.sign(algorithm, message),
        Material::Ed25519(key) => key.sign(algorithm, message),
        Material::MlDsa(key) => key.sign(algorithm, message, entropy),
        Material::Symmetric(_) | Material::Hmac(_) | Material::MlKem(_) => Err(SignError::Incompatible),
    }
}

/// Whether `signature` is one of `message` under the key.
///
/// # Errors
/// `SignError` if key, algorithm and message do not go together.
pub fn verify(
    material: &KeyMaterial,
    algorithm: SigningAlgorithm,
    message: Message<'_>,
    signature: &[u8],
) -> Result<bool, SignError> {
    match material.material() {
        Material::Rsa(key) => key.public().verify(algorithm, message, signature),
        Material::Ecc(key) => key.public().verify(algorithm, message, signature),
        Material::Ed25519(key) => key.public().verify(algorithm, message, signature),
        Material::MlDsa(key) => key.verify(algorithm, message, signature),
        Material::Symmetric(_) | Material::Hmac(_) | Material::MlKem(_) => Err(SignError::Incompatible),
    }
}

/// A message as the library takes it.
pub(crate) enum Input<'a> {
    Message(&'a [u8]),
    Digest(digest::Digest),
}

impl<'a> Input<'a> {
    /// `message` for an algorithm that signs the message's digest by `algorithm`.
    pub(crate) fn new(
        message: Message<'a>,
        algorithm: &'static digest::Algorithm,
    ) -> Result<Self, SignError> {
        match message {
            Message::Raw(message) => Ok(Self::Message(message)),
            Message::Digest(bytes) => digest::Digest::import_less_safe(bytes, algorithm)
                .map(Self::Digest)
                .map_err(|_| SignError::DigestLength { expected_bytes: algorithm.output_len() }),
            Message::ExternalMu(_) => Err(SignError::MessageType),
        }
    }

    /// Whether `signature` is one of this under `key`.
    pub(crate) fn verify(&self, key: &aws_lc_rs::signature::ParsedPublicKey, signature: &[u8]) -> bool {
        match self {
            Self::Message(message) => key.verify_sig(message, signature),
            Self::Digest(digest) => key.verify_digest_sig(digest, signature),
        }
        .is_ok()
    }
}
