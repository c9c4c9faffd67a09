//! Key material that is imported: of every spec, wrapped in every way.

use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client, OTHER_ACCOUNT, base64};
use crate::wrapping::{BY_AES, DIRECT, algorithm_for, material};

const SECRETS: [&str; 5] = ["SYMMETRIC_DEFAULT", "HMAC_224", "HMAC_256", "HMAC_384", "HMAC_512"];
const CURVES: [&str; 5] =
    ["ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_P521", "ECC_SECG_P256K1", "ECC_NIST_EDWARDS25519"];
const LONG: [&str; 4] = ["RSA_2048", "ML_DSA_44", "ML_DSA_65", "ML_DSA_87"];
const WRAPPING_KEYS: [&str; 3] = ["RSA_2048", "RSA_3072", "RSA_4096"];

#[tokio::test]
async fn material_of_every_spec_is_imported_and_used() {
    let cloud = TestCloud::new(500);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    for spec in SECRETS.into_iter().chain(CURVES).chain(LONG) {
        let key_id = kms.new_external_key(spec).await;
        assert_eq!(kms.state(&key_id).await, "PendingImport", "{spec}");
        let parameters = kms.parameters(&key_id, algorithm_for(spec), "RSA_2048").await;
        let input = parameters.input(&key_id, &material(spec), &json!({}));
        let imported = kms.ok("ImportKeyMaterial", input).await;
        assert_eq!(imported["KeyId"], json!(kms.arn(&key_id)));
        let id = imported.get("KeyMaterialId").and_then(Json::as_str).map(str::len);
        assert_eq!(id, (spec == "SYMMETRIC_DEFAULT").then_some(64), "{spec}");
        let metadata = kms.ok("DescribeKey", json!({"KeyId": key_id})).await["KeyMetadata"].clone();
        assert_eq!(metadata["KeyState"], "Enabled", "{spec}");
        assert_eq!(metadata["ExpirationModel"], "KEY_MATERIAL_DOES_NOT_EXPIRE");
        assert_eq!(metadata.get("ValidTo"), None);
        assert_eq!(metadata.get("CurrentKeyMaterialId"), imported.get("KeyMaterialId"));
        if let Some(algorithm) = metadata["MacAlgorithms"][0].as_str() {
            let input = json!({"KeyId": key_id, "Message": base64("m"), "MacAlgorithm": algorithm});
            kms.ok("GenerateMac", input).await;
        } else if let Some(algorithms) = metadata["SigningAlgorithms"].as_array() {
            // The other one of Ed25519 takes digests.
            let algorithm = algorithms.iter().find(|algorithm| *algorithm != "ED25519_PH_SHA_512");
            let input = json!({"KeyId": key_id, "Message": base64("m"), "SigningAlgorithm": algorithm});
            kms.ok("Sign", input).await;
        } else {
            kms.encrypt(&key_id, "x", json!({})).await;
        }
    }
}

#[tokio::test]
async fn every_wrapping_key_takes_every_algorithm() {
    let cloud = TestCloud::new(501);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    for wrapping_key in WRAPPING_KEYS {
        for algorithm in DIRECT.into_iter().chain(BY_AES) {
            let key_id = kms.new_external_key("ECC_NIST_P256").await;
            let parameters = kms.parameters(&key_id, algorithm, wrapping_key).await;
            let input = parameters.input(&key_id, &material("ECC_NIST_P256"), &json!({}));
            kms.ok("ImportKeyMaterial", input).await;
            assert_eq!(kms.state(&key_id).await, "Enabled", "{algorithm} {wrapping_key}");
        }
    }
}

#[tokio::test]
async fn only_algorithms_that_suit_the_material_are_offered() {
    let cloud = TestCloud::new(502);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let by_aes = |algorithm: &str| algorithm.starts_with("RSA_AES");
    for spec in SECRETS.into_iter().chain(CURVES).chain(LONG) {
        let key_id = kms.new_external_key(spec).await;
        for algorithm in DIRECT.into_iter().chain(BY_AES).chain(["RSAES_PKCS1_V1_5", "SM2PKE"]) {
            let suits = match spec {
                _ if algorithm == "RSAES_PKCS1_V1_5" || algorithm == "SM2PKE" => false,
                "RSA_2048" | "ECC_NIST_P521" => by_aes(algorithm),
                _ if SECRETS.contains(&spec) => !by_aes(algorithm),
                _ => true,
            };
            let input =
                json!({"KeyId": key_id, "WrappingAlgorithm": algorithm, "WrappingKeySpec": "RSA_2048"});
            let answer = kms.call("GetParametersForImport", input).await;
            let code = answer.map(|_| String::new()).unwrap_or_else(|refusal| refusal.code);
            let expected = if suits { "" } else { "UnsupportedOperationException" };
            assert_eq!(code, expected, "{spec} {algorithm}");
        }
    }
    let key_id = kms.new_external_key("SYMMETRIC_DEFAULT").await;
    let input = json!({"KeyId": key_id, "WrappingAlgorithm": DIRECT[0], "WrappingKeySpec": "SM2"});
    kms.refused("GetParametersForImport", input, "UnsupportedOperationException").await;
}

#[tokio::test]
async fn parameters_are_good_for_a_day_and_each_time_new() {
    let cloud = TestCloud::new(503);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_external_key("SYMMETRIC_DEFAULT").await;
    let input = json!({"KeyId": key_id, "WrappingAlgorithm": DIRECT[1], "WrappingKeySpec": "RSA_2048"});
    let first = kms.ok("GetParametersForImport", input.clone()).await;
    let second = kms.ok("GetParametersForImport", input).await;
    assert_eq!(first["KeyId"], json!(kms.arn(&key_id)));
    let valid_to = first["ParametersValidTo"].as_f64().unwrap();
    assert!((valid_to - (1_767_225_600.0 + 86_400.0)).abs() < 0.001, "{valid_to}");
    assert_ne!(first["PublicKey"], second["PublicKey"]);
    assert_ne!(first["ImportToken"], second["ImportToken"]);
}

#[tokio::test]
async fn keys_of_other_origins_and_other_accounts_take_no_material() {
    let cloud = TestCloud::new(504);
    let (root, stranger) = (cloud.root(ACCOUNT), cloud.root(OTHER_ACCOUNT));
    let kms = Client::new(&cloud, &root);
    let own = kms.new_key().await;
    let external = kms.new_external_key("SYMMETRIC_DEFAULT").await;
    let parameters = kms.parameters_for(&external, "SYMMETRIC_DEFAULT").await;
    let import = |key_id: &str| parameters.input(key_id, &[7; 32], &json!({}));
    let get = |key_id: &str| json!({"KeyId": key_id, "WrappingAlgorithm": DIRECT[1], "WrappingKeySpec": "RSA_2048"});
    let text = format!("{} origin is AWS_KMS which is not valid for this operation.", kms.arn(&own));
    for (operation, input) in [
        ("GetParametersForImport", get(&own)),
        ("ImportKeyMaterial", import(&own)),
        ("DeleteImportedKeyMaterial", json!({"KeyId": own})),
    ] {
        let told = kms.refused(operation, input, "UnsupportedOperationException").await;
        assert_eq!(told, text, "{operation}");
    }
    let arn = kms.arn(&external);
    let stranger = Client::new(&cloud, &stranger);
    for (operation, input) in [
        ("GetParametersForImport", get(&arn)),
        ("ImportKeyMaterial", import(&arn)),
        ("DeleteImportedKeyMaterial", json!({"KeyId": arn})),
    ] {
        stranger.refused(operation, input, "AccessDeniedException").await;
    }
}

#[tokio::test]
async fn policies_can_ask_for_the_wrapping_and_for_the_expiry() {
    let cloud = TestCloud::new(505);
    let root = cloud.root(ACCOUNT);
    let user = cloud.user(ACCOUNT, "ann").await;
    let (kms, ann) = (Client::new(&cloud, &root), Client::new(&cloud, &user));
    let key_id = kms.new_external_key("SYMMETRIC_DEFAULT").await;
    let arn = format!("arn:aws:iam::{ACCOUNT}:root");
    let principal = json!({"AWS": user.caller.arn()});
    let policy = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": arn}, "Action": "kms:*", "Resource": "*"},
        {"Effect": "Allow", "Principal": principal, "Action": "kms:GetParametersForImport", "Resource": "*",
         "Condition": {"StringEquals": {
            "kms:WrappingAlgorithm": "RSAES_OAEP_SHA_256", "kms:WrappingKeySpec": "RSA_2048"}}},
        {"Effect": "Allow", "Principal": principal, "Action": "kms:ImportKeyMaterial", "Resource": "*",
         "Condition": {"StringEquals": {"kms:ExpirationModel": "KEY_MATERIAL_EXPIRES"},
            "DateLessThan": {"kms:ValidTo": "2026-01-11T00:00:00Z"}}},
    ]});
    let input = json!({"KeyId": key_id, "Policy": policy.to_string()});
    kms.ok("PutKeyPolicy", input).await;
    for (algorithm, wrapping_key) in [(DIRECT[0], "RSA_2048"), (DIRECT[1], "RSA_3072")] {
        let input = json!({"KeyId": key_id, "WrappingAlgorithm": algorithm, "WrappingKeySpec": wrapping_key});
        ann.refused("GetParametersForImport", input, "AccessDeniedException").await;
    }
    let parameters = ann.parameters(&key_id, DIRECT[1], "RSA_2048").await;
    // The test's clock begins with 2026.
    let in_days = |days: u32| json!({"ValidTo": 1_767_225_600 + days * 86_400});
    for more in [json!({}), in_days(11)] {
        let input = parameters.input(&key_id, &[7; 32], &more);
        ann.refused("ImportKeyMaterial", input, "AccessDeniedException").await;
    }
    ann.ok("ImportKeyMaterial", parameters.input(&key_id, &[7; 32], &in_days(9))).await;
}
