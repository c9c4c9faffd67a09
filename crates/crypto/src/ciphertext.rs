//! The ciphertext blob of symmetric KMS keys (`SYMMETRIC_DEFAULT`).
//!
//! `version (1) ‖ flags (1) ‖ key id (16) ‖ backing key id (16) ‖ salt (16) ‖ nonce (12) ‖ ciphertext ‖ tag (16)`.
//! Bit 0 of the flags says that the key is a multi-Region key; the others are zero. The whole header is authenticated
//! with the encryption context, but only when the blob is opened: until then it merely says where to look.

use thiserror::Error;

use crate::aead;
use crate::backing_key::BackingKeyId;

/// What a ciphertext is longer than its plaintext, in bytes.
pub const OVERHEAD_BYTES: usize = HEADER_BYTES + aead::OVERHEAD_BYTES;

pub(crate) const HEADER_BYTES: usize = 34;
const VERSION: u8 = 1;
const MULTI_REGION: u8 = 1;

/// The id of a KMS key, as formats carry it: the 16 bytes that its key id writes in hexadecimal, and whether it is a
/// multi-Region key (`mrk-…`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId {
    /// The 16 bytes of the id.
    pub bytes: [u8; 16],
    /// Whether it is a multi-Region key.
    pub multi_region: bool,
}

impl KeyId {
    pub(crate) fn flags(self) -> u8 {
        if self.multi_region { MULTI_REGION } else { 0 }
    }
}

/// Bytes that are no ciphertext of a symmetric key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not a ciphertext of a symmetric key")]
pub struct MalformedCiphertext;

/// What a ciphertext says about itself before it is decrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CiphertextHeader {
    /// The KMS key that it says to be encrypted under.
    pub key_id: KeyId,
    /// That key's backing key.
    pub backing_key_id: BackingKeyId,
}

impl CiphertextHeader {
    /// Reads the header of a ciphertext blob. Nothing in it is authenticated yet.
    ///
    /// # Errors
    /// `MalformedCiphertext` if the blob has another version, unknown flags, or is too short.
    pub fn parse(blob: &[u8]) -> Result<Self, MalformedCiphertext> {
        if blob.len() < OVERHEAD_BYTES {
            return Err(MalformedCiphertext);
        }
        let (&[version, flags], rest) = blob.split_first_chunk().ok_or(MalformedCiphertext)?;
        let (&bytes, rest) = rest.split_first_chunk().ok_or(MalformedCiphertext)?;
        let (&backing_key_id, _) = rest.split_first_chunk().ok_or(MalformedCiphertext)?;
        if version != VERSION || flags & !MULTI_REGION != 0 {
            return Err(MalformedCiphertext);
        }
        Ok(Self {
            key_id: KeyId { bytes, multi_region: flags == MULTI_REGION },
            backing_key_id: BackingKeyId(backing_key_id),
        })
    }

    pub(crate) fn to_bytes(self) -> Vec<u8> {
        [&[VERSION, self.key_id.flags()][..], &self.key_id.bytes, &self.backing_key_id.0].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn header(multi_region: bool) -> CiphertextHeader {
        CiphertextHeader {
            key_id: KeyId { bytes: *b"the KMS key's id", multi_region },
            backing_key_id: BackingKeyId(*b"backing key's id"),
        }
    }

    fn blob(multi_region: bool) -> Vec<u8> {
        [header(multi_region).to_bytes(), vec![0; aead::OVERHEAD_BYTES]].concat()
    }

    #[test]
    fn a_header_is_read_as_it_was_written() {
        for multi_region in [false, true] {
            assert_eq!(header(multi_region).to_bytes().len(), HEADER_BYTES);
            assert_eq!(CiphertextHeader::parse(&blob(multi_region)), Ok(header(multi_region)));
        }
    }

    #[test]
    fn what_is_too_short_or_of_an_unknown_version_or_flag_is_malformed() {
        let blob = blob(true);
        for length in 0..blob.len() {
            assert_eq!(CiphertextHeader::parse(&blob[..length]), Err(MalformedCiphertext));
        }
        for (index, value) in [(0, 0), (0, 2), (0, 255), (1, 2), (1, 3), (1, 128)] {
            let mut other = blob.clone();
            other[index] = value;
            assert_eq!(CiphertextHeader::parse(&other), Err(MalformedCiphertext));
        }
    }

    proptest! {
        #[test]
        fn whatever_parses_is_written_back_the_same(blob in proptest::collection::vec(any::<u8>(), 70..120)) {
            let blob = [&[1, blob[0] & 1], &blob[..]].concat();
            if let Ok(header) = CiphertextHeader::parse(&blob) {
                prop_assert_eq!(&header.to_bytes()[..], &blob[..HEADER_BYTES]);
            }
        }
    }
}
