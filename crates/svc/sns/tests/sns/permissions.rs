//! Policies of topics, and what they let others do.

use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client, OTHER_ACCOUNT};

const EVERYTHING: &str =
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sns:*","Resource":"*"}}"#;

#[tokio::test]
async fn another_account_publishes_once_the_topic_lets_it_and_its_own_policy_too() {
    let client = Client::new(40);
    let topic = client.topic("t").await;
    let other = client.cloud.user_with_policy(OTHER_ACCOUNT, "writer", EVERYTHING).await;
    let powerless = client.cloud.user(OTHER_ACCOUNT, "powerless").await;
    let publish = json!({"TopicArn": topic, "Message": "m"});
    let (code, message) = client.refused_as(&other, "Publish", publish.clone()).await;
    assert_eq!(code, "AuthorizationError");
    assert_eq!(
        message,
        format!(
            "User: {} is not authorized to perform: SNS:Publish on resource: {topic} because no resource-based \
             policy allows the SNS:Publish action",
            other.arn()
        )
    );
    let add = json!({
        "TopicArn": topic, "Label": "other", "AWSAccountId": [OTHER_ACCOUNT], "ActionName": ["Publish"],
    });
    client.ok("AddPermission", add.clone()).await;
    client.ask_as(&other, "Publish", publish.clone()).await.unwrap();
    assert_eq!(client.refused_as(&powerless, "Publish", publish.clone()).await.0, "AuthorizationError");
    // Only what the statement says.
    let read = json!({"TopicArn": topic});
    assert_eq!(client.refused_as(&other, "GetTopicAttributes", read).await.0, "AuthorizationError");
    let (_, message) = client.refused("AddPermission", add).await;
    assert_eq!(message, "Invalid parameter: Statement already exists");
    let policy = client.topic_attributes(&topic).await["Policy"].clone();
    let policy: Json = serde_json::from_str(policy.as_str().unwrap()).unwrap();
    assert_eq!(
        policy["Statement"][1],
        json!({
            "Sid": "other", "Effect": "Allow", "Action": "SNS:Publish", "Resource": topic,
            "Principal": {"AWS": format!("arn:aws:iam::{OTHER_ACCOUNT}:root")},
        })
    );
    client.ok("RemovePermission", json!({"TopicArn": topic, "Label": "other"})).await;
    assert_eq!(client.refused_as(&other, "Publish", publish).await.0, "AuthorizationError");
    client.ok("RemovePermission", json!({"TopicArn": topic, "Label": "never there"})).await;
}

#[tokio::test]
async fn permissions_that_no_topic_gives_are_refused() {
    let client = Client::new(41);
    let topic = client.topic("t").await;
    let add = |accounts: Json, actions: Json| {
        let input = json!({"TopicArn": topic, "Label": "l", "AWSAccountId": accounts, "ActionName": actions});
        client.refused("AddPermission", input)
    };
    let (_, message) = add(json!([OTHER_ACCOUNT]), json!(["CreateTopic"])).await;
    assert_eq!(message, "Invalid parameter: Policy statement action out of service scope!");
    assert_eq!(add(json!(["nobody"]), json!(["Publish"])).await.1, "Invalid parameter: AWSAccountId");
    assert_eq!(add(json!([OTHER_ACCOUNT]), json!([])).await.1, "Invalid parameter: ActionName");
}

#[tokio::test]
async fn the_default_policy_gives_users_of_the_account_nothing() {
    let client = Client::new(42);
    let topic = client.topic("t").await;
    let user = client.cloud.user(ACCOUNT, "nobody").await;
    let (code, message) =
        client.refused_as(&user, "Publish", json!({"TopicArn": topic, "Message": "m"})).await;
    assert_eq!(code, "AuthorizationError");
    assert!(message.ends_with("because no identity-based policy allows the SNS:Publish action"), "{message}");
    // Whether there is such a topic, nobody without permission learns.
    let nothing = format!("arn:aws:sns:us-east-1:{ACCOUNT}:nothing");
    let (code, _) = client.refused_as(&user, "Publish", json!({"TopicArn": nothing, "Message": ""})).await;
    assert_eq!(code, "AuthorizationError");
}

#[tokio::test]
async fn policies_decide_by_protocol_endpoint_and_tags() {
    let client = Client::new(43);
    let topic = client.topic("t").await;
    let tags = json!([{"Key": "Team", "Value": "red"}]);
    client.ok("TagResource", json!({"ResourceArn": topic, "Tags": tags})).await;
    let policy = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "sns:Subscribe", "Resource": "*", "Condition": {
            "StringEquals": {"sns:Protocol": "https", "aws:ResourceTag/Team": "red"},
            "StringLike": {"sns:Endpoint": "https://example.com/*"}}},
    ]});
    let user = client.cloud.user_with_policy(ACCOUNT, "careful", &policy.to_string()).await;
    let subscribe = |protocol: &str, endpoint: &str| json!({"TopicArn": topic, "Protocol": protocol, "Endpoint": endpoint});
    client.ask_as(&user, "Subscribe", subscribe("https", "https://example.com/a")).await.unwrap();
    for (protocol, endpoint) in [("http", "http://example.com/a"), ("https", "https://example.org/a")] {
        let (code, _) = client.refused_as(&user, "Subscribe", subscribe(protocol, endpoint)).await;
        assert_eq!(code, "AuthorizationError", "{endpoint}");
    }
}

#[tokio::test]
async fn a_policy_of_the_topic_can_forbid_its_own_account() {
    let client = Client::new(44);
    let topic = client.topic("t").await;
    let policy = json!({"Version": "2012-10-17", "Statement": {
        "Effect": "Deny", "Principal": "*", "Action": "sns:Publish", "Resource": topic,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}}}});
    client.set_topic(&topic, "Policy", &policy.to_string()).await;
    let (code, message) = client.refused("Publish", json!({"TopicArn": topic, "Message": "m"})).await;
    assert_eq!(code, "AuthorizationError");
    assert!(message.ends_with("with an explicit deny in a resource-based policy"), "{message}");
    client.set_topic(&topic, "Policy", "").await;
    client.publish(&topic, "m").await;
}
