//! ML-KEM key pairs (FIPS 203): `ML_KEM_512`, `ML_KEM_768` and `ML_KEM_1024`.
//!
//! A key pair is its seed `d ‖ z` (64 bytes), which is what is stored and written in PKCS #8 (RFC 9935). RustCrypto
//! expands the seed and writes DER, which aws-lc cannot do; aws-lc, which is several times faster, encapsulates and
//! decapsulates. What always holds: no key comes in but from a seed, so none is ever malformed; a PKCS #8 document
//! without one is refused.
//! <https://docs.aws.amazon.com/kms/latest/APIReference/API_Encapsulate.html>

use std::fmt;

use alcazar_base::SecretBytes;
use aws_lc_rs::kem::{
    Algorithm, Ciphertext, DecapsulationKey, EncapsulationKey, ML_KEM_512, ML_KEM_768, ML_KEM_1024,
};
use der::asn1::{ContextSpecific, OctetStringRef};
use der::{Reader, SliceReader, TagNumber};
use ml_kem::pkcs8::{AssociatedOid, EncodePrivateKey, EncodePublicKey};
#[allow(deprecated, reason = "aws-lc takes private keys in the expanded form alone")]
use ml_kem::{ExpandedKeyEncoding, KeyExport, MlKem512, MlKem768, MlKem1024};
use pkcs8::{ObjectIdentifier, PrivateKeyInfoRef};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::entropy::Entropy;
use crate::error::EntropyError;
use crate::spec::KeySpec;

/// The length of the seed `d ‖ z`, in bytes.
const SEED_BYTES: usize = 64;

/// A seed, wiped in the end.
type Seed = Zeroizing<[u8; SEED_BYTES]>;

/// Why nothing was encapsulated or decapsulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum KemError {
    /// The ciphertext has another length than those of the key's spec.
    #[error("the ciphertext has another length than those of the key's spec")]
    CiphertextLength,
    /// The library refused.
    #[error("encapsulation or decapsulation failed")]
    Failed,
}

/// A shared secret, and the ciphertext that the holder of the private key finds it by.
#[derive(Debug)]
pub struct Encapsulated {
    /// The 32 bytes that both sides share.
    pub shared_secret: SecretBytes,
    /// What the other side decapsulates.
    pub ciphertext: Vec<u8>,
}

/// The parameter sets of FIPS 203, section 8.
#[derive(Debug, Clone, Copy)]
enum Set {
    MlKem512,
    MlKem768,
    MlKem1024,
}

impl Set {
    fn of(spec: KeySpec) -> Option<Self> {
        match spec {
            KeySpec::MlKem512 => Some(Self::MlKem512),
            KeySpec::MlKem768 => Some(Self::MlKem768),
            KeySpec::MlKem1024 => Some(Self::MlKem1024),
            _ => None,
        }
    }

    fn algorithm(self) -> &'static Algorithm {
        match self {
            Self::MlKem512 => &ML_KEM_512,
            Self::MlKem768 => &ML_KEM_768,
            Self::MlKem1024 => &ML_KEM_1024,
        }
    }

    fn oid(self) -> ObjectIdentifier {
        match self {
            Self::MlKem512 => MlKem512::OID,
            Self::MlKem768 => MlKem768::OID,
            Self::MlKem1024 => MlKem1024::OID,
        }
    }

    fn ciphertext_bytes(self) -> usize {
        match self {
            Self::MlKem512 => 768,
            Self::MlKem768 => 1088,
            Self::MlKem1024 => 1568,
        }
    }
}

/// What `$body` makes of RustCrypto's form of the key pair, in whichever parameter set.
macro_rules! expanded {
    ($set:expr, $seed:expr, |$key:ident| $body:expr) => {
        match $set {
            Set::MlKem512 => {
                let $key = ml_kem::DecapsulationKey::<MlKem512>::from_seed((**$seed).into());
                $body
            }
            Set::MlKem768 => {
                let $key = ml_kem::DecapsulationKey::<MlKem768>::from_seed((**$seed).into());
                $body
            }
            Set::MlKem1024 => {
                let $key = ml_kem::DecapsulationKey::<MlKem1024>::from_seed((**$seed).into());
                $body
            }
        }
    };
}

/// An ML-KEM key pair.
pub struct MlKemKey {
    set: Set,
    seed: Seed,
    private: DecapsulationKey,
    public: EncapsulationKey,
    spki: Vec<u8>,
}

impl MlKemKey {
    /// A new key pair, from a seed that is drawn here; `None` if `spec` is not one of ML-KEM.
    pub(crate) fn generate(spec: KeySpec, entropy: &dyn Entropy) -> Result<Option<Self>, EntropyError> {
        let mut seed = Seed::new([0; SEED_BYTES]);
        entropy.fill(&mut *seed)?;
        Ok(Set::of(spec).and_then(|set| Self::new(set, seed)))
    }

    /// The key pair of a PKCS #8 document that has the seed, alone or with the expanded key (RFC 9935), which must
    /// then agree. `None` if it is not one of `spec`, or has no seed.
    pub(crate) fn from_pkcs8(spec: KeySpec, pkcs8: &[u8]) -> Option<Self> {
        let set = Set::of(spec)?;
        let info = PrivateKeyInfoRef::try_from(pkcs8).ok()?;
        info.algorithm
            .assert_algorithm_oid(set.oid())
            .ok()
            .filter(|_| info.algorithm.parameters.is_none())?;
        let (seed, expanded) = read_private_key(info.private_key.as_bytes()).ok()?;
        let seed = Seed::new(seed.try_into().ok()?);
        if expanded.is_some_and(|expanded| *expand(set, &seed).0 != *expanded) {
            return None;
        }
        Self::new(set, seed)
    }

    /// The key pair of a seed; `None` if it is none, or `spec` is not one of ML-KEM.
    pub(crate) fn from_seed(spec: KeySpec, seed: &[u8]) -> Option<Self> {
        Self::new(Set::of(spec)?, Seed::new(seed.try_into().ok()?))
    }

    fn new(set: Set, seed: Seed) -> Option<Self> {
        let (private, public) = expand(set, &seed);
        let spki = expanded!(set, &seed, |key| key.encapsulation_key().to_public_key_der()).ok()?.into_vec();
        Some(Self {
            set,
            seed,
            private: DecapsulationKey::new(set.algorithm(), &private).ok()?,
            public: EncapsulationKey::new(set.algorithm(), &public).ok()?,
            spki,
        })
    }

    /// The seed, to be wrapped under another key.
    pub(crate) fn seed(&self) -> &[u8; SEED_BYTES] {
        &self.seed
    }

    /// The private key as DER PKCS #8 in the seed form (RFC 9935).
    #[must_use]
    pub fn to_pkcs8(&self) -> Option<SecretBytes> {
        let pkcs8 = expanded!(self.set, &self.seed, |key| key.to_pkcs8_der()).ok()?;
        Some(SecretBytes::new(pkcs8.as_bytes().to_vec()))
    }

    /// The public key as DER SubjectPublicKeyInfo (RFC 9935).
    #[must_use]
    pub fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// A new shared secret for the holder of the private key. The library draws its randomness itself.
    ///
    /// # Errors
    /// `KemError::Failed` if the library refused.
    pub fn encapsulate(&self) -> Result<Encapsulated, KemError> {
        let (ciphertext, secret) = self.public.encapsulate().map_err(|_| KemError::Failed)?;
        Ok(Encapsulated {
            shared_secret: SecretBytes::new(secret.as_ref().to_vec()),
            ciphertext: ciphertext.as_ref().to_vec(),
        })
    }

    /// The shared secret of a ciphertext. A ciphertext of another key, or one that was changed, gives another secret
    /// and no error (implicit rejection).
    ///
    /// # Errors
    /// `KemError` if the ciphertext has another length than those of the key's spec, or the library refused.
    pub fn decapsulate(&self, ciphertext: &[u8]) -> Result<SecretBytes, KemError> {
        if ciphertext.len() != self.set.ciphertext_bytes() {
            return Err(KemError::CiphertextLength);
        }
        let secret = self.private.decapsulate(Ciphertext::from(ciphertext)).map_err(|_| KemError::Failed)?;
        Ok(SecretBytes::new(secret.as_ref().to_vec()))
    }
}

impl fmt::Debug for MlKemKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MlKemKey({:?}, ***)", self.set)
    }
}

/// The private and the public key in the form that aws-lc takes.
#[allow(deprecated, reason = "aws-lc takes private keys in the expanded form alone")]
fn expand(set: Set, seed: &Seed) -> (Zeroizing<Vec<u8>>, Vec<u8>) {
    expanded!(set, seed, |key| (
        Zeroizing::new(key.to_expanded_bytes().to_vec()),
        key.encapsulation_key().to_bytes().to_vec()
    ))
}

/// The seed, and the expanded key if it stands there too, of the private key within PKCS #8 (RFC 9935, section 6).
fn read_private_key(der: &[u8]) -> der::Result<(&[u8], Option<&[u8]>)> {
    let mut reader = SliceReader::new(der)?;
    if let Some(seed) = ContextSpecific::<&OctetStringRef>::decode_implicit(&mut reader, TagNumber(0))? {
        reader.finish()?;
        return Ok((seed.value.as_bytes(), None));
    }
    let both = reader.sequence(|reader: &mut SliceReader<'_>| {
        let seed: &OctetStringRef = reader.decode()?;
        let expanded: &OctetStringRef = reader.decode()?;
        Ok::<_, der::Error>((seed.as_bytes(), Some(expanded.as_bytes())))
    })?;
    reader.finish()?;
    Ok(both)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;

    const SPECS: [KeySpec; 3] = [KeySpec::MlKem512, KeySpec::MlKem768, KeySpec::MlKem1024];

    fn key(spec: KeySpec, seed: u64) -> MlKemKey {
        MlKemKey::generate(spec, &SeededEntropy::new(seed)).unwrap().unwrap()
    }

    #[test]
    fn both_sides_share_one_secret() {
        for spec in SPECS {
            let key = key(spec, 1);
            let Encapsulated { shared_secret, ciphertext } = key.encapsulate().unwrap();
            assert_eq!(shared_secret.len(), 32);
            assert_eq!(ciphertext.len(), key.set.ciphertext_bytes());
            assert_eq!(key.decapsulate(&ciphertext).unwrap(), shared_secret);
            assert_ne!(key.encapsulate().unwrap().shared_secret, shared_secret);
        }
    }

    #[test]
    fn a_key_is_read_back_from_its_seed_and_from_pkcs8() {
        for spec in SPECS {
            let key = key(spec, 1);
            let pkcs8 = key.to_pkcs8().unwrap();
            for again in [
                MlKemKey::from_seed(spec, key.seed()).unwrap(),
                MlKemKey::from_pkcs8(spec, pkcs8.expose()).unwrap(),
            ] {
                assert_eq!(again.spki(), key.spki());
                let Encapsulated { shared_secret, ciphertext } = key.encapsulate().unwrap();
                assert_eq!(again.decapsulate(&ciphertext).unwrap(), shared_secret);
            }
            assert!(MlKemKey::from_seed(spec, &[0; 63]).is_none());
        }
    }

    #[test]
    fn pkcs8_of_another_spec_or_with_something_after_it_is_refused() {
        let pkcs8 = key(KeySpec::MlKem512, 1).to_pkcs8().unwrap();
        let pkcs8 = pkcs8.expose();
        assert!(MlKemKey::from_pkcs8(KeySpec::MlKem768, pkcs8).is_none());
        assert!(MlKemKey::from_pkcs8(KeySpec::MlDsa44, pkcs8).is_none());
        assert!(MlKemKey::from_pkcs8(KeySpec::MlKem512, &[pkcs8, &[0]].concat()).is_none());
        for length in 0..pkcs8.len() {
            assert!(MlKemKey::from_pkcs8(KeySpec::MlKem512, &pkcs8[..length]).is_none());
        }
    }

    #[test]
    fn another_key_or_a_changed_ciphertext_gives_another_secret_and_no_error() {
        for spec in SPECS {
            let Encapsulated { shared_secret, mut ciphertext } = key(spec, 1).encapsulate().unwrap();
            assert_ne!(key(spec, 2).decapsulate(&ciphertext).unwrap(), shared_secret);
            ciphertext[0] ^= 1;
            let rejected = key(spec, 1).decapsulate(&ciphertext).unwrap();
            assert_eq!(rejected.len(), 32);
            assert_ne!(rejected, shared_secret);
            assert_eq!(key(spec, 1).decapsulate(&ciphertext).unwrap(), rejected);
        }
    }

    #[test]
    fn a_ciphertext_of_another_length_is_refused() {
        for spec in SPECS {
            let key = key(spec, 1);
            for length in [0, 1, key.set.ciphertext_bytes() - 1, key.set.ciphertext_bytes() + 1] {
                assert_eq!(key.decapsulate(&vec![0; length]).unwrap_err(), KemError::CiphertextLength);
            }
        }
    }

    #[test]
    fn a_key_does_not_show_itself() {
        assert_eq!(format!("{:?}", key(KeySpec::MlKem512, 1)), "MlKemKey(MlKem512, ***)");
    }
}
