//! Messages under KMS keys.

use std::time::Duration;

use alcazar_engine::audit::render::to_cloudtrail;
use alcazar_testkit::{TestCaller, TestCloud};
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client};

async fn kms(cloud: &TestCloud, caller: &TestCaller, operation: &str, input: Json) -> Json {
    cloud.ask(caller, "kms", operation, &input).await.unwrap()
}

/// The names of the calls that SQS has made of KMS, and the encryption context of the last one.
fn calls_of_kms(cloud: &TestCloud) -> (Vec<String>, Json) {
    let records = cloud.events().into_iter().map(|event| to_cloudtrail(&event, event.recipient()));
    let is_of_sqs = |record: &Json| {
        record["eventSource"] == "kms.amazonaws.com" && record["userIdentity"]["invokedBy"].is_string()
    };
    let made: Vec<Json> = records.filter(is_of_sqs).collect();
    let names = made.iter().map(|record| record["eventName"].as_str().unwrap().to_owned()).collect();
    (names, made.last().map_or(Json::Null, |last| last["requestParameters"]["encryptionContext"].clone()))
}

async fn queue_under_key(cloud: &TestCloud, root: &TestCaller, seconds: &str) -> (String, String) {
    let key =
        kms(cloud, root, "CreateKey", json!({})).await["KeyMetadata"]["KeyId"].as_str().unwrap().to_owned();
    let attributes =
        json!({"KmsMasterKeyId": key, "KmsDataKeyReusePeriodSeconds": seconds, "VisibilityTimeout": "0"});
    (Client::new(cloud, root).new_queue_with("jobs", attributes).await, key)
}

async fn receive(sqs: &Client<'_>, url: &str) -> String {
    let got = sqs.ok("ReceiveMessage", json!({"QueueUrl": url})).await;
    got["Messages"][0]["Body"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn data_keys_are_used_for_their_period_and_then_forgotten() {
    let cloud = TestCloud::new(140);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let (url, _) = queue_under_key(&cloud, &root, "60").await;
    for n in 0..3 {
        sqs.ok("SendMessage", json!({"QueueUrl": url, "MessageBody": format!("m{n}")})).await;
    }
    let (names, context) = calls_of_kms(&cloud);
    assert_eq!(names, ["GenerateDataKey", "Decrypt"]);
    assert_eq!(context, json!({"aws:sqs:arn": sqs.arn("jobs")}));
    for _ in 0..3 {
        assert!(receive(&sqs, &url).await.starts_with('m'));
    }
    assert_eq!(calls_of_kms(&cloud).0, ["GenerateDataKey", "Decrypt", "Decrypt"]);
    cloud.advance(Duration::from_secs(60)).await;
    for table in ["sqs.data_key", "sqs.opened_data_key"] {
        assert!(cloud.store().names(table).await.is_empty(), "{table}");
    }
    sqs.ok("SendMessage", json!({"QueueUrl": url, "MessageBody": "m3"})).await;
    receive(&sqs, &url).await;
    assert_eq!(
        calls_of_kms(&cloud).0,
        ["GenerateDataKey", "Decrypt", "Decrypt", "GenerateDataKey", "Decrypt", "Decrypt"]
    );
}

#[tokio::test]
async fn nobody_sends_or_reads_whom_kms_does_not_let() {
    let cloud = TestCloud::new(141);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let (url, key) = queue_under_key(&cloud, &root, "60").await;
    let may = json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}});
    let user = cloud.user_with_policy(ACCOUNT, "worker", &may.to_string()).await;
    let worker = Client::new(&cloud, &user);
    let send = json!({"QueueUrl": url, "MessageBody": "m"});
    let said = worker.refused("SendMessage", send.clone(), "KmsAccessDenied").await;
    assert!(said.contains("is not authorized to perform: kms:GenerateDataKey on"), "{said}");
    sqs.ok("SendMessage", send.clone()).await;
    worker.refused("ReceiveMessage", json!({"QueueUrl": url}), "KmsAccessDenied").await;
    assert_eq!(receive(&sqs, &url).await, "m");
    kms(&cloud, &root, "DisableKey", json!({"KeyId": key})).await;
    // Whoever has a data key uses it as long as it lasts.
    assert_eq!(receive(&sqs, &url).await, "m");
    cloud.advance(Duration::from_secs(60)).await;
    let said = sqs.refused("SendMessage", send.clone(), "KmsDisabled").await;
    assert!(said.ends_with("is disabled."), "{said}");
    let none = json!({"QueueUrl": url, "Attributes": {"KmsMasterKeyId": "alias/none"}});
    sqs.ok("SetQueueAttributes", none).await;
    assert_eq!(
        sqs.refused("SendMessage", send, "KmsAccessDenied").await,
        "The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are \
         not allowed to access."
    );
}

#[tokio::test]
async fn a_body_stays_as_it_was_sealed() {
    let cloud = TestCloud::new(142);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let (url, key) = queue_under_key(&cloud, &root, "60").await;
    sqs.ok("SendMessage", json!({"QueueUrl": url, "MessageBody": "under the key"})).await;
    let plain = json!({"QueueUrl": url, "Attributes": {"KmsMasterKeyId": ""}});
    sqs.ok("SetQueueAttributes", plain).await;
    assert_eq!(receive(&sqs, &url).await, "under the key");
    cloud.advance(Duration::from_secs(60)).await;
    kms(&cloud, &root, "DisableKey", json!({"KeyId": key})).await;
    sqs.refused("ReceiveMessage", json!({"QueueUrl": url}), "KmsDisabled").await;
}

#[tokio::test]
async fn the_key_of_sqs_s_own_is_made_when_it_is_asked_for() {
    let cloud = TestCloud::new(143);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let url = sqs.new_queue_with("jobs", json!({"KmsMasterKeyId": "alias/aws/sqs"})).await;
    sqs.ok("SendMessage", json!({"QueueUrl": url, "MessageBody": "m"})).await;
    assert_eq!(receive(&sqs, &url).await, "m");
    let aliases = kms(&cloud, &root, "ListAliases", json!({})).await;
    assert!(aliases.to_string().contains("alias/aws/sqs"), "{aliases}");
}
