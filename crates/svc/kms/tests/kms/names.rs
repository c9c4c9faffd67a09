//! The ways to name a key.

use alcazar_testkit::TestCloud;
use serde_json::json;

use crate::client::{ACCOUNT, Client, OTHER_ACCOUNT, base64};

/// What takes an alias as well, and what takes key ids and key ARNs alone.
const WITH_ALIASES: [&str; 4] =
    ["DescribeKey", "Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext"];
const KEYS_ALONE: [&str; 6] = [
    "EnableKey",
    "GetKeyPolicy",
    "ListKeyPolicies",
    "ListResourceTags",
    "UntagResource",
    "UpdateKeyDescription",
];

fn input(operation: &str, key_id: &str) -> serde_json::Value {
    match operation {
        "Encrypt" => json!({"KeyId": key_id, "Plaintext": base64("x")}),
        "GenerateDataKey" | "GenerateDataKeyWithoutPlaintext" => json!({"KeyId": key_id, "NumberOfBytes": 1}),
        "UntagResource" => json!({"KeyId": key_id, "TagKeys": ["x"]}),
        "UpdateKeyDescription" => json!({"KeyId": key_id, "Description": ""}),
        _ => json!({"KeyId": key_id}),
    }
}

#[tokio::test]
async fn all_four_forms_name_the_key() {
    let cloud = TestCloud::new(1);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_key().await;
    kms.ok("CreateAlias", json!({"AliasName": "alias/a/b_c", "TargetKeyId": key_id})).await;
    let arn = kms.arn(&key_id);
    let alias_arn = format!("arn:aws:kms:us-east-1:{ACCOUNT}:alias/a/b_c");
    for operation in WITH_ALIASES {
        for name in [&key_id, &arn, "alias/a/b_c", &alias_arn] {
            let answer = kms.ok(operation, input(operation, name)).await;
            let told = answer.get("KeyId").unwrap_or(&answer["KeyMetadata"]["Arn"]);
            assert_eq!(told, &json!(arn), "{operation} by {name}");
        }
    }
    for operation in KEYS_ALONE {
        for name in [&key_id, &arn] {
            kms.ok(operation, input(operation, name)).await;
        }
        kms.refused(operation, input(operation, "alias/a/b_c"), "InvalidArnException").await;
        kms.refused(operation, input(operation, &alias_arn), "InvalidArnException").await;
    }
}

#[tokio::test]
async fn what_names_no_key_is_refused_in_awss_words() {
    let cloud = TestCloud::new(2);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let missing = "1234abcd-12ab-34cd-56ef-1234567890ab";
    let cases = [
        (missing.to_owned(), "NotFoundException", format!("Key '{}' does not exist", kms.arn(missing))),
        (kms.arn(missing), "NotFoundException", format!("Key '{}' does not exist", kms.arn(missing))),
        ("nonsense".to_owned(), "NotFoundException", "Invalid keyId 'nonsense'".to_owned()),
        (
            "alias/none".to_owned(),
            "NotFoundException",
            format!("Alias arn:aws:kms:us-east-1:{ACCOUNT}:alias/none is not found."),
        ),
        (
            format!("arn:aws:kms:eu-west-1:{ACCOUNT}:key/{missing}"),
            "NotFoundException",
            "Invalid arn eu-west-1".to_owned(),
        ),
        (
            "arn:aws:s3:::bucket".to_owned(),
            "InvalidArnException",
            "Invalid arn 'arn:aws:s3:::bucket'".to_owned(),
        ),
        ("arn:nonsense".to_owned(), "InvalidArnException", "Invalid arn 'arn:nonsense'".to_owned()),
    ];
    for (name, code, message) in cases {
        let told = kms.refused("DescribeKey", json!({"KeyId": name}), code).await;
        assert_eq!(told, message, "{name}");
    }
}

#[tokio::test]
async fn a_key_of_another_account_is_found_by_its_arn_alone_and_needs_leave_of_both_sides() {
    let cloud = TestCloud::new(3);
    let (owner, other) = (cloud.root(ACCOUNT), cloud.root(OTHER_ACCOUNT));
    let (own, foreign) = (Client::new(&cloud, &owner), Client::new(&cloud, &other));
    let key_id = own.new_key().await;
    let arn = own.arn(&key_id);
    foreign.refused("DescribeKey", json!({"KeyId": key_id}), "NotFoundException").await;
    foreign.refused("DescribeKey", json!({"KeyId": arn}), "AccessDeniedException").await;
    let policy = json!({"Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Principal": {"AWS": [ACCOUNT, OTHER_ACCOUNT]}, "Action": "kms:*", "Resource": "*",
    }});
    own.ok("PutKeyPolicy", json!({"KeyId": key_id, "Policy": policy.to_string()})).await;
    foreign.ok("DescribeKey", json!({"KeyId": arn})).await;
    let ciphertext = foreign.encrypt(&arn, "secret", json!({})).await;
    let told = foreign.ok("Decrypt", json!({"CiphertextBlob": ciphertext})).await;
    assert_eq!((&told["Plaintext"], &told["KeyId"]), (&json!(base64("secret")), &json!(arn)));
    // What AWS does not offer across accounts is denied, whatever the policy says.
    for operation in ["EnableKey", "DisableKey", "ScheduleKeyDeletion", "GetKeyPolicy", "ListResourceTags"] {
        let message = foreign.refused(operation, json!({"KeyId": arn}), "AccessDeniedException").await;
        assert!(message.contains(&format!("kms:{operation}")), "{message}");
    }
    // A user there needs its own account's leave as well, and has none.
    let user = cloud.user(OTHER_ACCOUNT, "nobody").await;
    Client::new(&cloud, &user).refused("DescribeKey", json!({"KeyId": arn}), "AccessDeniedException").await;
}

#[tokio::test]
async fn regions_are_apart_from_each_other() {
    let cloud = TestCloud::new(4);
    let (here, there) = (cloud.root(ACCOUNT).at("eu-west-1"), cloud.root(ACCOUNT).at("eu-central-1"));
    let (kms, elsewhere) = (Client::new(&cloud, &here), Client::new(&cloud, &there));
    let key_id = kms.new_key().await;
    kms.ok("CreateAlias", json!({"AliasName": "alias/a", "TargetKeyId": key_id})).await;
    let ciphertext = kms.encrypt("alias/a", "x", json!({})).await;
    elsewhere.refused("DescribeKey", json!({"KeyId": key_id}), "NotFoundException").await;
    elsewhere.refused("DescribeKey", json!({"KeyId": "alias/a"}), "NotFoundException").await;
    elsewhere.refused("DescribeKey", json!({"KeyId": kms.arn(&key_id)}), "NotFoundException").await;
    elsewhere.refused("Decrypt", json!({"CiphertextBlob": ciphertext}), "AccessDeniedException").await;
    assert_eq!(elsewhere.ok("ListKeys", json!({})).await["Keys"], json!([]));
    assert_eq!(elsewhere.ok("ListAliases", json!({})).await["Aliases"], json!([]));
    kms.ok("Decrypt", json!({"CiphertextBlob": ciphertext})).await;
}
