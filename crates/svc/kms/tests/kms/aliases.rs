//! Aliases come, move and go.

use std::time::Duration;

use alcazar_testkit::TestCloud;
use serde_json::json;

use crate::client::{ACCOUNT, Client, OTHER_ACCOUNT};

#[tokio::test]
async fn an_alias_moves_from_key_to_key() {
    let cloud = TestCloud::new(140);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let (one, other) = (kms.new_key().await, kms.new_key().await);
    kms.ok("CreateAlias", json!({"AliasName": "alias/a", "TargetKeyId": one})).await;
    let before = kms.encrypt("alias/a", "x", json!({})).await;
    cloud.advance(Duration::from_secs(60)).await;
    kms.ok("UpdateAlias", json!({"AliasName": "alias/a", "TargetKeyId": other})).await;
    let told = kms.ok("DescribeKey", json!({"KeyId": "alias/a"})).await;
    assert_eq!(told["KeyMetadata"]["KeyId"], json!(other));
    // What was encrypted before still names its own key.
    assert_eq!(kms.ok("Decrypt", json!({"CiphertextBlob": before})).await["KeyId"], json!(kms.arn(&one)));
    let alias = kms.ok("ListAliases", json!({})).await["Aliases"][0].clone();
    let age = alias["LastUpdatedDate"].as_f64().unwrap() - alias["CreationDate"].as_f64().unwrap();
    assert!((age - 60.0).abs() < 0.001, "{alias}");
    assert_eq!(kms.ok("ListAliases", json!({"KeyId": one})).await["Aliases"], json!([]));
}

#[tokio::test]
async fn an_alias_that_is_taken_missing_or_badly_named_is_refused() {
    let cloud = TestCloud::new(141);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_key().await;
    let arn = |alias: &str| format!("arn:aws:kms:us-east-1:{ACCOUNT}:{alias}");
    let create = |alias: &str| json!({"AliasName": alias, "TargetKeyId": key_id});
    kms.ok("CreateAlias", create("alias/a")).await;
    let message = kms.refused("CreateAlias", create("alias/a"), "AlreadyExistsException").await;
    assert_eq!(message, format!("An alias with the name {} already exists", arn("alias/a")));
    for operation in ["UpdateAlias", "DeleteAlias"] {
        let message = kms.refused(operation, create("alias/none"), "NotFoundException").await;
        assert_eq!(message, format!("Alias {} is not found.", arn("alias/none")));
    }
    for operation in ["CreateAlias", "UpdateAlias", "DeleteAlias"] {
        kms.refused(operation, create("noprefix"), "ValidationException").await;
        kms.refused(operation, create("alias/"), "ValidationException").await;
        kms.refused(operation, create("alias/a b"), "ValidationException").await;
    }
    kms.refused("CreateAlias", create("alias/aws/mine"), "InvalidAliasNameException").await;
    let by_alias = json!({"AliasName": "alias/b", "TargetKeyId": "alias/a"});
    kms.refused("CreateAlias", by_alias, "InvalidArnException").await;
}

#[tokio::test]
async fn each_account_has_aliases_of_its_own() {
    let cloud = TestCloud::new(142);
    let (root, other) = (cloud.root(ACCOUNT), cloud.root(OTHER_ACCOUNT));
    let (kms, others) = (Client::new(&cloud, &root), Client::new(&cloud, &other));
    let (own, foreign) = (kms.new_key().await, others.new_key().await);
    kms.ok("CreateAlias", json!({"AliasName": "alias/a", "TargetKeyId": own})).await;
    others.ok("CreateAlias", json!({"AliasName": "alias/a", "TargetKeyId": foreign})).await;
    for (client, key_id) in [(kms, own), (others, foreign)] {
        let told = client.ok("DescribeKey", json!({"KeyId": "alias/a"})).await;
        assert_eq!(told["KeyMetadata"]["KeyId"], json!(key_id));
    }
    kms.ok("DeleteAlias", json!({"AliasName": "alias/a"})).await;
    kms.refused("DescribeKey", json!({"KeyId": "alias/a"}), "NotFoundException").await;
    others.ok("DescribeKey", json!({"KeyId": "alias/a"})).await;
}

#[tokio::test]
async fn a_key_has_50_aliases_at_most() {
    let cloud = TestCloud::new(143);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let (key_id, other) = (kms.new_key().await, kms.new_key().await);
    for number in 0..50 {
        kms.ok("CreateAlias", json!({"AliasName": format!("alias/{number}"), "TargetKeyId": key_id})).await;
    }
    let one_more = json!({"AliasName": "alias/more", "TargetKeyId": key_id});
    kms.refused("CreateAlias", one_more.clone(), "LimitExceededException").await;
    kms.ok("CreateAlias", json!({"AliasName": "alias/more", "TargetKeyId": other})).await;
    kms.refused("UpdateAlias", one_more, "LimitExceededException").await;
    kms.ok("UpdateAlias", json!({"AliasName": "alias/7", "TargetKeyId": key_id})).await;
}

#[tokio::test]
async fn an_aliass_name_cannot_be_read_from_the_store() {
    let cloud = TestCloud::new(144);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_key().await;
    kms.ok("CreateAlias", json!({"AliasName": "alias/merger-with-acme", "TargetKeyId": key_id})).await;
    for (name, content) in cloud.store().records().await {
        for bytes in [&name, &content] {
            assert!(!bytes.windows(4).any(|part| part == b"acme"));
        }
    }
}
