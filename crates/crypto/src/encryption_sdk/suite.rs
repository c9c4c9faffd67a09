//! The algorithm suites that are read and written, and the keys of a message.
//!
//! Source: <https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/algorithms-reference.html>. The library
//! wipes what it keeps of a derivation.

use alcazar_base::SecretBytes;
use aws_lc_rs::hkdf::{HKDF_SHA256, HKDF_SHA512, KeyType, Prk, Salt};
use zeroize::Zeroizing;

use super::MessageError;
use crate::gcm::{Gcm, GcmError};

/// The version of messages whose key is committed to.
pub(super) const COMMITTING_VERSION: u8 = 2;

/// The version of those whose key is not.
pub(super) const PLAIN_VERSION: u8 = 1;

/// The length of the id of a message whose key is committed to, in bytes.
pub(super) const COMMITTING_MESSAGE_ID_BYTES: usize = 32;

const PLAIN_MESSAGE_ID_BYTES: usize = 16;

/// The length of the commitment, in bytes.
pub(super) const COMMITMENT_BYTES: usize = 32;

const KEY_BYTES_MAX: usize = 32;

/// An algorithm suite without a signature that derives a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Suite {
    /// AES-256-GCM, HKDF with SHA-512, a committed key.
    Aes256Committing,
    /// AES-256-GCM, HKDF with SHA-256.
    Aes256,
    /// AES-192-GCM, HKDF with SHA-256.
    Aes192,
    /// AES-128-GCM, HKDF with SHA-256.
    Aes128,
}

impl Suite {
    /// What is written.
    pub(super) const WRITTEN: Self = Self::Aes256Committing;

    pub(super) fn from_id(version: u8, id: u16) -> Result<Self, MessageError> {
        match (version, id) {
            (COMMITTING_VERSION, 0x0478) => Ok(Self::Aes256Committing),
            (PLAIN_VERSION, 0x0178) => Ok(Self::Aes256),
            (PLAIN_VERSION, 0x0146) => Ok(Self::Aes192),
            (PLAIN_VERSION, 0x0114) => Ok(Self::Aes128),
            _ => Err(MessageError::UnsupportedSuite(id)),
        }
    }

    pub(super) fn id(self) -> [u8; 2] {
        match self {
            Self::Aes256Committing => [0x04, 0x78],
            Self::Aes256 => [0x01, 0x78],
            Self::Aes192 => [0x01, 0x46],
            Self::Aes128 => [0x01, 0x14],
        }
    }

    pub(super) fn message_id_bytes(self) -> usize {
        match self {
            Self::Aes256Committing => COMMITTING_MESSAGE_ID_BYTES,
            Self::Aes256 | Self::Aes192 | Self::Aes128 => PLAIN_MESSAGE_ID_BYTES,
        }
    }

    fn key_bytes(self) -> usize {
        match self {
            Self::Aes256Committing | Self::Aes256 => 32,
            Self::Aes192 => 24,
            Self::Aes128 => 16,
        }
    }
}

/// What is derived from a data key for one message.
pub(super) struct Keys {
    /// Encrypts the frames and authenticates the header.
    pub(super) content: Gcm,
    /// Stands in the header, so that no message opens under two data keys.
    pub(super) commitment: Option<Zeroizing<[u8; COMMITMENT_BYTES]>>,
}

impl Keys {
    /// The keys of the message with this id under a data key, which has the length of the suite's keys.
    pub(super) fn derive(suite: Suite, data_key: &SecretBytes, message_id: &[u8]) -> Result<Self, GcmError> {
        if data_key.len() != suite.key_bytes() {
            return Err(GcmError);
        }
        let mut content = Zeroizing::new([0; KEY_BYTES_MAX]);
        let content = content.get_mut(..suite.key_bytes()).ok_or(GcmError)?;
        let suite_id = suite.id();
        let commitment = match suite {
            Suite::Aes256Committing => {
                let secret = Salt::new(HKDF_SHA512, message_id).extract(data_key.expose());
                expand(&secret, &[&suite_id, b"DERIVEKEY"], content)?;
                let mut commitment = Zeroizing::new([0; COMMITMENT_BYTES]);
                expand(&secret, &[b"COMMITKEY"], &mut *commitment)?;
                Some(commitment)
            }
            Suite::Aes256 | Suite::Aes192 | Suite::Aes128 => {
                let secret = Salt::new(HKDF_SHA256, &[]).extract(data_key.expose());
                expand(&secret, &[&suite_id, message_id], content)?;
                None
            }
        };
        Ok(Self { content: Gcm::of_any_length(content)?, commitment })
    }
}

/// How many bytes the library is asked for.
struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn expand(secret: &Prk, info: &[&[u8]], out: &mut [u8]) -> Result<(), GcmError> {
    secret.expand(info, Length(out.len())).and_then(|derived| derived.fill(out)).map_err(|_| GcmError)
}
