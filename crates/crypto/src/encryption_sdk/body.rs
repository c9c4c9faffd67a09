//! The body of a message: the encrypted content, in frames or whole.
//!
//! A frame is `number (4) ‖ nonce (12) ‖ ciphertext ‖ tag (16)`, the last one `ff ff ff ff ‖ number (4) ‖ nonce (12) ‖
//! length (4) ‖ ciphertext ‖ tag (16)`; a whole body is `nonce (12) ‖ length (8) ‖ ciphertext ‖ tag (16)`. What is not in a
//! ciphertext is authenticated beside it or checked against the header, so that no frame can be changed, moved or
//! dropped.
//!
//! Source: <https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/body-aad-reference.html>.

use alcazar_base::SecretBytes;
use zeroize::Zeroizing;

use super::header::Framing;
use super::reader::Reader;
use crate::gcm::{Gcm, GcmError, NONCE_BYTES, TAG_BYTES};

/// Stands before the number of the last frame; no frame has it for a number.
const LAST_FRAME: u32 = u32::MAX;

/// What is authenticated beside a ciphertext, by its place.
#[derive(Clone, Copy)]
enum Place {
    Whole,
    Frame,
    LastFrame,
}

impl Place {
    const fn as_bytes(self) -> &'static [u8] {
        match self {
            Self::Whole => b"AWSKMSEncryptionClient Single Block",
            Self::Frame => b"AWSKMSEncryptionClient Frame",
            Self::LastFrame => b"AWSKMSEncryptionClient Final Frame",
        }
    }

    fn aad(self, message_id: &[u8], number: u32, content_bytes: usize) -> Vec<u8> {
        let length = (content_bytes as u64).to_be_bytes();
        [message_id, self.as_bytes(), &number.to_be_bytes(), &length].concat()
    }
}

/// Appends the frames of a plaintext to a message. There is always a last frame, though it be empty.
pub(super) fn seal(
    gcm: &Gcm,
    message_id: &[u8],
    frame_bytes: u32,
    plaintext: &[u8],
    message: &mut Vec<u8>,
) -> Result<(), GcmError> {
    let frame_bytes = usize::try_from(frame_bytes).map_err(|_| GcmError)?;
    let mut rest = plaintext;
    for number in 1..LAST_FRAME {
        let last = rest.len() <= frame_bytes;
        let (content, after) = rest.split_at_checked(frame_bytes).unwrap_or((rest, &[]));
        if last {
            message.extend_from_slice(&LAST_FRAME.to_be_bytes());
        }
        message.extend_from_slice(&number.to_be_bytes());
        let nonce = nonce(number);
        message.extend_from_slice(&nonce);
        let place = if last { Place::LastFrame } else { Place::Frame };
        if last {
            let length = u32::try_from(content.len()).map_err(|_| GcmError)?;
            message.extend_from_slice(&length.to_be_bytes());
        }
        gcm.seal(nonce, &place.aad(message_id, number, content.len()), content, message)?;
        if last {
            return Ok(());
        }
        rest = after;
    }
    Err(GcmError)
}

/// The nonce of a frame that is written: its number. The SDK does the same.
fn nonce(number: u32) -> [u8; NONCE_BYTES] {
    let mut nonce = [0; NONCE_BYTES];
    if let Some(end) = nonce.last_chunk_mut() {
        *end = number.to_be_bytes();
    }
    nonce
}

/// The plaintext of a whole body, to its last byte.
pub(super) fn open(
    gcm: &Gcm,
    message_id: &[u8],
    framing: Framing,
    body: &[u8],
) -> Result<SecretBytes, GcmError> {
    let mut reader = Reader::new(body);
    let plaintext = match framing {
        Framing::Whole => open_whole(gcm, message_id, &mut reader)?,
        Framing::Frames(frame_bytes) => open_frames(gcm, message_id, frame_bytes, &mut reader)?,
    };
    if reader.is_empty() { Ok(plaintext) } else { Err(GcmError) }
}

fn open_whole(gcm: &Gcm, message_id: &[u8], reader: &mut Reader<'_>) -> Result<SecretBytes, GcmError> {
    let nonce = *reader.array().ok_or(GcmError)?;
    let length = reader.u64().and_then(|length| usize::try_from(length).ok()).ok_or(GcmError)?;
    gcm.open(nonce, &Place::Whole.aad(message_id, 1, length), sealed(reader, length)?)
}

fn open_frames(
    gcm: &Gcm,
    message_id: &[u8],
    frame_bytes: u32,
    reader: &mut Reader<'_>,
) -> Result<SecretBytes, GcmError> {
    // Made as long as it can get, so that it never moves and leaves a copy behind.
    let mut plaintext = Zeroizing::new(Vec::with_capacity(reader.rest().len()));
    for expected in 1..LAST_FRAME {
        let mut number = reader.u32().ok_or(GcmError)?;
        let last = number == LAST_FRAME;
        if last {
            number = reader.u32().ok_or(GcmError)?;
        }
        let nonce = *reader.array().ok_or(GcmError)?;
        let length = if last { reader.u32().ok_or(GcmError)? } else { frame_bytes };
        if number != expected || length > frame_bytes {
            return Err(GcmError);
        }
        let length = usize::try_from(length).map_err(|_| GcmError)?;
        let place = if last { Place::LastFrame } else { Place::Frame };
        let content = gcm.open(nonce, &place.aad(message_id, number, length), sealed(reader, length)?)?;
        plaintext.extend_from_slice(content.expose());
        if last {
            return Ok(SecretBytes::new(std::mem::take(&mut *plaintext)));
        }
    }
    Err(GcmError)
}

/// A ciphertext of this length, with its tag.
fn sealed<'b>(reader: &mut Reader<'b>, length: usize) -> Result<&'b [u8], GcmError> {
    length.checked_add(TAG_BYTES).and_then(|bytes| reader.bytes(bytes)).ok_or(GcmError)
}
