//! Rules that act by themselves.

use std::time::Duration;

use alcazar_api_events::operation::*;
use alcazar_testkit::{TestCaller, TestCloud};
use serde_json::json;

use crate::double;
use crate::shorthand::*;

const DAY: Duration = Duration::from_secs(86_400);

async fn schedule(cloud: &TestCloud, root: &TestCaller, name: &str, expression: &str) {
    let request = PutRuleRequest {
        event_pattern: None,
        schedule_expression: Some(expression.into()),
        ..rule(name, None, "")
    };
    cloud.call::<PutRule>(root, request).await.unwrap();
    put_targets(cloud, root, name, None, vec![queue_target("t", name)]).await.unwrap();
}

async fn times(cloud: &TestCloud, queue: &str) -> Vec<String> {
    came(cloud, queue).await.iter().map(|came| came.event()["time"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn over_a_year_each_time_comes_once_and_in_order() {
    let cloud = double::cloud(1);
    let root = cloud.root(ACCOUNT);
    schedule(&cloud, &root, "daily", "rate(1 day)").await;
    schedule(&cloud, &root, "monthly", "cron(30 10 L * ? *)").await;
    cloud.advance(DAY * 200).await;
    let cloud = cloud.another_node();
    cloud.advance(DAY * 165).await;
    let daily = times(&cloud, "daily").await;
    assert_eq!(daily.len(), 365);
    assert_eq!((daily[0].as_str(), daily[364].as_str()), ("2026-01-02T00:00:00Z", "2027-01-01T00:00:00Z"));
    assert!(daily.windows(2).all(|pair| pair[0] < pair[1]));
    let monthly = times(&cloud, "monthly").await;
    assert_eq!(monthly.len(), 12);
    assert_eq!(monthly[..2], ["2026-01-31T10:30:00Z", "2026-02-28T10:30:00Z"]);
}

#[tokio::test]
async fn a_scheduled_event_has_the_form_that_aws_gives_it() {
    let cloud = double::cloud(2);
    let root = cloud.root(ACCOUNT);
    schedule(&cloud, &root, "r", "rate(5 minutes)").await;
    cloud.advance(Duration::from_secs(300)).await;
    let mut event = came(&cloud, "r").await[0].event();
    assert!(event["id"].take().is_string());
    let expected = json!({
        "version": "0", "id": null, "detail-type": "Scheduled Event", "source": "aws.events", "account": ACCOUNT,
        "time": "2026-01-01T00:05:00Z", "region": "us-east-1",
        "resources": [format!("arn:aws:events:us-east-1:{ACCOUNT}:rule/r")], "detail": {},
    });
    assert_eq!(event, expected);
}

#[tokio::test]
async fn a_rule_that_is_disabled_changed_or_deleted_keeps_no_old_times() {
    let cloud = double::cloud(3);
    let root = cloud.root(ACCOUNT);
    for name in ["disabled", "changed", "deleted"] {
        schedule(&cloud, &root, name, "rate(1 hour)").await;
    }
    let request = DisableRuleRequest { name: "disabled".into(), ..DisableRuleRequest::default() };
    cloud.call::<DisableRule>(&root, request).await.unwrap();
    schedule(&cloud, &root, "changed", "rate(5 hours)").await;
    let remove = RemoveTargetsRequest {
        rule: "deleted".into(),
        ids: vec!["t".to_owned()].into(),
        ..RemoveTargetsRequest::default()
    };
    cloud.call::<RemoveTargets>(&root, remove).await.unwrap();
    let request = DeleteRuleRequest { name: "deleted".into(), ..DeleteRuleRequest::default() };
    cloud.call::<DeleteRule>(&root, request).await.unwrap();
    cloud.advance(Duration::from_secs(6 * 3600)).await;
    assert_eq!(times(&cloud, "disabled").await.len(), 0);
    assert_eq!(times(&cloud, "changed").await, ["2026-01-01T05:00:00Z"]);
    assert_eq!(times(&cloud, "deleted").await.len(), 0);
    let request = EnableRuleRequest { name: "disabled".into(), ..EnableRuleRequest::default() };
    cloud.call::<EnableRule>(&root, request).await.unwrap();
    cloud.advance(Duration::from_secs(3600)).await;
    assert_eq!(times(&cloud, "disabled").await, ["2026-01-01T07:00:00Z"]);
}

#[tokio::test]
async fn times_that_passed_while_nothing_ran_are_made_up_for_by_one_event() {
    let cloud = double::cloud(4);
    let root = cloud.root(ACCOUNT);
    schedule(&cloud, &root, "r", "rate(1 hour)").await;
    cloud.pause(DAY + Duration::from_secs(60));
    let cloud = cloud.another_node();
    cloud.advance(Duration::from_secs(1)).await;
    assert_eq!(times(&cloud, "r").await, ["2026-01-01T01:00:00Z"]);
    cloud.advance(Duration::from_secs(3600)).await;
    assert_eq!(times(&cloud, "r").await[1..], ["2026-01-02T01:00:00Z"]);
}
