//! Messages under a key of KMS, as long as they wait.

use std::time::Duration;

use alcazar_testkit::TestCaller;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client};

/// A key, and a topic that uses it.
async fn encrypted(client: &Client) -> (String, String) {
    let answer = client.cloud.ask(&client.root, "kms", "CreateKey", &json!({})).await.unwrap();
    let key = answer["KeyMetadata"]["Arn"].as_str().unwrap().to_owned();
    let topic = client.topic_with("t", json!({"KmsMasterKeyId": key})).await;
    (key, topic)
}

async fn kms(client: &Client, operation: &str, key: &str) {
    client.cloud.ask(&client.root, "kms", operation, &json!({"KeyId": key})).await.unwrap();
}

fn texts(bodies: &[Json]) -> Vec<&str> {
    bodies.iter().map(|body| body["Message"].as_str().unwrap()).collect()
}

async fn publisher(client: &Client, kms_actions: &[&str]) -> TestCaller {
    let mut statements = vec![json!({"Effect": "Allow", "Action": "sns:Publish", "Resource": "*"})];
    if !kms_actions.is_empty() {
        statements.push(json!({"Effect": "Allow", "Action": kms_actions, "Resource": "*"}));
    }
    let policy = json!({"Version": "2012-10-17", "Statement": statements});
    let name = format!("publisher-{}", kms_actions.len());
    client.cloud.user_with_policy(ACCOUNT, &name, &policy.to_string()).await
}

#[tokio::test]
async fn a_publisher_needs_the_key_and_kms_learns_of_which_topic() {
    let client = Client::new(140);
    let (key, topic) = encrypted(&client).await;
    client.subscribe(&topic, "http", "http://example.com/", json!({})).await;
    let message = json!({"TopicArn": topic, "Message": "m"});
    let powerless = publisher(&client, &[]).await;
    let (code, text) = client.refused_as(&powerless, "Publish", message.clone()).await;
    assert_eq!(code, "KMSAccessDenied");
    assert!(text.contains("is not authorized to perform: kms:GenerateDataKey on resource"), "{text}");
    let able = publisher(&client, &["kms:GenerateDataKey", "kms:Decrypt"]).await;
    client.ask_as(&able, "Publish", message).await.unwrap();
    let event =
        client.cloud.events().into_iter().rfind(|event| event.event_name == "GenerateDataKey").unwrap();
    let told = event.request_parameters.unwrap().to_string();
    assert!(told.contains("aws:sns:topicArn") && told.contains(&topic), "{told}");
    assert_eq!(event.resources[0].arn, key);
    assert_eq!(texts(&client.sent_bodies().await), ["m"]);
}

#[tokio::test]
async fn a_disabled_key_is_told_to_publishers_and_holds_back_what_waits() {
    let client = Client::new(141);
    let (key, topic) = encrypted(&client).await;
    client.subscribe(&topic, "http", "http://example.com/", json!({})).await;
    client.publish(&topic, "waits").await;
    kms(&client, "DisableKey", &key).await;
    let message = json!({"TopicArn": topic, "Message": "m"});
    assert_eq!(client.refused("Publish", message).await.0, "KMSDisabled");
    assert_eq!(client.sent().await.len(), 0);
    kms(&client, "EnableKey", &key).await;
    client.cloud.advance(Duration::from_secs(60)).await;
    assert_eq!(texts(&client.sent_bodies().await), ["waits"]);
    let input = json!({
        "TopicArn": topic, "AttributeName": "KmsMasterKeyId", "AttributeValue": "alias/nothing",
    });
    client.ok("SetTopicAttributes", input).await;
    let message = json!({"TopicArn": topic, "Message": "m"});
    assert_eq!(client.refused("Publish", message).await.0, "KMSNotFound");
}

#[tokio::test]
async fn bodies_are_filtered_and_structured_messages_told_apart_though_encrypted() {
    let client = Client::new(142);
    let (_, topic) = encrypted(&client).await;
    let filter = json!({"FilterPolicy": r#"{"a": [1]}"#, "FilterPolicyScope": "MessageBody"});
    client.subscribe(&topic, "http", "http://example.com/", filter).await;
    for text in [r#"{"a": 1}"#, r#"{"a": 2}"#] {
        client.publish(&topic, text).await;
    }
    assert_eq!(texts(&client.sent_bodies().await), [r#"{"a": 1}"#]);
}

#[tokio::test]
async fn whoever_needs_no_decryption_for_a_filter_gets_a_message_once_though_others_wait() {
    let client = Client::new(144);
    let (key, topic) = encrypted(&client).await;
    let filter = json!({"FilterPolicy": r#"{"a": [1]}"#, "FilterPolicyScope": "MessageBody"});
    for number in 0..8 {
        let attributes = if number % 2 == 0 { filter.clone() } else { json!({}) };
        client.subscribe(&topic, "http", &format!("http://example.com/{number}"), attributes).await;
    }
    client.publish(&topic, r#"{"a": 1}"#).await;
    kms(&client, "DisableKey", &key).await;
    client.cloud.advance(Duration::from_secs(100)).await;
    assert_eq!(client.sent().await.len(), 0);
    kms(&client, "EnableKey", &key).await;
    client.cloud.advance(Duration::from_secs(60)).await;
    assert_eq!(client.sent().await.len(), 8);
}

#[tokio::test]
async fn a_message_goes_out_after_a_restart_and_after_its_publisher_s_session() {
    let client = Client::new(143);
    let (_, topic) = encrypted(&client).await;
    client.subscribe(&topic, "http", "http://example.com/", json!({})).await;
    let trust = json!({"Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}});
    let role = json!({"RoleName": "r", "AssumeRolePolicyDocument": trust.to_string()});
    client.cloud.ask(&client.root, "iam", "CreateRole", &role).await.unwrap();
    let policy = json!({"Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Action": ["sns:Publish", "kms:GenerateDataKey", "kms:Decrypt"], "Resource": "*"}});
    let put = json!({"RoleName": "r", "PolicyName": "p", "PolicyDocument": policy.to_string()});
    client.cloud.ask(&client.root, "iam", "PutRolePolicy", &put).await.unwrap();
    let assume =
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}}"#;
    let user = client.cloud.user_with_policy(ACCOUNT, "assumer", assume).await;
    let role_arn = format!("arn:aws:iam::{ACCOUNT}:role/r");
    let session = client.cloud.assume_role(&user, &role_arn, "session").await;
    client.cloud.outside().answer(500, &json!({}));
    let own = json!({"http": {"defaultHealthyRetryPolicy": {
        "minDelayTarget": 1800, "maxDelayTarget": 1800, "numRetries": 2}}});
    client.set_topic(&topic, "DeliveryPolicy", &own.to_string()).await;
    client.ask_as(&session, "Publish", json!({"TopicArn": topic, "Message": "late"})).await.unwrap();
    client.cloud.settle().await;
    let again = Client::of(client.cloud.another_node());
    again.cloud.advance(Duration::from_secs(3601)).await;
    assert_eq!(texts(&again.sent_bodies().await), ["late"]);
}
