//! Ed25519 (RFC 8032, FIPS 186-5): keys that sign the message itself, or Ed25519ph what was digested before.
//!
//! `ED25519_SHA_512` takes messages as they are. `ED25519_PH_SHA_512` takes digests of 64 bytes, and digests them once
//! more: AWS treats what it is given as the message of RFC 8032, section 5.1.7, so that its input is hashed twice,
//! "once by you and once by KMS" (<https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html>).
//!
//! The seed lies in locked memory; the libraries' keys are made from it, and wiped by them.

use std::fmt;
use std::sync::OnceLock;

use alcazar_base::SecretBytes;
use alcazar_sys::LockedKey;
use aws_lc_rs::encoding::{AsBigEndian, AsDer, Curve25519SeedBin, PublicKeyX509Der};
use aws_lc_rs::signature::{self, Ed25519KeyPair, KeyPair, ParsedPublicKey};
use ed25519_dalek::{Digest, Sha512, SigningKey, VerifyingKey};

use crate::algorithm::SigningAlgorithm;
use crate::der;
use crate::entropy::Entropy;
use crate::error::EntropyError;
use crate::signing::{Message, SignError};

/// The length of the digests that Ed25519ph takes, in bytes.
const DIGEST_BYTES: usize = 64;

/// An Ed25519 key pair.
pub struct Ed25519Key {
    seed: LockedKey,
    pair: Ed25519KeyPair,
    public: Ed25519PublicKey,
    prehashing: OnceLock<SigningKey>,
}

impl Ed25519Key {
    /// A new random key pair.
    pub(crate) fn generate(entropy: &dyn Entropy) -> Result<Option<Self>, EntropyError> {
        let mut seed = LockedKey::zeroed();
        entropy.fill(seed.expose_mut())?;
        Ok(Self::from_seed(seed))
    }

    /// The key pair of a seed.
    pub(crate) fn from_seed(seed: LockedKey) -> Option<Self> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed.expose()).ok()?;
        let spki: PublicKeyX509Der<'_> = pair.public_key().as_der().ok()?;
        let public = Ed25519PublicKey::from_spki(spki.as_ref())?;
        Some(Self { seed, pair, public, prehashing: OnceLock::new() })
    }

    /// The key pair of a PKCS #8 document (RFC 8410) of either version.
    pub(crate) fn from_pkcs8(pkcs8: &[u8]) -> Option<Self> {
        if !der::is_whole(pkcs8) {
            return None;
        }
        let seed = Ed25519KeyPair::from_pkcs8(pkcs8).ok()?.seed().ok()?;
        let seed: Curve25519SeedBin<'_> = seed.as_be_bytes().ok()?;
        Self::from_seed(LockedKey::copy_of_slice(seed.as_ref())?)
    }

    /// The private key as a PKCS #8 document of version 1.
    #[must_use]
    pub fn to_pkcs8(&self) -> Option<SecretBytes> {
        self.pair.to_pkcs8v1().ok().map(|document| SecretBytes::new(document.as_ref().to_vec()))
    }

    /// The public key.
    #[must_use]
    pub fn public(&self) -> &Ed25519PublicKey {
        &self.public
    }

    /// Signs `message`.
    ///
    /// # Errors
    /// `SignError` if the algorithm is not one of Ed25519 or does not take such messages.
    pub fn sign(&self, algorithm: SigningAlgorithm, message: Message<'_>) -> Result<Vec<u8>, SignError> {
        match input(algorithm, message)? {
            Input::Message(message) => self
                .pair
                .try_sign(message)
                .map(|signature| signature.as_ref().to_vec())
                .map_err(|_| SignError::Failed),
            Input::Digest(digest) => {
                self.sign_prehashed(Sha512::new_with_prefix(digest)).ok_or(SignError::Failed)
            }
        }
    }

    fn sign_prehashed(&self, digest: Sha512) -> Option<Vec<u8>> {
        let key = self.prehashing.get_or_init(|| SigningKey::from_bytes(self.seed.expose()));
        key.sign_prehashed(digest, None).ok().map(|signature| signature.to_bytes().to_vec())
    }

    /// The seed, to be wrapped under another key.
    pub(crate) fn seed(&self) -> &LockedKey {
        &self.seed
    }
}

impl fmt::Debug for Ed25519Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ed25519Key(***)")
    }
}

/// An Ed25519 public key.
#[derive(Debug)]
pub struct Ed25519PublicKey {
    key: ParsedPublicKey,
    prehashing: VerifyingKey,
    spki: Vec<u8>,
}

impl Ed25519PublicKey {
    /// The public key of a DER SubjectPublicKeyInfo (RFC 8410).
    #[must_use]
    pub fn from_spki(spki: &[u8]) -> Option<Self> {
        let key = ParsedPublicKey::new(&signature::ED25519, spki).ok().filter(|_| der::is_whole(spki))?;
        // The point is what the document ends in.
        let prehashing = VerifyingKey::from_bytes(spki.last_chunk()?).ok()?;
        Some(Self { key, prehashing, spki: spki.to_vec() })
    }

    /// The key as DER SubjectPublicKeyInfo.
    #[must_use]
    pub fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// Whether `signature` is one of `message`.
    ///
    /// # Errors
    /// `SignError` if the algorithm is not one of Ed25519 or does not take such messages.
    pub fn verify(
        &self,
        algorithm: SigningAlgorithm,
        message: Message<'_>,
        signature: &[u8],
    ) -> Result<bool, SignError> {
        let verified = match input(algorithm, message)? {
            Input::Message(message) => self.key.verify_sig(message, signature).is_ok(),
            Input::Digest(digest) => ed25519_dalek::Signature::from_slice(signature)
                .and_then(|signature| {
                    let digest = Sha512::new_with_prefix(digest);
                    self.prehashing.verify_prehashed_strict(digest, None, &signature)
                })
                .is_ok(),
        };
        Ok(verified)
    }
}

/// What goes into the one or the other way of signing.
enum Input<'a> {
    Message(&'a [u8]),
    Digest(&'a [u8]),
}

fn input(algorithm: SigningAlgorithm, message: Message<'_>) -> Result<Input<'_>, SignError> {
    match (algorithm, message) {
        (SigningAlgorithm::Ed25519Sha512, Message::Raw(message)) => Ok(Input::Message(message)),
        (SigningAlgorithm::Ed25519PhSha512, Message::Digest(digest)) if digest.len() == DIGEST_BYTES => {
            Ok(Input::Digest(digest))
        }
        (SigningAlgorithm::Ed25519PhSha512, Message::Digest(_)) => {
            Err(SignError::DigestLength { expected_bytes: DIGEST_BYTES })
        }
        (SigningAlgorithm::Ed25519Sha512 | SigningAlgorithm::Ed25519PhSha512, _) => {
            Err(SignError::MessageType)
        }
        _ => Err(SignError::Incompatible),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;

    fn key() -> Ed25519Key {
        Ed25519Key::generate(&SeededEntropy::new(1)).unwrap().unwrap()
    }

    /// RFC 8032, section 7.3. Its message is no digest of 64 bytes, so it comes in below [`Ed25519Key::sign`].
    #[test]
    fn the_prehashed_signature_of_the_rfc_comes_out() {
        let seed = "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42";
        let seed = LockedKey::copy_of_slice(&hex::decode(seed).unwrap()).unwrap();
        let signature = Ed25519Key::from_seed(seed).unwrap().sign_prehashed(Sha512::new_with_prefix(b"abc"));
        assert_eq!(
            hex::encode(signature.unwrap()),
            "98a70222f0b8121aa9d30f813d683f809e462b469c7ff87639499bb94e6dae41\
             31f85042463c2a355a2003d062adf5aaa10b8c61e636062aaad11c2a26083406"
        );
    }

    #[test]
    fn each_algorithm_takes_its_own_message_type_alone() {
        use SigningAlgorithm::{EcdsaSha256, Ed25519PhSha512, Ed25519Sha512};
        let (key, digest) = (key(), [7; 64]);
        let refused = [
            (Ed25519Sha512, Message::Digest(&digest), SignError::MessageType),
            (Ed25519Sha512, Message::ExternalMu(&digest), SignError::MessageType),
            (Ed25519PhSha512, Message::Raw(&digest), SignError::MessageType),
            (Ed25519PhSha512, Message::Digest(&digest[1..]), SignError::DigestLength { expected_bytes: 64 }),
            (EcdsaSha256, Message::Raw(&digest), SignError::Incompatible),
        ];
        for (algorithm, message, error) in refused {
            assert_eq!(key.sign(algorithm, message), Err(error));
            assert_eq!(key.public().verify(algorithm, message, &[0; 64]), Err(error));
        }
    }

    #[test]
    fn a_signature_changed_or_made_the_other_way_does_not_verify() {
        let (key, digest) = (key(), [7; 64]);
        let ways = [
            (SigningAlgorithm::Ed25519Sha512, Message::Raw(&digest)),
            (SigningAlgorithm::Ed25519PhSha512, Message::Digest(&digest)),
        ];
        for (index, (algorithm, message)) in ways.into_iter().enumerate() {
            let signature = key.sign(algorithm, message).unwrap();
            let verify = |signature: &[u8]| key.public().verify(algorithm, message, signature).unwrap();
            assert!(verify(&signature));
            assert!(!verify(&signature[1..]) && !verify(b""));
            for bit in 0..signature.len() * 8 {
                let mut damaged = signature.clone();
                damaged[bit / 8] ^= 1 << (bit % 8);
                assert!(!verify(&damaged));
            }
            let (other, other_message) = ways[1 - index];
            assert!(!key.public().verify(other, other_message, &signature).unwrap());
        }
    }

    #[test]
    fn a_document_that_is_not_whole_or_of_another_kind_is_refused() {
        let pkcs8 = key().to_pkcs8().unwrap();
        let again = Ed25519Key::from_pkcs8(pkcs8.expose()).unwrap();
        assert_eq!(again.public().spki(), key().public().spki());
        assert!(Ed25519Key::from_pkcs8(&[pkcs8.expose(), &[0]].concat()).is_none());
        assert!(Ed25519Key::from_pkcs8(&pkcs8.expose()[1..]).is_none());
        assert!(Ed25519Key::from_pkcs8(key().public().spki()).is_none());
        assert!(Ed25519PublicKey::from_spki(&key().public().spki()[12..]).is_none());
    }

    #[test]
    fn a_key_does_not_show_itself() {
        assert_eq!(format!("{:?}", key()), "Ed25519Key(***)");
    }
}
