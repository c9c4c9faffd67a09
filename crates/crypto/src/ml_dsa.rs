//! ML-DSA key pairs (FIPS 204): `ML_DSA_44`, `ML_DSA_65` and `ML_DSA_87`.
//!
//! KMS signs the message itself with an empty context (`RAW`), or the message representative μ that the caller has
//! computed from it (`EXTERNAL_MU`, 64 bytes); both give the same kind of signature.
//! <https://docs.aws.amazon.com/kms/latest/developerguide/mldsa.html>
//!
//! The work is aws-lc's, which is several times faster. It does not take μ, so that alone is RustCrypto's, with a key
//! that is expanded when it is first asked for. What always holds: RustCrypto, which does not check what it expands,
//! sees no key that aws-lc has not accepted.

use std::fmt;
use std::sync::OnceLock;

use alcazar_base::SecretBytes;
use aws_lc_rs::encoding::{AsDer, AsRawBytes, PublicKeyX509Der};
use aws_lc_rs::signature::{
    KeyPair, ML_DSA_44, ML_DSA_44_SIGNING, ML_DSA_65, ML_DSA_65_SIGNING, ML_DSA_87, ML_DSA_87_SIGNING,
    ParsedPublicKey, PqdsaKeyPair, PqdsaSigningAlgorithm, PqdsaVerificationAlgorithm,
};
use ml_dsa::signature::rand_core::{TryCryptoRng, TryRng};
use ml_dsa::{ExpandedSigningKey, MlDsa44, MlDsa65, MlDsa87, MlDsaParams, Signature, VerifyingKey};
use zeroize::Zeroizing;

use crate::algorithm::SigningAlgorithm;
use crate::der;
use crate::entropy::Entropy;
use crate::error::EntropyError;
use crate::signing::{Message, SignError};
use crate::spec::KeySpec;

/// The length of the message representative μ, in bytes.
pub const MU_BYTES: usize = 64;

/// The length of the seed that a key pair is made from, in bytes.
const SEED_BYTES: usize = 32;

/// The parameter sets of FIPS 204, section 4.
#[derive(Debug, Clone, Copy)]
enum Set {
    MlDsa44,
    MlDsa65,
    MlDsa87,
}

impl Set {
    fn of(spec: KeySpec) -> Option<Self> {
        match spec {
            KeySpec::MlDsa44 => Some(Self::MlDsa44),
            KeySpec::MlDsa65 => Some(Self::MlDsa65),
            KeySpec::MlDsa87 => Some(Self::MlDsa87),
            _ => None,
        }
    }

    fn signing(self) -> &'static PqdsaSigningAlgorithm {
        match self {
            Self::MlDsa44 => &ML_DSA_44_SIGNING,
            Self::MlDsa65 => &ML_DSA_65_SIGNING,
            Self::MlDsa87 => &ML_DSA_87_SIGNING,
        }
    }

    fn verification(self) -> &'static PqdsaVerificationAlgorithm {
        match self {
            Self::MlDsa44 => &ML_DSA_44,
            Self::MlDsa65 => &ML_DSA_65,
            Self::MlDsa87 => &ML_DSA_87,
        }
    }
}

/// An ML-DSA key pair.
pub struct MlDsaKey {
    set: Set,
    pair: PqdsaKeyPair,
    public: ParsedPublicKey,
    spki: Vec<u8>,
    mu: OnceLock<Option<Box<dyn MuKey>>>,
}

impl MlDsaKey {
    /// A new key pair, from a seed that is drawn here; `None` if `spec` is not one of ML-DSA.
    pub(crate) fn generate(spec: KeySpec, entropy: &dyn Entropy) -> Result<Option<Self>, EntropyError> {
        let mut seed = Zeroizing::new([0; SEED_BYTES]);
        entropy.fill(&mut *seed)?;
        Ok(Self::from_stored(spec, &*seed))
    }

    /// The key pair of a PKCS #8 document in any of the three forms of RFC 9881: seed, expanded, or both, which must
    /// then agree. `None` if it is not one of `spec`, or not consistent.
    pub(crate) fn from_pkcs8(spec: KeySpec, pkcs8: &[u8]) -> Option<Self> {
        if !der::is_whole(pkcs8) {
            return None;
        }
        let set = Set::of(spec)?;
        Self::new(set, PqdsaKeyPair::from_pkcs8(set.signing(), pkcs8).ok()?)
    }

    /// The key pair of what [`MlDsaKey::to_stored`] gave; `None` if it is not one of `spec`, or not consistent.
    pub(crate) fn from_stored(spec: KeySpec, stored: &[u8]) -> Option<Self> {
        let set = Set::of(spec)?;
        let pair = if stored.len() == SEED_BYTES {
            PqdsaKeyPair::from_seed(set.signing(), stored)
        } else {
            PqdsaKeyPair::from_raw_private_key(set.signing(), stored)
        };
        Self::new(set, pair.ok()?)
    }

    fn new(set: Set, pair: PqdsaKeyPair) -> Option<Self> {
        let public = ParsedPublicKey::new(set.verification(), pair.public_key().as_ref()).ok()?;
        let spki: PublicKeyX509Der<'_> = pair.public_key().as_der().ok()?;
        let spki = spki.as_ref().to_vec();
        Some(Self { set, pair, public, spki, mu: OnceLock::new() })
    }

    /// The smallest form that the key pair follows from: its seed if that is known, else the expanded private key.
    /// They are told apart by their length.
    pub(crate) fn to_stored(&self) -> Option<SecretBytes> {
        // A key whose seed is known is written in the seed form, and the seed stands last in that.
        if let Ok(document) = self.pair.to_pkcs8v1() {
            return Some(SecretBytes::new(document.as_ref().last_chunk::<SEED_BYTES>()?.to_vec()));
        }
        let expanded = self.pair.private_key().as_raw_bytes().ok()?;
        Some(SecretBytes::new(expanded.as_ref().to_vec()))
    }

    /// The private key as DER PKCS #8 in the seed form (RFC 9881); `None` if it was imported without its seed.
    #[must_use]
    pub fn to_pkcs8(&self) -> Option<SecretBytes> {
        Some(SecretBytes::new(self.pair.to_pkcs8v1().ok()?.as_ref().to_vec()))
    }

    /// The public key as DER SubjectPublicKeyInfo (RFC 9881).
    #[must_use]
    pub fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// Signs `message`: RAW messages with randomness of the library's own, μ with some of `entropy`.
    ///
    /// # Errors
    /// `SignError` if the algorithm is not that of ML-DSA or does not take such messages, or signing failed.
    pub fn sign(
        &self,
        algorithm: SigningAlgorithm,
        message: Message<'_>,
        entropy: &dyn Entropy,
    ) -> Result<Vec<u8>, SignError> {
        match Input::new(algorithm, message)? {
            Input::Message(message) => {
                let mut signature = vec![0; self.set.signing().signature_len()];
                let bytes = self.pair.sign(message, &mut signature).map_err(|_| SignError::Failed)?;
                signature.truncate(bytes);
                Ok(signature)
            }
            Input::Mu(mu) => self.mu_key()?.sign(mu, entropy),
        }
    }

    /// Whether `signature` is one of `message`.
    ///
    /// # Errors
    /// `SignError` if the algorithm is not that of ML-DSA or does not take such messages.
    pub fn verify(
        &self,
        algorithm: SigningAlgorithm,
        message: Message<'_>,
        signature: &[u8],
    ) -> Result<bool, SignError> {
        match Input::new(algorithm, message)? {
            Input::Message(message) => Ok(self.public.verify_sig(message, signature).is_ok()),
            Input::Mu(mu) => Ok(self.mu_key()?.verify(mu, signature)),
        }
    }

    fn mu_key(&self) -> Result<&dyn MuKey, SignError> {
        self.mu.get_or_init(|| self.expand()).as_deref().ok_or(SignError::Failed)
    }

    fn expand(&self) -> Option<Box<dyn MuKey>> {
        let expanded = self.pair.private_key().as_raw_bytes().ok()?;
        let expanded = expanded.as_ref();
        Some(match self.set {
            Set::MlDsa44 => Box::new(Expanded::<MlDsa44>::new(expanded)?),
            Set::MlDsa65 => Box::new(Expanded::<MlDsa65>::new(expanded)?),
            Set::MlDsa87 => Box::new(Expanded::<MlDsa87>::new(expanded)?),
        })
    }
}

impl fmt::Debug for MlDsaKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MlDsaKey({:?}, ***)", self.set)
    }
}

/// A message as ML-DSA takes it.
enum Input<'a> {
    Message(&'a [u8]),
    Mu(&'a [u8; MU_BYTES]),
}

impl<'a> Input<'a> {
    fn new(algorithm: SigningAlgorithm, message: Message<'a>) -> Result<Self, SignError> {
        if algorithm != SigningAlgorithm::MlDsaShake256 {
            return Err(SignError::Incompatible);
        }
        match message {
            Message::Raw(message) => Ok(Self::Message(message)),
            Message::ExternalMu(mu) => {
                mu.try_into().map(Self::Mu).map_err(|_| SignError::DigestLength { expected_bytes: MU_BYTES })
            }
            Message::Digest(_) => Err(SignError::MessageType),
        }
    }
}

/// What is done with a message representative, in whichever parameter set.
trait MuKey: Send + Sync {
    fn sign(&self, mu: &[u8; MU_BYTES], entropy: &dyn Entropy) -> Result<Vec<u8>, SignError>;
    fn verify(&self, mu: &[u8; MU_BYTES], signature: &[u8]) -> bool;
}

/// RustCrypto's form of a key pair.
struct Expanded<P: MlDsaParams> {
    private: ExpandedSigningKey<P>,
    public: VerifyingKey<P>,
}

impl<P: MlDsaParams> Expanded<P> {
    #[allow(
        deprecated,
        reason = "an imported key may have no seed; aws-lc has checked what is expanded here"
    )]
    fn new(expanded: &[u8]) -> Option<Self> {
        let private = ExpandedSigningKey::from_expanded(expanded.try_into().ok()?);
        Some(Self { public: private.verifying_key(), private })
    }
}

impl<P: MlDsaParams + Send + Sync> MuKey for Expanded<P>
where
    ExpandedSigningKey<P>: Send + Sync,
    VerifyingKey<P>: Send + Sync,
{
    fn sign(&self, mu: &[u8; MU_BYTES], entropy: &dyn Entropy) -> Result<Vec<u8>, SignError> {
        let signature = self
            .private
            .sign_mu_randomized(&(*mu).into(), &mut Drawn(entropy))
            .map_err(|_| SignError::Failed)?;
        Ok(signature.encode().to_vec())
    }

    fn verify(&self, mu: &[u8; MU_BYTES], signature: &[u8]) -> bool {
        Signature::<P>::try_from(signature)
            .is_ok_and(|signature| self.public.verify_mu(&(*mu).into(), &signature))
    }
}

/// The port, as the library takes randomness.
pub(crate) struct Drawn<'a>(pub(crate) &'a dyn Entropy);

impl TryRng for Drawn<'_> {
    type Error = EntropyError;

    fn try_next_u32(&mut self) -> Result<u32, EntropyError> {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes)?;
        Ok(u32::from_ne_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, EntropyError> {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes)?;
        Ok(u64::from_ne_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), EntropyError> {
        self.0.fill(bytes)
    }
}

impl TryCryptoRng for Drawn<'_> {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;

    const SPECS: [KeySpec; 3] = [KeySpec::MlDsa44, KeySpec::MlDsa65, KeySpec::MlDsa87];
    const ALGORITHM: SigningAlgorithm = SigningAlgorithm::MlDsaShake256;
    const RAW: Message<'_> = Message::Raw(b"message");
    const MU: Message<'_> = Message::ExternalMu(&[7; MU_BYTES]);

    fn key(spec: KeySpec) -> MlDsaKey {
        MlDsaKey::generate(spec, &SeededEntropy::new(1)).unwrap().unwrap()
    }

    fn sign(key: &MlDsaKey, message: Message<'_>) -> Vec<u8> {
        key.sign(ALGORITHM, message, &SeededEntropy::new(2)).unwrap()
    }

    #[test]
    fn a_key_is_read_back_from_what_is_stored_of_it() {
        for spec in SPECS {
            let key = key(spec);
            let stored = key.to_stored().unwrap();
            assert_eq!(stored.len(), SEED_BYTES);
            let again = MlDsaKey::from_stored(spec, stored.expose()).unwrap();
            assert_eq!(again.spki(), key.spki());
            assert!(again.verify(ALGORITHM, RAW, &sign(&key, RAW)).unwrap());
        }
    }

    #[test]
    fn a_key_without_a_seed_is_stored_expanded_and_signs_alike() {
        for spec in SPECS {
            let key = key(spec);
            let expanded = key.pair.private_key().as_raw_bytes().unwrap();
            let other = MlDsaKey::from_stored(spec, expanded.as_ref()).unwrap();
            assert_eq!(other.to_stored().unwrap().expose(), expanded.as_ref());
            assert!(other.to_pkcs8().is_none());
            assert_eq!(other.spki(), key.spki());
            for message in [RAW, MU] {
                assert!(key.verify(ALGORITHM, message, &sign(&other, message)).unwrap());
            }
        }
    }

    #[test]
    fn an_expanded_key_that_is_not_consistent_is_refused() {
        for spec in SPECS {
            let expanded = key(spec).pair.private_key().as_raw_bytes().unwrap().as_ref().to_vec();
            // rho, tr, s1 and the end of t0. The 32 bytes of K after rho are random and follow from nothing.
            for index in [0, 31, 64, 127, 128, 200, expanded.len() - 1] {
                let mut damaged = expanded.clone();
                damaged[index] ^= 1;
                assert!(MlDsaKey::from_stored(spec, &damaged).is_none(), "{spec} {index}");
            }
            assert!(MlDsaKey::from_stored(spec, &expanded[1..]).is_none());
            assert!(MlDsaKey::from_stored(spec, &vec![0xff; expanded.len()]).is_none());
        }
    }

    #[test]
    fn a_key_of_another_spec_or_with_something_after_it_is_refused() {
        let pkcs8 = key(KeySpec::MlDsa44).to_pkcs8().unwrap();
        let pkcs8 = pkcs8.expose();
        assert_eq!(
            MlDsaKey::from_pkcs8(KeySpec::MlDsa44, pkcs8).unwrap().spki(),
            key(KeySpec::MlDsa44).spki()
        );
        assert!(MlDsaKey::from_pkcs8(KeySpec::MlDsa65, pkcs8).is_none());
        assert!(MlDsaKey::from_pkcs8(KeySpec::Rsa2048, pkcs8).is_none());
        assert!(MlDsaKey::from_pkcs8(KeySpec::MlDsa44, &[pkcs8, &[0]].concat()).is_none());
        assert!(MlDsaKey::from_pkcs8(KeySpec::MlDsa44, b"").is_none());
    }

    #[test]
    fn a_signature_changed_anywhere_or_of_another_message_does_not_verify() {
        for spec in SPECS {
            let key = key(spec);
            for (message, other) in [(RAW, Message::Raw(b"another")), (MU, Message::ExternalMu(&[8; 64]))] {
                let signature = sign(&key, message);
                let verifies = |message, signature: &[u8]| key.verify(ALGORITHM, message, signature).unwrap();
                assert!(verifies(message, &signature));
                assert!(!verifies(other, &signature));
                assert!(!verifies(message, &signature[1..]));
                assert!(!verifies(message, b""));
                for index in [0, signature.len() / 2, signature.len() - 1] {
                    let mut damaged = signature.clone();
                    damaged[index] ^= 1;
                    assert!(!verifies(message, &damaged));
                }
            }
        }
    }

    #[test]
    fn digests_other_lengths_of_mu_and_other_algorithms_are_refused() {
        let key = key(KeySpec::MlDsa44);
        let refused = |algorithm, message| key.sign(algorithm, message, &SeededEntropy::new(2)).unwrap_err();
        assert_eq!(refused(ALGORITHM, Message::Digest(&[0; 64])), SignError::MessageType);
        assert_eq!(
            refused(ALGORITHM, Message::ExternalMu(&[0; 63])),
            SignError::DigestLength { expected_bytes: 64 }
        );
        assert_eq!(refused(SigningAlgorithm::EcdsaSha256, RAW), SignError::Incompatible);
        assert_eq!(key.verify(ALGORITHM, Message::Digest(b""), b""), Err(SignError::MessageType));
    }

    #[test]
    fn a_key_does_not_show_itself() {
        assert_eq!(format!("{:?}", key(KeySpec::MlDsa44)), "MlDsaKey(MlDsa44, ***)");
    }
}
