//! Tags and descriptions.

use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client};

fn tag(key: &str, value: &str) -> Json {
    json!({"TagKey": key, "TagValue": value})
}

#[tokio::test]
async fn tags_are_put_replaced_and_taken_off() {
    let cloud = TestCloud::new(160);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let made = kms.ok("CreateKey", json!({"Tags": [tag("b", "1"), tag("a", "")]})).await;
    let key_id = made["KeyMetadata"]["KeyId"].clone();
    let list = json!({"KeyId": key_id});
    let tags = kms.ok("ListResourceTags", list.clone()).await;
    assert_eq!(tags, json!({"Tags": [tag("a", ""), tag("b", "1")], "Truncated": false}));
    kms.ok("TagResource", json!({"KeyId": key_id, "Tags": [tag("b", "2"), tag("c", "3")]})).await;
    kms.ok("UntagResource", json!({"KeyId": key_id, "TagKeys": ["a", "none"]})).await;
    let tags = kms.ok("ListResourceTags", list).await["Tags"].clone();
    assert_eq!(tags, json!([tag("b", "2"), tag("c", "3")]));
}

#[tokio::test]
async fn tags_that_cannot_be_are_refused_and_change_nothing() {
    let cloud = TestCloud::new(161);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_key().await;
    let many: Vec<Json> = (0..51).map(|n| tag(&n.to_string(), "")).collect();
    for tags in [
        json!([tag("aws:a", "")]),
        json!([tag("AWS:a", "")]),
        json!([tag("a", "1"), tag("a", "2")]),
        json!(many),
    ] {
        kms.refused("TagResource", json!({"KeyId": key_id, "Tags": tags}), "TagException").await;
        kms.refused("CreateKey", json!({"Tags": tags}), "TagException").await;
    }
    assert_eq!(kms.ok("ListResourceTags", json!({"KeyId": key_id})).await["Tags"], json!([]));
}

#[tokio::test]
async fn a_description_is_changed() {
    let cloud = TestCloud::new(162);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let made = kms.ok("CreateKey", json!({"Description": "one"})).await["KeyMetadata"].clone();
    assert_eq!(made["Description"], json!("one"));
    kms.ok("UpdateKeyDescription", json!({"KeyId": made["KeyId"], "Description": "other"})).await;
    let told = kms.ok("DescribeKey", json!({"KeyId": made["KeyId"]})).await;
    assert_eq!(told["KeyMetadata"]["Description"], json!("other"));
}

#[tokio::test]
async fn kinds_of_keys_that_do_not_exist_are_refused() {
    let cloud = TestCloud::new(163);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    for (input, code) in [
        (json!({"KeySpec": "SM2", "KeyUsage": "SIGN_VERIFY"}), "UnsupportedOperationException"),
        (json!({"KeySpec": "RSA_2048", "KeyUsage": "KEY_AGREEMENT"}), "ValidationException"),
        (json!({"KeySpec": "ECC_SECG_P256K1", "KeyUsage": "KEY_AGREEMENT"}), "ValidationException"),
        (json!({"KeySpec": "RSA_2048"}), "ValidationException"),
        (json!({"KeyUsage": "SIGN_VERIFY"}), "ValidationException"),
        (json!({"Origin": "AWS_CLOUDHSM"}), "ValidationException"),
        (json!({"XksKeyId": "key"}), "ValidationException"),
        (
            json!({"KeySpec": "SYMMETRIC_DEFAULT", "CustomerMasterKeySpec": "SYMMETRIC_DEFAULT"}),
            "ValidationException",
        ),
        (
            json!({"CustomKeyStoreId": "cks-1234567890abcdef0", "Origin": "AWS_CLOUDHSM"}),
            "CustomKeyStoreNotFoundException",
        ),
    ] {
        kms.refused("CreateKey", input, code).await;
    }
    assert_eq!(kms.ok("ListKeys", json!({})).await["Keys"], json!([]));
}
