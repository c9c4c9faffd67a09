//! Key specs and key usages: what kind of key a KMS key is, and what it may be used for.
//!
//! The names are AWS's, and those of every region outside China: `SM2` is not among them.
//! <https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html>

use crate::names::named_enum;

named_enum! {
    /// What kind of key a KMS key is.
    pub enum KeySpec {
        /// A 256-bit key for AES-GCM:
        0 SymmetricDefault = "SYMMETRIC_DEFAULT",
        /// RSA with a modulus of 2,048 bits:
        1 Rsa2048 = "RSA_2048",
        /// RSA with a modulus of 3,072 bits:
        2 Rsa3072 = "RSA_3072",
        /// RSA with a modulus of 4,096 bits:
        3 Rsa4096 = "RSA_4096",
        /// The curve secp256r1:
        4 EccNistP256 = "ECC_NIST_P256",
        /// The curve secp384r1:
        5 EccNistP384 = "ECC_NIST_P384",
        /// The curve secp521r1:
        6 EccNistP521 = "ECC_NIST_P521",
        /// The curve secp256k1:
        7 EccSecgP256k1 = "ECC_SECG_P256K1",
        /// Ed25519:
        8 EccNistEdwards25519 = "ECC_NIST_EDWARDS25519",
        /// HMAC with a key of 224 bits:
        9 Hmac224 = "HMAC_224",
        /// HMAC with a key of 256 bits:
        10 Hmac256 = "HMAC_256",
        /// HMAC with a key of 384 bits:
        11 Hmac384 = "HMAC_384",
        /// HMAC with a key of 512 bits:
        12 Hmac512 = "HMAC_512",
        /// ML-DSA in its smallest parameter set:
        13 MlDsa44 = "ML_DSA_44",
        /// ML-DSA in its middle parameter set:
        14 MlDsa65 = "ML_DSA_65",
        /// ML-DSA in its largest parameter set:
        15 MlDsa87 = "ML_DSA_87",
        /// ML-KEM in its smallest parameter set:
        16 MlKem512 = "ML_KEM_512",
        /// ML-KEM in its middle parameter set:
        17 MlKem768 = "ML_KEM_768",
        /// ML-KEM in its largest parameter set:
        18 MlKem1024 = "ML_KEM_1024",
    }
}

/// The spec of a key that was asked for without one.
impl Default for KeySpec {
    fn default() -> Self {
        Self::SymmetricDefault
    }
}

named_enum! {
    /// What a KMS key may be used for. Each key has one usage for its whole life.
    pub enum KeyUsage {
        /// Encrypt, Decrypt, ReEncrypt and what makes data keys:
        0 EncryptDecrypt = "ENCRYPT_DECRYPT",
        /// Sign and Verify:
        1 SignVerify = "SIGN_VERIFY",
        /// GenerateMac and VerifyMac:
        2 GenerateVerifyMac = "GENERATE_VERIFY_MAC",
        /// DeriveSharedSecret:
        3 KeyAgreement = "KEY_AGREEMENT",
        /// Encapsulate and Decapsulate:
        4 EncapsulateDecapsulate = "ENCAPSULATE_DECAPSULATE",
    }
}

/// The usage of a key that was asked for without one.
impl Default for KeyUsage {
    fn default() -> Self {
        Self::EncryptDecrypt
    }
}

/// The algorithm family that a key spec belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    /// AES-GCM under derived keys.
    Symmetric,
    /// RSA.
    Rsa,
    /// The elliptic curves that ECDSA and ECDH work on.
    Ecc,
    /// Ed25519.
    Ed25519,
    /// HMAC.
    Hmac,
    /// ML-DSA.
    MlDsa,
    /// ML-KEM.
    MlKem,
}

impl KeySpec {
    /// What a key of this spec may be created for: one of these.
    #[must_use]
    pub const fn usages(self) -> &'static [KeyUsage] {
        match self {
            Self::SymmetricDefault => &[KeyUsage::EncryptDecrypt],
            Self::Rsa2048 | Self::Rsa3072 | Self::Rsa4096 => {
                &[KeyUsage::EncryptDecrypt, KeyUsage::SignVerify]
            }
            Self::EccNistP256 | Self::EccNistP384 | Self::EccNistP521 => {
                &[KeyUsage::SignVerify, KeyUsage::KeyAgreement]
            }
            Self::EccSecgP256k1
            | Self::EccNistEdwards25519
            | Self::MlDsa44
            | Self::MlDsa65
            | Self::MlDsa87 => &[KeyUsage::SignVerify],
            Self::Hmac224 | Self::Hmac256 | Self::Hmac384 | Self::Hmac512 => &[KeyUsage::GenerateVerifyMac],
            Self::MlKem512 | Self::MlKem768 | Self::MlKem1024 => &[KeyUsage::EncapsulateDecapsulate],
        }
    }

    /// The algorithm family.
    #[must_use]
    pub const fn family(self) -> Family {
        match self {
            Self::SymmetricDefault => Family::Symmetric,
            Self::Rsa2048 | Self::Rsa3072 | Self::Rsa4096 => Family::Rsa,
            Self::EccNistP256 | Self::EccNistP384 | Self::EccNistP521 | Self::EccSecgP256k1 => Family::Ecc,
            Self::EccNistEdwards25519 => Family::Ed25519,
            Self::Hmac224 | Self::Hmac256 | Self::Hmac384 | Self::Hmac512 => Family::Hmac,
            Self::MlDsa44 | Self::MlDsa65 | Self::MlDsa87 => Family::MlDsa,
            Self::MlKem512 | Self::MlKem768 | Self::MlKem1024 => Family::MlKem,
        }
    }

    /// Whether a key of this spec is a key pair.
    #[must_use]
    pub const fn is_asymmetric(self) -> bool {
        !matches!(self.family(), Family::Symmetric | Family::Hmac)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_read_back_and_no_other() {
        for &spec in KeySpec::ALL {
            assert_eq!(KeySpec::from_name(spec.as_str()), Some(spec));
        }
        for &usage in KeyUsage::ALL {
            assert_eq!(KeyUsage::from_name(usage.as_str()), Some(usage));
        }
        for name in ["SM2", "rsa_2048", "RSA_1024", "", "RSA_2048 "] {
            assert_eq!(KeySpec::from_name(name), None);
        }
    }

    #[test]
    fn the_stored_numbers_stay_as_they_are() {
        let numbers: Vec<u8> = KeySpec::ALL.iter().map(|spec| minicbor::to_vec(spec).unwrap()[0]).collect();
        assert_eq!(numbers, (0..19).collect::<Vec<u8>>());
        assert_eq!(minicbor::to_vec(KeySpec::MlKem1024).unwrap(), [18]);
        assert_eq!(minicbor::decode::<KeySpec>(&[8]).unwrap(), KeySpec::EccNistEdwards25519);
        assert_eq!(minicbor::decode::<KeyUsage>(&[4]).unwrap(), KeyUsage::EncapsulateDecapsulate);
        assert!(minicbor::decode::<KeySpec>(&[19]).is_err());
    }

    #[test]
    fn only_symmetric_and_hmac_keys_are_no_pairs() {
        let single: Vec<&str> =
            KeySpec::ALL.iter().filter(|spec| !spec.is_asymmetric()).map(|spec| spec.as_str()).collect();
        assert_eq!(single, ["SYMMETRIC_DEFAULT", "HMAC_224", "HMAC_256", "HMAC_384", "HMAC_512"]);
    }
}
