//! The backing key of a symmetric KMS key: what AWS calls the HSM backing key, of which rotation makes more.
//!
//! It never encrypts a plaintext itself; a key for each ciphertext is derived from it. How it is stored: [`wrapping`].

use std::collections::BTreeMap;

use alcazar_base::SecretBytes;
use alcazar_sys::LockedKey;

use crate::aead::{DerivingKey, Label};
use crate::ciphertext::{CiphertextHeader, HEADER_BYTES, KeyId};
use crate::encryption_context;
use crate::entropy::{self, Entropy};
use crate::error::{EntropyError, OpenError, SealError};
use crate::keyring::Keyring;
use crate::spec::KeySpec;
use crate::wrapping;

/// The random id of a backing key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BackingKeyId(pub [u8; 16]);

impl BackingKeyId {
    /// The id as AWS shows it (`KeyMaterialId`): 64 hexadecimal digits, the SHA-256 of the id.
    #[must_use]
    pub fn key_material_id(&self) -> String {
        hex::encode(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &self.0))
    }
}

/// A 256-bit symmetric backing key in locked memory.
#[derive(Debug, Clone)]
pub struct BackingKey {
    id: BackingKeyId,
    key: DerivingKey,
}

impl BackingKey {
    /// A new random backing key with a random id.
    ///
    /// # Errors
    /// `EntropyError` if the source failed.
    pub fn generate(entropy: &dyn Entropy) -> Result<Self, EntropyError> {
        Ok(Self { id: BackingKeyId(entropy::random(entropy)?), key: DerivingKey::generate(entropy)? })
    }

    /// The backing key of this id and material.
    #[must_use]
    pub fn new(id: BackingKeyId, material: LockedKey) -> Self {
        Self { id, key: DerivingKey::new(material) }
    }

    /// The backing key's id.
    #[must_use]
    pub fn id(&self) -> BackingKeyId {
        self.id
    }

    /// The backing key, sealed in the Kms domain and bound to the KMS key that it belongs to.
    ///
    /// # Errors
    /// `SealError` if no salt could be drawn.
    pub fn wrap(
        &self,
        keyring: &Keyring,
        key_id: KeyId,
        entropy: &dyn Entropy,
    ) -> Result<Vec<u8>, SealError> {
        let material = self.key.secret().expose();
        wrapping::wrap(keyring, key_id, KeySpec::SymmetricDefault, self.id, material, entropy)
    }

    /// Unwraps what [`BackingKey::wrap`] made for the same KMS key.
    ///
    /// # Errors
    /// `OpenError` if it is not that, or was changed since.
    pub fn unwrap(keyring: &Keyring, key_id: KeyId, wrapped: &[u8]) -> Result<Self, OpenError> {
        let (id, material) = wrapping::unwrap(keyring, key_id, KeySpec::SymmetricDefault, wrapped)?;
        let material = LockedKey::copy_of_slice(material.expose()).ok_or(OpenError::Malformed)?;
        Ok(Self::new(id, material))
    }

    /// The version of the Kms domain's key that `wrapped` says it is under: see [`wrapping::version_of`].
    ///
    /// # Errors
    /// `OpenError` if `wrapped` is of no known format.
    pub fn wrapping_version(wrapped: &[u8]) -> Result<u32, OpenError> {
        wrapping::version_of(wrapped)
    }

    /// Encrypts `plaintext` into a ciphertext blob of the KMS key `key_id`, bound to the encryption context.
    ///
    /// # Errors
    /// `SealError` if no salt could be drawn or the plaintext is too long for AES-GCM.
    pub fn encrypt(
        &self,
        entropy: &dyn Entropy,
        key_id: KeyId,
        context: &BTreeMap<String, String>,
        plaintext: &[u8],
    ) -> Result<Vec<u8>, SealError> {
        let header = CiphertextHeader { key_id, backing_key_id: self.id }.to_bytes();
        let aad = encryption_context::canonical(context);
        self.key.seal(entropy, Label::SymmetricDefault, &header, &aad, plaintext)
    }

    /// Decrypts a ciphertext blob that this backing key made under the same encryption context.
    ///
    /// The KMS key's id in the blob is authenticated, so a caller that found this backing key by it needs no further check.
    ///
    /// # Errors
    /// `OpenError::Unauthentic`, whatever the reason.
    pub fn decrypt(&self, context: &BTreeMap<String, String>, blob: &[u8]) -> Result<SecretBytes, OpenError> {
        let header = CiphertextHeader::parse(blob).map_err(|_| OpenError::Unauthentic)?;
        if header.backing_key_id != self.id {
            return Err(OpenError::Unauthentic);
        }
        let aad = encryption_context::canonical(context);
        self.key.open(Label::SymmetricDefault, HEADER_BYTES, &aad, blob)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aead::tests::for_every_damage;
    use crate::ciphertext::OVERHEAD_BYTES;
    use crate::encryption_context::tests::context;
    use crate::entropy::SeededEntropy;
    use proptest::prelude::*;

    const KEY_ID: KeyId = KeyId { bytes: [4; 16], multi_region: false };

    fn backing_key(seed: u64) -> BackingKey {
        BackingKey::generate(&SeededEntropy::new(seed)).unwrap()
    }

    fn keyring() -> Keyring {
        Keyring::generate(&SeededEntropy::new(100)).unwrap()
    }

    fn encrypt(pairs: &[(&str, &str)], plaintext: &[u8]) -> Vec<u8> {
        backing_key(1).encrypt(&SeededEntropy::new(2), KEY_ID, &context(pairs), plaintext).unwrap()
    }

    #[test]
    fn a_ciphertext_with_any_bit_changed_is_refused() {
        let blob = encrypt(&[("a", "b")], b"plaintext");
        assert_eq!(blob.len(), b"plaintext".len() + OVERHEAD_BYTES);
        assert_eq!(backing_key(1).decrypt(&context(&[("a", "b")]), &blob).unwrap().expose(), b"plaintext");
        for_every_damage(&blob, |damaged| {
            let opened = backing_key(1).decrypt(&context(&[("a", "b")]), damaged);
            assert_eq!(opened, Err(OpenError::Unauthentic));
        });
    }

    #[test]
    fn a_ciphertext_names_its_keys() {
        let header = CiphertextHeader::parse(&encrypt(&[], b"")).unwrap();
        assert_eq!(header, CiphertextHeader { key_id: KEY_ID, backing_key_id: backing_key(1).id() });
    }

    #[test]
    fn a_context_that_differs_in_anything_is_refused() {
        let blob = encrypt(&[("a", "bc")], b"plaintext");
        let others: [&[(&str, &str)]; 6] =
            [&[], &[("ab", "c")], &[("a", "bC")], &[("A", "bc")], &[("a", "bc"), ("d", "")], &[("", "abc")]];
        for pairs in others {
            assert_eq!(backing_key(1).decrypt(&context(pairs), &blob), Err(OpenError::Unauthentic));
        }
    }

    #[test]
    fn another_backing_key_decrypts_nothing_even_under_the_same_id() {
        let blob = encrypt(&[], b"plaintext");
        assert!(backing_key(2).decrypt(&context(&[]), &blob).is_err());
        let impostor = BackingKey { id: backing_key(1).id, ..backing_key(2) };
        assert!(impostor.decrypt(&context(&[]), &blob).is_err());
        let renamed = BackingKey { id: backing_key(2).id, ..backing_key(1) };
        assert!(renamed.decrypt(&context(&[]), &blob).is_err());
    }

    #[test]
    fn an_unwrapped_key_decrypts_what_the_wrapped_one_encrypted() {
        let wrapped = backing_key(1).wrap(&keyring(), KEY_ID, &SeededEntropy::new(3)).unwrap();
        let unwrapped = BackingKey::unwrap(&keyring(), KEY_ID, &wrapped).unwrap();
        assert_eq!(unwrapped.id(), backing_key(1).id());
        let blob = encrypt(&[], b"plaintext");
        assert_eq!(unwrapped.decrypt(&context(&[]), &blob).unwrap().expose(), b"plaintext");
        assert_eq!(BackingKey::wrapping_version(&wrapped), Ok(1));
        assert!(!wrapped.windows(32).any(|window| window == backing_key(1).key.secret().expose()));
    }

    #[test]
    fn a_wrapped_key_changed_or_moved_to_another_key_is_refused() {
        let wrapped = backing_key(1).wrap(&keyring(), KEY_ID, &SeededEntropy::new(3)).unwrap();
        for_every_damage(&wrapped, |damaged| {
            assert!(BackingKey::unwrap(&keyring(), KEY_ID, damaged).is_err());
        });
        let others = [KeyId { bytes: [5; 16], ..KEY_ID }, KeyId { multi_region: true, ..KEY_ID }];
        for other in others {
            assert_eq!(BackingKey::unwrap(&keyring(), other, &wrapped).unwrap_err(), OpenError::Unauthentic);
        }
        let keyring = Keyring::generate(&SeededEntropy::new(101)).unwrap();
        assert!(BackingKey::unwrap(&keyring, KEY_ID, &wrapped).is_err());
    }

    #[test]
    fn wrapped_material_of_another_length_is_malformed() {
        let (spec, id) = (KeySpec::SymmetricDefault, BackingKeyId([6; 16]));
        let wrapped = wrapping::wrap(&keyring(), KEY_ID, spec, id, &[1; 31], &SeededEntropy::new(3)).unwrap();
        assert_eq!(BackingKey::unwrap(&keyring(), KEY_ID, &wrapped).unwrap_err(), OpenError::Malformed);
    }

    #[test]
    fn a_backing_key_does_not_show_its_material() {
        let shown = format!("{:?}", BackingKey::new(BackingKeyId([0; 16]), LockedKey::copy_of(&[0xAB; 32])));
        assert!(shown.contains("DerivingKey(***)"), "{shown}");
        assert!(!shown.contains("171") && !shown.to_lowercase().contains("ab, "), "{shown}");
    }

    proptest! {
        #[test]
        fn what_is_encrypted_decrypts_again(
            pairs in proptest::collection::btree_map(".{0,8}", ".{0,8}", 0..4),
            plaintext in proptest::collection::vec(any::<u8>(), 0..5_000),
            multi_region in any::<bool>(),
            bytes in any::<[u8; 16]>(),
        ) {
            let key_id = KeyId { bytes, multi_region };
            let blob = backing_key(1).encrypt(&SeededEntropy::new(2), key_id, &pairs, &plaintext).unwrap();
            prop_assert_eq!(CiphertextHeader::parse(&blob).unwrap().key_id, key_id);
            let opened = backing_key(1).decrypt(&pairs, &blob).unwrap();
            prop_assert_eq!(opened.expose(), &plaintext[..]);
        }

        #[test]
        fn no_bytes_at_all_decrypt_or_panic(blob in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(backing_key(1).decrypt(&context(&[]), &blob).is_err());
            prop_assert!(BackingKey::unwrap(&keyring(), KEY_ID, &blob).is_err());
        }
    }
}
