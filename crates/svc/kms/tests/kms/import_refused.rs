//! Imports that are refused: bad tokens, bad material, bad dates.

use std::time::Duration;

use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client, base64};
use crate::wrapping::{BY_AES, DIRECT, Parameters, material};

const SYMMETRIC: &str = "SYMMETRIC_DEFAULT";
const DAY: Duration = Duration::from_secs(86_400);

async fn refused(kms: &Client<'_>, input: Json, code: &str) {
    let key_id = input["KeyId"].as_str().unwrap().to_owned();
    kms.refused("ImportKeyMaterial", input, code).await;
    assert_eq!(kms.state(&key_id).await, "PendingImport");
}

#[tokio::test]
async fn a_token_with_any_bit_changed_is_refused() {
    let cloud = TestCloud::new(510);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_external_key(SYMMETRIC).await;
    let parameters = kms.parameters_for(&key_id, SYMMETRIC).await;
    let mut input = parameters.input(&key_id, &[7; 32], &json!({}));
    let mut damaged: Vec<Vec<u8>> = (0..parameters.token.len())
        .map(|index| {
            let mut token = parameters.token.clone();
            token[index] ^= 1 << (index % 8);
            token
        })
        .collect();
    damaged.extend([parameters.token[1..].to_vec(), parameters.token[..40].to_vec(), vec![0; 6144]]);
    damaged.push([&parameters.token[..], &[0]].concat());
    for token in damaged {
        input["ImportToken"] = json!(base64(&token));
        kms.refused("ImportKeyMaterial", input.clone(), "InvalidImportTokenException").await;
    }
    input["ImportToken"] = json!(base64(&parameters.token));
    kms.ok("ImportKeyMaterial", input).await;
}

#[tokio::test]
async fn a_token_fits_its_own_key_alone() {
    let cloud = TestCloud::new(511);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let (first, second) = (kms.new_external_key(SYMMETRIC).await, kms.new_external_key(SYMMETRIC).await);
    let parameters = kms.parameters_for(&first, SYMMETRIC).await;
    let input = parameters.input(&second, &[7; 32], &json!({}));
    refused(&kms, input, "InvalidImportTokenException").await;

    // Nor a key of the same place in another region, nor of another cloud.
    let elsewhere = cloud.root(ACCOUNT).at("eu-west-1");
    let elsewhere = Client::new(&cloud, &elsewhere);
    let third = elsewhere.new_external_key(SYMMETRIC).await;
    refused(&elsewhere, parameters.input(&third, &[7; 32], &json!({})), "InvalidImportTokenException").await;
    let other_cloud = TestCloud::new(512);
    let kms = Client::new(&other_cloud, &root);
    let fourth = kms.new_external_key(SYMMETRIC).await;
    refused(&kms, parameters.input(&fourth, &[7; 32], &json!({})), "InvalidImportTokenException").await;
}

#[tokio::test]
async fn a_token_fits_its_own_wrapping_key_and_algorithm_alone() {
    let cloud = TestCloud::new(513);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_external_key("ECC_NIST_P256").await;
    let plaintext = material("ECC_NIST_P256");
    let first = kms.parameters(&key_id, DIRECT[0], "RSA_2048").await;
    let second = kms.parameters(&key_id, DIRECT[1], "RSA_2048").await;
    let third = kms.parameters(&key_id, BY_AES[1], "RSA_2048").await;
    let mixed = |token: &Parameters, key: &Parameters, algorithm| {
        let mixed = Parameters { algorithm, token: token.token.clone(), public_key: key.public_key.clone() };
        mixed.input(&key_id, &plaintext, &json!({}))
    };
    for (token, key, algorithm, code) in [
        (&first, &second, DIRECT[0], "InvalidCiphertextException"),
        (&first, &first, DIRECT[1], "InvalidCiphertextException"),
        (&second, &second, DIRECT[0], "InvalidCiphertextException"),
        (&third, &third, BY_AES[0], "InvalidCiphertextException"),
        (&third, &second, BY_AES[1], "InvalidCiphertextException"),
        (&third, &third, DIRECT[1], "ValidationException"),
        (&first, &first, BY_AES[0], "ValidationException"),
    ] {
        refused(&kms, mixed(token, key, algorithm), code).await;
    }
    // An earlier token is as good as a later one.
    kms.ok("ImportKeyMaterial", mixed(&first, &first, DIRECT[0])).await;
}

#[tokio::test]
async fn a_token_expires_after_a_day() {
    let cloud = TestCloud::new(514);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let (early, late) = (kms.new_external_key(SYMMETRIC).await, kms.new_external_key(SYMMETRIC).await);
    let for_early = kms.parameters_for(&early, SYMMETRIC).await;
    let for_late = kms.parameters_for(&late, SYMMETRIC).await;
    cloud.advance(DAY - Duration::from_secs(1)).await;
    kms.ok("ImportKeyMaterial", for_early.input(&early, &[7; 32], &json!({}))).await;
    cloud.advance(Duration::from_secs(2)).await;
    let input = for_late.input(&late, &[7; 32], &json!({}));
    refused(&kms, input, "ExpiredImportTokenException").await;
}

#[tokio::test]
async fn what_is_no_material_of_the_spec_is_refused() {
    let cloud = TestCloud::new(515);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let p256 = material("ECC_NIST_P256");
    let rsa = material("RSA_2048");
    let mut wrong: Vec<(&str, Vec<u8>)> = vec![
        (SYMMETRIC, vec![7; 31]),
        (SYMMETRIC, vec![7; 33]),
        (SYMMETRIC, vec![7; 16]),
        ("HMAC_224", vec![7; 27]),
        ("HMAC_224", vec![7; 65]),
        ("HMAC_256", vec![7; 31]),
        ("HMAC_256", vec![7; 65]),
        ("HMAC_384", vec![7; 47]),
        ("HMAC_384", vec![7; 129]),
        ("HMAC_512", vec![7; 63]),
        ("HMAC_512", vec![7; 129]),
        ("ECC_NIST_P384", p256.clone()),
        ("ECC_SECG_P256K1", p256.clone()),
        ("ECC_NIST_EDWARDS25519", p256.clone()),
        ("ECC_NIST_P256", material("ECC_NIST_EDWARDS25519")),
        ("ECC_NIST_P256", rsa.clone()),
        ("ECC_NIST_P256", vec![7; 138]),
        ("RSA_3072", rsa.clone()),
        ("RSA_2048", p256.clone()),
        ("ML_DSA_44", material("ML_DSA_65")),
        ("ML_DSA_44", vec![7; 32]),
    ];
    let cuts = |whole: &[u8]| [whole[..whole.len() - 1].to_vec(), whole[..whole.len() / 2].to_vec()];
    wrong.extend(cuts(&p256).map(|cut| ("ECC_NIST_P256", cut)));
    wrong.extend(cuts(&rsa).map(|cut| ("RSA_2048", cut)));
    for (spec, plaintext) in wrong {
        let key_id = kms.new_external_key(spec).await;
        let parameters = kms.parameters_for(&key_id, spec).await;
        let input = parameters.input(&key_id, &plaintext, &json!({}));
        refused(&kms, input, "IncorrectKeyMaterialException").await;
    }
}

#[tokio::test]
async fn what_is_not_wrapped_is_refused() {
    let cloud = TestCloud::new(516);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_external_key("ECC_NIST_P256").await;
    for (algorithm, length, code) in [
        (DIRECT[1], 256, "InvalidCiphertextException"),
        (DIRECT[1], 255, "ValidationException"),
        (DIRECT[1], 257, "ValidationException"),
        (DIRECT[1], 1, "ValidationException"),
        (BY_AES[1], 256, "ValidationException"),
        (BY_AES[1], 257, "InvalidCiphertextException"),
        (BY_AES[1], 400, "InvalidCiphertextException"),
        (BY_AES[1], 6144, "InvalidCiphertextException"),
    ] {
        let parameters = kms.parameters(&key_id, algorithm, "RSA_2048").await;
        let mut input = parameters.input(&key_id, &[7; 32], &json!({}));
        input["EncryptedKeyMaterial"] = json!(base64(vec![1; length]));
        refused(&kms, input, code).await;
    }
}

#[tokio::test]
async fn dates_and_parameters_that_do_not_suit_are_refused() {
    let cloud = TestCloud::new(517);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_external_key(SYMMETRIC).await;
    let parameters = kms.parameters_for(&key_id, SYMMETRIC).await;
    let now = 1_767_225_600_u64;
    let expires = json!("KEY_MATERIAL_EXPIRES");
    for more in [
        json!({"ExpirationModel": expires}),
        json!({"ValidTo": now, "ExpirationModel": expires}),
        json!({"ValidTo": now - 1}),
        json!({"ValidTo": now + 365 * 86_400 + 1}),
        json!({"ValidTo": now + 60, "ExpirationModel": "KEY_MATERIAL_DOES_NOT_EXPIRE"}),
        json!({"KeyMaterialId": "0".repeat(64)}),
        json!({"KeyMaterialId": "0".repeat(64), "ImportType": "NEW_KEY_MATERIAL"}),
    ] {
        refused(&kms, parameters.input(&key_id, &[7; 32], &more), "ValidationException").await;
    }
    let mut input = parameters.input(&key_id, &[7; 32], &json!({}));
    input.as_object_mut().unwrap().remove("ExpirationModel");
    let told = kms.refused("ImportKeyMaterial", input, "ValidationException").await;
    assert_eq!(told, "A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES");
    let existing = json!({"ImportType": "EXISTING_KEY_MATERIAL"});
    let input = parameters.input(&key_id, &[7; 32], &existing);
    refused(&kms, input, "IncorrectKeyMaterialException").await;

    let key_id = kms.new_external_key("HMAC_256").await;
    let parameters = kms.parameters_for(&key_id, "HMAC_256").await;
    for more in [
        json!({"ImportType": "NEW_KEY_MATERIAL"}),
        json!({"KeyMaterialDescription": "mine"}),
        json!({"KeyMaterialId": "0".repeat(64)}),
    ] {
        refused(&kms, parameters.input(&key_id, &[7; 32], &more), "ValidationException").await;
    }
    let last = json!({"ValidTo": now + 365 * 86_400});
    kms.ok("ImportKeyMaterial", parameters.input(&key_id, &[7; 32], &last)).await;
}
