//! Messages of the AWS Encryption SDK: a text under a data key of KMS, with the encrypted data key beside it.
//!
//! Parameter Store keeps the values of advanced `SecureString` parameters so. Written are messages of version 2 with the
//! SDK's own default among the unsigned suites, 0x0478: AES-256-GCM, HKDF with SHA-512, a committed key, in frames of
//! 4,096 bytes. Read are that suite and the unsigned ones of version 1 that derive a key (0x0178, 0x0146, 0x0114),
//! framed or not. Signed suites are refused: they add a pair to the encryption context, which Parameter Store's has not.
//!
//! What always holds: every byte of a message is authenticated, nothing of the plaintext is given out before all of it
//! was, and nothing is allocated that is longer than the message itself. The data key encrypts nothing: the key
//! of a message is derived from it and the message's random id, and frames count their nonces up from one, the header
//! having zero, so that no nonce is used twice under one key.
//!
//! Sources: <https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/message-format.html>, its
//! `algorithms-reference`, `body-aad-reference` and `IV-reference`;
//! <https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html>.

mod body;
mod header;
mod reader;
mod suite;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use alcazar_base::SecretBytes;
use aws_lc_rs::constant_time;
use thiserror::Error;

use self::header::Header;
use self::suite::{Keys, Suite};
use crate::entropy::Entropy;
use crate::error::{OpenError, SealError};
use crate::gcm::GcmError;

/// The most encrypted data keys of a message that is read. The format allows 65,535; the SDK advises a limit.
pub const ENCRYPTED_DATA_KEYS_MAX: u16 = 64;

/// The id of the provider whose data keys KMS encrypts.
const AWS_KMS: &str = "aws-kms";

/// The content of a frame that is written, in bytes: the SDK's default.
const FRAME_BYTES: u32 = 4096;

/// The header's nonce. Those of the frames are their numbers, which begin with one.
const HEADER_NONCE: [u8; crate::gcm::NONCE_BYTES] = [0; crate::gcm::NONCE_BYTES];

/// A message's data key as its provider encrypted it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncryptedDataKey {
    /// Who encrypted it: `aws-kms` for KMS.
    pub provider_id: String,
    /// What the provider knows its key by: of KMS the key's ARN.
    pub provider_info: Vec<u8>,
    /// The encrypted data key: of KMS the ciphertext blob.
    pub ciphertext: Vec<u8>,
}

impl EncryptedDataKey {
    /// A data key that KMS encrypted under the key with this ARN.
    #[must_use]
    pub fn aws_kms(key_arn: &str, ciphertext: Vec<u8>) -> Self {
        Self { provider_id: AWS_KMS.to_owned(), provider_info: key_arn.as_bytes().to_vec(), ciphertext }
    }

    /// The ARN of the KMS key, if KMS encrypted it.
    #[must_use]
    pub fn key_arn(&self) -> Option<&str> {
        if self.provider_id == AWS_KMS { std::str::from_utf8(&self.provider_info).ok() } else { None }
    }
}

/// Bytes that are no message that can be read here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum MessageError {
    /// They are not what the format says, or not whole.
    #[error("not a message of the AWS Encryption SDK")]
    Malformed,
    /// They say to be of a version that is not known.
    #[error("messages of version {0} are not supported")]
    UnsupportedVersion(u8),
    /// They say to be encrypted by an algorithm suite that is not among the ones of their version that are read.
    #[error("messages with the algorithm suite {0:#06x} are not supported")]
    UnsupportedSuite(u16),
}

/// Encrypts `plaintext` under a 256-bit data key, and binds it to `context`, which stands in the message readably.
///
/// # Errors
/// `SealError::Entropy` if no message id could be drawn; `SealError::Refused` if the data key has another length,
/// or the context or a part of the encrypted data key is longer than the format's 65,535 bytes.
pub fn encrypt(
    entropy: &dyn Entropy,
    data_key: &SecretBytes,
    encrypted_data_key: &EncryptedDataKey,
    context: &BTreeMap<String, String>,
    plaintext: &[u8],
) -> Result<Vec<u8>, SealError> {
    let mut message_id = [0; suite::COMMITTING_MESSAGE_ID_BYTES];
    entropy.fill_public(&mut message_id)?;
    let refused = |GcmError| SealError::Refused;
    let keys = Keys::derive(Suite::WRITTEN, data_key, &message_id).map_err(refused)?;
    let commitment = keys.commitment.as_ref().ok_or(SealError::Refused)?;
    let mut message = header::write(&message_id, context, encrypted_data_key, FRAME_BYTES, commitment)
        .ok_or(SealError::Refused)?;
    let header_body = message.clone();
    keys.content.seal(HEADER_NONCE, &header_body, &[], &mut message).map_err(refused)?;
    body::seal(&keys.content, &message_id, FRAME_BYTES, plaintext, &mut message).map_err(refused)?;
    Ok(message)
}

/// A message whose header was read. Nothing of it is authenticated before it is decrypted: until then it merely says who
/// can decrypt the data key.
#[derive(Debug)]
pub struct Message<'b> {
    header: Header<'b>,
    body: &'b [u8],
}

impl<'b> Message<'b> {
    /// Reads a message's header.
    ///
    /// # Errors
    /// `MessageError` if the bytes do not begin with a header of a version and suite that are read.
    pub fn parse(bytes: &'b [u8]) -> Result<Self, MessageError> {
        let (header, body) = Header::parse(bytes)?;
        Ok(Self { header, body })
    }

    /// The data key, as each of its providers encrypted it; there is at least one.
    #[must_use]
    pub fn encrypted_data_keys(&self) -> &[EncryptedDataKey] {
        &self.header.encrypted_data_keys
    }

    /// The encryption context that the message says to be bound to.
    #[must_use]
    pub fn context(&self) -> &BTreeMap<String, String> {
        &self.header.context
    }

    /// The plaintext, if the message was encrypted under this data key and is bound to this very context.
    ///
    /// # Errors
    /// `OpenError::Unauthentic`, whatever the reason: another key or context, a message that was changed, cut short or
    /// added to.
    pub fn decrypt(
        &self,
        data_key: &SecretBytes,
        context: &BTreeMap<String, String>,
    ) -> Result<SecretBytes, OpenError> {
        self.open(data_key, context).map_err(|GcmError| OpenError::Unauthentic)
    }

    fn open(
        &self,
        data_key: &SecretBytes,
        context: &BTreeMap<String, String>,
    ) -> Result<SecretBytes, GcmError> {
        let header = &self.header;
        if header.context != *context {
            return Err(GcmError);
        }
        let keys = Keys::derive(header.suite, data_key, header.message_id)?;
        match (&keys.commitment, header.commitment) {
            (Some(derived), Some(told)) => {
                constant_time::verify_slices_are_equal(&**derived, told).map_err(|_| GcmError)?;
            }
            (None, None) => {}
            _ => return Err(GcmError),
        }
        keys.content.open(*header.nonce, header.bytes, header.tag)?;
        body::open(&keys.content, header.message_id, header.framing, self.body)
    }
}
