//! Sealing the frames of one audit segment, without deriving a key for each.
//!
//! A segment has a random key of its own, which stands in its header wrapped in the Audit domain. A frame is
//! `ciphertext ‖ tag (16)` of AES-256-GCM; its nonce is its sequence number, and segment id and sequence number are
//! authenticated, so that no frame can be changed, moved or put into another segment.
//!
//! What always holds: no sequence number seals twice under one key. The key counts upwards itself, a sequence number
//! has 32 bits, and a key that was unwrapped opens but never seals: the frames that a crash cut off may be known
//! to someone who copied the disk, so whoever starts again starts a new segment.

use std::fmt;

use alcazar_base::SecretBytes;
use alcazar_sys::LockedKey;
use thiserror::Error;

use crate::entropy::Entropy;
use crate::error::{EntropyError, OpenError, SealError};
use crate::gcm::{Gcm, GcmError, NONCE_BYTES, TAG_BYTES};
use crate::keyring::{Domain, Keyring};

/// The id of a segment.
pub type SegmentId = [u8; 16];

/// The most frames in one segment: as many as there are sequence numbers.
pub const FRAMES_MAX: u64 = 1 << 32;

/// What sealing adds to a frame, in bytes.
pub const FRAME_OVERHEAD_BYTES: usize = TAG_BYTES;

const WRAPPED_LABEL: &[u8] = b"segment-key\0";

/// A frame that could not be sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SegmentError {
    /// The sequence number is not above all that were sealed before.
    #[error("the frame's sequence number was used before")]
    SequenceUsed,
    /// The key was unwrapped from a segment's header, so it only opens.
    #[error("a segment that was begun earlier takes no more frames")]
    OpenOnly,
    /// The frame is longer than AES-GCM takes, or the library refused.
    #[error("the frame could not be sealed")]
    Refused,
}

/// The key of one audit segment. The library keeps its key schedule; the key itself is in locked memory.
pub struct SegmentKey {
    id: SegmentId,
    secret: LockedKey,
    gcm: Gcm,
    /// The lowest sequence number that may be sealed; none if the key only opens.
    next_sequence: Option<u64>,
}

impl SegmentKey {
    /// A new random key for the new segment `id`.
    ///
    /// # Errors
    /// `SealError` if the source of randomness failed.
    pub fn generate(id: SegmentId, entropy: &dyn Entropy) -> Result<Self, SealError> {
        let mut secret = LockedKey::zeroed();
        entropy.fill(secret.expose_mut()).map_err(|EntropyError| SealError::Entropy(EntropyError))?;
        let gcm = Gcm::new(secret.expose()).map_err(|GcmError| SealError::Refused)?;
        Ok(Self { id, secret, gcm, next_sequence: Some(0) })
    }

    /// The key, sealed in the Audit domain and bound to the segment's id, to stand in the segment's header.
    ///
    /// # Errors
    /// `SealError` if no salt could be drawn.
    pub fn wrap(&self, keyring: &Keyring, entropy: &dyn Entropy) -> Result<Vec<u8>, SealError> {
        keyring.seal(Domain::Audit, entropy, &wrapping_name(&self.id), self.secret.expose())
    }

    /// Unwraps the key of segment `id`, which then opens frames and seals none.
    ///
    /// # Errors
    /// `OpenError` if it is not the wrapped key of that segment, or was changed since.
    pub fn unwrap(keyring: &Keyring, id: SegmentId, wrapped: &[u8]) -> Result<Self, OpenError> {
        let secret = keyring.open(Domain::Audit, &wrapping_name(&id), wrapped)?;
        let secret = LockedKey::copy_of_slice(secret.expose()).ok_or(OpenError::Malformed)?;
        let gcm = Gcm::new(secret.expose()).map_err(|GcmError| OpenError::Unauthentic)?;
        Ok(Self { id, secret, gcm, next_sequence: None })
    }

    /// The segment's id.
    #[must_use]
    pub fn id(&self) -> SegmentId {
        self.id
    }

    /// Appends the frame `sequence` to `out`, sealed: [`FRAME_OVERHEAD_BYTES`] longer than `plaintext`. Sequence numbers
    /// must rise; after an error `out` is what it was before.
    ///
    /// # Errors
    /// `SegmentError` if the sequence number may not be used or the frame is too long.
    pub fn seal_frame(
        &mut self,
        sequence: u32,
        plaintext: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), SegmentError> {
        let next = self.next_sequence.ok_or(SegmentError::OpenOnly)?;
        if u64::from(sequence) < next {
            return Err(SegmentError::SequenceUsed);
        }
        // Counted before sealing, so that not even a failed call leaves the number free.
        self.next_sequence = Some(u64::from(sequence) + 1);
        self.gcm
            .seal(nonce(sequence), &frame_name(&self.id, sequence), plaintext, out)
            .map_err(|GcmError| SegmentError::Refused)
    }

    /// Opens the frame `sequence` of this segment.
    ///
    /// # Errors
    /// `OpenError::Unauthentic`, whatever the reason.
    pub fn open_frame(&self, sequence: u32, sealed: &[u8]) -> Result<SecretBytes, OpenError> {
        self.gcm
            .open(nonce(sequence), &frame_name(&self.id, sequence), sealed)
            .map_err(|GcmError| OpenError::Unauthentic)
    }
}

impl fmt::Debug for SegmentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SegmentKey(***)")
    }
}

fn wrapping_name(id: &SegmentId) -> Vec<u8> {
    [WRAPPED_LABEL, id].concat()
}

fn nonce(sequence: u32) -> [u8; NONCE_BYTES] {
    let mut nonce = [0; NONCE_BYTES];
    if let Some(tail) = nonce.last_chunk_mut() {
        *tail = sequence.to_be_bytes();
    }
    nonce
}

fn frame_name(id: &SegmentId, sequence: u32) -> [u8; 20] {
    let mut name = [0; 20];
    let (head, tail) = name.split_at_mut(id.len());
    head.copy_from_slice(id);
    tail.copy_from_slice(&sequence.to_be_bytes());
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aead::tests::for_every_damage;
    use crate::entropy::SeededEntropy;
    use proptest::prelude::*;

    const ID: SegmentId = [3; 16];

    fn segment_key(seed: u64) -> SegmentKey {
        SegmentKey::generate(ID, &SeededEntropy::new(seed)).unwrap()
    }

    fn keyring() -> Keyring {
        Keyring::generate(&SeededEntropy::new(100)).unwrap()
    }

    fn frame(sequence: u32) -> Vec<u8> {
        let mut out = Vec::new();
        segment_key(1).seal_frame(sequence, b"event", &mut out).unwrap();
        out
    }

    #[test]
    fn a_frame_changed_anywhere_is_refused() {
        assert_eq!(segment_key(1).open_frame(7, &frame(7)).unwrap().expose(), b"event");
        for_every_damage(&frame(7), |damaged| {
            assert_eq!(segment_key(1).open_frame(7, damaged), Err(OpenError::Unauthentic));
        });
    }

    #[test]
    fn a_frame_moved_or_put_into_another_segment_is_refused() {
        assert!(segment_key(1).open_frame(8, &frame(7)).is_err());
        assert!(segment_key(2).open_frame(7, &frame(7)).is_err());
        let other = SegmentKey { id: [4; 16], ..segment_key(1) };
        assert!(other.open_frame(7, &frame(7)).is_err());
    }

    #[test]
    fn no_sequence_number_seals_twice() {
        let (mut key, mut out) = (segment_key(1), Vec::new());
        for sequence in [0, 1, 5, u32::MAX] {
            key.seal_frame(sequence, b"event", &mut out).unwrap();
            let before = out.clone();
            for used in [0, sequence / 2, sequence] {
                assert_eq!(key.seal_frame(used, b"other", &mut out), Err(SegmentError::SequenceUsed));
            }
            assert_eq!(out, before);
        }
    }

    #[test]
    fn frames_are_appended_to_what_is_there() {
        let (mut key, mut out) = (segment_key(1), b"header".to_vec());
        key.seal_frame(0, b"first", &mut out).unwrap();
        key.seal_frame(1, b"second", &mut out).unwrap();
        assert_eq!(&out[..6], b"header");
        assert_eq!(key.open_frame(0, &out[6..6 + 21]).unwrap().expose(), b"first");
        assert_eq!(key.open_frame(1, &out[6 + 21..]).unwrap().expose(), b"second");
    }

    #[test]
    fn an_unwrapped_key_opens_and_never_seals() {
        let wrapped = segment_key(1).wrap(&keyring(), &SeededEntropy::new(2)).unwrap();
        let mut unwrapped = SegmentKey::unwrap(&keyring(), ID, &wrapped).unwrap();
        assert_eq!(unwrapped.id(), ID);
        assert_eq!(unwrapped.open_frame(7, &frame(7)).unwrap().expose(), b"event");
        assert_eq!(unwrapped.seal_frame(8, b"event", &mut Vec::new()), Err(SegmentError::OpenOnly));
    }

    #[test]
    fn a_wrapped_key_changed_or_of_another_segment_is_refused() {
        let wrapped = segment_key(1).wrap(&keyring(), &SeededEntropy::new(2)).unwrap();
        for_every_damage(&wrapped, |damaged| assert!(SegmentKey::unwrap(&keyring(), ID, damaged).is_err()));
        assert_eq!(SegmentKey::unwrap(&keyring(), [4; 16], &wrapped).unwrap_err(), OpenError::Unauthentic);
    }

    #[test]
    fn a_segment_key_does_not_show_itself() {
        assert_eq!(format!("{:?}", segment_key(1)), "SegmentKey(***)");
    }

    proptest! {
        #[test]
        fn a_sealed_frame_opens_again(
            sequence in any::<u32>(),
            plaintext in proptest::collection::vec(any::<u8>(), 0..2_000),
        ) {
            let (mut key, mut out) = (segment_key(1), Vec::new());
            key.seal_frame(sequence, &plaintext, &mut out).unwrap();
            prop_assert_eq!(out.len(), plaintext.len() + FRAME_OVERHEAD_BYTES);
            let opened = key.open_frame(sequence, &out).unwrap();
            prop_assert_eq!(opened.expose(), &plaintext[..]);
        }

        #[test]
        fn no_bytes_at_all_open_or_panic(sealed in proptest::collection::vec(any::<u8>(), 0..120)) {
            prop_assert!(segment_key(1).open_frame(0, &sealed).is_err());
            prop_assert!(SegmentKey::unwrap(&keyring(), ID, &sealed).is_err());
        }
    }
}
