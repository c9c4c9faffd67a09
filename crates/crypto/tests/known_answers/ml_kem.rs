//! ML-KEM: known answers of its authors, for keys, shared secrets, and the secrets of ciphertexts that are none.
//! `testdata/known_answers/make_post_quantum_and_import.py` says where each comes from.

use alcazar_crypto::{BackingKeyId, KeyMaterial, KeySpec, Material};
use aws_lc_rs::digest;
use serde_json::Value;

fn vectors() -> Vec<Value> {
    serde_json::from_str(include_str!("../../testdata/known_answers/ml_kem.json")).unwrap()
}

fn bytes(vector: &Value, field: &str) -> Vec<u8> {
    hex::decode(vector[field].as_str().unwrap()).unwrap()
}

fn imported(vector: &Value, form: &str) -> Option<KeyMaterial> {
    let spec = KeySpec::from_name(vector["spec"].as_str().unwrap()).unwrap();
    KeyMaterial::import(spec, BackingKeyId([1; 16]), &bytes(vector, form)).ok()
}

fn sha256(bytes: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA256, bytes).as_ref().to_vec()
}

#[test]
fn a_seed_gives_the_known_public_key() {
    let vectors = vectors();
    assert_eq!(vectors.len(), 9);
    for vector in &vectors {
        let key = imported(vector, "pkcs8").unwrap();
        let spki = key.public_key().unwrap();
        assert_eq!(sha256(spki), bytes(vector, "spki_sha256"));
        // SubjectPublicKeyInfo ends with the public key itself.
        let public_key = match key.spec() {
            KeySpec::MlKem512 => 800,
            KeySpec::MlKem768 => 1184,
            _ => 1568,
        };
        assert_eq!(sha256(&spki[spki.len() - public_key..]), bytes(vector, "public_key_sha256"));
        assert_eq!(key.to_pkcs8().unwrap().expose(), bytes(vector, "pkcs8"));
    }
}

#[test]
fn known_ciphertexts_give_their_shared_secrets() {
    for vector in &vectors() {
        let key = imported(vector, "pkcs8").unwrap();
        let Material::MlKem(key) = key.material() else { panic!("{key:?}") };
        for (ciphertext, secret) in
            [("ciphertext", "shared_secret"), ("rejected_ciphertext", "rejected_shared_secret")]
        {
            let decapsulated = key.decapsulate(&bytes(vector, ciphertext)).unwrap();
            assert_eq!(decapsulated.expose(), bytes(vector, secret));
        }
    }
}

#[test]
fn pkcs8_must_have_the_seed_and_may_have_the_expanded_key_that_agrees() {
    let vector = &vectors()[0];
    let key = imported(vector, "pkcs8").unwrap();
    assert_eq!(imported(vector, "pkcs8_both").unwrap().public_key(), key.public_key());
    assert!(imported(vector, "pkcs8_expanded").is_none());
    let mut both = bytes(vector, "pkcs8_both");
    for index in [both.len() - 1, both.len() - 1600] {
        both[index] ^= 1;
        assert!(KeyMaterial::import(KeySpec::MlKem512, BackingKeyId([1; 16]), &both).is_err());
        both[index] ^= 1;
    }
}
