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
        // The library writes the public key only where it was told it, and not where it derived it.
        let (signing, public) = (self.public.curve.signing, self.pair.public_key());
        let whole =
            EcdsaKeyPair::from_private_key_and_public_key(signing, self.scalar()?.as_ref(), public.as_ref());
        whole.ok()?.to_pkcs8v1().ok().map(|document| SecretBytes::new(document.as_ref().to_vec()))
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
        if !der::names_its_curve(peer_spki) {
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
        let curve = Curve::of(spec).filter(|_| der::names_its_curve(spki))?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;

    fn key(spec: KeySpec, seed: u64) -> EccKey {
        EccKey::generate(spec, &SeededEntropy::new(seed)).unwrap().unwrap()
    }

    #[test]
    fn a_seed_gives_the_same_key_again() {
        for curve in &CURVES {
            let scalar = |seed| key(curve.spec, seed).scalar().unwrap().as_ref().to_vec();
            assert_eq!(scalar(1), scalar(1));
            assert_ne!(scalar(1), scalar(2));
            assert_eq!(scalar(1).len(), curve.scalar_bytes);
        }
    }

    #[test]
    fn a_scalar_that_is_none_of_the_curve_is_refused() {
        for curve in &CURVES {
            let scalar = |byte| vec![byte; curve.scalar_bytes];
            assert!(EccKey::from_scalar(curve.spec, &scalar(0)).is_none());
            assert!(EccKey::from_scalar(curve.spec, &scalar(0xFF)).is_none());
            assert!(EccKey::from_scalar(curve.spec, &scalar(1)[1..]).is_none());
            assert!(EccKey::from_scalar(curve.spec, &[&scalar(1)[..], &[1]].concat()).is_none());
        }
    }

    #[test]
    fn a_key_signs_messages_and_their_digests_alike() {
        for curve in &CURVES {
            let key = key(curve.spec, 1);
            let digest = digest::digest(curve.digest, b"message");
            let (raw, digested) = (Message::Raw(b"message"), Message::Digest(digest.as_ref()));
            for (message, other) in [(raw, digested), (digested, raw)] {
                let signature = key.sign(curve.algorithm, message).unwrap();
                let verify = |message, signature: &[u8]| {
                    key.public().verify(curve.algorithm, message, signature).unwrap()
                };
                assert!(verify(message, &signature) && verify(other, &signature));
                assert!(!verify(Message::Raw(b"another"), &signature));
                for bit in 0..signature.len() * 8 {
                    let mut damaged = signature.clone();
                    damaged[bit / 8] ^= 1 << (bit % 8);
                    assert!(!verify(message, &damaged));
                }
            }
            let expected_bytes = digest.as_ref().len();
            let short = Message::Digest(&digest.as_ref()[1..]);
            assert_eq!(key.sign(curve.algorithm, short), Err(SignError::DigestLength { expected_bytes }));
            let mu = Message::ExternalMu(&[0; 64]);
            assert_eq!(key.sign(curve.algorithm, mu), Err(SignError::MessageType));
            for &other in SigningAlgorithm::ALL {
                if other != curve.algorithm {
                    assert_eq!(key.sign(other, raw), Err(SignError::Incompatible));
                }
            }
        }
    }

    #[test]
    fn two_keys_agree_on_a_secret_but_only_on_one_curve_of_nist() {
        for curve in &CURVES {
            let (one, two) = (key(curve.spec, 1), key(curve.spec, 2));
            let (one_spki, two_spki) = (one.public().spki(), two.public().spki());
            if curve.agreement.is_none() {
                assert_eq!(one.agree(two_spki), Err(AgreeError::Incompatible));
                continue;
            }
            assert_eq!(one.agree(two_spki), two.agree(one_spki));
            assert_eq!(one.agree(two_spki).unwrap().len(), curve.scalar_bytes);
            for other in CURVES.iter().filter(|other| other.spec != curve.spec) {
                let peer = key(other.spec, 1);
                assert_eq!(one.agree(peer.public().spki()), Err(AgreeError::PeerKey));
            }
            let point_alone = &two_spki[two_spki.len() - 2 * curve.scalar_bytes - 1..];
            let longer = [two_spki, &[0]].concat();
            for peer in [point_alone, &longer, &two_spki[1..], b""] {
                assert_eq!(one.agree(peer), Err(AgreeError::PeerKey));
            }
        }
    }

    #[test]
    fn a_document_of_another_curve_or_not_whole_is_refused() {
        for curve in &CURVES {
            let key = key(curve.spec, 1);
            let pkcs8 = key.to_pkcs8().unwrap();
            for other in &CURVES {
                let imported = EccKey::from_pkcs8(other.spec, pkcs8.expose());
                assert_eq!(imported.is_some(), other.spec == curve.spec);
                assert_eq!(
                    EccPublicKey::from_spki(other.spec, key.public().spki()).is_some(),
                    other.spec == curve.spec
                );
            }
            assert!(EccKey::from_pkcs8(curve.spec, &[pkcs8.expose(), &[0]].concat()).is_none());
            // The public key that stands at its end has to be the private key's.
            let mut damaged = pkcs8.expose().to_vec();
            *damaged.last_mut().unwrap() ^= 1;
            assert!(EccKey::from_pkcs8(curve.spec, &damaged).is_none());
        }
    }

    #[test]
    fn a_key_does_not_show_itself() {
        assert_eq!(format!("{:?}", key(KeySpec::EccNistP256, 1)), "EccKey(ECC_NIST_P256, ***)");
    }
}
