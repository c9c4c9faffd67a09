//! Checking the signatures of JSON Web Signatures, by the keys that a JSON Web Key Set holds.
//!
//! Only signatures of key pairs are known here, so nobody can have a public key taken for a secret; and a key counts for
//! the algorithms of its own family alone.
//!
//! Sources: <https://www.rfc-editor.org/rfc/rfc7518#section-3>, <https://www.rfc-editor.org/rfc/rfc7518#section-6>

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ECDSA_P521_SHA512_FIXED, EcdsaVerificationAlgorithm,
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RsaParameters,
    RsaPublicKeyComponents, UnparsedPublicKey,
};

/// What an uncompressed point begins with.
const UNCOMPRESSED: u8 = 4;

/// An algorithm of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JwsAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    Rs512,
    /// ECDSA with P-256 and SHA-256.
    Es256,
    /// ECDSA with P-384 and SHA-384.
    Es384,
    /// ECDSA with P-521 and SHA-512.
    Es512,
}

impl JwsAlgorithm {
    /// The algorithm of a header's `alg`.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Some(match name {
            "RS256" => Self::Rs256,
            "RS384" => Self::Rs384,
            "RS512" => Self::Rs512,
            "ES256" => Self::Es256,
            "ES384" => Self::Es384,
            "ES512" => Self::Es512,
            _ => return None,
        })
    }

    /// The name of its curve in a key's `crv`; RSA has none.
    #[must_use]
    pub fn curve(self) -> Option<&'static str> {
        match self {
            Self::Rs256 | Self::Rs384 | Self::Rs512 => None,
            Self::Es256 => Some("P-256"),
            Self::Es384 => Some("P-384"),
            Self::Es512 => Some("P-521"),
        }
    }

    /// The size of a coordinate on its curve, in bytes.
    fn coordinate_bytes(self) -> usize {
        match self {
            Self::Es384 => 48,
            Self::Es512 => 66,
            _ => 32,
        }
    }

    fn rsa(self) -> Option<&'static RsaParameters> {
        match self {
            Self::Rs256 => Some(&RSA_PKCS1_2048_8192_SHA256),
            Self::Rs384 => Some(&RSA_PKCS1_2048_8192_SHA384),
            Self::Rs512 => Some(&RSA_PKCS1_2048_8192_SHA512),
            Self::Es256 | Self::Es384 | Self::Es512 => None,
        }
    }

    fn ecdsa(self) -> Option<&'static EcdsaVerificationAlgorithm> {
        match self {
            Self::Es256 => Some(&ECDSA_P256_SHA256_FIXED),
            Self::Es384 => Some(&ECDSA_P384_SHA384_FIXED),
            Self::Es512 => Some(&ECDSA_P521_SHA512_FIXED),
            Self::Rs256 | Self::Rs384 | Self::Rs512 => None,
        }
    }
}

/// A public key, as a JSON Web Key has its numbers: big-endian.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JwsKey {
    /// A key of RSA, of 2,048 to 8,192 bits.
    Rsa {
        /// The modulus.
        n: Vec<u8>,
        /// The exponent.
        e: Vec<u8>,
    },
    /// A point on the algorithm's curve.
    Ec {
        /// Its first coordinate.
        x: Vec<u8>,
        /// Its second coordinate.
        y: Vec<u8>,
    },
}

impl JwsKey {
    /// Whether `signature` is this key's of `message`.
    #[must_use]
    pub fn verifies(&self, algorithm: JwsAlgorithm, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Rsa { n, e } => algorithm.rsa().is_some_and(|parameters| {
                RsaPublicKeyComponents { n, e }.verify(parameters, message, signature).is_ok()
            }),
            Self::Ec { x, y } => algorithm.ecdsa().is_some_and(|parameters| {
                let size = algorithm.coordinate_bytes();
                if x.len() != size || y.len() != size {
                    return false;
                }
                let point = [&[UNCOMPRESSED], x.as_slice(), y].concat();
                UnparsedPublicKey::new(parameters, point).verify(message, signature).is_ok()
            }),
        }
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "the library's signers take randomness from no port")]
mod tests {
    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::rsa::KeySize;
    use aws_lc_rs::signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, ECDSA_P521_SHA512_FIXED_SIGNING,
        EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RsaKeyPair,
    };

    use super::*;

    const ALGORITHMS: [&str; 6] = ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"];

    fn signed(algorithm: JwsAlgorithm, message: &[u8]) -> (JwsKey, Vec<u8>) {
        let random = SystemRandom::new();
        let signing = match algorithm {
            JwsAlgorithm::Es256 => &ECDSA_P256_SHA256_FIXED_SIGNING,
            JwsAlgorithm::Es384 => &ECDSA_P384_SHA384_FIXED_SIGNING,
            JwsAlgorithm::Es512 => &ECDSA_P521_SHA512_FIXED_SIGNING,
            _ => return signed_by_rsa(algorithm, message),
        };
        let pair = EcdsaKeyPair::generate(signing).unwrap();
        let point = pair.public_key().as_ref();
        let (x, y) = point[1..].split_at(algorithm.coordinate_bytes());
        let key = JwsKey::Ec { x: x.to_vec(), y: y.to_vec() };
        (key, pair.sign(&random, message).unwrap().as_ref().to_vec())
    }

    fn signed_by_rsa(algorithm: JwsAlgorithm, message: &[u8]) -> (JwsKey, Vec<u8>) {
        let padding = match algorithm {
            JwsAlgorithm::Rs256 => &RSA_PKCS1_SHA256,
            JwsAlgorithm::Rs384 => &RSA_PKCS1_SHA384,
            _ => &RSA_PKCS1_SHA512,
        };
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
        let public = pair.public_key();
        let (n, e) = (public.modulus(), public.exponent());
        let key = JwsKey::Rsa {
            n: n.big_endian_without_leading_zero().to_vec(),
            e: e.big_endian_without_leading_zero().to_vec(),
        };
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(padding, &SystemRandom::new(), message, &mut signature).unwrap();
        (key, signature)
    }

    #[test]
    fn a_signature_counts_for_its_own_message_key_and_algorithm() {
        for name in ALGORITHMS {
            let algorithm = JwsAlgorithm::of_name(name).unwrap();
            let (key, signature) = signed(algorithm, b"a.b");
            assert!(key.verifies(algorithm, b"a.b", &signature), "{name}");
            assert!(!key.verifies(algorithm, b"a.c", &signature), "{name}");
            assert!(!key.verifies(algorithm, b"a.b", &[]), "{name}");
            let (other, _) = signed(algorithm, b"a.b");
            assert!(!other.verifies(algorithm, b"a.b", &signature), "{name}");
            for another in ALGORITHMS.into_iter().filter(|another| *another != name) {
                let another = JwsAlgorithm::of_name(another).unwrap();
                assert!(!key.verifies(another, b"a.b", &signature), "{name} as {another:?}");
            }
        }
    }

    #[test]
    fn no_other_algorithm_is_known() {
        for name in ["none", "HS256", "PS256", "EdDSA", "rs256", ""] {
            assert_eq!(JwsAlgorithm::of_name(name), None, "{name}");
        }
    }
}
