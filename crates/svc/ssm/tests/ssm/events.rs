//! What EventBridge hears of parameters.

use alcazar_testkit::TestCloud;
use serde_json::json;

use crate::client::{ACCOUNT, Client};
use crate::listener::Listener;

/// Whether the last call left something to deliver.
async fn leaves_a_delivery(client: &Client) -> bool {
    let leaves = client.cloud.cloud().next_work().await.unwrap().is_some();
    client.cloud.settle().await;
    leaves
}

#[tokio::test]
async fn each_change_is_told_as_aws_tells_it() {
    let client = Client::new(900);
    let listener = Listener::new(&client).await;
    client
        .ok("PutParameter", json!({"Name": "/a/b", "Value": "1", "Type": "String", "Description": "what"}))
        .await;
    let event = listener.heard(&client).await.remove(0);
    assert_eq!(event["source"], "aws.ssm");
    assert_eq!(event["detail-type"], "Parameter Store Change");
    assert_eq!((&event["account"], &event["region"]), (&json!(ACCOUNT), &json!("us-east-1")));
    assert_eq!(event["resources"], json!([format!("arn:aws:ssm:us-east-1:{ACCOUNT}:parameter/a/b")]));
    let described = json!({"operation": "Create", "name": "/a/b", "type": "String", "description": "what"});
    assert_eq!(event["detail"], described);
    client
        .ok("PutParameter", json!({"Name": "/a/b", "Value": "2", "Type": "StringList", "Overwrite": true}))
        .await;
    client.put("plain", "1").await;
    client.ok("DeleteParameter", json!({"Name": "/a/b"})).await;
    let told = listener.details(&client).await;
    assert!(
        told.contains(
            &json!({"operation": "Update", "name": "/a/b", "type": "StringList", "description": "what"})
        ),
        "{told:?}"
    );
    assert!(told.contains(&json!({"operation": "Create", "name": "plain", "type": "String"})), "{told:?}");
    assert!(told.contains(&json!({"operation": "Delete", "name": "/a/b", "type": "StringList"})), "{told:?}");
    assert_eq!(told.len(), 3);
}

#[tokio::test]
async fn what_is_refused_is_not_told() {
    let client = Client::new(901);
    client.put("x", "1").await;
    let listener = Listener::new(&client).await;
    client.refused("PutParameter", json!({"Name": "x", "Value": "2", "Type": "String"})).await;
    client.refused("DeleteParameter", json!({"Name": "y"})).await;
    assert_eq!(listener.heard(&client).await, Vec::<serde_json::Value>::new());
}

#[tokio::test]
async fn an_event_that_nobody_is_for_leaves_nothing_behind() {
    let client = Client::new(902);
    client.put("first", "has the rules read").await;
    client.cloud.settle().await;
    client.put("second", "1").await;
    assert!(!leaves_a_delivery(&client).await);
    let others =
        Listener::of(&client, json!({"source": ["aws.ssm"], "detail": {"operation": ["Delete"]}})).await;
    client.put("third", "has the rules read again").await;
    client.cloud.settle().await;
    client.put("fourth", "1").await;
    assert!(!leaves_a_delivery(&client).await, "the rule is for other events");
    client.ok("DeleteParameter", json!({"Name": "first"})).await;
    assert_eq!(
        others.details(&client).await,
        [json!({"operation": "Delete", "name": "first", "type": "String"})]
    );
}

#[tokio::test]
async fn a_rule_that_was_just_made_hears_of_it() {
    let client = Client::new(903);
    client.put("first", "1").await;
    client.cloud.settle().await;
    let listener = Listener::new(&client).await;
    client.put("second", "1").await;
    assert_eq!(listener.details(&client).await[0]["name"], "second");
}

#[tokio::test]
async fn a_rule_that_was_made_on_another_node_hears_of_it() {
    let cloud = TestCloud::new(904);
    let (one, other) = (Client::of(cloud.another_node()), Client::of(cloud));
    one.put("first", "1").await;
    one.cloud.settle().await;
    let listener = Listener::new(&other).await;
    one.put("second", "1").await;
    assert_eq!(listener.details(&one).await[0]["name"], "second");
}

#[tokio::test]
async fn archives_hold_what_is_told() {
    let client = Client::new(905);
    client.put("before", "1").await;
    client.cloud.settle().await;
    let bus = format!("arn:aws:events:us-east-1:{ACCOUNT}:event-bus/default");
    let pattern = r#"{"detail-type": ["Parameter Store Change"]}"#;
    let archive = json!({"ArchiveName": "all", "EventSourceArn": bus, "EventPattern": pattern});
    client.cloud.ask(&client.root, "events", "CreateArchive", &archive).await.unwrap();
    client.put("x", "1").await;
    client.overwrite("x", "2").await;
    client.cloud.settle().await;
    client.cloud.advance(std::time::Duration::from_secs(120)).await;
    let named = json!({"ArchiveName": "all"});
    let held = client.cloud.ask(&client.root, "events", "DescribeArchive", &named).await.unwrap();
    assert_eq!(held["EventCount"], 2);
}
