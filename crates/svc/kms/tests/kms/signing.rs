//! Sign, Verify, GenerateMac, VerifyMac and GetPublicKey, for every kind of key.

use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client, base64, bytes};

const TABLE: &str = include_str!("data/algorithms.json");
const MESSAGE_TYPES: [&str; 3] = ["RAW", "DIGEST", "EXTERNAL_MU"];

fn table() -> Json {
    serde_json::from_str(TABLE).unwrap()
}

/// The specs that have this usage, with their algorithms for it.
fn specs_with(table: &Json, usage: &str) -> Vec<(String, Json)> {
    let specs = table["specs"].as_object().unwrap();
    let of_usage = specs.iter().filter_map(|(spec, facts)| {
        let algorithms = facts["usages"].get(usage)?.get("algorithms")?;
        (spec != "SM2").then(|| (spec.clone(), algorithms.clone()))
    });
    of_usage.collect()
}

/// Every algorithm that any spec has for this usage.
fn all_algorithms(specs: &[(String, Json)]) -> Vec<String> {
    let names = specs.iter().flat_map(|(_, algorithms)| algorithms.as_object().unwrap().keys().cloned());
    names.collect::<std::collections::BTreeSet<_>>().into_iter().collect()
}

async fn new_key(kms: &Client<'_>, spec: &str, usage: &str) -> String {
    let made = kms.ok("CreateKey", json!({"KeySpec": spec, "KeyUsage": usage})).await;
    made["KeyMetadata"]["KeyId"].as_str().unwrap().to_owned()
}

/// A message of a type, as long as the algorithm wants it.
fn message(message_type: &str, facts: Option<&Json>) -> String {
    let length = match message_type {
        "RAW" => 4096,
        "EXTERNAL_MU" => 64,
        _ => facts.and_then(|facts| facts["digest_length"].as_u64()).unwrap_or(32),
    };
    base64("m".repeat(usize::try_from(length).unwrap()))
}

#[tokio::test]
async fn each_key_signs_with_its_own_algorithms_and_message_types_alone() {
    let cloud = TestCloud::new(300);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let specs = specs_with(&table(), "SIGN_VERIFY");
    assert!(specs.len() >= 11, "{specs:?}");
    for (spec, of_spec) in &specs {
        let key_id = new_key(&kms, spec, "SIGN_VERIFY").await;
        for algorithm in all_algorithms(&specs) {
            let facts = of_spec.get(&algorithm);
            for message_type in MESSAGE_TYPES {
                let input = json!({
                    "KeyId": key_id, "SigningAlgorithm": algorithm, "MessageType": message_type,
                    "Message": message(message_type, facts),
                });
                let taken = facts.map(|facts| facts["message_types"].as_array().unwrap());
                match taken.map(|taken| taken.contains(&json!(message_type))) {
                    Some(true) => signs_and_verifies(&kms, input, facts.unwrap()).await,
                    Some(false) => _ = kms.refused("Sign", input, "ValidationException").await,
                    None => {
                        let said = kms.refused("Sign", input, "InvalidKeyUsageException").await;
                        let wanted = format!("Algorithm {algorithm} is incompatible with key spec {spec}.");
                        assert_eq!(said, wanted);
                    }
                }
            }
        }
    }
}

async fn signs_and_verifies(kms: &Client<'_>, mut input: Json, facts: &Json) {
    let signed = kms.ok("Sign", input.clone()).await;
    assert_eq!(signed["KeyId"], json!(kms.arn(input["KeyId"].as_str().unwrap())));
    let signature = bytes(&signed["Signature"]);
    if let Some(length) = facts["signature_length"].as_u64() {
        assert_eq!(signature.len(), usize::try_from(length).unwrap(), "{input}");
    }
    input["Signature"] = signed["Signature"].clone();
    let verified = kms.ok("Verify", input.clone()).await;
    assert_eq!(verified["SignatureValid"], json!(true));
    let mut other = input.clone();
    let length = bytes(&input["Message"]).len();
    other["Message"] = json!(base64("n".repeat(length)));
    assert_eq!(kms.refused("Verify", other, "KMSInvalidSignatureException").await, "");
    let mut damaged = signature.clone();
    *damaged.last_mut().unwrap() ^= 1;
    for bad in [damaged, signature[..signature.len() - 1].to_vec(), vec![0]] {
        input["Signature"] = json!(base64(&bad));
        assert_eq!(kms.refused("Verify", input.clone(), "KMSInvalidSignatureException").await, "");
    }
}

#[tokio::test]
async fn a_digest_of_another_length_is_refused() {
    let cloud = TestCloud::new(301);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    for (spec, algorithm, message_type) in [
        ("ECC_NIST_P256", "ECDSA_SHA_256", "DIGEST"),
        ("ECC_NIST_EDWARDS25519", "ED25519_PH_SHA_512", "DIGEST"),
        ("ML_DSA_44", "ML_DSA_SHAKE_256", "EXTERNAL_MU"),
    ] {
        let key_id = new_key(&kms, spec, "SIGN_VERIFY").await;
        for length in [1, 31, 33, 63, 65] {
            let input = json!({
                "KeyId": key_id, "SigningAlgorithm": algorithm, "MessageType": message_type,
                "Message": base64("m".repeat(length)),
            });
            let said = kms.refused("Sign", input, "ValidationException").await;
            assert_eq!(said, format!("Digest is invalid length for algorithm {algorithm}."));
        }
    }
}

#[tokio::test]
async fn message_types_are_refused_in_aws_words() {
    let cloud = TestCloud::new(302);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    for (spec, algorithm, message_type, wanted) in [
        ("ML_DSA_44", "ML_DSA_SHAKE_256", "DIGEST", "key spec ML_DSA_44"),
        ("ECC_NIST_P256", "ECDSA_SHA_256", "EXTERNAL_MU", "key spec ECC_NIST_P256"),
        ("ECC_NIST_EDWARDS25519", "ED25519_SHA_512", "DIGEST", "algorithm ED25519_SHA_512"),
        ("ECC_NIST_EDWARDS25519", "ED25519_PH_SHA_512", "RAW", "algorithm ED25519_PH_SHA_512"),
    ] {
        let key_id = new_key(&kms, spec, "SIGN_VERIFY").await;
        let input = json!({
            "KeyId": key_id, "SigningAlgorithm": algorithm, "MessageType": message_type,
            "Message": base64("m".repeat(64)),
        });
        let said = kms.refused("Sign", input, "ValidationException").await;
        assert_eq!(said, format!("Message type {message_type} is incompatible with {wanted}."));
    }
}

#[tokio::test]
async fn each_hmac_key_has_one_algorithm() {
    let cloud = TestCloud::new(303);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let specs = specs_with(&table(), "GENERATE_VERIFY_MAC");
    assert_eq!(specs.len(), 4);
    for (spec, of_spec) in &specs {
        let key_id = new_key(&kms, spec, "GENERATE_VERIFY_MAC").await;
        for algorithm in all_algorithms(&specs) {
            let mut input = json!({"KeyId": key_id, "MacAlgorithm": algorithm, "Message": base64("message")});
            if of_spec.get(&algorithm).is_none() {
                let said = kms.refused("GenerateMac", input, "InvalidKeyUsageException").await;
                assert_eq!(said, format!("Algorithm {algorithm} is incompatible with key spec {spec}."));
                continue;
            }
            let made = kms.ok("GenerateMac", input.clone()).await;
            let mac = bytes(&made["Mac"]);
            input["Mac"] = made["Mac"].clone();
            assert_eq!(kms.ok("VerifyMac", input.clone()).await["MacValid"], json!(true));
            input["Mac"] = json!(base64(&mac[..mac.len() - 1]));
            assert_eq!(kms.refused("VerifyMac", input.clone(), "KMSInvalidMacException").await, "");
            input["Mac"] = made["Mac"].clone();
            input["Message"] = json!(base64("massage"));
            assert_eq!(kms.refused("VerifyMac", input, "KMSInvalidMacException").await, "");
        }
    }
}

#[tokio::test]
async fn a_key_is_good_for_its_own_usage_alone() {
    let cloud = TestCloud::new(304);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let symmetric = kms.new_key().await;
    let signing = new_key(&kms, "ECC_NIST_P256", "SIGN_VERIFY").await;
    for (operation, key_id, usage, more) in [
        ("Sign", &symmetric, "ENCRYPT_DECRYPT", json!({"SigningAlgorithm": "ECDSA_SHA_256"})),
        (
            "Verify",
            &symmetric,
            "ENCRYPT_DECRYPT",
            json!({"SigningAlgorithm": "ECDSA_SHA_256", "Signature": "AAAA"}),
        ),
        ("GenerateMac", &signing, "SIGN_VERIFY", json!({"MacAlgorithm": "HMAC_SHA_256"})),
        ("VerifyMac", &signing, "SIGN_VERIFY", json!({"MacAlgorithm": "HMAC_SHA_256", "Mac": "AAAA"})),
    ] {
        let mut input = more;
        input["KeyId"] = json!(key_id);
        input["Message"] = json!(base64("m"));
        let said = kms.refused(operation, input, "InvalidKeyUsageException").await;
        let arn = kms.arn(key_id);
        assert_eq!(said, format!("{arn} key usage is {usage} which is not valid for {operation}."));
    }
    kms.refused("GetPublicKey", json!({"KeyId": symmetric}), "UnsupportedOperationException").await;
}

#[tokio::test]
async fn a_public_key_is_told_with_what_it_is_good_for() {
    let cloud = TestCloud::new(305);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let table = table();
    for usage in ["SIGN_VERIFY", "KEY_AGREEMENT", "ENCAPSULATE_DECAPSULATE"] {
        for (spec, algorithms) in specs_with(&table, usage) {
            if spec.starts_with("RSA") {
                continue;
            }
            let key_id = new_key(&kms, &spec, usage).await;
            let told = kms.ok("GetPublicKey", json!({"KeyId": key_id})).await;
            assert_eq!(told["KeyId"], json!(kms.arn(&key_id)));
            assert_eq!((&told["KeySpec"], &told["KeyUsage"]), (&json!(spec), &json!(usage)));
            assert!(bytes(&told["PublicKey"]).len() > 40);
            let member = table["specs"][&spec]["usages"][usage]["member"].as_str().unwrap();
            let mut told_algorithms: Vec<_> = told[member].as_array().unwrap().clone();
            told_algorithms.sort_by_key(ToString::to_string);
            let wanted: Vec<_> = algorithms.as_object().unwrap().keys().map(|name| json!(name)).collect();
            assert_eq!(told_algorithms, wanted, "{spec}");
            let described = kms.ok("DescribeKey", json!({"KeyId": key_id})).await["KeyMetadata"].clone();
            assert_eq!(described[member], told[member]);
        }
    }
}

#[tokio::test]
async fn a_dry_run_signs_nothing() {
    let cloud = TestCloud::new(306);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = new_key(&kms, "ECC_NIST_P256", "SIGN_VERIFY").await;
    let mut input = json!({
        "KeyId": key_id, "SigningAlgorithm": "ECDSA_SHA_256", "Message": base64("m"), "DryRun": true,
    });
    kms.refused("Sign", input.clone(), "DryRunOperationException").await;
    input["Signature"] = json!("AAAA");
    kms.refused("Verify", input, "DryRunOperationException").await;
}
