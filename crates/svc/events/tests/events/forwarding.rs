//! Rules that send to other event buses.

use alcazar_api_events::operation::*;
use alcazar_api_events::types::{DeadLetterConfig, Target};
use alcazar_testkit::{TestCaller, TestCloud};

use crate::double;
use crate::shorthand::*;

const PATTERN: &str = r#"{"source":["my.app"]}"#;

fn may_put(bus: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"events:PutEvents","Resource":"{bus}"}}}}"#
    )
}

/// A rule of the tests' account that sends to a bus, with a role that may.
async fn forward(cloud: &TestCloud, root: &TestCaller, name: &str, from: Option<&str>, to: &str) {
    let role_arn = role(cloud, root, name, &may_put(to)).await;
    cloud.call::<PutRule>(root, rule(name, from, PATTERN)).await.unwrap();
    let target = Target {
        id: "bus".into(),
        arn: to.into(),
        role_arn: Some(role_arn),
        dead_letter_config: Some(DeadLetterConfig { arn: Some(queue_arn("dead")) }),
        ..Target::default()
    };
    put_targets(cloud, root, name, from, vec![target]).await.unwrap();
}

async fn create(cloud: &TestCloud, root: &TestCaller, name: &str) -> String {
    let request = CreateEventBusRequest { name: name.into(), ..CreateEventBusRequest::default() };
    cloud.call::<CreateEventBus>(root, request).await.unwrap();
    bus_arn(&root.account().to_string(), name)
}

#[tokio::test]
async fn an_event_goes_to_another_bus_as_it_is_but_no_further() {
    let cloud = double::cloud(1);
    let root = cloud.root(ACCOUNT);
    let (second, third) = (create(&cloud, &root, "second").await, create(&cloud, &root, "third").await);
    forward(&cloud, &root, "to-second", None, &second).await;
    forward(&cloud, &root, "to-third", Some("second"), &third).await;
    for bus in ["second", "third"] {
        cloud.call::<PutRule>(&root, rule("q", Some(bus), PATTERN)).await.unwrap();
        put_targets(&cloud, &root, "q", Some(bus), vec![queue_target("t", bus)]).await.unwrap();
    }
    let id = put_event(&cloud, &root, None, "my.app", r#"{"b":1,"a":2}"#).await;
    cloud.settle().await;
    let came_second = came(&cloud, "second").await;
    assert_eq!(came_second.len(), 1);
    assert_eq!(came_second[0].event()["id"], id.as_str());
    assert!(came_second[0].body.ends_with(r#""detail":{"b":1,"a":2}}"#), "{}", came_second[0].body);
    assert_eq!(came(&cloud, "third").await.len(), 0);
    let dead = came(&cloud, "dead").await;
    assert_eq!(dead[0].attributes["ERROR_CODE"], "THIRD_REGION_HOP_DETECTED");
}

#[tokio::test]
async fn a_bus_of_another_account_takes_what_its_policy_and_the_role_let_in() {
    let cloud = double::cloud(2);
    let (root, other) = (cloud.root(ACCOUNT), cloud.root(OTHER_ACCOUNT));
    let theirs = create(&cloud, &other, "theirs").await;
    forward(&cloud, &root, "out", None, &theirs).await;
    cloud.call::<PutRule>(&other, rule("in", Some("theirs"), PATTERN)).await.unwrap();
    put_targets(&cloud, &other, "in", Some("theirs"), vec![queue_target("t", "in")]).await.unwrap();
    put_event(&cloud, &root, None, "my.app", "{}").await;
    cloud.settle().await;
    assert_eq!(came(&cloud, "in").await.len(), 0);
    assert_eq!(came(&cloud, "dead").await[0].attributes["ERROR_CODE"], "NO_PERMISSIONS");
    let request = PutPermissionRequest {
        event_bus_name: Some("theirs".into()),
        action: Some("events:PutEvents".into()),
        principal: Some(ACCOUNT.into()),
        statement_id: Some("s".into()),
        ..PutPermissionRequest::default()
    };
    cloud.call::<PutPermission>(&other, request).await.unwrap();
    put_event(&cloud, &root, None, "my.app", "{}").await;
    cloud.settle().await;
    let came = came(&cloud, "in").await;
    assert_eq!((came.len(), &came[0].event()["account"]), (1, &ACCOUNT.into()));
}

#[tokio::test]
async fn nobody_passes_an_event_off_as_one_of_aws() {
    let cloud = double::cloud(3);
    let root = cloud.root(ACCOUNT);
    rule_to_queue(&cloud, &root, "kms", r#"{"source":["aws.kms"]}"#, "q").await;
    let answer = put_events(&cloud, &root, vec![entry(None, "aws.kms", "{}")]).await.unwrap();
    assert_eq!(answer.failed_entry_count, Some(1));
    cloud.settle().await;
    assert_eq!(came(&cloud, "q").await.len(), 0);
}
