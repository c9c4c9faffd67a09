//! Import of key material: the wrapping key that GetParametersForImport gives out, the import token that carries its
//! private half, the unwrapping, and the id of what was imported.
//!
//! <https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys-get-public-key-and-token.html>
//! <https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys-encrypt-key-material.html>
//!
//! An import token is sealed and holds all that ImportKeyMaterial needs, so nothing is stored between the two calls.
//! What always holds: unwrapping says no more than that it failed, and the id of imported material tells nothing of it
//! to whoever has not the keyring.

use std::fmt;

use alcazar_base::{SecretBytes, Timestamp};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::key_wrap::{AES_256, AesKek, KeyWrapPadded};
use aws_lc_rs::rsa::{
    KeySize, OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepAlgorithm, OaepPrivateDecryptingKey,
    PrivateDecryptingKey,
};
use minicbor::{Decode, Encode};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::backing_key::BackingKeyId;
use crate::ciphertext::KeyId;
use crate::entropy::Entropy;
use crate::error::{OpenError, SealError};
use crate::keyring::{Domain, Keyring};
use crate::names::named_enum;
use crate::spec::{Family, KeySpec};

/// The longest import token, in bytes: what KMS takes for one (`CiphertextType`).
pub const IMPORT_TOKEN_BYTES_MAX: usize = 6144;

const TOKEN_FORMAT: u8 = 1;
const TOKEN_NAME: &[u8] = b"kms/import-token";
const MATERIAL_TABLE: &[u8] = b"kms/imported-material";
const WRAPPED_AES_KEY_BYTES: usize = 32;

named_enum! {
    /// The length of an RSA wrapping key.
    pub enum WrappingKeySpec {
        /// A modulus of 2,048 bits:
        0 Rsa2048 = "RSA_2048",
        /// A modulus of 3,072 bits:
        1 Rsa3072 = "RSA_3072",
        /// A modulus of 4,096 bits:
        2 Rsa4096 = "RSA_4096",
    }
}

named_enum! {
    /// How key material is wrapped under the wrapping key. `RSAES_PKCS1_V1_5` stands in the API as well, but KMS has
    /// not taken it since October 2023.
    pub enum WrappingAlgorithm {
        /// RSAES-OAEP with SHA-1, and MGF1 with it:
        0 RsaesOaepSha1 = "RSAES_OAEP_SHA_1",
        /// RSAES-OAEP with SHA-256, and MGF1 with it:
        1 RsaesOaepSha256 = "RSAES_OAEP_SHA_256",
        /// An AES-256 key by RSAES-OAEP with SHA-1, and the material under that by AES-KWP:
        2 RsaAesKeyWrapSha1 = "RSA_AES_KEY_WRAP_SHA_1",
        /// An AES-256 key by RSAES-OAEP with SHA-256, and the material under that by AES-KWP:
        3 RsaAesKeyWrapSha256 = "RSA_AES_KEY_WRAP_SHA_256",
    }
}

impl WrappingAlgorithm {
    /// Whether key material of this spec comes wrapped like this. Symmetric and HMAC keys are encrypted directly; RSA
    /// keys are too long for that, and so are those of P-521 for the shortest wrapping key.
    #[must_use]
    pub fn wraps(self, material: KeySpec, under: WrappingKeySpec) -> bool {
        match material.family() {
            Family::Symmetric | Family::Hmac => self.is_direct(),
            Family::Rsa => !self.is_direct(),
            Family::Ecc | Family::Ed25519 | Family::MlDsa => {
                let too_long = material == KeySpec::EccNistP521 && under == WrappingKeySpec::Rsa2048;
                !(self.is_direct() && too_long)
            }
            Family::MlKem => false,
        }
    }

    /// Whether the material is encrypted under the wrapping key itself.
    fn is_direct(self) -> bool {
        matches!(self, Self::RsaesOaepSha1 | Self::RsaesOaepSha256)
    }

    fn oaep(self) -> &'static OaepAlgorithm {
        match self {
            Self::RsaesOaepSha1 | Self::RsaAesKeyWrapSha1 => &OAEP_SHA1_MGF1SHA1,
            Self::RsaesOaepSha256 | Self::RsaAesKeyWrapSha256 => &OAEP_SHA256_MGF1SHA256,
        }
    }
}

/// The library made no wrapping key, or gave one in no form that can be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("no wrapping key could be made")]
pub struct WrappingKeyError;

/// The encrypted key material is not wrapped under this key by this algorithm. It is never said which part failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the key material could not be unwrapped")]
pub struct UnwrapError;

/// The private half of a wrapping key.
pub struct WrappingKey(PrivateDecryptingKey);

impl WrappingKey {
    /// A new wrapping key. The library draws it from its own generator: RSA keys follow from no seed.
    ///
    /// # Errors
    /// `WrappingKeyError` if the library made none.
    pub fn generate(spec: WrappingKeySpec) -> Result<Self, WrappingKeyError> {
        let size = match spec {
            WrappingKeySpec::Rsa2048 => KeySize::Rsa2048,
            WrappingKeySpec::Rsa3072 => KeySize::Rsa3072,
            WrappingKeySpec::Rsa4096 => KeySize::Rsa4096,
        };
        PrivateDecryptingKey::generate(size).map(Self).map_err(|_| WrappingKeyError)
    }

    /// The wrapping key of what [`WrappingKey::to_pkcs8_der`] gave.
    ///
    /// # Errors
    /// `WrappingKeyError` if it is not that.
    pub fn from_pkcs8_der(pkcs8: &[u8]) -> Result<Self, WrappingKeyError> {
        PrivateDecryptingKey::from_pkcs8(pkcs8).map(Self).map_err(|_| WrappingKeyError)
    }

    /// The wrapping key as PKCS #8 in DER.
    ///
    /// # Errors
    /// `WrappingKeyError` if the library refused.
    pub fn to_pkcs8_der(&self) -> Result<SecretBytes, WrappingKeyError> {
        let der: Pkcs8V1Der<'_> = self.0.as_der().map_err(|_| WrappingKeyError)?;
        Ok(SecretBytes::new(der.as_ref().to_vec()))
    }

    /// The public key as SubjectPublicKeyInfo in DER, as GetParametersForImport answers with it.
    ///
    /// # Errors
    /// `WrappingKeyError` if the library refused.
    pub fn public_key_der(&self) -> Result<Vec<u8>, WrappingKeyError> {
        let der: PublicKeyX509Der<'_> = self.0.public_key().as_der().map_err(|_| WrappingKeyError)?;
        Ok(der.as_ref().to_vec())
    }

    /// Whether what this algorithm encrypts under this key can have this length.
    #[must_use]
    pub fn makes_length(&self, algorithm: WrappingAlgorithm, length: usize) -> bool {
        let modulus = self.0.key_size_bytes();
        if algorithm.is_direct() { length == modulus } else { length > modulus }
    }

    /// The key material that was encrypted under this key.
    ///
    /// By an `RSA_AES_KEY_WRAP` algorithm it is the AES-256 key, encrypted to the length of the modulus, and then the
    /// material wrapped under that with padding (RFC 5649).
    ///
    /// # Errors
    /// `UnwrapError`, whatever the reason.
    pub fn unwrap(&self, algorithm: WrappingAlgorithm, encrypted: &[u8]) -> Result<SecretBytes, UnwrapError> {
        match algorithm {
            WrappingAlgorithm::RsaesOaepSha1 | WrappingAlgorithm::RsaesOaepSha256 => {
                self.decrypt(algorithm.oaep(), encrypted)
            }
            WrappingAlgorithm::RsaAesKeyWrapSha1 | WrappingAlgorithm::RsaAesKeyWrapSha256 => {
                let (aes_key, material) =
                    encrypted.split_at_checked(self.0.key_size_bytes()).ok_or(UnwrapError)?;
                let aes_key = self.decrypt(algorithm.oaep(), aes_key)?;
                if aes_key.len() != WRAPPED_AES_KEY_BYTES {
                    return Err(UnwrapError);
                }
                let kek = AesKek::new(&AES_256, aes_key.expose()).map_err(|_| UnwrapError)?;
                let mut output = Zeroizing::new(vec![0; material.len()]);
                let material = kek.unwrap_with_padding(material, &mut output).map_err(|_| UnwrapError)?;
                Ok(SecretBytes::new(material.to_vec()))
            }
        }
    }

    fn decrypt(
        &self,
        algorithm: &'static OaepAlgorithm,
        ciphertext: &[u8],
    ) -> Result<SecretBytes, UnwrapError> {
        let key = OaepPrivateDecryptingKey::new(self.0.clone()).map_err(|_| UnwrapError)?;
        let mut output = Zeroizing::new(vec![0; key.min_output_size()]);
        let plaintext = key.decrypt(algorithm, ciphertext, &mut output, None).map_err(|_| UnwrapError)?;
        Ok(SecretBytes::new(plaintext.to_vec()))
    }
}

impl fmt::Debug for WrappingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WrappingKey(***)")
    }
}

/// An import token that could not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TokenError {
    /// The wrapping key could not be written down.
    #[error(transparent)]
    WrappingKey(#[from] WrappingKeyError),
    /// The token could not be sealed.
    #[error(transparent)]
    Seal(#[from] SealError),
}

/// What an import token says: which KMS key it is for, how its material comes wrapped, and until when.
#[derive(Debug)]
pub struct ImportToken {
    /// The KMS key that the token was made for, in a form of the caller's: key, region and account.
    pub subject: Vec<u8>,
    /// How the material is wrapped.
    pub algorithm: WrappingAlgorithm,
    /// When the token expires. Whoever opens a token has to look at that.
    pub valid_to: Timestamp,
    /// The key that unwraps the material.
    pub wrapping_key: WrappingKey,
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct TokenContent {
    #[n(0)]
    format: u8,
    #[cbor(n(1), with = "minicbor::bytes")]
    subject: Vec<u8>,
    #[n(2)]
    algorithm: WrappingAlgorithm,
    #[n(3)]
    valid_to: Timestamp,
    #[n(4)]
    wrapping_key: SecretBytes,
}

impl ImportToken {
    /// The token as ImportKeyMaterial takes it back: sealed under the keyring's Token domain.
    ///
    /// # Errors
    /// `TokenError` if the library or the source of randomness refused.
    pub fn seal(&self, keyring: &Keyring, entropy: &dyn Entropy) -> Result<Vec<u8>, TokenError> {
        let content = TokenContent {
            format: TOKEN_FORMAT,
            subject: self.subject.clone(),
            algorithm: self.algorithm,
            valid_to: self.valid_to,
            wrapping_key: self.wrapping_key.to_pkcs8_der()?,
        };
        let mut plaintext = Zeroizing::new(Vec::with_capacity(IMPORT_TOKEN_BYTES_MAX));
        minicbor::encode(&content, &mut *plaintext).map_err(|_| SealError::Refused)?;
        Ok(keyring.seal(Domain::Token, entropy, TOKEN_NAME, &plaintext)?)
    }

    /// Opens what [`ImportToken::seal`] made.
    ///
    /// # Errors
    /// `OpenError` if it is not that, or was changed since.
    pub fn open(keyring: &Keyring, sealed: &[u8]) -> Result<Self, OpenError> {
        let plaintext = keyring.open(Domain::Token, TOKEN_NAME, sealed)?;
        let content: TokenContent = minicbor::decode(plaintext.expose()).map_err(|_| OpenError::Malformed)?;
        if content.format != TOKEN_FORMAT {
            return Err(OpenError::UnknownFormat(content.format));
        }
        let wrapping_key =
            WrappingKey::from_pkcs8_der(content.wrapping_key.expose()).map_err(|_| OpenError::Malformed)?;
        Ok(Self {
            subject: content.subject,
            algorithm: content.algorithm,
            valid_to: content.valid_to,
            wrapping_key,
        })
    }
}

/// The id of imported key material: the same for the same material in the same KMS key, and in that key's replicas,
/// which share its id; another for any other material or key.
///
/// `material` is the public key of a key pair, since one private key has several encodings, and else the secret itself.
/// The id is a keyed hash, so that no guess of the material can be confirmed without the keyring.
#[must_use]
pub fn imported_material_id(keyring: &Keyring, key_id: KeyId, material: &[u8]) -> BackingKeyId {
    let text = Zeroizing::new([&[key_id.flags()], &key_id.bytes[..], material].concat());
    BackingKeyId(keyring.blind(MATERIAL_TABLE, &text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aead::tests::for_every_damage;
    use crate::entropy::SeededEntropy;
    use aws_lc_rs::rsa::{OaepPublicEncryptingKey, PublicEncryptingKey};

    fn keyring() -> Keyring {
        Keyring::generate(&SeededEntropy::new(1)).unwrap()
    }

    fn encrypt(key: &WrappingKey, algorithm: WrappingAlgorithm, plaintext: &[u8]) -> Vec<u8> {
        let public = PublicEncryptingKey::from_der(&key.public_key_der().unwrap()).unwrap();
        let public = OaepPublicEncryptingKey::new(public).unwrap();
        let mut output = vec![0; public.ciphertext_size()];
        public.encrypt(algorithm.oaep(), plaintext, &mut output, None).unwrap().to_vec()
    }

    fn key_wrap(aes_key: &[u8], plaintext: &[u8]) -> Vec<u8> {
        let mut output = vec![0; plaintext.len() + 15];
        AesKek::new(&AES_256, aes_key).unwrap().wrap_with_padding(plaintext, &mut output).unwrap().to_vec()
    }

    fn token(wrapping_key: WrappingKey) -> ImportToken {
        ImportToken {
            subject: b"the KMS key, its region and account".to_vec(),
            algorithm: WrappingAlgorithm::RsaesOaepSha256,
            valid_to: Timestamp::from_millis(1_234_567),
            wrapping_key,
        }
    }

    #[test]
    fn material_is_unwrapped_by_the_algorithm_it_was_wrapped_by_alone() {
        let key = WrappingKey::generate(WrappingKeySpec::Rsa2048).unwrap();
        for &algorithm in WrappingAlgorithm::ALL {
            let encrypted = match algorithm {
                WrappingAlgorithm::RsaesOaepSha1 | WrappingAlgorithm::RsaesOaepSha256 => {
                    encrypt(&key, algorithm, b"material")
                }
                _ => [encrypt(&key, algorithm, &[5; 32]), key_wrap(&[5; 32], b"material")].concat(),
            };
            for &other in WrappingAlgorithm::ALL {
                let unwrapped = key.unwrap(other, &encrypted);
                if other == algorithm {
                    assert_eq!(unwrapped.unwrap().expose(), b"material");
                } else {
                    assert_eq!(unwrapped, Err(UnwrapError), "{algorithm} {other}");
                }
            }
        }
    }

    #[test]
    fn wrapped_material_that_was_changed_or_cut_is_refused() {
        let key = WrappingKey::generate(WrappingKeySpec::Rsa2048).unwrap();
        let algorithm = WrappingAlgorithm::RsaAesKeyWrapSha256;
        let encrypted = [encrypt(&key, algorithm, &[5; 32]), key_wrap(&[5; 32], &[9; 40])].concat();
        assert_eq!(key.unwrap(algorithm, &encrypted).unwrap().expose(), [9; 40]);
        for index in [0, 100, 255, 256, 270, encrypted.len() - 1] {
            let mut damaged = encrypted.clone();
            damaged[index] ^= 1;
            assert_eq!(key.unwrap(algorithm, &damaged), Err(UnwrapError), "{index}");
        }
        for length in [0, 1, 255, 256, 257, 264, encrypted.len() - 8, encrypted.len() - 1] {
            assert_eq!(key.unwrap(algorithm, &encrypted[..length]), Err(UnwrapError), "{length}");
        }
        assert_eq!(key.unwrap(WrappingAlgorithm::RsaesOaepSha256, &[0; 257]), Err(UnwrapError));
    }

    #[test]
    fn an_aes_key_of_another_length_than_256_bits_is_refused() {
        let key = WrappingKey::generate(WrappingKeySpec::Rsa2048).unwrap();
        let algorithm = WrappingAlgorithm::RsaAesKeyWrapSha256;
        let mut output = vec![0; 31];
        let wrapped = AesKek::new(&aws_lc_rs::key_wrap::AES_128, &[5; 16])
            .unwrap()
            .wrap_with_padding(&[9; 16], &mut output)
            .unwrap();
        let encrypted = [&encrypt(&key, algorithm, &[5; 16])[..], wrapped].concat();
        assert_eq!(key.unwrap(algorithm, &encrypted), Err(UnwrapError));
    }

    #[test]
    fn each_kind_of_material_has_its_wrapping_algorithms() {
        use WrappingAlgorithm::{RsaAesKeyWrapSha1, RsaAesKeyWrapSha256, RsaesOaepSha1, RsaesOaepSha256};
        let direct = [RsaesOaepSha1, RsaesOaepSha256];
        let by_aes = [RsaAesKeyWrapSha1, RsaAesKeyWrapSha256];
        for &spec in KeySpec::ALL {
            for &under in WrappingKeySpec::ALL {
                let takes = |algorithms: [WrappingAlgorithm; 2]| {
                    let [first, second] = algorithms.map(|algorithm| algorithm.wraps(spec, under));
                    assert_eq!(first, second, "{spec} {under}");
                    first
                };
                let expected = match spec.as_str() {
                    "ECC_NIST_P521" => (under != WrappingKeySpec::Rsa2048, true),
                    name if name.starts_with("RSA") => (false, true),
                    name if name.starts_with("ECC") || name.starts_with("ML_DSA") => (true, true),
                    name if name.starts_with("ML_KEM") => (false, false),
                    _ => (true, false),
                };
                assert_eq!((takes(direct), takes(by_aes)), expected, "{spec} {under}");
            }
        }
    }

    #[test]
    fn the_longest_token_is_as_short_as_kms_wants_it() {
        let key = WrappingKey::generate(WrappingKeySpec::Rsa4096).unwrap();
        let token = ImportToken { subject: vec![0; 1024], ..token(key) };
        let sealed = token.seal(&keyring(), &SeededEntropy::new(2)).unwrap();
        assert!(sealed.len() <= IMPORT_TOKEN_BYTES_MAX, "{}", sealed.len());
    }

    #[test]
    fn a_token_is_opened_as_it_was_sealed() {
        let token = token(WrappingKey::generate(WrappingKeySpec::Rsa2048).unwrap());
        let sealed = token.seal(&keyring(), &SeededEntropy::new(2)).unwrap();
        let opened = ImportToken::open(&keyring(), &sealed).unwrap();
        assert_eq!(opened.subject, token.subject);
        assert_eq!(opened.algorithm, token.algorithm);
        assert_eq!(opened.valid_to, token.valid_to);
        let encrypted = encrypt(&token.wrapping_key, token.algorithm, b"material");
        assert_eq!(opened.wrapping_key.unwrap(opened.algorithm, &encrypted).unwrap().expose(), b"material");
    }

    #[test]
    fn a_token_that_was_changed_or_is_another_servers_is_refused() {
        let token = token(WrappingKey::generate(WrappingKeySpec::Rsa2048).unwrap());
        let sealed = token.seal(&keyring(), &SeededEntropy::new(2)).unwrap();
        let (start, rest) = sealed.split_at(80);
        for_every_damage(start, |damaged| {
            assert!(ImportToken::open(&keyring(), &[damaged, rest].concat()).is_err());
        });
        let other = Keyring::generate(&SeededEntropy::new(3)).unwrap();
        assert_eq!(ImportToken::open(&other, &sealed).unwrap_err(), OpenError::Unauthentic);
        let session = keyring().seal(Domain::Token, &SeededEntropy::new(4), b"session", b"{}").unwrap();
        assert_eq!(ImportToken::open(&keyring(), &session).unwrap_err(), OpenError::Unauthentic);
    }

    #[test]
    fn the_id_of_material_follows_from_key_and_material_and_keyring() {
        let id = |keyring: &Keyring, bytes, multi_region, material: &[u8]| {
            imported_material_id(keyring, KeyId { bytes, multi_region }, material)
        };
        let first = id(&keyring(), [1; 16], true, b"material");
        assert_eq!(id(&keyring(), [1; 16], true, b"material"), first);
        assert_ne!(id(&keyring(), [1; 16], true, b"materiam"), first);
        assert_ne!(id(&keyring(), [2; 16], true, b"material"), first);
        assert_ne!(id(&keyring(), [1; 16], false, b"material"), first);
        assert_ne!(
            id(&Keyring::generate(&SeededEntropy::new(3)).unwrap(), [1; 16], true, b"material"),
            first
        );
    }

    #[test]
    fn a_wrapping_key_does_not_show_itself() {
        let token = token(WrappingKey::generate(WrappingKeySpec::Rsa2048).unwrap());
        assert!(format!("{token:?}").contains("WrappingKey(***)"));
    }
}
