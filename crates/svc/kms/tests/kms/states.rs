//! Which operations a key's state allows.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html>

use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client, base64};

const OK: &str = "";
const DISABLED: &str = "DisabledException";
const INVALID: &str = "KMSInvalidStateException";

/// How each operation on a key answers where the key is enabled, disabled, and pending deletion.
const TABLE: [(&str, [&str; 3]); 21] = [
    ("CancelKeyDeletion", [INVALID, INVALID, OK]),
    ("CreateAlias", [OK, OK, INVALID]),
    ("Decrypt", [OK, DISABLED, INVALID]),
    ("DeleteAlias", [OK, OK, OK]),
    ("DescribeKey", [OK, OK, OK]),
    ("DisableKey", [OK, OK, INVALID]),
    ("EnableKey", [OK, OK, INVALID]),
    ("Encrypt", [OK, DISABLED, INVALID]),
    ("GenerateDataKey", [OK, DISABLED, INVALID]),
    ("GenerateDataKeyWithoutPlaintext", [OK, DISABLED, INVALID]),
    ("GetKeyPolicy", [OK, OK, OK]),
    ("ListAliases", [OK, OK, OK]),
    ("ListKeyPolicies", [OK, OK, OK]),
    ("ListResourceTags", [OK, OK, OK]),
    ("PutKeyPolicy", [OK, OK, OK]),
    ("ReEncrypt", [OK, DISABLED, INVALID]),
    ("ScheduleKeyDeletion", [OK, OK, INVALID]),
    ("TagResource", [OK, OK, INVALID]),
    ("UntagResource", [OK, OK, INVALID]),
    ("UpdateAlias", [OK, OK, INVALID]),
    ("UpdateKeyDescription", [OK, OK, INVALID]),
];

/// The operations that are about no key.
const KEYLESS: [&str; 3] = ["CreateKey", "GenerateRandom", "ListKeys"];

fn input(operation: &str, key_id: &str, alias: &str, ciphertext: &str, policy: &Json) -> Json {
    match operation {
        "CreateAlias" => json!({"AliasName": format!("{alias}/new"), "TargetKeyId": key_id}),
        "UpdateAlias" => json!({"AliasName": alias, "TargetKeyId": key_id}),
        "DeleteAlias" => json!({"AliasName": alias}),
        "Decrypt" => json!({"CiphertextBlob": ciphertext}),
        "ReEncrypt" => json!({"CiphertextBlob": ciphertext, "DestinationKeyId": key_id}),
        "Encrypt" => json!({"KeyId": key_id, "Plaintext": base64("x")}),
        "GenerateDataKey" | "GenerateDataKeyWithoutPlaintext" => {
            json!({"KeyId": key_id, "KeySpec": "AES_256"})
        }
        "PutKeyPolicy" => json!({"KeyId": key_id, "Policy": policy}),
        "TagResource" => json!({"KeyId": key_id, "Tags": [{"TagKey": "a", "TagValue": "b"}]}),
        "UntagResource" => json!({"KeyId": key_id, "TagKeys": ["a"]}),
        "UpdateKeyDescription" => json!({"KeyId": key_id, "Description": "x"}),
        _ => json!({"KeyId": key_id}),
    }
}

#[tokio::test]
async fn each_state_allows_what_aws_says() {
    let cloud = TestCloud::new(20);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    for (operation, answers) in TABLE {
        for (state, code) in ["Enabled", "Disabled", "PendingDeletion"].into_iter().zip(answers) {
            let key_id = kms.new_key().await;
            let alias = format!("alias/{key_id}");
            kms.ok("CreateAlias", json!({"AliasName": alias, "TargetKeyId": key_id})).await;
            let ciphertext = kms.encrypt(&key_id, "x", json!({})).await;
            let policy = kms.ok("GetKeyPolicy", json!({"KeyId": key_id})).await["Policy"].clone();
            match state {
                "Disabled" => _ = kms.ok("DisableKey", json!({"KeyId": key_id})).await,
                "PendingDeletion" => _ = kms.ok("ScheduleKeyDeletion", json!({"KeyId": key_id})).await,
                _ => {}
            }
            let metadata = kms.ok("DescribeKey", json!({"KeyId": key_id})).await;
            assert_eq!(metadata["KeyMetadata"]["KeyState"], json!(state));
            assert_eq!(metadata["KeyMetadata"]["Enabled"], json!(state == "Enabled"));
            let input = input(operation, &key_id, &alias, &ciphertext, &policy);
            let told = kms.call(operation, input).await;
            match (code, told) {
                (OK, told) => _ = told.unwrap_or_else(|error| panic!("{operation}, {state}: {error:?}")),
                (code, told) => {
                    let error = told.expect_err(operation);
                    assert_eq!(error.code, code, "{operation}, {state}");
                    let said = match (operation, state) {
                        ("CancelKeyDeletion", _) => "is not pending deletion.",
                        (_, "Disabled") => "is disabled.",
                        _ => "is pending deletion.",
                    };
                    assert_eq!(error.message, format!("{} {said}", kms.arn(&key_id)), "{operation}, {state}");
                }
            }
        }
    }
}

#[test]
fn the_table_has_every_operation() {
    for entry in alcazar_svc_kms::SERVICE.operations {
        let name = entry.model.name;
        let known = KEYLESS.contains(&name) || TABLE.iter().any(|(operation, _)| *operation == name);
        assert!(known, "what do key states mean to {name}?");
    }
}

#[tokio::test]
async fn a_key_whose_deletion_is_cancelled_is_disabled() {
    let cloud = TestCloud::new(21);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_key().await;
    kms.ok("ScheduleKeyDeletion", json!({"KeyId": key_id})).await;
    assert_eq!(kms.ok("CancelKeyDeletion", json!({"KeyId": key_id})).await["KeyId"], json!(kms.arn(&key_id)));
    let metadata = kms.ok("DescribeKey", json!({"KeyId": key_id})).await["KeyMetadata"].clone();
    assert_eq!((&metadata["KeyState"], metadata.get("DeletionDate")), (&json!("Disabled"), None));
    kms.ok("EnableKey", json!({"KeyId": key_id})).await;
    kms.encrypt(&key_id, "x", json!({})).await;
}
