//! What targets are sent, and in whose name.

use std::collections::BTreeMap;

use alcazar_api_events::operation::*;
use alcazar_api_events::types::{InputTransformer, Target};
use serde_json::json;

use crate::double;
use crate::shorthand::*;

const PATTERN: &str = r#"{"source":["my.app"]}"#;

#[tokio::test]
async fn a_target_is_sent_what_its_rule_says() {
    let cloud = double::cloud(1);
    let root = cloud.root(ACCOUNT);
    cloud.call::<PutRule>(&root, rule("r", None, PATTERN)).await.unwrap();
    let paths = BTreeMap::from([("key".to_owned(), "$.detail.key".to_owned())]);
    let transformer = InputTransformer {
        input_paths_map: Some(paths),
        input_template: r#"{"text": "<key> by <aws.events.rule-name>", "key": <key>}"#.into(),
    };
    let targets = vec![
        Target { input: Some(r#"{"always": "this"}"#.into()), ..queue_target("constant", "constant") },
        Target { input_path: Some("$.detail.key".into()), ..queue_target("path", "path") },
        Target { input_transformer: Some(transformer), ..queue_target("transformed", "transformed") },
    ];
    put_targets(&cloud, &root, "r", None, targets).await.unwrap();
    put_event(&cloud, &root, None, "my.app", r#"{"key": "k-1"}"#).await;
    cloud.settle().await;
    assert_eq!(came(&cloud, "constant").await[0].body, r#"{"always": "this"}"#);
    assert_eq!(came(&cloud, "path").await[0].body, r#""k-1""#);
    let transformed = came(&cloud, "transformed").await;
    assert_eq!(transformed[0].event(), json!({"text": "k-1 by r", "key": "k-1"}));
}

#[tokio::test]
async fn a_target_with_a_role_is_used_by_a_session_of_it() {
    let cloud = double::cloud(2);
    let root = cloud.root(ACCOUNT);
    let policy = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"*"}}"#;
    let role_arn = role(&cloud, &root, "sender", policy).await;
    cloud.call::<PutRule>(&root, rule("r", None, PATTERN)).await.unwrap();
    let target = Target { role_arn: Some(role_arn), ..queue_target("t", "q") };
    put_targets(&cloud, &root, "r", None, vec![target]).await.unwrap();
    put_event(&cloud, &root, None, "my.app", "{}").await;
    cloud.settle().await;
    let came = came(&cloud, "q").await;
    assert!(came[0].sender.starts_with(&format!("arn:aws:sts::{ACCOUNT}:assumed-role/sender/")), "{came:?}");
    let assumed = cloud.events().into_iter().rfind(|event| event.event_name == "AssumeRole").unwrap();
    assert_eq!(assumed.invoked_by.as_deref(), Some("events.amazonaws.com"));
}

#[tokio::test]
async fn a_rule_that_is_gone_sends_nothing_any_more() {
    let cloud = double::cloud(3);
    let root = cloud.root(ACCOUNT);
    rule_to_queue(&cloud, &root, "r", PATTERN, "q").await;
    put_event(&cloud, &root, None, "my.app", "{}").await;
    let remove = RemoveTargetsRequest {
        rule: "r".into(),
        ids: vec!["t".to_owned()].into(),
        ..RemoveTargetsRequest::default()
    };
    cloud.call::<RemoveTargets>(&root, remove).await.unwrap();
    cloud.settle().await;
    assert_eq!(came(&cloud, "q").await.len(), 0);
}
