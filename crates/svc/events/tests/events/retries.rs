//! Targets that do not take events: tried again, and left to a dead-letter queue in the end.

use std::time::Duration;

use alcazar_api_events::operation::*;
use alcazar_api_events::types::{DeadLetterConfig, RetryPolicy, Target};
use alcazar_testkit::{TestCaller, TestCloud};

use crate::double;
use crate::shorthand::*;

const PATTERN: &str = r#"{"source":["my.app"]}"#;
const MINUTE: Duration = Duration::from_secs(60);

/// A rule with one target, with a dead-letter queue `dead`.
async fn rule_with_dead_letters(
    cloud: &TestCloud,
    root: &TestCaller,
    queue: &str,
    retry: Option<(i32, i32)>,
) {
    cloud.call::<PutRule>(root, rule("r", None, PATTERN)).await.unwrap();
    let target = Target {
        dead_letter_config: Some(DeadLetterConfig { arn: Some(queue_arn("dead")) }),
        retry_policy: retry.map(|(attempts, age)| RetryPolicy {
            maximum_retry_attempts: Some(attempts),
            maximum_event_age_in_seconds: Some(age),
        }),
        ..queue_target("t", queue)
    };
    put_targets(cloud, root, "r", None, vec![target]).await.unwrap();
}

fn attempts(cloud: &TestCloud, queue: &str) -> usize {
    let url = format!("/{queue}\"");
    let events = cloud.events();
    let sent = events.iter().filter(|event| {
        event.event_name == "SendMessage"
            && event.request_parameters.as_ref().is_some_and(|parameters| parameters.contains(&url))
    });
    sent.count()
}

#[tokio::test]
async fn a_target_that_is_down_for_a_minute_gets_every_event_once_it_is_back() {
    let cloud = double::cloud(1);
    let root = cloud.root(ACCOUNT);
    rule_with_dead_letters(&cloud, &root, "down-60", None).await;
    rule_to_queue(&cloud, &root, "well", PATTERN, "well").await;
    for _ in 0..20 {
        put_event(&cloud, &root, None, "my.app", "{}").await;
    }
    cloud.settle().await;
    assert_eq!(came(&cloud, "well").await.len(), 20, "one target does not hold up another");
    cloud.advance(Duration::from_secs(30)).await;
    assert_eq!(came(&cloud, "down-60").await.len(), 0);
    // Whatever dies in between.
    let cloud = cloud.another_node();
    cloud.advance(MINUTE * 2).await;
    let came_back = came(&cloud, "down-60").await;
    let ids: std::collections::BTreeSet<_> =
        came_back.iter().map(|came| came.event()["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!((came_back.len(), ids.len()), (20, 20));
    assert_eq!(came(&cloud, "dead").await.len(), 0);
}

#[tokio::test]
async fn an_event_that_was_tried_often_enough_goes_to_the_dead_letter_queue() {
    let cloud = double::cloud(2);
    let root = cloud.root(ACCOUNT);
    rule_with_dead_letters(&cloud, &root, "down-9999999", Some((3, 86_400))).await;
    let id = put_event(&cloud, &root, None, "my.app", "{}").await;
    cloud.advance(MINUTE).await;
    assert_eq!(attempts(&cloud, "down-9999999"), 4);
    let dead = came(&cloud, "dead").await;
    assert_eq!(dead[0].event()["id"], id.as_str());
    assert_eq!(dead[0].sender, "events.amazonaws.com");
    let rule_arn = format!("arn:aws:events:us-east-1:{ACCOUNT}:rule/r");
    let queue_arn = queue_arn("down-9999999");
    let expected = [
        ("ERROR_CODE", "ERROR_FROM_TARGET"),
        ("ERROR_MESSAGE", "down"),
        ("EXHAUSTED_RETRY_CONDITION", "MaximumRetryAttempts"),
        ("RETRY_ATTEMPTS", "3"),
        ("RULE_ARN", rule_arn.as_str()),
        ("TARGET_ARN", queue_arn.as_str()),
    ];
    let told: Vec<_> =
        dead[0].attributes.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(told, expected);
    cloud.advance(MINUTE * 60).await;
    assert_eq!(came(&cloud, "dead").await.len(), 1);
}

#[tokio::test]
async fn an_event_that_is_old_enough_goes_there_too() {
    let cloud = double::cloud(3);
    let root = cloud.root(ACCOUNT);
    rule_with_dead_letters(&cloud, &root, "down-9999999", Some((185, 60))).await;
    put_event(&cloud, &root, None, "my.app", "{}").await;
    cloud.advance(Duration::from_secs(59)).await;
    assert_eq!(came(&cloud, "dead").await.len(), 0);
    cloud.advance(Duration::from_secs(2)).await;
    let dead = came(&cloud, "dead").await;
    assert_eq!(dead[0].attributes["EXHAUSTED_RETRY_CONDITION"], "MaximumEventAgeInSeconds");
}

#[tokio::test]
async fn a_target_that_is_not_there_or_not_allowed_is_not_tried_again() {
    for (seed, queue, code) in [(4, "gone", "NO_RESOURCE"), (5, "closed", "NO_PERMISSIONS")] {
        let cloud = double::cloud(seed);
        let root = cloud.root(ACCOUNT);
        rule_with_dead_letters(&cloud, &root, queue, None).await;
        put_event(&cloud, &root, None, "my.app", "{}").await;
        cloud.advance(MINUTE * 60).await;
        // The record of a denied call does not say of which queue: one for this, one for the dead-letter queue.
        let sent = cloud.events().into_iter().filter(|event| event.event_name == "SendMessage");
        assert_eq!(sent.count(), 2, "{queue}");
        let dead = came(&cloud, "dead").await;
        assert_eq!(dead[0].attributes["ERROR_CODE"], code);
        assert_eq!(dead[0].attributes["RETRY_ATTEMPTS"], "0");
        assert!(!dead[0].attributes.contains_key("EXHAUSTED_RETRY_CONDITION"));
    }
}

#[tokio::test]
async fn by_default_an_event_is_tried_185_times_more_within_a_day() {
    let cloud = double::cloud(6);
    let root = cloud.root(ACCOUNT);
    rule_with_dead_letters(&cloud, &root, "down-9999999", None).await;
    put_event(&cloud, &root, None, "my.app", "{}").await;
    cloud.advance(MINUTE * 60 * 25).await;
    let tried = attempts(&cloud, "down-9999999");
    assert!((180..=186).contains(&tried), "{tried}");
    assert_eq!(came(&cloud, "dead").await.len(), 1);
}
