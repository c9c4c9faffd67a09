//! ML-DSA: known answers of its authors, for keys and for signatures over μ; OpenSSL's for what has no context.
//! `testdata/known_answers/make_post_quantum_and_import.py` says where each comes from.

use alcazar_crypto::signing::{sign, verify};
use alcazar_crypto::{BackingKeyId, KeyMaterial, KeySpec, Message, SeededEntropy, SigningAlgorithm};
use aws_lc_rs::digest;
use serde_json::Value;

const ALGORITHM: SigningAlgorithm = SigningAlgorithm::MlDsaShake256;

fn vectors() -> Vec<Value> {
    serde_json::from_str(include_str!("../../testdata/known_answers/ml_dsa.json")).unwrap()
}

fn bytes(vector: &Value, field: &str) -> Vec<u8> {
    hex::decode(vector[field].as_str().unwrap()).unwrap()
}

fn imported(vector: &Value, form: &str) -> KeyMaterial {
    let spec = KeySpec::from_name(vector["spec"].as_str().unwrap()).unwrap();
    KeyMaterial::import(spec, BackingKeyId([1; 16]), &bytes(vector, form)).unwrap()
}

fn sha256(bytes: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA256, bytes).as_ref().to_vec()
}

#[test]
fn a_seed_gives_the_known_public_key() {
    let vectors = vectors();
    assert_eq!(vectors.len(), 9);
    for vector in &vectors {
        let key = imported(vector, "pkcs8");
        let spki = key.public_key().unwrap();
        assert_eq!(sha256(spki), bytes(vector, "spki_sha256"));
        // SubjectPublicKeyInfo ends with the public key itself.
        let public_key = match key.spec() {
            KeySpec::MlDsa44 => 1312,
            KeySpec::MlDsa65 => 1952,
            _ => 2592,
        };
        assert_eq!(sha256(&spki[spki.len() - public_key..]), bytes(vector, "public_key_sha256"));
        assert_eq!(key.to_pkcs8().unwrap().expose(), bytes(vector, "pkcs8"));
    }
}

#[test]
fn the_three_forms_of_pkcs8_are_one_key() {
    let vector = &vectors()[0];
    let key = imported(vector, "pkcs8");
    for form in ["pkcs8_expanded", "pkcs8_both"] {
        assert_eq!(imported(vector, form).public_key(), key.public_key(), "{form}");
    }
    // Another seed than the expanded key's.
    let mut both = bytes(vector, "pkcs8_both");
    let seed = bytes(vector, "seed");
    let place = both.windows(seed.len()).position(|window| window == seed).unwrap();
    both[place] ^= 1;
    assert!(KeyMaterial::import(KeySpec::MlDsa44, BackingKeyId([1; 16]), &both).is_err());
}

#[test]
fn known_signatures_verify() {
    for vector in &vectors() {
        let key = imported(vector, "pkcs8");
        let (message, mu) = (bytes(vector, "message"), bytes(vector, "mu"));
        let signature = bytes(vector, "signature");
        assert_eq!(verify(&key, ALGORITHM, Message::Raw(&message), &signature), Ok(true));
        assert_eq!(verify(&key, ALGORITHM, Message::ExternalMu(&mu), &signature), Ok(true));
        let (mu, signature) = (bytes(vector, "mu_with_context"), bytes(vector, "signature_with_context"));
        assert_eq!(verify(&key, ALGORITHM, Message::ExternalMu(&mu), &signature), Ok(true));
        assert_eq!(verify(&key, ALGORITHM, Message::Raw(&message), &signature), Ok(false));
    }
}

#[test]
fn a_signature_over_mu_is_one_of_the_message() {
    for vector in &vectors() {
        let key = imported(vector, "pkcs8");
        let (message, mu) = (bytes(vector, "message"), bytes(vector, "mu"));
        let (raw, mu) = (Message::Raw(&message), Message::ExternalMu(&mu));
        for (signed, verified) in [(raw, mu), (mu, raw), (mu, mu), (raw, raw)] {
            let signature = sign(&key, ALGORITHM, signed, &SeededEntropy::new(1)).unwrap();
            assert_eq!(verify(&key, ALGORITHM, verified, &signature), Ok(true));
        }
    }
}
