//! Key material of every family: what wraps unwraps, for its own KMS key and spec alone, and in the format in which it
//! was first written.
//!
//! The wrapped material in `key-material-version-1.json` stands under the keyring of `version-1.json`, and has to
//! unwrap for ever.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use alcazar_crypto::{
    BackingKeyId, KeyId, KeyMaterial, KeySpec, Keyring, MacAlgorithm, Material, MaterialError, Message,
    OpenError, RootFile, SeededEntropy, SigningAlgorithm, signing, wrapping,
};
use serde_json::{Value, json};

const FORMATS: &str = include_str!("../testdata/formats/version-1.json");
const VERSION_1: &str = include_str!("../testdata/formats/key-material-version-1.json");
const STORE_ID: [u8; 16] = *b"the store's name";
const KEY_ID: KeyId = KeyId { bytes: *b"the KMS key's id", multi_region: true };

fn keyring() -> Keyring {
    let formats: Value = serde_json::from_str(FORMATS).unwrap();
    let RootFile::Plain(root) = RootFile::parse(&field(&formats, "root_plain")).unwrap() else {
        panic!("the file should be plain")
    };
    Keyring::open_under(&root, &STORE_ID, &field(&formats, "keyring")).unwrap()
}

fn version_1() -> Value {
    serde_json::from_str(VERSION_1).unwrap()
}

fn field(object: &Value, name: &str) -> Vec<u8> {
    hex::decode(object[name].as_str().unwrap()).unwrap()
}

/// Key material that is always the same: made from a seed, or of RSA the one on record.
fn material(spec: KeySpec) -> KeyMaterial {
    match version_1()[spec.as_str()]["pkcs8"].as_str() {
        Some(pkcs8) => {
            KeyMaterial::import(spec, BackingKeyId([1; 16]), &hex::decode(pkcs8).unwrap()).unwrap()
        }
        None => KeyMaterial::generate(spec, &SeededEntropy::new(1)).unwrap(),
    }
}

fn wrapped(material: &KeyMaterial) -> Vec<u8> {
    material.wrap(&keyring(), KEY_ID, &SeededEntropy::new(2)).unwrap()
}

/// What can be seen of key material from outside, and follows from its secret.
fn outside(material: &KeyMaterial) -> Vec<u8> {
    match material.material() {
        Material::Hmac(key) => {
            MacAlgorithm::ALL.iter().find_map(|&algorithm| key.mac(algorithm, b"message")).unwrap()
        }
        Material::Symmetric(key) => {
            key.encrypt(&SeededEntropy::new(3), KEY_ID, &[].into(), b"message").unwrap()
        }
        _ => material.public_key().unwrap().to_vec(),
    }
}

#[test]
fn what_version_1_wrapped_unwraps() {
    for (name, record) in version_1().as_object().unwrap() {
        let spec = KeySpec::from_name(name).unwrap();
        let unwrapped = KeyMaterial::unwrap(&keyring(), KEY_ID, spec, &field(record, "wrapped")).unwrap();
        assert_eq!(unwrapped.spec(), spec);
        assert_eq!(outside(&unwrapped), field(record, "outside"), "{name}");
    }
}

/// A change of what is written shows itself here. If it was meant, it needs a new version.
#[test]
fn what_is_wrapped_today_is_version_1() {
    let version_1 = version_1();
    let written: serde_json::Map<String, Value> = KeySpec::ALL
        .iter()
        .map(|&spec| {
            let material = material(spec);
            let (wrapped, outside) = (hex::encode(wrapped(&material)), hex::encode(outside(&material)));
            let mut record = json!({ "wrapped": wrapped, "outside": outside });
            if let Some(pkcs8) = version_1[spec.as_str()].get("pkcs8") {
                record["pkcs8"] = pkcs8.clone();
            }
            (spec.as_str().to_owned(), record)
        })
        .collect();
    let written = Value::Object(written);
    assert_eq!(written, version_1, "what is written now:\n{written:#}");
}

#[test]
fn wrapped_material_changed_or_moved_is_refused() {
    let keyring = keyring();
    for &spec in KeySpec::ALL {
        let wrapped = wrapped(&material(spec));
        let unwrap = |key_id, spec, wrapped: &[u8]| KeyMaterial::unwrap(&keyring, key_id, spec, wrapped);
        assert!(unwrap(KEY_ID, spec, &wrapped).is_ok());
        for bit in 0..wrapped.len() * 8 {
            let mut damaged = wrapped.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert!(unwrap(KEY_ID, spec, &damaged).is_err(), "{spec} bit {bit}");
        }
        for length in 0..wrapped.len() {
            assert!(unwrap(KEY_ID, spec, &wrapped[..length]).is_err(), "{spec} {length} bytes");
        }
        for other in [KeyId { bytes: [5; 16], ..KEY_ID }, KeyId { multi_region: false, ..KEY_ID }] {
            assert_eq!(unwrap(other, spec, &wrapped).unwrap_err(), OpenError::Unauthentic);
        }
        for &other in KeySpec::ALL.iter().filter(|&&other| other != spec) {
            assert_eq!(unwrap(KEY_ID, other, &wrapped).unwrap_err(), OpenError::Unauthentic);
        }
        assert_eq!(wrapping::version_of(&wrapped), Ok(1));
    }
}

#[test]
fn no_wrapped_material_shows_its_secret() {
    for &spec in KeySpec::ALL {
        let material = material(spec);
        let wrapped = wrapped(&material);
        if let Some(pkcs8) = material.to_pkcs8() {
            assert!(pkcs8.expose().windows(16).all(|part| !wrapped.windows(16).any(|window| window == part)));
        }
        let shown = format!("{material:?}");
        assert!(shown.contains("***"), "{shown}");
    }
}

#[test]
fn a_private_key_that_was_exported_is_imported_again_but_under_no_other_spec() {
    for &spec in KeySpec::ALL.iter().filter(|spec| spec.is_asymmetric()) {
        let material = material(spec);
        let pkcs8 = material.to_pkcs8().unwrap();
        for &other in KeySpec::ALL.iter().filter(|spec| spec.is_asymmetric()) {
            let imported = KeyMaterial::import(other, BackingKeyId([9; 16]), pkcs8.expose());
            if other == spec {
                let imported = imported.unwrap();
                assert_eq!((imported.id(), imported.spec()), (BackingKeyId([9; 16]), spec));
                assert_eq!(imported.public_key(), material.public_key());
            } else {
                assert_eq!(imported.unwrap_err(), MaterialError, "{spec} as {other}");
            }
        }
    }
}

#[test]
fn a_symmetric_key_is_imported_from_32_bytes_alone() {
    for length in 0..100 {
        let imported =
            KeyMaterial::import(KeySpec::SymmetricDefault, BackingKeyId([9; 16]), &vec![7; length]);
        assert_eq!(imported.is_ok(), length == 32);
    }
}

#[test]
fn every_key_signs_with_the_algorithms_of_its_spec_alone() {
    use alcazar_crypto::KeyUsage::SignVerify;
    let entropy = SeededEntropy::new(4);
    for &spec in KeySpec::ALL {
        let material = material(spec);
        for &algorithm in SigningAlgorithm::ALL {
            let message = match algorithm {
                SigningAlgorithm::Ed25519PhSha512 => Message::Digest(&[7; 64]),
                _ => Message::Raw(b"message"),
            };
            let signature = signing::sign(&material, algorithm, message, &entropy);
            if SigningAlgorithm::of(spec, SignVerify).contains(&algorithm) {
                let verified = signing::verify(&material, algorithm, message, &signature.unwrap());
                assert_eq!(verified, Ok(true), "{spec} {algorithm}");
            } else {
                assert_eq!(signature, Err(alcazar_crypto::SignError::Incompatible), "{spec} {algorithm}");
                assert!(signing::verify(&material, algorithm, message, b"").is_err());
            }
        }
    }
}

#[test]
fn rsa_keys_of_each_length_are_generated() {
    for spec in [KeySpec::Rsa2048, KeySpec::Rsa3072, KeySpec::Rsa4096] {
        let material = KeyMaterial::generate(spec, &SeededEntropy::new(1)).unwrap();
        let (algorithm, message) = (SigningAlgorithm::RsassaPssSha512, Message::Raw(b"message"));
        let signature = signing::sign(&material, algorithm, message, &SeededEntropy::new(1)).unwrap();
        assert_eq!(signing::verify(&material, algorithm, message, &signature), Ok(true));
    }
}
