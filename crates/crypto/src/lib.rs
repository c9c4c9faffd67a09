//! Algorithms, the key hierarchy and envelope formats.
//!
//! The hierarchy: a root of trust ([`root`]) seals the [`keyring`] of domain keys, which are rotated; a domain key
//! wraps each KMS key's [`material`] ([`wrapping`]) and seals the store's records; a key for each single message is derived from
//! those ([`aead`]), so that no limit of AES-GCM is met at any volume. Audit segments have a key of their own each
//! ([`segment`]), since deriving one for each frame would cost more than it brings.
//!
//! Nothing here does I/O, and randomness comes in through the [`Entropy`] port. Every primitive is a library's.
//! Long-lived keys stay in locked memory; what opens data says no more than that it failed.

pub mod aead;
pub mod algorithm;
pub mod attestation;
pub mod backing_key;
pub mod ciphertext;
pub mod cms;
pub mod data_key;
mod der;
pub mod ecc;
pub mod ed25519;
pub mod encryption_context;
pub mod encryption_sdk;
pub mod entropy;
pub mod error;
mod gcm;
pub mod hmac;
pub mod import;
pub mod jws;
mod kdf;
pub mod keyring;
pub mod material;
pub mod ml_dsa;
pub mod ml_kem;
mod names;
pub mod password;
mod prefix_code;
pub mod root;
pub mod rsa;
pub mod rsa_sha1;
pub mod segment;
pub mod signing;
pub mod spec;
pub mod wrapping;

pub use aead::DerivingKey;
pub use algorithm::{
    EncapsulationAlgorithm, EncryptionAlgorithm, KeyAgreementAlgorithm, MacAlgorithm, SigningAlgorithm,
};
pub use backing_key::{BackingKey, BackingKeyId};
pub use ciphertext::{CiphertextHeader, KeyId, MalformedCiphertext};
pub use data_key::DataKey;
pub use entropy::{Entropy, SeededEntropy, SystemEntropy};
pub use error::{EntropyError, OpenError, SealError};
pub use import::{
    ImportToken, TokenError, UnwrapError, WrappingAlgorithm, WrappingKey, WrappingKeyError, WrappingKeySpec,
    imported_material_id,
};
pub use keyring::{Domain, Keyring, RotateError, StoreId};
pub use material::{GenerateError, KeyMaterial, Material, MaterialError};
pub use ml_kem::{Encapsulated, KemError};
pub use password::{PasswordError, PasswordHash};
pub use prefix_code::PrefixCode;
pub use root::{PassphraseCost, RootFile, RootFileError, RootKey, SealedRoot};
pub use segment::{SegmentError, SegmentId, SegmentKey};
pub use signing::{Message, SignError};
pub use spec::{Family, KeySpec, KeyUsage};
