//! Data key pairs.

use alcazar_crypto::{BackingKeyId, KeyMaterial, KeySpec};
use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client, bytes};

const OPERATIONS: [&str; 2] = ["GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext"];

#[tokio::test]
async fn a_pair_of_each_spec_belongs_together() {
    let cloud = TestCloud::new(420);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_key().await;
    let described = kms.ok("DescribeKey", json!({"KeyId": key_id})).await;
    let table: Json = serde_json::from_str(include_str!("data/algorithms.json")).unwrap();
    let context = json!({"a": "b"});
    for spec in table["data_key_pair_specs"].as_array().unwrap() {
        let name = spec.as_str().unwrap();
        let input = json!({"KeyId": key_id, "KeyPairSpec": name, "EncryptionContext": context});
        let Some(spec) = KeySpec::from_name(name) else {
            assert_eq!(name, "SM2");
            for operation in OPERATIONS {
                kms.refused(operation, input.clone(), "UnsupportedOperationException").await;
            }
            continue;
        };
        for operation in OPERATIONS {
            let made = kms.ok(operation, input.clone()).await;
            assert_eq!((&made["KeyId"], &made["KeyPairSpec"]), (&json!(kms.arn(&key_id)), &json!(name)));
            assert_eq!(made["KeyMaterialId"], described["KeyMetadata"]["CurrentKeyMaterialId"]);
            let decrypt =
                json!({"CiphertextBlob": made["PrivateKeyCiphertextBlob"], "EncryptionContext": context});
            let private_key = &kms.ok("Decrypt", decrypt).await["Plaintext"];
            match made.get("PrivateKeyPlaintext") {
                Some(plaintext) => assert_eq!((operation, plaintext), (OPERATIONS[0], private_key)),
                None => assert_eq!(operation, OPERATIONS[1]),
            }
            let pair = KeyMaterial::import(spec, BackingKeyId([0; 16]), &bytes(private_key)).unwrap();
            assert_eq!(pair.public_key().unwrap(), bytes(&made["PublicKey"]), "{name}");
        }
    }
}

#[tokio::test]
async fn the_context_counts_and_each_pair_is_another() {
    let cloud = TestCloud::new(421);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_key().await;
    let input = json!({"KeyId": key_id, "KeyPairSpec": "ECC_NIST_P256", "EncryptionContext": {"a": "b"}});
    let (one, other) = (kms.ok(OPERATIONS[0], input.clone()).await, kms.ok(OPERATIONS[0], input).await);
    assert_ne!(one["PublicKey"], other["PublicKey"]);
    let without = json!({"CiphertextBlob": one["PrivateKeyCiphertextBlob"]});
    assert_eq!(kms.refused("Decrypt", without, "InvalidCiphertextException").await, "");
}

#[tokio::test]
async fn keys_of_other_kinds_and_states_are_refused() {
    let cloud = TestCloud::new(422);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let rsa = kms.new_key_of("RSA_2048", "ENCRYPT_DECRYPT").await;
    let hmac = kms.new_key_of("HMAC_256", "GENERATE_VERIFY_MAC").await;
    let key_id = kms.new_key().await;
    for operation in OPERATIONS {
        let input = |key_id: &str| json!({"KeyId": key_id, "KeyPairSpec": "ECC_NIST_P256"});
        let message = kms.refused(operation, input(&rsa), "InvalidKeyUsageException").await;
        assert_eq!(message, "You cannot generate a data key with an asymmetric CMK");
        let message = kms.refused(operation, input(&hmac), "InvalidKeyUsageException").await;
        let arn = kms.arn(&hmac);
        assert_eq!(
            message,
            format!("{arn} key usage is GENERATE_VERIFY_MAC which is not valid for {operation}.")
        );
        let mut rehearsal = input(&key_id);
        rehearsal["DryRun"] = json!(true);
        kms.refused(operation, rehearsal, "DryRunOperationException").await;
        kms.ok("DisableKey", json!({"KeyId": key_id})).await;
        kms.refused(operation, input(&key_id), "DisabledException").await;
        kms.ok("EnableKey", json!({"KeyId": key_id})).await;
    }
}

#[tokio::test]
async fn policies_see_the_spec_of_the_pair() {
    let cloud = TestCloud::new(423);
    let root = cloud.root(ACCOUNT);
    let user = cloud.user(ACCOUNT, "user").await;
    let allowed = json!({"Effect": "Allow", "Principal": {"AWS": user.arn()}, "Resource": "*",
        "Action": "kms:GenerateDataKeyPair*",
        "Condition": {"StringLike": {"kms:DataKeyPairSpec": "ECC_*", "kms:EncryptionAlgorithm": "SYMMETRIC_DEFAULT"}}});
    let policy = json!({"Version": "2012-10-17", "Statement": [allowed]});
    let key_id = Client::new(&cloud, &root).new_key_with_policy(&policy).await;
    let kms = Client::new(&cloud, &user);
    for operation in OPERATIONS {
        let input = |spec: &str| json!({"KeyId": key_id, "KeyPairSpec": spec});
        kms.ok(operation, input("ECC_NIST_P384")).await;
        kms.refused(operation, input("ML_KEM_512"), "AccessDeniedException").await;
    }
}
