//! Keys on the curves of NIST and on secp256k1: ECDSA (FIPS 186-5) and ECDH (SP 800-56A).
//!
//! Each curve has the one digest that AWS pairs with it. Signatures are DER; a shared secret is the x coordinate, as
//! long as the curve's field elements. Only NIST's curves agree on secrets.
//! <https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html#key-spec-ecc>

use std::fmt;
use std::sync::OnceLock;

use alcazar_base::SecretBytes;
use aws_lc_rs::agreement::{self, ParsedPublicKeyFormat};
use aws_lc_rs::digest;
use aws_lc_rs::encoding::{AsBigEndian, AsDer, EcPrivateKeyBin, PublicKeyX509Der};
use aws_lc_rs::signature::{
    self, EcdsaKeyPair, EcdsaSigningAlgorithm, EcdsaVerificationAlgorithm, KeyPair, ParsedPublicKey,
};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::algorithm::SigningAlgorithm;
use crate::der;
use crate::entropy::Entropy;
use crate::error::EntropyError;
use crate::signing::{Input, Message, SignError};
use crate::spec::KeySpec;

/// The longest private scalar, in bytes.
const SCALAR_BYTES_MAX: usize = 66;

/// How often a random scalar is drawn until it is one of the curve. The worst curve refuses one in 2^32.
const DRAWS_MAX: usize = 8;

/// Why no secret was agreed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AgreeError {
    /// The key's curve is not one for key agreement.
    #[error("the key does not agree on secrets")]
    Incompatible,
    /// The peer's key is no DER SubjectPublicKeyInfo of a point on the key's curve.
    #[error("the peer's public key is not on the key's curve")]
    PeerKey,
}

/// A key pair on one of the curves.
pub struct EccKey {
    pair: EcdsaKeyPair,
    public: EccPublicKey,
    agreeing: OnceLock<Option<agreement::PrivateKey>>,
}

impl EccKey {
    /// A new random key pair; `None` if the library failed, or `spec` is not one of these curves.
    pub(crate) fn generate(spec: KeySpec, entropy: &dyn Entropy) -> Result<Option<Self>, EntropyError> {
        let Some(curve) = Curve::of(spec) else { return Ok(None) };
        let mut buffer = Zeroizing::new([0; SCALAR_BYTES_MAX]);
        let Some(scalar) = buffer.get_mut(..curve.scalar_bytes) else { return Ok(None) };
        for _ in 0..DRAWS_MAX {
            entropy.fill(scalar)?;
            if let Some(first) = scalar.first_mut() {
                *first &= curve.first_byte_mask;
            }
            // A scalar that the library refuses is zero, or not below the curve's order (FIPS 186-5, A.2.2).
            if let Some(key) = Self::from_scalar(spec, scalar) {
                return Ok(Some(key));
            }
        }
        Ok(None)
    }

    /// The key pair of a private scalar, as long as the curve's order.
    pub(crate) fn from_scalar(spec: KeySpec, scalar: &[u8]) -> Option<Self> {
        let curve = Curve::of(spec).filter(|curve| curve.scalar_bytes == scalar.len())?;
        // ECPrivateKey of RFC 5915 without its optional fields: the library derives the public key.
        let octets = u8::try_from(scalar.len()).ok()?;
        let header = [0x30, octets.checked_add(5)?, 0x02, 0x01, 0x01, 0x04, octets];
        let mut document = Zeroizing::new(Vec::with_capacity(header.len() + scalar.len()));
        document.extend_from_slice(&header);
        document.extend_from_slice(scalar);
        Self::new(curve, EcdsaKeyPair::from_private_key_der(curve.signing, &document).ok()?)
    }

    /// The key pair of a PKCS #8 document; `None` if it is not on the curve of `spec`, or not consistent.
    pub(crate) fn from_pkcs8(spec: KeySpec, pkcs8: &[u8]) -> Option<Self> {
        let curve = Curve::of(spec).filter(|_| der::is_whole(pkcs8))?;
        Self::new(curve, EcdsaKeyPair::from_pkcs8(curve.signing, pkcs8).ok()?)
    }

    fn new(curve: &'static Curve, pair: EcdsaKeyPair) -> Option<Self> {
        let spki: PublicKeyX509Der<'_> = pair.public_key().as_der().ok()?;
        let public = EccPublicKey::from_spki(curve.spec, spki.as_ref())?;
        Some(Self { pair, public, agreeing: OnceLock::new() })
    }

    /// The private key as a PKCS #8 document of version 1, with the public key in it.
    #[must_use]
    pub fn to_pkcs8(&self) -> Option<SecretBytes> {
        self.pair.to_pkcs8v1().ok().map(|document| SecretBytes::new(document.as_ref().to_vec()))
    }

    /// The public key.
    #[must_use]
    pub fn public(&self) -> &EccPublicKey {
        &self.public
    }

    /// Signs `message`. The nonce is the library's.
    ///
    /// # Errors
    /// `SignError` if the algorithm is not the curve's or does not take such messages.
    pub fn sign(&self, algorithm: SigningAlgorithm, message: Message<'_>) -> Result<Vec<u8>, SignError> {
        match self.public.input(algorithm, message)? {
            // Digested here, since the library's way by the message asks for a generator that it then ignores.
            Input::Message(message) => {
                self.pair.sign_digest(&digest::digest(self.public.curve.digest, message))
            }
            Input::Digest(digest) => self.pair.sign_digest(&digest),
        }
        .map(|signature| signature.as_ref().to_vec())
        .map_err(|_| SignError::Failed)
    }

    /// The secret shared with the owner of `peer_spki`: the raw x coordinate.
    ///
    /// # Errors
    /// `AgreeError` if the key is not one for key agreement, or the peer's key is not on the same curve.
    pub fn agree(&self, peer_spki: &[u8]) -> Result<SecretBytes, AgreeError> {
        let algorithm = self.public.curve.agreement.ok_or(AgreeError::Incompatible)?;
        if !der::is_whole(peer_spki) {
            return Err(AgreeError::PeerKey);
        }
        let peer = agreement::UnparsedPublicKey::new(algorithm, peer_spki);
        let peer = agreement::ParsedPublicKey::try_from(peer)
            .ok()
            .filter(|peer| peer.format() == ParsedPublicKeyFormat::X509)
            .ok_or(AgreeError::PeerKey)?;
        let key = self
            .agreeing
            .get_or_init(|| agreement::PrivateKey::from_private_key(algorithm, self.scalar()?.as_ref()).ok())
            .as_ref()
            .ok_or(AgreeError::Incompatible)?;
        agreement::agree(key, peer, AgreeError::PeerKey, |secret| Ok(SecretBytes::new(secret.to_vec())))
    }

    /// The private scalar, to be wrapped under another key.
    pub(crate) fn scalar(&self) -> Option<EcPrivateKeyBin<'static>> {
        self.pair.private_key().as_be_bytes().ok()
    }
}

impl fmt::Debug for EccKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EccKey({}, ***)", self.public.spec())
    }
}

/// A public key on one of the curves.
pub struct EccPublicKey {
    curve: &'static Curve,
    key: ParsedPublicKey,
    spki: Vec<u8>,
}

impl EccPublicKey {
    /// The public key of a DER SubjectPublicKeyInfo (RFC 5480); `None` if it is not on the curve of `spec`.
    #[must_use]
    pub fn from_spki(spec: KeySpec, spki: &[u8]) -> Option<Self> {
        let curve = Curve::of(spec).filter(|_| der::is_whole(spki))?;
        let key = ParsedPublicKey::new(curve.verifying, spki).ok()?;
        Some(Self { curve, key, spki: spki.to_vec() })
    }

    /// The key's spec.
    #[must_use]
    pub fn spec(&self) -> KeySpec {
        self.curve.spec
    }

    /// The key as DER SubjectPublicKeyInfo.
    #[must_use]
    pub fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// Whether `signature` is one of `message`.
    ///
    /// # Errors
    /// `SignError` if the algorithm is not the curve's or does not take such messages.
    pub fn verify(
        &self,
        algorithm: SigningAlgorithm,
        message: Message<'_>,
        signature: &[u8],
    ) -> Result<bool, SignError> {
        Ok(self.input(algorithm, message)?.verify(&self.key, signature))
    }

    fn input<'a>(&self, algorithm: SigningAlgorithm, message: Message<'a>) -> Result<Input<'a>, SignError> {
        if algorithm != self.curve.algorithm {
            return Err(SignError::Incompatible);
        }
        Input::new(message, self.curve.digest)
    }
}

impl fmt::Debug for EccPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EccPublicKey({})", self.spec())
    }
}

/// A curve, and what AWS does with it.
struct Curve {
    spec: KeySpec,
    algorithm: SigningAlgorithm,
    digest: &'static digest::Algorithm,
    signing: &'static EcdsaSigningAlgorithm,
    verifying: &'static EcdsaVerificationAlgorithm,
    agreement: Option<&'static agreement::Algorithm>,
    scalar_bytes: usize,
    /// Clears the bits of a scalar's first byte that the order is too short for.
    first_byte_mask: u8,
}

impl Curve {
    fn of(spec: KeySpec) -> Option<&'static Self> {
        CURVES.iter().find(|curve| curve.spec == spec)
    }
}

static CURVES: [Curve; 4] = [
    Curve {
        spec: KeySpec::EccNistP256,
        algorithm: SigningAlgorithm::EcdsaSha256,
        digest: &digest::SHA256,
        signing: &signature::ECDSA_P256_SHA256_ASN1_SIGNING,
        verifying: &signature::ECDSA_P256_SHA256_ASN1,
        agreement: Some(&agreement::ECDH_P256),
        scalar_bytes: 32,
        first_byte_mask: 0xFF,
    },
    Curve {
        spec: KeySpec::EccNistP384,
        algorithm: SigningAlgorithm::EcdsaSha384,
        digest: &digest::SHA384,
        signing: &signature::ECDSA_P384_SHA384_ASN1_SIGNING,
        verifying: &signature::ECDSA_P384_SHA384_ASN1,
        agreement: Some(&agreement::ECDH_P384),
        scalar_bytes: 48,
        first_byte_mask: 0xFF,
    },
    Curve {
        spec: KeySpec::EccNistP521,
        algorithm: SigningAlgorithm::EcdsaSha512,
        digest: &digest::SHA512,
        signing: &signature::ECDSA_P521_SHA512_ASN1_SIGNING,
        verifying: &signature::ECDSA_P521_SHA512_ASN1,
        agreement: Some(&agreement::ECDH_P521),
        scalar_bytes: 66,
        first_byte_mask: 0x01,
    },
    Curve {
        spec: KeySpec::EccSecgP256k1,
        algorithm: SigningAlgorithm::EcdsaSha256,
        digest: &digest::SHA256,
        signing: &signature::ECDSA_P256K1_SHA256_ASN1_SIGNING,
        verifying: &signature::ECDSA_P256K1_SHA256_ASN1,
        agreement: None,
        scalar_bytes: 32,
        first_byte_mask: 0xFF,
    },
];
