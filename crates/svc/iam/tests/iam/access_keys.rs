//! Access keys.

use alcazar_shape::Protocol;
use alcazar_testkit::{TestCaller, TestCloud};
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client, OTHER_ACCOUNT, each};

/// Whether the caller's credentials are taken.
async fn is_known(cloud: &TestCloud, caller: &TestCaller) -> bool {
    let model = cloud.cloud().service("sts").unwrap().operation("GetCallerIdentity").unwrap().model;
    cloud.send_signed(caller, Protocol::AwsQuery, model, &json!({})).await.status() == 200
}

fn id(user: &TestCaller) -> Json {
    json!(user.caller.access_key_id)
}

#[tokio::test]
async fn an_inactive_key_signs_nothing_until_it_is_active_again() {
    let cloud = TestCloud::new(40);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    let bob = cloud.user(ACCOUNT, "bob").await;
    assert!(is_known(&cloud, &bob).await);
    let update = |status: &str| json!({"UserName": "bob", "AccessKeyId": id(&bob), "Status": status});
    iam.ok("UpdateAccessKey", update("Inactive")).await;
    assert!(!is_known(&cloud, &bob).await);
    let keys = iam.ok("ListAccessKeys", json!({"UserName": "bob"})).await["AccessKeyMetadata"].clone();
    assert_eq!((&keys[0]["Status"], &keys[0]["AccessKeyId"]), (&json!("Inactive"), &id(&bob)));
    iam.ok("UpdateAccessKey", update("Active")).await;
    assert!(is_known(&cloud, &bob).await);
    let expired = iam.refused("UpdateAccessKey", update("Expired")).await;
    assert!(expired.starts_with("InvalidInput: "), "{expired}");
    let key = json!({"UserName": "bob", "AccessKeyId": id(&bob)});
    iam.ok("DeleteAccessKey", key.clone()).await;
    assert!(!is_known(&cloud, &bob).await);
    let gone = iam.refused("DeleteAccessKey", key).await;
    let id = &bob.caller.access_key_id;
    assert_eq!(gone, format!("NoSuchEntity: The Access Key with id {id} cannot be found."));
}

#[tokio::test]
async fn a_key_of_a_renamed_user_signs_for_the_new_name() {
    let cloud = TestCloud::new(41);
    let root = cloud.root(ACCOUNT);
    let bob = cloud.user(ACCOUNT, "bob").await;
    let rename = json!({"UserName": "bob", "NewUserName": "robert", "NewPath": "/x/"});
    Client::new(&cloud, &root).ok("UpdateUser", rename).await;
    let model = cloud.cloud().service("sts").unwrap().operation("GetCallerIdentity").unwrap().model;
    let told = cloud.send_signed(&bob, Protocol::AwsQuery, model, &json!({})).await;
    assert!(told.text().contains("<Arn>arn:aws:iam::111122223333:user/x/robert</Arn>"), "{}", told.text());
}

#[tokio::test]
async fn nobody_else_s_keys_are_touched() {
    let cloud = TestCloud::new(42);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    let (bob, _) = (cloud.user(ACCOUNT, "bob").await, cloud.user(ACCOUNT, "eve").await);
    let other = json!({"UserName": "eve", "AccessKeyId": id(&bob)});
    assert!(iam.refused("DeleteAccessKey", other).await.starts_with("NoSuchEntity: The Access Key"));
    let stranger = cloud.root(OTHER_ACCOUNT);
    let input = json!({"AccessKeyId": id(&bob)});
    let hidden = Client::new(&cloud, &stranger).refused("GetAccessKeyLastUsed", input).await;
    let id = &bob.caller.access_key_id;
    assert_eq!(
        hidden,
        format!(
            "AccessDenied: User: arn:aws:iam::444455556666:root is not authorized to perform \
             iam:GetAccessKeyLastUsed on resource: access key {id}"
        )
    );
}

#[tokio::test]
async fn the_root_user_has_keys_of_its_own() {
    let cloud = TestCloud::new(43);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    let mut ids = Vec::new();
    for _ in 0..2 {
        let made = iam.ok("CreateAccessKey", json!({})).await["AccessKey"].clone();
        ids.push(made["AccessKeyId"].as_str().unwrap().to_owned());
    }
    let full = iam.refused("CreateAccessKey", json!({})).await;
    assert_eq!(full, "LimitExceeded: Cannot exceed quota for AccessKeysPerUser: 2");
    let listed = iam.pages("ListAccessKeys", json!({}), "AccessKeyMetadata", 1).await;
    let (mut listed, mut made) = (each(&listed, "AccessKeyId"), ids.clone());
    listed.sort();
    made.sort();
    assert_eq!(listed, made);
    iam.ok("UpdateAccessKey", json!({"AccessKeyId": ids[0], "Status": "Inactive"})).await;
    iam.ok("DeleteAccessKey", json!({"AccessKeyId": ids[0]})).await;
    let left = iam.ok("ListAccessKeys", json!({})).await["AccessKeyMetadata"].clone();
    assert_eq!(each(left.as_array().unwrap(), "AccessKeyId"), [ids[1].clone()]);
    let used = iam.ok("GetAccessKeyLastUsed", json!({"AccessKeyId": ids[1]})).await;
    assert_eq!(used, json!({"AccessKeyLastUsed": {"ServiceName": "N/A", "Region": "N/A"}}));
}

#[tokio::test]
async fn a_key_tells_when_and_for_what_it_was_last_used() {
    let cloud = TestCloud::new(44);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    let bob = cloud.user(ACCOUNT, "bob").await;
    let input = json!({"AccessKeyId": id(&bob)});
    let never = iam.ok("GetAccessKeyLastUsed", input.clone()).await;
    assert_eq!(never["AccessKeyLastUsed"], json!({"ServiceName": "N/A", "Region": "N/A"}));
    assert!(is_known(&cloud, &bob.at("eu-west-1")).await);
    let used = iam.ok("GetAccessKeyLastUsed", input).await;
    assert_eq!(
        used,
        json!({
            "UserName": "bob",
            "AccessKeyLastUsed": {
                "LastUsedDate": cloud.now().as_secs(), "ServiceName": "sts", "Region": "eu-west-1",
            },
        })
    );
}
