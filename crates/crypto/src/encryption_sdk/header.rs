//! The header of a message: everything before the first frame.
//!
//! Version 2: `2 (1) ‖ suite (2) ‖ message id (32) ‖ context ‖ encrypted data keys ‖ content type (1) ‖ frame length (4)
//! ‖ commitment (32) ‖ tag (16)`. Version 1: `1 (1) ‖ 80 (1) ‖ suite (2) ‖ message id (16) ‖ context ‖ encrypted data
//! keys ‖ content type (1) ‖ 0 (4) ‖ nonce's length (1) ‖ frame length (4) ‖ nonce (12) ‖ tag (16)`.
//!
//! Source: <https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/message-format.html>.

use std::collections::BTreeMap;

use super::reader::Reader;
use super::suite::{COMMITMENT_BYTES, COMMITTING_VERSION, PLAIN_VERSION, Suite};
use super::{ENCRYPTED_DATA_KEYS_MAX, EncryptedDataKey, HEADER_NONCE, MessageError};
use crate::gcm::{NONCE_BYTES, TAG_BYTES};

/// The one type of messages of version 1: customer authenticated encrypted data.
const MESSAGE_TYPE: u8 = 0x80;

const NOT_FRAMED: u8 = 1;
const FRAMED: u8 = 2;

/// How the body is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    /// Not at all.
    Whole,
    /// Into frames with this many bytes each; the last one may have fewer.
    Frames(u32),
}

/// A header as it was read.
#[derive(Debug)]
pub(super) struct Header<'b> {
    pub(super) suite: Suite,
    pub(super) message_id: &'b [u8],
    pub(super) context: BTreeMap<String, String>,
    pub(super) encrypted_data_keys: Vec<EncryptedDataKey>,
    pub(super) framing: Framing,
    pub(super) commitment: Option<&'b [u8; COMMITMENT_BYTES]>,
    /// What the tag authenticates: everything before it, in version 1 without the nonce.
    pub(super) bytes: &'b [u8],
    pub(super) nonce: &'b [u8; NONCE_BYTES],
    pub(super) tag: &'b [u8; TAG_BYTES],
}

impl<'b> Header<'b> {
    /// The header that a message begins with, and what follows it.
    pub(super) fn parse(message: &'b [u8]) -> Result<(Self, &'b [u8]), MessageError> {
        let mut reader = Reader::new(message);
        let version = reader.u8().ok_or(MessageError::Malformed)?;
        match version {
            COMMITTING_VERSION => {}
            PLAIN_VERSION if reader.u8() == Some(MESSAGE_TYPE) => {}
            PLAIN_VERSION => return Err(MessageError::Malformed),
            _ => return Err(MessageError::UnsupportedVersion(version)),
        }
        let suite = Suite::from_id(version, reader.u16().ok_or(MessageError::Malformed)?)?;
        let header = Self::after_suite(message, suite, &mut reader).ok_or(MessageError::Malformed)?;
        Ok((header, reader.rest()))
    }

    fn after_suite(message: &'b [u8], suite: Suite, reader: &mut Reader<'b>) -> Option<Self> {
        let message_id = reader.bytes(suite.message_id_bytes())?;
        let context = context(reader.counted()?)?;
        let encrypted_data_keys = encrypted_data_keys(reader)?;
        let content_type = reader.u8()?;
        let committing = suite == Suite::Aes256Committing;
        if !committing && (reader.u32()? != 0 || usize::from(reader.u8()?) != NONCE_BYTES) {
            return None;
        }
        let framing = match (content_type, reader.u32()?) {
            (NOT_FRAMED, 0) => Framing::Whole,
            (FRAMED, length @ 1..) => Framing::Frames(length),
            _ => return None,
        };
        let commitment = if committing { Some(reader.array()?) } else { None };
        let bytes = message.get(..message.len().checked_sub(reader.rest().len())?)?;
        let nonce = if committing { &HEADER_NONCE } else { reader.array()? };
        let tag = reader.array()?;
        Some(Self { suite, message_id, context, encrypted_data_keys, framing, commitment, bytes, nonce, tag })
    }
}

/// The pairs of an encryption context. Of no pairs there is no count either, and no name stands there twice.
fn context(bytes: &[u8]) -> Option<BTreeMap<String, String>> {
    let mut pairs = BTreeMap::new();
    let mut reader = Reader::new(bytes);
    if reader.is_empty() {
        return Some(pairs);
    }
    let count = reader.u16().filter(|count| *count > 0)?;
    for _ in 0..count {
        let (name, value) = (reader.text()?, reader.text()?);
        if pairs.insert(name, value).is_some() {
            return None;
        }
    }
    reader.is_empty().then_some(pairs)
}

fn encrypted_data_keys(reader: &mut Reader<'_>) -> Option<Vec<EncryptedDataKey>> {
    let count = reader.u16().filter(|count| (1..=ENCRYPTED_DATA_KEYS_MAX).contains(count))?;
    let mut one = || {
        Some(EncryptedDataKey {
            provider_id: reader.text()?,
            provider_info: reader.counted()?.to_vec(),
            ciphertext: reader.counted()?.to_vec(),
        })
    };
    (0..count).map(|_| one()).collect()
}

/// A header of version 2 without its tag, unless something in it is too long.
pub(super) fn write(
    message_id: &[u8],
    context: &BTreeMap<String, String>,
    encrypted_data_key: &EncryptedDataKey,
    frame_bytes: u32,
    commitment: &[u8; COMMITMENT_BYTES],
) -> Option<Vec<u8>> {
    let mut header = vec![COMMITTING_VERSION];
    header.extend_from_slice(&Suite::WRITTEN.id());
    header.extend_from_slice(message_id);
    push_counted(&mut header, &context_bytes(context)?)?;
    header.extend_from_slice(&1_u16.to_be_bytes());
    push_counted(&mut header, encrypted_data_key.provider_id.as_bytes())?;
    push_counted(&mut header, &encrypted_data_key.provider_info)?;
    push_counted(&mut header, &encrypted_data_key.ciphertext)?;
    header.push(FRAMED);
    header.extend_from_slice(&frame_bytes.to_be_bytes());
    header.extend_from_slice(commitment);
    Some(header)
}

/// The pairs in the byte order of their names, after their count.
fn context_bytes(context: &BTreeMap<String, String>) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    if !context.is_empty() {
        bytes.extend_from_slice(&u16::try_from(context.len()).ok()?.to_be_bytes());
    }
    for text in context.iter().flat_map(|(name, value)| [name, value]) {
        push_counted(&mut bytes, text.as_bytes())?;
    }
    Some(bytes)
}

fn push_counted(out: &mut Vec<u8>, bytes: &[u8]) -> Option<()> {
    out.extend_from_slice(&u16::try_from(bytes.len()).ok()?.to_be_bytes());
    out.extend_from_slice(bytes);
    Some(())
}
