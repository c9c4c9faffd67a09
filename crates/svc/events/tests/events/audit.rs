//! Calls that are made of other services, as events.

use alcazar_api_events::operation::*;
use alcazar_api_events::types::RuleState;
use alcazar_testkit::{TestCaller, TestCloud};
use serde_json::{Value as Json, json};

use crate::double;
use crate::shorthand::*;

/// A cloud whose audit log is followed from now on, as a server's is from its start.
async fn following(seed: u64) -> TestCloud {
    let cloud = double::cloud(seed);
    cloud.settle().await;
    cloud
}

async fn kms(cloud: &TestCloud, caller: &TestCaller, name: &str, input: Json) -> Json {
    cloud.ask(caller, "kms", name, &input).await.unwrap()
}

async fn key(cloud: &TestCloud, caller: &TestCaller) -> String {
    let made = kms(cloud, caller, "CreateKey", json!({})).await;
    made["KeyMetadata"]["Arn"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_call_that_changes_something_is_an_event_with_its_record() {
    let cloud = following(1).await;
    let root = cloud.root(ACCOUNT);
    let key = key(&cloud, &root).await;
    let pattern = r#"{"source":["aws.kms"],"detail-type":["AWS API Call via CloudTrail"],"detail":{"eventSource":["kms.amazonaws.com"],"eventName":["DisableKey"]}}"#;
    rule_to_queue(&cloud, &root, "r", pattern, "q").await;
    kms(&cloud, &root, "DisableKey", json!({"KeyId": key})).await;
    kms(&cloud, &root, "EnableKey", json!({"KeyId": key})).await;
    let record = {
        let events = cloud.events();
        let disabled = events.iter().rfind(|event| event.event_name == "DisableKey").unwrap();
        alcazar_engine::audit::render::to_cloudtrail(disabled, disabled.recipient())
    };
    cloud.settle().await;
    let came = came(&cloud, "q").await;
    assert_eq!(came.len(), 1);
    let event = came[0].event();
    assert_eq!(event["detail"], record);
    assert_eq!((&event["source"], &event["resources"]), (&json!("aws.kms"), &json!([])));
    assert_eq!((&event["account"], &event["region"]), (&json!(ACCOUNT), &json!("us-east-1")));
    assert_eq!(event["time"], record["eventTime"]);
}

#[tokio::test]
async fn calls_that_only_read_come_to_rules_that_ask_for_them_and_data_events_to_none() {
    let cloud = following(2).await;
    let root = cloud.root(ACCOUNT);
    let key = key(&cloud, &root).await;
    let pattern = r#"{"source":["aws.kms","aws.events","aws.sqs"]}"#;
    rule_to_queue(&cloud, &root, "changes", pattern, "changes").await;
    let all = PutRuleRequest {
        state: Some(RuleState::EnabledWithAllCloudtrailManagementEvents),
        ..rule("all", None, r#"{"source":["aws.kms"]}"#)
    };
    cloud.call::<PutRule>(&root, all).await.unwrap();
    put_targets(&cloud, &root, "all", None, vec![queue_target("t", "all")]).await.unwrap();
    cloud.settle().await;
    let before = came(&cloud, "changes").await.len();
    kms(&cloud, &root, "DescribeKey", json!({"KeyId": key})).await;
    put_event(&cloud, &root, None, "my.app", "{}").await;
    cloud.settle().await;
    assert_eq!(came(&cloud, "changes").await.len(), before);
    let names: Vec<_> =
        came(&cloud, "all").await.iter().map(|came| came.event()["detail"]["eventName"].clone()).collect();
    assert!(names.contains(&json!("DescribeKey")), "{names:?}");
}

#[tokio::test]
async fn a_rule_is_told_nothing_of_what_was_before_it() {
    let cloud = following(3).await;
    let root = cloud.root(ACCOUNT);
    let key = key(&cloud, &root).await;
    rule_to_queue(&cloud, &root, "other", r#"{"source":["other"]}"#, "other").await;
    kms(&cloud, &root, "DisableKey", json!({"KeyId": key})).await;
    // The log is not looked at before the rule is there.
    cloud.pause(std::time::Duration::from_secs(1));
    rule_to_queue(&cloud, &root, "r", r#"{"source":["aws.kms"]}"#, "q").await;
    kms(&cloud, &root, "EnableKey", json!({"KeyId": key})).await;
    cloud.settle().await;
    let came = came(&cloud, "q").await;
    assert_eq!(
        came.iter().map(|came| came.event()["detail"]["eventName"].clone()).collect::<Vec<_>>(),
        ["EnableKey"]
    );
}

#[tokio::test]
async fn both_the_callers_account_and_the_keys_get_the_event_and_denials_too() {
    let cloud = following(4).await;
    let (root, other) = (cloud.root(ACCOUNT), cloud.root(OTHER_ACCOUNT));
    let key = key(&cloud, &root).await;
    let pattern = r#"{"detail":{"eventName":["DisableKey"]}}"#;
    rule_to_queue(&cloud, &root, "owner", pattern, "owner").await;
    rule_to_queue(&cloud, &other, "caller", pattern, "caller").await;
    cloud.ask(&other, "kms", "DisableKey", &json!({"KeyId": key})).await.unwrap_err();
    cloud.settle().await;
    let (of_owner, of_caller) = (came(&cloud, "owner").await, came(&cloud, "caller").await);
    let detail = |came: &[Came]| came[0].event()["detail"].clone();
    assert_eq!(detail(&of_owner)["recipientAccountId"], ACCOUNT);
    assert_eq!(detail(&of_caller)["recipientAccountId"], OTHER_ACCOUNT);
    assert_eq!(detail(&of_owner)["sharedEventID"], detail(&of_caller)["sharedEventID"]);
    assert!(detail(&of_caller)["errorCode"].is_string());
}

#[tokio::test]
async fn what_services_do_by_themselves_is_told_twice_as_aws_does() {
    let cloud = following(5).await;
    let root = cloud.root(ACCOUNT);
    let key = key(&cloud, &root).await;
    rule_to_queue(
        &cloud,
        &root,
        "r",
        r#"{"source":["aws.kms"],"detail-type":[{"anything-but":"AWS API Call via CloudTrail"}]}"#,
        "q",
    )
    .await;
    kms(&cloud, &root, "ScheduleKeyDeletion", json!({"KeyId": key, "PendingWindowInDays": 7})).await;
    cloud.advance(std::time::Duration::from_secs(8 * 86_400)).await;
    let mut told: Vec<_> =
        came(&cloud, "q").await.iter().map(|came| came.event()["detail-type"].clone()).collect();
    told.sort_by_key(Json::to_string);
    assert_eq!(told, ["AWS Service Event via CloudTrail", "KMS CMK Deletion"]);
}
