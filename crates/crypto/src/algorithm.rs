//! The algorithms that a KMS key is used with, and which of them go with which key spec and usage.
//!
//! The tables are those of
//! <https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html>, without what China alone
//! has (`SM2DSA`, `SM2PKE`). The order within a table is that in which DescribeKey and GetPublicKey list them.

use crate::names::named_enum;
use crate::spec::{KeySpec, KeyUsage};

named_enum! {
    /// How Sign signs and Verify verifies.
    pub enum SigningAlgorithm {
        /// RSASSA-PSS with SHA-256 and a salt of its length:
        0 RsassaPssSha256 = "RSASSA_PSS_SHA_256",
        /// RSASSA-PSS with SHA-384 and a salt of its length:
        1 RsassaPssSha384 = "RSASSA_PSS_SHA_384",
        /// RSASSA-PSS with SHA-512 and a salt of its length:
        2 RsassaPssSha512 = "RSASSA_PSS_SHA_512",
        /// RSASSA-PKCS1-v1_5 with SHA-256:
        3 RsassaPkcs1V15Sha256 = "RSASSA_PKCS1_V1_5_SHA_256",
        /// RSASSA-PKCS1-v1_5 with SHA-384:
        4 RsassaPkcs1V15Sha384 = "RSASSA_PKCS1_V1_5_SHA_384",
        /// RSASSA-PKCS1-v1_5 with SHA-512:
        5 RsassaPkcs1V15Sha512 = "RSASSA_PKCS1_V1_5_SHA_512",
        /// ECDSA with SHA-256:
        6 EcdsaSha256 = "ECDSA_SHA_256",
        /// ECDSA with SHA-384:
        7 EcdsaSha384 = "ECDSA_SHA_384",
        /// ECDSA with SHA-512:
        8 EcdsaSha512 = "ECDSA_SHA_512",
        /// ML-DSA:
        9 MlDsaShake256 = "ML_DSA_SHAKE_256",
        /// Ed25519 over the message itself:
        10 Ed25519Sha512 = "ED25519_SHA_512",
        /// Ed25519ph:
        11 Ed25519PhSha512 = "ED25519_PH_SHA_512",
    }
}

named_enum! {
    /// How Encrypt encrypts and Decrypt decrypts.
    pub enum EncryptionAlgorithm {
        /// AES-256-GCM:
        0 SymmetricDefault = "SYMMETRIC_DEFAULT",
        /// RSAES-OAEP with SHA-1, and MGF1 with it:
        1 RsaesOaepSha1 = "RSAES_OAEP_SHA_1",
        /// RSAES-OAEP with SHA-256, and MGF1 with it:
        2 RsaesOaepSha256 = "RSAES_OAEP_SHA_256",
    }
}

named_enum! {
    /// How GenerateMac and VerifyMac work.
    pub enum MacAlgorithm {
        /// HMAC with SHA-224:
        0 HmacSha224 = "HMAC_SHA_224",
        /// HMAC with SHA-256:
        1 HmacSha256 = "HMAC_SHA_256",
        /// HMAC with SHA-384:
        2 HmacSha384 = "HMAC_SHA_384",
        /// HMAC with SHA-512:
        3 HmacSha512 = "HMAC_SHA_512",
    }
}

named_enum! {
    /// How DeriveSharedSecret works.
    pub enum KeyAgreementAlgorithm {
        /// Cofactor Diffie-Hellman on the key's curve:
        0 Ecdh = "ECDH",
    }
}

named_enum! {
    /// How Encapsulate and Decapsulate work.
    pub enum EncapsulationAlgorithm {
        /// ML-KEM in the key's parameter set:
        0 MlKem = "ML_KEM",
    }
}

impl SigningAlgorithm {
    /// The algorithms of a key of this spec and usage.
    #[must_use]
    pub const fn of(spec: KeySpec, usage: KeyUsage) -> &'static [Self] {
        if !matches!(usage, KeyUsage::SignVerify) {
            return &[];
        }
        match spec {
            KeySpec::Rsa2048 | KeySpec::Rsa3072 | KeySpec::Rsa4096 => &[
                Self::RsassaPkcs1V15Sha256,
                Self::RsassaPkcs1V15Sha384,
                Self::RsassaPkcs1V15Sha512,
                Self::RsassaPssSha256,
                Self::RsassaPssSha384,
                Self::RsassaPssSha512,
            ],
            KeySpec::EccNistP256 | KeySpec::EccSecgP256k1 => &[Self::EcdsaSha256],
            KeySpec::EccNistP384 => &[Self::EcdsaSha384],
            KeySpec::EccNistP521 => &[Self::EcdsaSha512],
            KeySpec::EccNistEdwards25519 => &[Self::Ed25519PhSha512, Self::Ed25519Sha512],
            KeySpec::MlDsa44 | KeySpec::MlDsa65 | KeySpec::MlDsa87 => &[Self::MlDsaShake256],
            _ => &[],
        }
    }
}

/// The most bytes that Encrypt takes under a symmetric key.
const SYMMETRIC_PLAINTEXT_BYTES_MAX: usize = 4096;

impl EncryptionAlgorithm {
    /// The algorithms of a key of this spec and usage.
    #[must_use]
    pub const fn of(spec: KeySpec, usage: KeyUsage) -> &'static [Self] {
        if !matches!(usage, KeyUsage::EncryptDecrypt) {
            return &[];
        }
        match spec {
            KeySpec::SymmetricDefault => &[Self::SymmetricDefault],
            KeySpec::Rsa2048 | KeySpec::Rsa3072 | KeySpec::Rsa4096 => {
                &[Self::RsaesOaepSha1, Self::RsaesOaepSha256]
            }
            _ => &[],
        }
    }

    /// The most bytes that a key of this spec encrypts at once with this algorithm; 0 if it never does.
    ///
    /// OAEP takes two digests and two bytes of the modulus for itself (RFC 8017, section 7.1.1).
    #[must_use]
    pub const fn plaintext_bytes_max(self, spec: KeySpec) -> usize {
        let modulus_bytes = match (self, spec) {
            (Self::SymmetricDefault, KeySpec::SymmetricDefault) => return SYMMETRIC_PLAINTEXT_BYTES_MAX,
            (Self::RsaesOaepSha1 | Self::RsaesOaepSha256, KeySpec::Rsa2048) => 256,
            (Self::RsaesOaepSha1 | Self::RsaesOaepSha256, KeySpec::Rsa3072) => 384,
            (Self::RsaesOaepSha1 | Self::RsaesOaepSha256, KeySpec::Rsa4096) => 512,
            _ => return 0,
        };
        let digest_bytes = if matches!(self, Self::RsaesOaepSha1) { 20 } else { 32 };
        modulus_bytes - 2 * digest_bytes - 2
    }
}

impl MacAlgorithm {
    /// The algorithms of a key of this spec and usage.
    #[must_use]
    pub const fn of(spec: KeySpec, usage: KeyUsage) -> &'static [Self] {
        match (usage, spec) {
            (KeyUsage::GenerateVerifyMac, KeySpec::Hmac224) => &[Self::HmacSha224],
            (KeyUsage::GenerateVerifyMac, KeySpec::Hmac256) => &[Self::HmacSha256],
            (KeyUsage::GenerateVerifyMac, KeySpec::Hmac384) => &[Self::HmacSha384],
            (KeyUsage::GenerateVerifyMac, KeySpec::Hmac512) => &[Self::HmacSha512],
            _ => &[],
        }
    }
}

impl KeyAgreementAlgorithm {
    /// The algorithms of a key of this spec and usage.
    #[must_use]
    pub const fn of(spec: KeySpec, usage: KeyUsage) -> &'static [Self] {
        match (usage, spec) {
            (KeyUsage::KeyAgreement, KeySpec::EccNistP256 | KeySpec::EccNistP384 | KeySpec::EccNistP521) => {
                &[Self::Ecdh]
            }
            _ => &[],
        }
    }
}

impl EncapsulationAlgorithm {
    /// The algorithms of a key of this spec and usage.
    #[must_use]
    pub const fn of(spec: KeySpec, usage: KeyUsage) -> &'static [Self] {
        match (usage, spec) {
            (
                KeyUsage::EncapsulateDecapsulate,
                KeySpec::MlKem512 | KeySpec::MlKem768 | KeySpec::MlKem1024,
            ) => &[Self::MlKem],
            _ => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many algorithms of any kind a key has.
    fn count(spec: KeySpec, usage: KeyUsage) -> usize {
        SigningAlgorithm::of(spec, usage).len()
            + EncryptionAlgorithm::of(spec, usage).len()
            + MacAlgorithm::of(spec, usage).len()
            + KeyAgreementAlgorithm::of(spec, usage).len()
            + EncapsulationAlgorithm::of(spec, usage).len()
    }

    #[test]
    fn a_key_has_algorithms_exactly_for_the_usages_of_its_spec() {
        for &spec in KeySpec::ALL {
            for &usage in KeyUsage::ALL {
                assert_eq!(count(spec, usage) > 0, spec.usages().contains(&usage), "{spec} {usage}");
            }
        }
    }

    #[test]
    fn every_algorithm_belongs_to_some_key() {
        let everywhere = |found: &dyn Fn(KeySpec, KeyUsage) -> bool| {
            KeySpec::ALL.iter().any(|&spec| KeyUsage::ALL.iter().any(|&usage| found(spec, usage)))
        };
        for algorithm in SigningAlgorithm::ALL {
            assert!(everywhere(&|spec, usage| SigningAlgorithm::of(spec, usage).contains(algorithm)));
        }
        for algorithm in EncryptionAlgorithm::ALL {
            assert!(everywhere(&|spec, usage| EncryptionAlgorithm::of(spec, usage).contains(algorithm)));
        }
        for algorithm in MacAlgorithm::ALL {
            assert!(everywhere(&|spec, usage| MacAlgorithm::of(spec, usage).contains(algorithm)));
        }
    }

    #[test]
    fn every_name_is_read_back() {
        for &algorithm in SigningAlgorithm::ALL {
            assert_eq!(SigningAlgorithm::from_name(algorithm.as_str()), Some(algorithm));
        }
        for &algorithm in EncryptionAlgorithm::ALL {
            assert_eq!(EncryptionAlgorithm::from_name(algorithm.as_str()), Some(algorithm));
        }
        for &algorithm in MacAlgorithm::ALL {
            assert_eq!(MacAlgorithm::from_name(algorithm.as_str()), Some(algorithm));
        }
        assert_eq!(SigningAlgorithm::from_name("SM2DSA"), None);
        assert_eq!(EncryptionAlgorithm::from_name("SM2PKE"), None);
        assert_eq!(KeyAgreementAlgorithm::from_name("ECDH"), Some(KeyAgreementAlgorithm::Ecdh));
        assert_eq!(EncapsulationAlgorithm::from_name("ML_KEM"), Some(EncapsulationAlgorithm::MlKem));
    }

    #[test]
    fn the_largest_plaintexts_are_those_that_aws_documents() {
        use EncryptionAlgorithm::{RsaesOaepSha1, RsaesOaepSha256, SymmetricDefault};
        let documented = [
            (SymmetricDefault, KeySpec::SymmetricDefault, 4096),
            (RsaesOaepSha1, KeySpec::Rsa2048, 214),
            (RsaesOaepSha256, KeySpec::Rsa2048, 190),
            (RsaesOaepSha1, KeySpec::Rsa3072, 342),
            (RsaesOaepSha256, KeySpec::Rsa3072, 318),
            (RsaesOaepSha1, KeySpec::Rsa4096, 470),
            (RsaesOaepSha256, KeySpec::Rsa4096, 446),
            (SymmetricDefault, KeySpec::Rsa4096, 0),
            (RsaesOaepSha256, KeySpec::EccNistP256, 0),
        ];
        for (algorithm, spec, bytes) in documented {
            assert_eq!(algorithm.plaintext_bytes_max(spec), bytes, "{algorithm} {spec}");
        }
    }
}
