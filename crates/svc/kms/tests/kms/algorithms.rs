//! The table of specs, usages and algorithms: what CreateKey makes, and what each key is good for.
//!
//! Sources: <https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html>,
//! <https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-compare.html>

use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client, base64};
use crate::samples::table;

const USAGES: [&str; 5] =
    ["ENCRYPT_DECRYPT", "SIGN_VERIFY", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT", "ENCAPSULATE_DECAPSULATE"];

/// Where DescribeKey and GetPublicKey tell a key's algorithms.
const MEMBERS: [&str; 5] = [
    "EncryptionAlgorithms",
    "SigningAlgorithms",
    "MacAlgorithms",
    "KeyAgreementAlgorithms",
    "EncapsulationAlgorithms",
];

/// The usage that each cryptographic operation is for, and what it takes. The first key of a usage has the smallest spec.
fn operations() -> Vec<(&'static str, &'static str, Json)> {
    let text = base64("message");
    let sign = json!({"Message": text, "SigningAlgorithm": "ECDSA_SHA_256"});
    let mac = json!({"Message": text, "MacAlgorithm": "HMAC_SHA_256"});
    let with = |input: &Json, member: &str| {
        let mut input = input.clone();
        input[member] = json!("AAAA");
        input
    };
    let encapsulate = json!({"EncapsulationAlgorithm": "ML_KEM"});
    vec![
        ("Encrypt", "ENCRYPT_DECRYPT", json!({"Plaintext": text})),
        ("GenerateDataKey", "ENCRYPT_DECRYPT", json!({"KeySpec": "AES_256"})),
        ("GenerateDataKeyWithoutPlaintext", "ENCRYPT_DECRYPT", json!({"KeySpec": "AES_256"})),
        ("GenerateDataKeyPair", "ENCRYPT_DECRYPT", json!({"KeyPairSpec": "ECC_NIST_P256"})),
        ("GenerateDataKeyPairWithoutPlaintext", "ENCRYPT_DECRYPT", json!({"KeyPairSpec": "ECC_NIST_P256"})),
        ("Sign", "SIGN_VERIFY", sign.clone()),
        ("Verify", "SIGN_VERIFY", with(&sign, "Signature")),
        ("GenerateMac", "GENERATE_VERIFY_MAC", mac.clone()),
        ("VerifyMac", "GENERATE_VERIFY_MAC", with(&mac, "Mac")),
        (
            "DeriveSharedSecret",
            "KEY_AGREEMENT",
            json!({"KeyAgreementAlgorithm": "ECDH", "PublicKey": "AAAA"}),
        ),
        ("Encapsulate", "ENCAPSULATE_DECAPSULATE", encapsulate.clone()),
        ("Decapsulate", "ENCAPSULATE_DECAPSULATE", with(&encapsulate, "SharedSecretCiphertextBlob")),
    ]
}

/// Checks that a key tells the algorithms of the table, and no others.
fn check_algorithms(metadata: &Json, usage: &Json, name: &str) {
    for member in MEMBERS {
        if usage["member"] != member {
            assert_eq!(metadata.get(member), None, "{name}");
            continue;
        }
        let told = metadata[member].as_array().unwrap_or_else(|| panic!("{name} tells no {member}"));
        let mut told: Vec<_> = told.iter().map(|algorithm| algorithm.as_str().unwrap()).collect();
        told.sort_unstable();
        let wanted: Vec<_> = usage["algorithms"].as_object().unwrap().keys().collect();
        assert_eq!(told, wanted, "{name}");
    }
}

#[tokio::test]
async fn keys_are_made_of_the_specs_and_usages_that_go_together() {
    let table = table!("algorithms.json");
    let cloud = TestCloud::new(640);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let (mut made, mut refused) = (0, 0);
    for (spec, facts) in table["specs"].as_object().unwrap() {
        for usage in USAGES {
            let input = json!({"KeySpec": spec, "KeyUsage": usage});
            let name = format!("{spec} for {usage}");
            if spec == "SM2" {
                let said = kms.refused("CreateKey", input, "UnsupportedOperationException").await;
                assert_eq!(said, "KeySpec SM2 is not supported in this region.");
                continue;
            }
            let Some(of_usage) = facts["usages"].get(usage) else {
                refused += 1;
                let said = kms.refused("CreateKey", input, "ValidationException").await;
                assert_eq!(said, format!("KeyUsage {usage} is not compatible with KeySpec {spec}"));
                continue;
            };
            made += 1;
            // Keys of this size take long to find; the smaller ones of the family show as much.
            if spec == "RSA_4096" {
                continue;
            }
            let metadata = kms.ok("CreateKey", input).await["KeyMetadata"].clone();
            assert_eq!((&metadata["KeySpec"], &metadata["KeyUsage"]), (&json!(spec), &json!(usage)));
            assert_eq!(metadata["CustomerMasterKeySpec"], json!(spec));
            check_algorithms(&metadata, of_usage, &name);
            let key_id = json!({"KeyId": metadata["KeyId"]});
            let described = kms.ok("DescribeKey", key_id.clone()).await["KeyMetadata"].clone();
            assert_eq!(described, metadata);
            if spec == "SYMMETRIC_DEFAULT" || usage == "GENERATE_VERIFY_MAC" {
                kms.refused("GetPublicKey", key_id, "UnsupportedOperationException").await;
            } else {
                check_algorithms(&kms.ok("GetPublicKey", key_id).await, of_usage, &name);
            }
        }
    }
    assert_eq!((made, refused), (25, 70));
}

#[tokio::test]
async fn the_usage_may_be_left_out_for_symmetric_encryption_alone() {
    let table = table!("algorithms.json");
    let cloud = TestCloud::new(641);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    for (spec, facts) in table["specs"].as_object().unwrap() {
        let input = json!({"KeySpec": spec});
        match (facts.get("default_usage"), spec.as_str()) {
            (Some(usage), _) => {
                assert_eq!(kms.ok("CreateKey", input).await["KeyMetadata"]["KeyUsage"], *usage);
            }
            (None, "SM2") => _ = kms.refused("CreateKey", input, "UnsupportedOperationException").await,
            (None, _) => {
                let said = kms.refused("CreateKey", input, "ValidationException").await;
                let wanted = "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.";
                assert_eq!(said, wanted, "{spec}");
            }
        }
    }
    let made = kms.ok("CreateKey", json!({})).await["KeyMetadata"].clone();
    assert_eq!((&made["KeySpec"], &made["KeyUsage"]), (&table["default_spec"], &json!("ENCRYPT_DECRYPT")));
}

#[tokio::test]
async fn each_operation_is_for_keys_of_its_usage_alone() {
    let cloud = TestCloud::new(642);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let specs = ["SYMMETRIC_DEFAULT", "ECC_NIST_P256", "HMAC_256", "ECC_NIST_P256", "ML_KEM_512"];
    for (usage, spec) in USAGES.into_iter().zip(specs) {
        let key_id = kms.new_key_of(spec, usage).await;
        for (operation, of, mut input) in operations() {
            input["KeyId"] = json!(key_id);
            let answer = kms.call(operation, input.clone()).await;
            if of == usage {
                // Signatures and the like of this table are none, which is found out only with the key's usage right.
                let code = answer.err().map(|error| error.code).unwrap_or_default();
                assert_ne!(code, "InvalidKeyUsageException", "{operation}, {usage}");
                continue;
            }
            let error = answer.expect_err(operation);
            assert_eq!(error.code, "InvalidKeyUsageException", "{operation}, {usage}");
            let said =
                format!("{} key usage is {usage} which is not valid for {operation}.", kms.arn(&key_id));
            assert_eq!(error.message, said);
        }
    }
}

#[tokio::test]
async fn messages_and_plaintexts_have_the_lengths_of_the_table() {
    let table = table!("algorithms.json");
    let most = usize::try_from(table["message_max"].as_u64().unwrap()).unwrap();
    let cloud = TestCloud::new(643);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let signing = kms.new_key_of("ECC_NIST_P256", "SIGN_VERIFY").await;
    let mac = kms.new_key_of("HMAC_256", "GENERATE_VERIFY_MAC").await;
    let symmetric = kms.new_key().await;
    for (operation, member, input) in [
        ("Encrypt", "Plaintext", json!({"KeyId": symmetric})),
        ("Sign", "Message", json!({"KeyId": signing, "SigningAlgorithm": "ECDSA_SHA_256"})),
        ("GenerateMac", "Message", json!({"KeyId": mac, "MacAlgorithm": "HMAC_SHA_256"})),
    ] {
        let of_length = |length| {
            let mut input = input.clone();
            input[member] = json!(base64(vec![b'm'; length]));
            input
        };
        kms.ok(operation, of_length(1)).await;
        kms.ok(operation, of_length(most)).await;
        let said = kms.refused(operation, of_length(most + 1), "ValidationException").await;
        let name = member.to_lowercase();
        let wanted = format!(
            "1 validation error detected: Value at '{name}' failed to satisfy constraint: \
             Member must have length less than or equal to {most}"
        );
        assert_eq!(said, wanted, "{operation}");
    }
    for (operation, input, most) in [
        ("GenerateDataKey", json!({"KeyId": symmetric}), &table["data_key_bytes_max"]),
        ("GenerateRandom", json!({}), &table["random_bytes_max"]),
    ] {
        let mut input = input;
        let most = most.as_u64().unwrap();
        for (count, fits) in [(0, false), (1, true), (most, true), (most + 1, false)] {
            input["NumberOfBytes"] = json!(count);
            let answer = kms.call(operation, input.clone()).await;
            assert_eq!(answer.is_ok(), fits, "{operation} of {count} bytes");
        }
    }
}
