//! What KMS encrypts for an attested recipient: CMS EnvelopedData (RFC 5652, section 6).
//!
//! <https://docs.aws.amazon.com/kms/latest/developerguide/cryptographic-attestation.html>
//!
//! The plaintext is encrypted by AES-256-CBC under a key of its own, and that by RSAES-OAEP with SHA-256 for one
//! recipient, who is named by an identifier of its public key. What always holds: the structure is written as KMS
//! writes it, in BER with the outer lengths left open, for AWS's enclave SDK in C reads no other.

use alcazar_base::SecretBytes;
use aws_lc_rs::cipher::{AES_256, EncryptionContext, PaddedBlockEncryptingKey, UnboundCipherKey};
use aws_lc_rs::digest;
use aws_lc_rs::iv::FixedLength;
use der::asn1::OctetStringRef;
use der::{AnyRef, Encode, Tag};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::algorithm::EncryptionAlgorithm;
use crate::entropy::{self, Entropy};
use crate::error::EntropyError;
use crate::rsa::RsaPublicKey;

const KEY_BYTES: usize = 32;
const IV_BYTES: usize = 16;

/// ContentInfo of the type id-envelopedData, and EnvelopedData of version 2, each of open length.
const ENVELOPED_DATA: &[u8] = &[
    0x30, 0x80, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x03, 0xa0, 0x80, 0x30, 0x80,
    0x02, 0x01, 0x02,
];

/// The version of a recipient that is named by its key's identifier, and the tag and length of that.
const RECIPIENT: &[u8] = &[0x02, 0x01, 0x02, 0x80, 0x20];

/// The algorithm id-RSAES-OAEP with SHA-256, and MGF1 with it (RFC 8017, appendix A.2.1).
const RSAES_OAEP_SHA256: &[u8] = &[
    0x30, 0x3c, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x07, 0x30, 0x2f, 0xa0, 0x0f,
    0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0xa1, 0x1c,
    0x30, 0x1a, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x08, 0x30, 0x0d, 0x06, 0x09,
    0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00,
];

/// EncryptedContentInfo of open length, its type id-data, and the algorithm id-aes256-CBC up to its 16-byte IV.
const AES_256_CBC_DATA: &[u8] = &[
    0x30, 0x80, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01, 0x30, 0x1d, 0x06, 0x09,
    0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2a, 0x04, 0x10,
];

/// The tag of the encrypted content, of open length.
const ENCRYPTED_CONTENT: &[u8] = &[0xa0, 0x80];

/// The ends of the five open lengths.
const ENDS: &[u8] = &[0; 10];

/// Nothing could be encrypted for the recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum EnvelopeError {
    /// No key could be drawn.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// The library refused.
    #[error("the plaintext could not be encrypted for the recipient")]
    Failed,
}

/// `plaintext` for the holder of the private key of `recipient` alone: the `CiphertextForRecipient` of an answer.
///
/// # Errors
/// `EnvelopeError` if the source of randomness or the library failed.
pub fn encrypt_for_recipient(
    recipient: &RsaPublicKey,
    plaintext: &SecretBytes,
    entropy: &dyn Entropy,
) -> Result<Vec<u8>, EnvelopeError> {
    let mut key = Zeroizing::new([0; KEY_BYTES]);
    entropy.fill(&mut *key)?;
    let iv = entropy::random::<IV_BYTES>(entropy)?;
    let content = encrypt(&key, iv, plaintext)?;
    let encrypted_key =
        recipient.encrypt(EncryptionAlgorithm::RsaesOaepSha256, &*key).map_err(|_| EnvelopeError::Failed)?;
    write(recipient.spki(), &encrypted_key, iv, &content).map_err(|_| EnvelopeError::Failed)
}

/// AES-256-CBC with the padding of PKCS #7.
fn encrypt(
    key: &[u8; KEY_BYTES],
    iv: [u8; IV_BYTES],
    plaintext: &SecretBytes,
) -> Result<Vec<u8>, EnvelopeError> {
    let key = UnboundCipherKey::new(&AES_256, key)
        .and_then(PaddedBlockEncryptingKey::cbc_pkcs7)
        .map_err(|_| EnvelopeError::Failed)?;
    // With room for the padding, so that no copy of the plaintext is left behind.
    let mut content = Vec::with_capacity(plaintext.len() + IV_BYTES);
    content.extend_from_slice(plaintext.expose());
    let context = EncryptionContext::Iv128(FixedLength::from(iv));
    key.less_safe_encrypt(&mut content, context).map_err(|_| EnvelopeError::Failed)?;
    Ok(content)
}

fn write(spki: &[u8], encrypted_key: &[u8], iv: [u8; IV_BYTES], content: &[u8]) -> der::Result<Vec<u8>> {
    let key_id = digest::digest(&digest::SHA256, spki);
    let encrypted_key = OctetStringRef::new(encrypted_key)?.to_der()?;
    let recipient = [RECIPIENT, key_id.as_ref(), RSAES_OAEP_SHA256, &encrypted_key].concat();
    let recipient = AnyRef::new(Tag::Sequence, &recipient)?.to_der()?;
    let recipients = AnyRef::new(Tag::Set, &recipient)?.to_der()?;
    let content = OctetStringRef::new(content)?.to_der()?;
    Ok([ENVELOPED_DATA, &recipients, AES_256_CBC_DATA, &iv, ENCRYPTED_CONTENT, &content, ENDS].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;
    use crate::rsa::RsaKey;
    use crate::spec::KeySpec;
    use aws_lc_rs::cipher::{DecryptionContext, PaddedBlockDecryptingKey};

    const RECIPIENT_KEY: &[u8] = include_bytes!("../testdata/attestation/recipient.pkcs8");

    fn recipient() -> RsaKey {
        RsaKey::from_pkcs8(KeySpec::Rsa2048, RECIPIENT_KEY).unwrap()
    }

    /// Reads the envelope where its parts must stand, for an RSA key of 2,048 bits.
    fn open(key: &RsaKey, envelope: &[u8]) -> Vec<u8> {
        let rest = envelope.strip_prefix(ENVELOPED_DATA).unwrap();
        let rest = rest.strip_prefix(&[0x31, 0x82, 0x01, 0x6b, 0x30, 0x82, 0x01, 0x67]).unwrap();
        let rest = rest.strip_prefix(RECIPIENT).unwrap();
        let (key_id, rest) = rest.split_at(32);
        assert_eq!(key_id, digest::digest(&digest::SHA256, key.public().spki()).as_ref());
        let rest = rest.strip_prefix(RSAES_OAEP_SHA256).unwrap();
        let (encrypted_key, rest) = rest.strip_prefix(&[4, 0x82, 1, 0]).unwrap().split_at(256);
        let (iv, rest) = rest.strip_prefix(AES_256_CBC_DATA).unwrap().split_first_chunk::<16>().unwrap();
        let content = rest.strip_prefix(ENCRYPTED_CONTENT).unwrap().strip_suffix(ENDS).unwrap();
        let content = <&OctetStringRef as der::Decode>::from_der(content).unwrap();
        let content_key = key.decrypt(EncryptionAlgorithm::RsaesOaepSha256, encrypted_key).unwrap();
        let content_key = UnboundCipherKey::new(&AES_256, content_key.expose()).unwrap();
        let mut content = content.as_bytes().to_vec();
        PaddedBlockDecryptingKey::cbc_pkcs7(content_key)
            .unwrap()
            .decrypt(&mut content, DecryptionContext::Iv128(FixedLength::from(*iv)))
            .unwrap()
            .to_vec()
    }

    #[test]
    fn the_recipient_opens_what_was_encrypted_for_it() {
        let key = recipient();
        for length in [0, 1, 15, 16, 32, 100, 4096] {
            let plaintext = SecretBytes::new(vec![7; length]);
            let envelope =
                encrypt_for_recipient(key.public(), &plaintext, &SeededEntropy::new(length as u64)).unwrap();
            assert_eq!(open(&key, &envelope), plaintext.expose());
        }
    }

    #[test]
    fn each_envelope_has_a_key_of_its_own() {
        let entropy = SeededEntropy::new(1);
        let plaintext = SecretBytes::new(vec![7; 32]);
        let key = recipient();
        let envelopes: std::collections::BTreeSet<_> =
            (0..20).map(|_| encrypt_for_recipient(key.public(), &plaintext, &entropy).unwrap()).collect();
        assert_eq!(envelopes.len(), 20);
    }
}
