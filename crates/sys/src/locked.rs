//! A secret of a fixed size in locked memory.
//!
//! What always holds: the bytes live in the pool's memory alone, are wiped when the value is dropped, cannot
//! be printed, and compare in constant time.

use std::fmt;
use std::mem::ManuallyDrop;

use subtle::{Choice, ConstantTimeEq};
use zeroize::Zeroize;

use crate::pool::{self, SLOT_BYTES, Slot};

/// `N` secret bytes, at most [`SLOT_BYTES`], in memory that is locked, left out of core dumps and wiped in the end.
pub struct Locked<const N: usize> {
    slot: ManuallyDrop<Slot>,
}

/// A 256-bit key in locked memory.
pub type LockedKey = Locked<32>;

impl<const N: usize> Locked<N> {
    const FITS: () = assert!(N <= SLOT_BYTES, "a secret must fit into a slot");

    /// `N` zeros.
    #[must_use]
    pub fn zeroed() -> Self {
        const { Self::FITS }
        Self { slot: ManuallyDrop::new(pool::take()) }
    }

    /// A copy of `bytes`. The caller wipes the original.
    #[must_use]
    pub fn copy_of(bytes: &[u8; N]) -> Self {
        let mut locked = Self::zeroed();
        locked.expose_mut().copy_from_slice(bytes);
        locked
    }

    /// Moves `bytes` into locked memory, and wipes where they came from.
    #[must_use]
    pub fn take_from(bytes: &mut [u8; N]) -> Self {
        let locked = Self::copy_of(bytes);
        bytes.zeroize();
        locked
    }

    /// A copy of `bytes` if there are `N` of them.
    #[must_use]
    pub fn copy_of_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self::copy_of)
    }

    /// The bytes themselves.
    #[must_use]
    pub fn expose(&self) -> &[u8; N] {
        const { Self::FITS }
        // SAFETY: the slot is `SLOT_BYTES` initialised bytes, `N` of which are borrowed as long as `self` is. `FITS`
        // refuses to compile a larger `N`, and an array of bytes has no alignment to keep.
        unsafe { &*self.slot.as_ptr().cast::<[u8; N]>() }
    }

    /// The bytes themselves, to be filled in place.
    pub fn expose_mut(&mut self) -> &mut [u8; N] {
        const { Self::FITS }
        // SAFETY: as in `expose`; the borrow of `self` is unique, and so is the slot's owner.
        unsafe { &mut *self.slot.as_mut_ptr().cast::<[u8; N]>() }
    }
}

impl<const N: usize> Drop for Locked<N> {
    fn drop(&mut self) {
        // SAFETY: the value is being dropped, so the slot is taken out once and not looked at again.
        pool::give_back(unsafe { ManuallyDrop::take(&mut self.slot) });
    }
}

impl<const N: usize> Clone for Locked<N> {
    fn clone(&self) -> Self {
        Self::copy_of(self.expose())
    }
}

impl<const N: usize> ConstantTimeEq for Locked<N> {
    fn ct_eq(&self, other: &Self) -> Choice {
        self.expose().ct_eq(other.expose())
    }
}

impl<const N: usize> PartialEq for Locked<N> {
    fn eq(&self, other: &Self) -> bool {
        self.ct_eq(other).into()
    }
}

impl<const N: usize> Eq for Locked<N> {}

impl<const N: usize> fmt::Debug for Locked<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Locked<{N}>(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{REGION_BYTES, locking_status};

    #[test]
    fn a_locked_secret_does_not_show_itself() {
        assert_eq!(format!("{:?}", LockedKey::copy_of(&[0xAB; 32])), "Locked<32>(***)");
    }

    #[test]
    fn locked_secrets_compare_by_content() {
        let (one, two) = (Locked::copy_of(b"0123456789abcdef"), Locked::copy_of(b"0123456789abcdeF"));
        assert_eq!(one, one.clone());
        assert_ne!(one, two);
        assert!(bool::from(one.ct_eq(&one)) && !bool::from(one.ct_eq(&two)));
    }

    #[test]
    fn the_source_of_a_moved_secret_is_wiped() {
        let mut source = [7; 32];
        let locked = LockedKey::take_from(&mut source);
        assert_eq!((source, locked.expose()), ([0; 32], &[7; 32]));
    }

    #[test]
    fn a_slice_of_another_length_is_no_key() {
        assert!(LockedKey::copy_of_slice(&[1; 31]).is_none());
        assert!(LockedKey::copy_of_slice(&[1; 33]).is_none());
        assert_eq!(LockedKey::copy_of_slice(&[1; 32]), Some(LockedKey::copy_of(&[1; 32])));
    }

    #[test]
    fn a_slot_given_back_is_wiped_before_it_is_used_again() {
        // Other tests take slots at the same time, so none can be waited for: every slot met must be clean.
        for _ in 0..10_000 {
            let mut locked = Locked::<64>::zeroed();
            assert_eq!(locked.expose(), &[0; 64]);
            locked.expose_mut().fill(0xFF);
        }
    }

    #[test]
    fn a_hundred_thousand_keys_share_pages_and_keep_apart() {
        let mut keys = Vec::new();
        for number in 0..100_000_u32 {
            let mut key = LockedKey::zeroed();
            key.expose_mut()[..4].copy_from_slice(&number.to_be_bytes());
            keys.push(key);
        }
        for (number, key) in (0..100_000_u32).zip(&keys) {
            assert_eq!(key.expose()[..4], number.to_be_bytes());
            assert_eq!(key.expose()[4..], [0; 28]);
        }
        let status = locking_status();
        let bytes = status.locked_bytes + status.unlocked_bytes;
        assert!((100_000 * SLOT_BYTES..110_000 * SLOT_BYTES + REGION_BYTES).contains(&bytes), "{status:?}");
    }

    #[test]
    fn keys_may_be_made_and_dropped_by_many_threads() {
        std::thread::scope(|scope| {
            for thread in 1..=8_u8 {
                scope.spawn(move || {
                    for _ in 0..1_000 {
                        let keys: Vec<_> = (0..16).map(|_| LockedKey::copy_of(&[thread; 32])).collect();
                        assert!(keys.iter().all(|key| key.expose() == &[thread; 32]));
                    }
                });
            }
        });
    }
}
