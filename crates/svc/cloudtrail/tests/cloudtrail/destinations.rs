//! The keys and topics that trails name.

use alcazar_api_kms::operation::{CreateKey, CreateKeyRequest, DisableKey, DisableKeyRequest};
use alcazar_testkit::{TestCaller, TestCloud};
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client};

async fn key(cloud: &TestCloud, root: &TestCaller, statement: Json) -> (String, String) {
    let account = json!({
        "Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "kms:*", "Resource": "*",
    });
    let policy = json!({"Version": "2012-10-17", "Statement": [account, statement]});
    let request = CreateKeyRequest { policy: Some(policy.to_string()), ..CreateKeyRequest::default() };
    let made = cloud.call::<CreateKey>(root, request).await.unwrap().key_metadata.unwrap();
    (made.key_id, made.arn.unwrap())
}

fn of_cloudtrail(context: &str) -> Json {
    json!({
        "Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Action": "kms:GenerateDataKey*", "Resource": "*",
        "Condition": {"StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": context}},
    })
}

#[tokio::test]
async fn a_key_must_let_cloudtrail_use_it_for_the_trail() {
    let cloud = TestCloud::new(60);
    let root = cloud.root(ACCOUNT);
    let trails = Client::new(&cloud, &root);
    let mine = format!("arn:aws:cloudtrail:*:{ACCOUNT}:trail/*");
    let (key_id, key_arn) = key(&cloud, &root, of_cloudtrail(&mine)).await;
    let with = |name: &str, key: &str| json!({"Name": name, "S3BucketName": "bucket", "KmsKeyId": key});
    for (name, key) in [("by-id", &key_id), ("by-arn", &key_arn)] {
        assert_eq!(trails.ok("CreateTrail", with(name, key)).await["KmsKeyId"], json!(key_arn));
    }
    let used = cloud.events().into_iter().find(|event| event.event_name == "GenerateDataKey").unwrap();
    assert_eq!(used.invoked_by.as_deref(), Some("cloudtrail.amazonaws.com"));

    let others = "arn:aws:cloudtrail:*:444455556666:trail/*";
    let (_, other) = key(&cloud, &root, of_cloudtrail(others)).await;
    let message =
        trails.refused("CreateTrail", with("denied", &other), "InsufficientEncryptionPolicyException").await;
    assert_eq!(message, format!("Insufficient permissions to access S3 bucket bucket or KMS key {other}."));
    let none = "11111111-2222-3333-4444-555555555555";
    trails.refused("CreateTrail", with("none", none), "KmsKeyNotFoundException").await;
    trails.refused("CreateTrail", with("none", "not a key"), "InvalidKmsKeyIdException").await;
    cloud.call::<DisableKey>(&root, DisableKeyRequest { key_id }).await.unwrap();
    trails.refused("CreateTrail", with("disabled", &key_arn), "KmsException").await;
    let dropped = trails.ok("UpdateTrail", json!({"Name": "by-id", "KmsKeyId": ""})).await;
    assert_eq!(dropped.get("KmsKeyId"), None);
}

#[tokio::test]
async fn a_topic_that_takes_nothing_is_refused() {
    let cloud = TestCloud::new(61);
    let root = cloud.root(ACCOUNT);
    let trails = Client::new(&cloud, &root);
    let with = |topic: &str| json!({"Name": "mine", "S3BucketName": "bucket", "SnsTopicName": topic});
    let message = trails.refused("CreateTrail", with("none"), "InsufficientSnsTopicPolicyException").await;
    assert_eq!(message, "SNS Topic does not exist or the topic policy is incorrect!");
    trails.refused("CreateTrail", with("no topic"), "InvalidSnsTopicNameException").await;
    trails
        .refused("CreateTrail", with("arn:aws:sqs:us-east-1:111122223333:q"), "InvalidSnsTopicNameException")
        .await;
}
