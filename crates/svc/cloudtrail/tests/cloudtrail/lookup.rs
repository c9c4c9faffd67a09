//! Looking events up.

use std::time::Duration;

use alcazar_api_kms::operation::{CreateKey, CreateKeyRequest, DescribeKey, DescribeKeyRequest};
use alcazar_testkit::{TestCaller, TestCloud};
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client};

const SECOND: Duration = Duration::from_secs(1);

async fn key(cloud: &TestCloud, caller: &TestCaller) -> String {
    let made = cloud.call::<CreateKey>(caller, CreateKeyRequest::default()).await.unwrap();
    made.key_metadata.unwrap().arn.unwrap()
}

async fn describe(cloud: &TestCloud, caller: &TestCaller, key_id: &str) {
    let request = DescribeKeyRequest { key_id: key_id.to_owned(), ..DescribeKeyRequest::default() };
    let _ = cloud.call::<DescribeKey>(caller, request).await;
}

fn by(key: &str, value: &str) -> Json {
    json!({"LookupAttributes": [{"AttributeKey": key, "AttributeValue": value}]})
}

fn names(told: &Json) -> Vec<&str> {
    told["Events"].as_array().unwrap().iter().map(|event| event["EventName"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn events_are_found_by_every_attribute() {
    let cloud = TestCloud::new(50);
    let root = cloud.root(ACCOUNT);
    let trail = Client::new(&cloud, &root);
    let user = cloud.user(ACCOUNT, "alice").await;
    let arn = key(&cloud, &root).await;
    describe(&cloud, &root, &arn).await;
    describe(&cloud, &user, &arn).await;

    let all = trail.ok("LookupEvents", json!({})).await;
    assert_eq!(names(&all)[..3], ["DescribeKey", "DescribeKey", "CreateKey"]);
    let event = &all["Events"][1];
    let record: Json = serde_json::from_str(event["CloudTrailEvent"].as_str().unwrap()).unwrap();
    assert_eq!(record["eventID"], event["EventId"]);
    assert_eq!(event["ReadOnly"], "true");
    assert_eq!(event["Username"], "root");
    assert_eq!(event["EventSource"], "kms.amazonaws.com");
    assert_eq!(event["Resources"], json!([{"ResourceType": "AWS::KMS::Key", "ResourceName": arn}]));
    assert_eq!(event["AccessKeyId"], json!(root.caller.access_key_id));

    let id = event["EventId"].as_str().unwrap();
    for (key, value, found) in [
        ("EventId", id, vec!["DescribeKey"]),
        ("EventName", "DescribeKey", vec!["DescribeKey", "DescribeKey"]),
        ("ReadOnly", "true", vec!["LookupEvents", "DescribeKey", "DescribeKey"]),
        ("Username", "alice", vec!["DescribeKey"]),
        ("ResourceType", "AWS::KMS::Key", vec!["DescribeKey", "DescribeKey", "CreateKey"]),
        ("ResourceName", arn.as_str(), vec!["DescribeKey", "DescribeKey", "CreateKey"]),
        ("EventSource", "kms.amazonaws.com", vec!["DescribeKey", "DescribeKey", "CreateKey"]),
        ("AccessKeyId", user.caller.access_key_id.as_str(), vec!["DescribeKey"]),
    ] {
        let mut told = names(&trail.ok("LookupEvents", by(key, value)).await).join(" ");
        if key == "ReadOnly" {
            // Every lookup is an event of its own.
            told = told.split(' ').filter(|name| *name != "LookupEvents").collect::<Vec<_>>().join(" ");
        }
        let found: Vec<&str> = found.into_iter().filter(|name| *name != "LookupEvents").collect();
        assert_eq!(told, found.join(" "), "{key}={value}");
    }
    assert_eq!(names(&trail.ok("LookupEvents", by("EventName", "describekey")).await), [""; 0]);
}

#[tokio::test]
async fn events_are_told_in_pages_whose_tokens_are_bound_to_the_question() {
    let cloud = TestCloud::new(51);
    let root = cloud.root(ACCOUNT);
    let trail = Client::new(&cloud, &root);
    let arn = key(&cloud, &root).await;
    for _ in 0..119 {
        describe(&cloud, &root, &arn).await;
    }
    let mut input = by("EventName", "DescribeKey");
    let (mut ids, mut pages) = (Vec::new(), Vec::new());
    loop {
        let page = trail.ok("LookupEvents", input.clone()).await;
        let events = page["Events"].as_array().unwrap();
        pages.push(events.len());
        ids.extend(events.iter().map(|event| event["EventId"].as_str().unwrap().to_owned()));
        let Some(token) = page.get("NextToken") else { break };
        input["NextToken"] = token.clone();
        // What comes meanwhile is newer.
        describe(&cloud, &root, &arn).await;
    }
    assert_eq!(pages, [50, 50, 19]);
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 119);

    let token = input["NextToken"].clone();
    let mut other = by("EventName", "CreateKey");
    other["NextToken"] = token.clone();
    trail.refused("LookupEvents", other, "InvalidNextTokenException").await;
    let stranger = cloud.root("444455556666");
    let stranger = Client::new(&cloud, &stranger);
    stranger.refused("LookupEvents", input.clone(), "InvalidNextTokenException").await;
    for bad in ["", "x", "AAAA"] {
        input["NextToken"] = json!(bad);
        trail.refused("LookupEvents", input.clone(), "InvalidNextTokenException").await;
    }
    let few = trail.ok("LookupEvents", json!({"MaxResults": 7})).await;
    assert_eq!(few["Events"].as_array().unwrap().len(), 7);
    trail.refused("LookupEvents", json!({"MaxResults": 51}), "ValidationException").await;
}

#[tokio::test]
async fn events_are_found_within_a_time_and_for_ninety_days() {
    let cloud = TestCloud::new(52);
    let root = cloud.root(ACCOUNT);
    let trail = Client::new(&cloud, &root);
    let began = cloud.now().as_millis() / 1000;
    let arn = key(&cloud, &root).await;
    cloud.advance(10 * SECOND + Duration::from_millis(400)).await;
    describe(&cloud, &root, &arn).await;
    cloud.advance(10 * SECOND).await;
    describe(&cloud, &root, &arn).await;
    let found = async |start: i64, end: i64| {
        let mut input = by("EventSource", "kms.amazonaws.com");
        input["StartTime"] = json!(began + start);
        input["EndTime"] = json!(began + end);
        names(&trail.ok("LookupEvents", input).await).len()
    };
    assert_eq!(found(0, 60).await, 3);
    assert_eq!(found(1, 60).await, 2);
    assert_eq!(found(10, 10).await, 1, "events tell seconds");
    assert_eq!(found(0, 9).await, 1);
    assert_eq!(found(30, 60).await, 0);
    let backwards = json!({"StartTime": began + 1, "EndTime": began});
    trail.refused("LookupEvents", backwards, "InvalidTimeRangeException").await;

    cloud.advance(90 * 24 * 60 * 60 * SECOND).await;
    assert_eq!(found(0, 60).await, 1, "the first two are older than ninety days");
    cloud.advance(60 * SECOND).await;
    assert_eq!(found(0, 60).await, 0);
}

#[tokio::test]
async fn an_account_finds_the_management_events_of_its_own_in_the_region() {
    let cloud = TestCloud::new(53);
    let root = cloud.root(ACCOUNT);
    let trail = Client::new(&cloud, &root);
    key(&cloud, &root).await;
    let mut away = root.clone();
    away.region = "eu-west-1".parse().unwrap();
    let stranger = cloud.root("444455556666");
    for other in [&away, &stranger] {
        let told = Client::new(&cloud, other).ok("LookupEvents", json!({})).await;
        assert_eq!(told["Events"], json!([]));
    }
    let insights = trail.ok("LookupEvents", json!({"EventCategory": "insight"})).await;
    assert_eq!(insights, json!({"Events": []}));
    let two = json!([
        {"AttributeKey": "EventName", "AttributeValue": "a"}, {"AttributeKey": "Username", "AttributeValue": "b"},
    ]);
    trail.refused("LookupEvents", json!({"LookupAttributes": two}), "InvalidLookupAttributesException").await;
    trail.refused("LookupEvents", by("ReadOnly", "maybe"), "InvalidLookupAttributesException").await;
    trail.refused("LookupEvents", by("Color", "red"), "ValidationException").await;
    trail.refused("LookupEvents", json!({"EventCategory": "data"}), "ValidationException").await;
}

#[tokio::test]
async fn lookups_have_a_rate_where_rates_hold() {
    let cloud = TestCloud::builder(54).request_rates().build();
    let root = cloud.root(ACCOUNT);
    let trail = Client::new(&cloud, &root);
    trail.ok("LookupEvents", json!({})).await;
    trail.ok("LookupEvents", json!({})).await;
    trail.refused("LookupEvents", json!({}), "ThrottlingException").await;
    cloud.advance(SECOND).await;
    trail.ok("LookupEvents", json!({})).await;
}
