//! What stands for the beginnings of user-chosen texts in the names of records.
//!
//! Texts that begin alike have codes that begin alike, as far as they do; so the records of all texts with one beginning
//! are a range of the store. A code has one byte for each of its text's. Whoever lacks the key learns from codes how
//! long texts are and how far they begin alike, and nothing else.

use std::hash::Hasher;

use siphasher::sip::SipHasher24;
use zeroize::ZeroizeOnDrop;

/// The key of codes.
///
/// Each byte is made of SipHash-2-4 (<https://www.aumasson.jp/siphash/siphash.pdf>), a pseudorandom function for short
/// inputs, over everything up to and with the text's byte. It is never zero.
#[derive(ZeroizeOnDrop)]
pub struct PrefixCode([u8; 16]);

/// What a byte of a code may be: every value but zero.
const VALUES: u64 = 255;

impl PrefixCode {
    pub(crate) fn new(key: [u8; 16]) -> Self {
        Self(key)
    }

    /// The code of `text` in the place that `before` says, whose codes are like those of no other place.
    #[must_use]
    pub fn of(&self, before: &[u8], text: &[u8]) -> Vec<u8> {
        let mut hasher = SipHasher24::new_with_key(&self.0);
        hasher.write(&(before.len() as u64).to_be_bytes());
        hasher.write(before);
        let code = text.iter().map(|byte| {
            hasher.write(&[*byte]);
            u8::try_from(hasher.finish() % VALUES).map_or(u8::MAX, |byte| byte + 1)
        });
        code.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_begin_alike_have_codes_that_do() {
        let code = PrefixCode::new([7; 16]);
        let (one, other) = (code.of(b"t", b"/app/prod/a"), code.of(b"t", b"/app/prod/b/c"));
        assert_eq!((one.len(), other.len()), (11, 13));
        assert_eq!(one[..10], other[..10]);
        assert_ne!(one[10], other[10]);
        assert!(one.iter().all(|byte| *byte != 0));
    }

    #[test]
    fn places_and_keys_have_codes_of_their_own() {
        let (code, text) = (PrefixCode::new([7; 16]), b"/app/prod/a");
        assert_ne!(code.of(b"t", text), code.of(b"u", text));
        assert_ne!(code.of(b"t", text), PrefixCode::new([8; 16]).of(b"t", text));
        assert_ne!(code.of(b"", b"ab"), code.of(b"a", b"b"));
    }

    #[test]
    fn every_byte_but_zero_occurs() {
        let code = PrefixCode::new([7; 16]).of(b"t", &[0; 8192]);
        for value in 1..=u8::MAX {
            assert!(code.contains(&value), "{value}");
        }
    }
}
