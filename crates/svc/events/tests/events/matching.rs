//! PutEvents: what becomes of entries, and which rules they are for.

use alcazar_api_events::operation::*;
use alcazar_base::Timestamp;
use alcazar_testkit::TestCloud;
use serde_json::json;

use crate::double;
use crate::shorthand::*;

#[tokio::test]
async fn an_event_comes_to_the_targets_of_the_rules_that_it_is_for() {
    let cloud = double::cloud(1);
    let root = cloud.root(ACCOUNT);
    rule_to_queue(
        &cloud,
        &root,
        "mine",
        r#"{"source":["my.app"],"detail":{"n":[{"numeric":[">",1]}]}}"#,
        "mine",
    )
    .await;
    rule_to_queue(&cloud, &root, "all", r#"{"source":[{"prefix":""}]}"#, "all").await;
    rule_to_queue(&cloud, &root, "off", r#"{"source":["my.app"]}"#, "off").await;
    let request = DisableRuleRequest { name: "off".into(), ..DisableRuleRequest::default() };
    cloud.call::<DisableRule>(&root, request).await.unwrap();
    let mut first = entry(None, "my.app", r#"{ "z": 1, "n": 2 }"#);
    first.time = Some(Timestamp::from_millis(1_700_000_000_999));
    first.resources = Some(vec!["arn:x".to_owned()].into());
    let answer = put_events(&cloud, &root, vec![first, entry(None, "my.app", r#"{"n":1}"#)]).await.unwrap();
    assert_eq!(answer.failed_entry_count, Some(0));
    let id = answer.entries.unwrap()[0].event_id.clone().unwrap();
    cloud.settle().await;
    let mine = came(&cloud, "mine").await;
    assert_eq!(mine.len(), 1);
    let expected = format!(
        r#"{{"version":"0","id":"{id}","detail-type":"test","source":"my.app","account":"{ACCOUNT}","time":"2023-11-14T22:13:20Z","region":"us-east-1","resources":["arn:x"],"detail":{{"z":1,"n":2}}}}"#
    );
    assert_eq!(mine[0].body, expected);
    assert_eq!(mine[0].sender, "events.amazonaws.com");
    assert_eq!(came(&cloud, "all").await.len(), 2);
    assert_eq!(came(&cloud, "off").await.len(), 0);
}

#[tokio::test]
async fn entries_fail_one_by_one_and_buses_that_are_not_there_lose_theirs() {
    let cloud = TestCloud::new(2);
    let root = cloud.root(ACCOUNT);
    let entries = vec![
        entry(None, "my.app", "{}"),
        entry(None, "aws.kms", "{}"),
        entry(None, "my.app", "no json"),
        entry(None, "", "{}"),
        entry(Some("nowhere"), "my.app", "{}"),
    ];
    let answer = put_events(&cloud, &root, entries).await.unwrap();
    assert_eq!(answer.failed_entry_count, Some(3));
    let entries = answer.entries.unwrap();
    let codes: Vec<_> = entries.iter().map(|entry| entry.error_code.as_deref()).collect();
    assert_eq!(
        codes,
        [
            None,
            Some("NotAuthorizedForSourceException"),
            Some("MalformedDetail"),
            Some("InvalidArgument"),
            None
        ]
    );
    let large = format!(r#"{{"a":"{}"}}"#, "x".repeat(1024 * 1024));
    let refused = told(put_events(&cloud, &root, vec![entry(None, "my.app", &large)]).await);
    assert_eq!(refused.1, "Total size of the entries in the request is over the limit.");
    let eleven = vec![entry(None, "my.app", "{}"); 11];
    assert_eq!(told(put_events(&cloud, &root, eleven).await).0, "ValidationException");
}

#[tokio::test]
async fn what_a_rule_says_holds_from_the_next_event_on() {
    let cloud = double::cloud(3);
    let root = cloud.root(ACCOUNT);
    put_event(&cloud, &root, None, "my.app", "{}").await;
    rule_to_queue(&cloud, &root, "r", r#"{"source":["my.app"]}"#, "q").await;
    put_event(&cloud, &root, None, "my.app", r#"{"n":1}"#).await;
    cloud.call::<PutRule>(&root, rule("r", None, r#"{"source":["other"]}"#)).await.unwrap();
    put_event(&cloud, &root, None, "my.app", r#"{"n":2}"#).await;
    cloud.settle().await;
    let came = came(&cloud, "q").await;
    assert_eq!(came.iter().map(|came| came.event()["detail"].clone()).collect::<Vec<_>>(), [json!({"n":1})]);
}

#[tokio::test]
async fn an_event_for_very_many_targets_reaches_all_of_them() {
    let cloud = double::cloud(4);
    let root = cloud.root(ACCOUNT);
    for rule_number in 0..40 {
        let name = format!("rule-{rule_number}");
        cloud.call::<PutRule>(&root, rule(&name, None, r#"{"source":["my.app"]}"#)).await.unwrap();
        let targets = (0..5).map(|i| queue_target(&format!("t{i}"), "q")).collect();
        put_targets(&cloud, &root, &name, None, targets).await.unwrap();
    }
    put_event(&cloud, &root, None, "my.app", "{}").await;
    cloud.settle().await;
    assert_eq!(came(&cloud, "q").await.len(), 200);
}

#[tokio::test]
async fn what_stands_in_a_detail_is_nowhere_in_the_audit_log() {
    let cloud = TestCloud::new(5);
    let root = cloud.root(ACCOUNT);
    put_event(&cloud, &root, None, "my.app", r#"{"card":"4929-CANARY"}"#).await;
    let record = cloud.last_record();
    assert_eq!((&record["eventName"], &record["eventCategory"]), (&json!("PutEvents"), &json!("Data")));
    assert!(!record.to_string().contains("CANARY"), "{record}");
}
