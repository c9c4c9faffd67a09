//! The key material of KMS keys, of every spec: making it, importing it, wrapping it for the store.
//!
//! Wrapped is a symmetric or HMAC key as it is; of a key pair the private part in its shortest form: the seed of an
//! Ed25519, ML-DSA or ML-KEM key, a private scalar, and PKCS #8 for RSA ([`crate::wrapping`] says how). Everything is drawn from [`Entropy`] but RSA keys
//! ([`crate::rsa`]).

use alcazar_base::SecretBytes;
use alcazar_sys::LockedKey;
use thiserror::Error;

use crate::backing_key::{BackingKey, BackingKeyId};
use crate::ciphertext::KeyId;
use crate::ecc::EccKey;
use crate::ed25519::Ed25519Key;
use crate::entropy::{self, Entropy};
use crate::error::{EntropyError, OpenError, SealError};
use crate::hmac::HmacKey;
use crate::import::imported_material_id;
use crate::keyring::Keyring;
use crate::ml_dsa::MlDsaKey;
use crate::ml_kem::MlKemKey;
use crate::rsa::RsaKey;
use crate::spec::{Family, KeySpec};
use crate::wrapping;

/// No key material could be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum GenerateError {
    /// The source of randomness gave none.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// The library refused.
    #[error("the key could not be generated")]
    Failed,
}

/// What was to be imported is no key material of the spec: another length, another kind of key, not whole, or not
/// consistent in itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the bytes are no key material of this key spec")]
pub struct MaterialError;

/// The key itself, by family.
#[derive(Debug)]
pub enum Material {
    /// Of `SYMMETRIC_DEFAULT`.
    Symmetric(BackingKey),
    /// Of the `RSA` specs.
    Rsa(RsaKey),
    /// Of the `ECC` specs but Ed25519.
    Ecc(EccKey),
    /// Of `ECC_NIST_EDWARDS25519`.
    Ed25519(Ed25519Key),
    /// Of the `HMAC` specs.
    Hmac(HmacKey),
    /// Of the `ML_DSA` specs.
    MlDsa(MlDsaKey),
    /// Of the `ML_KEM` specs.
    MlKem(MlKemKey),
}

/// One key material of a KMS key, with the id that AWS calls its key material id.
#[derive(Debug)]
pub struct KeyMaterial {
    id: BackingKeyId,
    spec: KeySpec,
    material: Material,
}

impl KeyMaterial {
    /// New random key material with a random id. RSA may take a second: keep it off the threads that serve requests.
    ///
    /// # Errors
    /// `GenerateError` if the source of randomness or the library failed.
    pub fn generate(spec: KeySpec, entropy: &dyn Entropy) -> Result<Self, GenerateError> {
        let id = BackingKeyId(entropy::random(entropy)?);
        let material = match spec.family() {
            Family::Symmetric => {
                let mut key = LockedKey::zeroed();
                entropy.fill(key.expose_mut())?;
                Some(Material::Symmetric(BackingKey::new(id, key)))
            }
            Family::Rsa => RsaKey::generate(spec).map(Material::Rsa),
            Family::Ecc => EccKey::generate(spec, entropy)?.map(Material::Ecc),
            Family::Ed25519 => Ed25519Key::generate(entropy)?.map(Material::Ed25519),
            Family::Hmac => HmacKey::generate(spec, entropy).transpose()?.map(Material::Hmac),
            Family::MlDsa => MlDsaKey::generate(spec, entropy)?.map(Material::MlDsa),
            Family::MlKem => MlKemKey::generate(spec, entropy)?.map(Material::MlKem),
        };
        material.map(|material| Self { id, spec, material }).ok_or(GenerateError::Failed)
    }

    /// The key material that a caller imports: 32 bytes for a symmetric key; from a digest's length to a block's for
    /// HMAC; DER PKCS #8 for a key pair.
    ///
    /// # Errors
    /// `MaterialError` if it is no such key of that spec, not whole, or not consistent in itself.
    pub fn import(spec: KeySpec, id: BackingKeyId, plaintext: &[u8]) -> Result<Self, MaterialError> {
        let material = match spec.family() {
            Family::Symmetric => {
                LockedKey::copy_of_slice(plaintext).map(|key| Material::Symmetric(BackingKey::new(id, key)))
            }
            Family::Rsa => RsaKey::from_pkcs8(spec, plaintext).map(Material::Rsa),
            Family::Ecc => EccKey::from_pkcs8(spec, plaintext).map(Material::Ecc),
            Family::Ed25519 => Ed25519Key::from_pkcs8(plaintext).map(Material::Ed25519),
            Family::Hmac => HmacKey::new(spec, plaintext).map(Material::Hmac),
            Family::MlDsa => MlDsaKey::from_pkcs8(spec, plaintext).map(Material::MlDsa),
            Family::MlKem => MlKemKey::from_pkcs8(spec, plaintext).map(Material::MlKem),
        };
        material.map(|material| Self { id, spec, material }).ok_or(MaterialError)
    }

    /// The key material that a caller imports into a KMS key, as [`KeyMaterial::import`] takes it, with the id that
    /// the same material always has in that key ([`imported_material_id`]).
    ///
    /// # Errors
    /// As [`KeyMaterial::import`].
    pub fn import_into(
        keyring: &Keyring,
        key_id: KeyId,
        spec: KeySpec,
        plaintext: &[u8],
    ) -> Result<Self, MaterialError> {
        let unnamed = Self::import(spec, BackingKeyId([0; 16]), plaintext)?;
        // A private key has several encodings, its public key has one.
        let id = imported_material_id(keyring, key_id, unnamed.public_key().unwrap_or(plaintext));
        match unnamed.material {
            // It carries its id itself.
            Material::Symmetric(_) => Self::import(spec, id, plaintext),
            material => Ok(Self { id, spec, material }),
        }
    }

    /// The material's id.
    #[must_use]
    pub fn id(&self) -> BackingKeyId {
        self.id
    }

    /// The key spec that it is of.
    #[must_use]
    pub fn spec(&self) -> KeySpec {
        self.spec
    }

    /// The key itself.
    #[must_use]
    pub fn material(&self) -> &Material {
        &self.material
    }

    /// The symmetric key, if it is one.
    #[must_use]
    pub fn symmetric(&self) -> Option<&BackingKey> {
        match &self.material {
            Material::Symmetric(key) => Some(key),
            _ => None,
        }
    }

    /// The public key as DER SubjectPublicKeyInfo, if it is a key pair.
    #[must_use]
    pub fn public_key(&self) -> Option<&[u8]> {
        match &self.material {
            Material::Rsa(key) => Some(key.public().spki()),
            Material::Ecc(key) => Some(key.public().spki()),
            Material::Ed25519(key) => Some(key.public().spki()),
            Material::MlDsa(key) => Some(key.spki()),
            Material::MlKem(key) => Some(key.spki()),
            Material::Symmetric(_) | Material::Hmac(_) => None,
        }
    }

    /// The private key as DER PKCS #8, if it is a key pair.
    #[must_use]
    pub fn to_pkcs8(&self) -> Option<SecretBytes> {
        match &self.material {
            Material::Rsa(key) => key.to_pkcs8(),
            Material::Ecc(key) => key.to_pkcs8(),
            Material::Ed25519(key) => key.to_pkcs8(),
            Material::MlDsa(key) => key.to_pkcs8(),
            Material::MlKem(key) => key.to_pkcs8(),
            Material::Symmetric(_) | Material::Hmac(_) => None,
        }
    }

    /// The material, sealed in the Kms domain and bound to its spec and the KMS key that it belongs to.
    ///
    /// # Errors
    /// `SealError` if no salt could be drawn.
    pub fn wrap(
        &self,
        keyring: &Keyring,
        key_id: KeyId,
        entropy: &dyn Entropy,
    ) -> Result<Vec<u8>, SealError> {
        let wrap = |secret: &[u8]| wrapping::wrap(keyring, key_id, self.spec, self.id, secret, entropy);
        match &self.material {
            Material::Symmetric(key) => key.wrap(keyring, key_id, entropy),
            Material::Rsa(key) => wrap(key.to_pkcs8().ok_or(SealError::Refused)?.expose()),
            Material::Ecc(key) => wrap(key.scalar().ok_or(SealError::Refused)?.as_ref()),
            Material::Ed25519(key) => wrap(key.seed().expose()),
            Material::Hmac(key) => wrap(&key.secret()),
            Material::MlDsa(key) => wrap(key.to_stored().ok_or(SealError::Refused)?.expose()),
            Material::MlKem(key) => wrap(key.seed()),
        }
    }

    /// Unwraps what [`KeyMaterial::wrap`] made for the same KMS key and spec.
    ///
    /// # Errors
    /// `OpenError` if it is not that, or was changed since.
    pub fn unwrap(
        keyring: &Keyring,
        key_id: KeyId,
        spec: KeySpec,
        wrapped: &[u8],
    ) -> Result<Self, OpenError> {
        let (id, secret) = wrapping::unwrap(keyring, key_id, spec, wrapped)?;
        let secret = secret.expose();
        let material = match spec.family() {
            Family::Symmetric => {
                LockedKey::copy_of_slice(secret).map(|key| Material::Symmetric(BackingKey::new(id, key)))
            }
            Family::Rsa => RsaKey::from_pkcs8(spec, secret).map(Material::Rsa),
            Family::Ecc => EccKey::from_scalar(spec, secret).map(Material::Ecc),
            Family::Ed25519 => {
                LockedKey::copy_of_slice(secret).and_then(Ed25519Key::from_seed).map(Material::Ed25519)
            }
            Family::Hmac => HmacKey::new(spec, secret).map(Material::Hmac),
            Family::MlDsa => MlDsaKey::from_stored(spec, secret).map(Material::MlDsa),
            Family::MlKem => MlKemKey::from_seed(spec, secret).map(Material::MlKem),
        };
        material.map(|material| Self { id, spec, material }).ok_or(OpenError::Malformed)
    }
}
