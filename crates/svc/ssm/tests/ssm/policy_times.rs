//! Parameter policies: what they do at their times.

use std::time::Duration;

use alcazar_base::Timestamp;
use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::Client;
use crate::listener::Listener;

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(86_400);

/// How long what happens is watched, well after the end.
const DAYS_AFTER: usize = 30;

fn expiration(at: Timestamp) -> String {
    format!(r#"{{"Type":"Expiration","Version":"1.0","Attributes":{{"Timestamp":"{at}"}}}}"#)
}

fn notification(before: u32, unit: &str) -> String {
    format!(
        r#"{{"Type":"ExpirationNotification","Version":"1.0","Attributes":{{"Before":"{before}","Unit":"{unit}"}}}}"#
    )
}

fn no_change(after: u32, unit: &str) -> String {
    format!(
        r#"{{"Type":"NoChangeNotification","Version":"1.0","Attributes":{{"After":"{after}","Unit":"{unit}"}}}}"#
    )
}

async fn put(client: &Client, policies: &[String]) {
    let policies = format!("[{}]", policies.join(","));
    let input = json!({
        "Name": "/app/x", "Value": "1", "Type": "String", "Tier": "Advanced", "Overwrite": true,
        "Policies": policies});
    client.ok("PutParameter", input).await;
}

/// What was heard of policies and deletions: the time, and the policy's type or the operation.
async fn heard(client: &Client, listener: &Listener) -> Vec<(Timestamp, String)> {
    let events = listener.heard(client).await;
    let told = |event: &Json| {
        let detail = &event["detail"];
        let what = detail["policy-type"].as_str().or(detail["operation"].as_str()).unwrap().to_owned();
        (Timestamp::parse_iso8601(event["time"].as_str().unwrap()).unwrap(), what)
    };
    let heard = events.iter().map(told).filter(|(_, what)| !matches!(what.as_str(), "Create" | "Update"));
    let mut heard: Vec<_> = heard.collect();
    heard.sort();
    heard
}

async fn status(client: &Client, index: usize) -> Json {
    client.ok("DescribeParameters", json!({})).await["Parameters"][0]["Policies"][index]["PolicyStatus"]
        .take()
}

async fn is_there(client: &Client) -> bool {
    client.cloud.ask(&client.root, "ssm", "GetParameter", &json!({"Name": "/app/x"})).await.is_ok()
}

#[tokio::test]
async fn notifications_come_before_the_end_and_each_once() {
    let client = Client::new(500);
    let listener = Listener::new(&client).await;
    let begun = client.cloud.now();
    let at = begun + DAY * 30;
    put(
        &client,
        &[expiration(at), notification(15, "Days"), notification(2, "hours"), no_change(20, "Days")],
    )
    .await;
    client.cloud.advance(DAY * 16).await;
    assert_eq!((status(&client, 1).await, status(&client, 2).await), (json!("Finished"), json!("Pending")));
    assert!(is_there(&client).await);
    // The queue does not hold for ever what is in it.
    let mut all = heard(&client, &listener).await;
    for _ in 0..DAYS_AFTER {
        client.cloud.advance(DAY).await;
        all.extend(heard(&client, &listener).await);
    }
    assert!(!is_there(&client).await);
    let back = |duration: Duration| begun + (DAY * 30 - duration);
    let expected = [
        (back(DAY * 15), "ExpirationNotification"),
        (begun + DAY * 20, "NoChangeNotification"),
        (back(HOUR * 2), "ExpirationNotification"),
        (at, "Delete"),
        (at, "Expiration"),
    ];
    assert_eq!(all, expected.map(|(time, what)| (time, what.to_owned())));
}

#[tokio::test]
async fn the_events_are_those_of_the_schema_registry() {
    let client = Client::new(501);
    let listener = Listener::of(&client, json!({"detail-type": ["Parameter Store Policy Action"]})).await;
    let at = client.cloud.now() + DAY;
    put(&client, &[expiration(at)]).await;
    client.cloud.advance(DAY * 2).await;
    let event = listener.heard(&client).await.remove(0);
    assert_eq!(event["resources"], json!(["arn:aws:ssm:us-east-1:111122223333:parameter/app/x"]));
    let detail = json!({
        "policy-type": "Expiration", "parameter-name": "/app/x", "parameter-type": "String",
        "action-status": "SUCCESS", "policy-content": expiration(at),
        "action-reason": "Parameter expired and was deleted"});
    assert_eq!(event["detail"], detail);
    let audited = client.cloud.events().into_iter().rev().find(|event| event.service_event).unwrap();
    assert_eq!(audited.event_name, "DeleteParameter");
    assert_eq!(audited.resources[0].arn, "arn:aws:ssm:us-east-1:111122223333:parameter/app/x");
}

#[tokio::test]
async fn a_change_begins_the_wait_anew_and_leaves_the_end_where_it_is() {
    let client = Client::new(502);
    let listener = Listener::new(&client).await;
    let at = client.cloud.now() + DAY * 10;
    put(&client, &[expiration(at), no_change(3, "Days")]).await;
    client.cloud.advance(DAY * 2).await;
    client.overwrite("/app/x", "2").await;
    client.cloud.advance(DAY * 2).await;
    assert_eq!(heard(&client, &listener).await, []);
    client.cloud.advance(DAY * 2).await;
    assert_eq!(heard(&client, &listener).await.len(), 1);
    assert_eq!(status(&client, 1).await, "Finished");
    client.overwrite("/app/x", "3").await;
    assert_eq!(status(&client, 1).await, "Pending");
    client.cloud.advance(DAY * 3).await;
    assert_eq!(heard(&client, &listener).await.len(), 1, "each change is waited for once");
    client.cloud.advance(DAY * 2).await;
    assert!(!is_there(&client).await);
}

#[tokio::test]
async fn what_is_past_already_happens_at_once() {
    let client = Client::new(503);
    let listener = Listener::new(&client).await;
    put(&client, &[expiration(client.cloud.now() + DAY), notification(15, "Days")]).await;
    client.cloud.advance(Duration::from_secs(1)).await;
    assert_eq!(heard(&client, &listener).await[0].1, "ExpirationNotification");
    assert!(is_there(&client).await);
    put(&client, &[expiration(Timestamp::from_secs(1_000_000))]).await;
    client.cloud.advance(Duration::from_secs(1)).await;
    assert!(!is_there(&client).await);
}

#[tokio::test]
async fn a_parameter_of_the_same_name_is_left_alone() {
    let client = Client::new(504);
    let listener = Listener::new(&client).await;
    let at = client.cloud.now() + DAY;
    put(&client, &[expiration(at), notification(1, "Hours")]).await;
    client.ok("DeleteParameter", json!({"Name": "/app/x"})).await;
    client.put("/app/x", "again").await;
    listener.heard(&client).await;
    client.cloud.advance(DAY * 2).await;
    assert_eq!(client.read("/app/x").await["Value"], "again");
    put(&client, &[expiration(client.cloud.now() + DAY * 2)]).await;
    client.cloud.advance(DAY).await;
    assert!(is_there(&client).await);
    assert_eq!(heard(&client, &listener).await, []);
}

#[tokio::test]
async fn each_acts_once_across_a_restart() {
    let home = tempfile::tempdir().unwrap();
    let client = Client::of(TestCloud::builder(505).build_in(home.path()));
    let listener = Listener::new(&client).await;
    let at = client.cloud.now() + DAY * 30;
    put(&client, &[expiration(at), notification(15, "Days"), notification(5, "Days")]).await;
    client.cloud.advance(DAY * 16).await;
    assert_eq!(heard(&client, &listener).await.len(), 1);
    // Down while the second is due.
    client.cloud.pause(DAY * 20);
    let client = Client::of(client.cloud.another_node());
    client.cloud.settle().await;
    client.cloud.advance(Duration::from_secs(1)).await;
    let what: Vec<String> = heard(&client, &listener).await.into_iter().map(|(_, what)| what).collect();
    assert_eq!(what.iter().filter(|it| *it == "ExpirationNotification").count(), 1, "{what:?}");
    assert_eq!(what.len(), 3, "{what:?}");
    assert!(!is_there(&client).await);
}

#[tokio::test]
async fn two_nodes_act_once() {
    let cloud = TestCloud::new(506);
    let (one, other) = (Client::of(cloud.another_node()), Client::of(cloud));
    let listener = Listener::new(&one).await;
    put(&one, &[expiration(one.cloud.now() + DAY), notification(1, "Hours"), no_change(2, "Hours")]).await;
    one.cloud.pause(DAY * 2);
    let (left, right) = tokio::join!(one.cloud.cloud().run_due(), other.cloud.cloud().run_due());
    assert!(left.is_ok() && right.is_ok());
    one.cloud.advance(Duration::from_secs(1)).await;
    let mut what: Vec<String> = heard(&one, &listener).await.into_iter().map(|(_, what)| what).collect();
    what.sort();
    assert_eq!(what, ["Delete", "Expiration", "ExpirationNotification", "NoChangeNotification"]);
}
