//! Rules: made, described, listed, enabled, disabled, deleted.

use alcazar_api_events::operation::*;
use alcazar_api_events::types::{RuleState, Tag};
use alcazar_testkit::{TestCaller, TestCloud};

use crate::shorthand::*;

const PATTERN: &str = r#"{"source":["my.app"]}"#;

async fn describe(
    cloud: &TestCloud,
    caller: &TestCaller,
    name: &str,
) -> Result<DescribeRuleResponse, alcazar_shape::ApiError> {
    let request = DescribeRuleRequest { name: name.into(), ..DescribeRuleRequest::default() };
    cloud.call::<DescribeRule>(caller, request).await
}

#[tokio::test]
async fn a_rule_is_replaced_as_a_whole_but_for_its_targets_and_tags() {
    let cloud = TestCloud::new(1);
    let root = cloud.root(ACCOUNT);
    let request = PutRuleRequest {
        description: Some("first".into()),
        tags: Some(vec![Tag { key: "k".into(), value: "v".into() }].into()),
        ..rule("r", None, PATTERN)
    };
    let arn = format!("arn:aws:events:us-east-1:{ACCOUNT}:rule/r");
    assert_eq!(cloud.call::<PutRule>(&root, request).await.unwrap().rule_arn, Some(arn.clone()));
    put_targets(&cloud, &root, "r", None, vec![queue_target("t", "q")]).await.unwrap();
    let request = PutRuleRequest {
        state: Some(RuleState::Disabled),
        tags: Some(vec![Tag { key: "ignored".into(), value: "v".into() }].into()),
        ..rule("r", None, r#"{"source":["other"]}"#)
    };
    cloud.call::<PutRule>(&root, request).await.unwrap();
    let found = describe(&cloud, &root, "r").await.unwrap();
    assert_eq!(found.description, None);
    assert_eq!(found.state, Some(RuleState::Disabled));
    assert_eq!(found.event_pattern.as_deref(), Some(r#"{"source":["other"]}"#));
    assert_eq!(
        (found.created_by.as_deref(), found.event_bus_name.as_deref()),
        (Some(ACCOUNT), Some("default"))
    );
    let tags = ListTagsForResourceRequest { resource_arn: arn.clone() };
    let tags = cloud.call::<ListTagsForResource>(&root, tags).await.unwrap().tags.unwrap();
    assert_eq!(tags.iter().map(|tag| tag.key.as_str()).collect::<Vec<_>>(), ["k"]);
    let request = ListTargetsByRuleRequest { rule: "r".into(), ..ListTargetsByRuleRequest::default() };
    assert_eq!(cloud.call::<ListTargetsByRule>(&root, request).await.unwrap().targets.unwrap().len(), 1);
}

#[tokio::test]
async fn what_makes_no_rule_is_refused_in_aws_words() {
    let cloud = TestCloud::new(2);
    let root = cloud.root(ACCOUNT);
    let request = CreateEventBusRequest { name: "b".into(), ..CreateEventBusRequest::default() };
    cloud.call::<CreateEventBus>(&root, request).await.unwrap();
    let schedule = |bus: Option<&str>, expression: &str| PutRuleRequest {
        event_pattern: None,
        schedule_expression: Some(expression.into()),
        ..rule("r", bus, "")
    };
    let none = PutRuleRequest { event_pattern: None, ..rule("r", None, "") };
    for (request, code, message) in [
        (none, "ValidationException", "Parameter(s) EventPattern or ScheduleExpression must be specified."),
        (
            schedule(None, "rate(1 minutes)"),
            "ValidationException",
            "Parameter ScheduleExpression is not valid.",
        ),
        (
            schedule(Some("b"), "rate(1 minute)"),
            "ValidationException",
            "ScheduleExpression is supported only on the default event bus.",
        ),
        (
            rule("r", None, r#"{"int": 42}"#),
            "InvalidEventPatternException",
            "Event pattern is not valid. Reason: \"int\" must be an object or an array\n at [Source: (String)\"{\"int\": 42}\"; line: 1, column: 11]",
        ),
        (rule("r", Some("x"), PATTERN), "ResourceNotFoundException", "Event bus x does not exist."),
    ] {
        assert_eq!(told(cloud.call::<PutRule>(&root, request).await), (code.into(), message.into()));
    }
}

#[tokio::test]
async fn rules_that_are_not_there_are_told_so_and_deleted_all_the_same() {
    let cloud = TestCloud::new(3);
    let root = cloud.root(ACCOUNT);
    let absent =
        ("ResourceNotFoundException".to_owned(), "Rule r does not exist on EventBus default.".to_owned());
    assert_eq!(told(describe(&cloud, &root, "r").await), absent);
    let request = EnableRuleRequest { name: "r".into(), ..EnableRuleRequest::default() };
    assert_eq!(told(cloud.call::<EnableRule>(&root, request).await), absent);
    assert_eq!(told(put_targets(&cloud, &root, "r", None, vec![queue_target("t", "q")]).await), absent);
    let request = DeleteRuleRequest { name: "r".into(), ..DeleteRuleRequest::default() };
    cloud.call::<DeleteRule>(&root, request.clone()).await.unwrap();
    cloud.call::<PutRule>(&root, rule("r", None, PATTERN)).await.unwrap();
    put_targets(&cloud, &root, "r", None, vec![queue_target("t", "q")]).await.unwrap();
    let refused = told(cloud.call::<DeleteRule>(&root, request.clone()).await);
    assert_eq!(refused, ("ValidationException".into(), "Rule can't be deleted since it has targets.".into()));
    let remove = RemoveTargetsRequest {
        rule: "r".into(),
        ids: vec!["t".to_owned(), "unknown".to_owned()].into(),
        ..RemoveTargetsRequest::default()
    };
    assert_eq!(cloud.call::<RemoveTargets>(&root, remove).await.unwrap().failed_entry_count, Some(0));
    cloud.call::<DeleteRule>(&root, request).await.unwrap();
    assert_eq!(told(describe(&cloud, &root, "r").await), absent);
}

#[tokio::test]
async fn rules_are_listed_in_pages_and_by_target() {
    let cloud = TestCloud::new(4);
    let root = cloud.root(ACCOUNT);
    for name in ["b", "a", "ab", "c"] {
        rule_to_queue(&cloud, &root, name, PATTERN, if name == "b" { "other" } else { "q" }).await;
    }
    let mut request = ListRulesRequest { limit: Some(3), ..ListRulesRequest::default() };
    let first = cloud.call::<ListRules>(&root, request.clone()).await.unwrap();
    let name = |rule: &alcazar_api_events::types::Rule| rule.name.clone().unwrap();
    assert_eq!(first.rules.unwrap().iter().map(name).collect::<Vec<_>>(), ["a", "ab", "b"]);
    request.next_token = first.next_token;
    let second = cloud.call::<ListRules>(&root, request).await.unwrap();
    assert_eq!(second.rules.unwrap().iter().map(name).collect::<Vec<_>>(), ["c"]);
    assert_eq!(second.next_token, None);
    let request = ListRulesRequest { name_prefix: Some("a".into()), ..ListRulesRequest::default() };
    assert_eq!(cloud.call::<ListRules>(&root, request).await.unwrap().rules.unwrap().len(), 2);
    let request = ListRuleNamesByTargetRequest {
        target_arn: queue_arn("q"),
        ..ListRuleNamesByTargetRequest::default()
    };
    let names = cloud.call::<ListRuleNamesByTarget>(&root, request).await.unwrap().rule_names.unwrap();
    assert_eq!(names.to_vec(), ["a", "ab", "c"]);
}

#[tokio::test]
async fn a_bus_has_as_many_rules_as_its_quota_says() {
    let cloud = TestCloud::builder(5).quota("events.rules-per-bus", "1").build();
    let root = cloud.root(ACCOUNT);
    cloud.call::<PutRule>(&root, rule("a", None, PATTERN)).await.unwrap();
    cloud.call::<PutRule>(&root, rule("a", None, PATTERN)).await.unwrap();
    let refused = told(cloud.call::<PutRule>(&root, rule("b", None, PATTERN)).await);
    assert_eq!(refused.0, "LimitExceededException");
}

#[tokio::test]
async fn a_pattern_is_tried_on_an_event() {
    let cloud = TestCloud::new(6);
    let root = cloud.root(ACCOUNT);
    let event = r#"{"id":"1","account":"1","source":"my.app","time":"2026-01-01T00:00:00Z","region":"us-east-1","resources":[],"detail-type":"t","detail":{}}"#;
    for (pattern, matches) in [(PATTERN, true), (r#"{"source":["other"]}"#, false)] {
        let request = TestEventPatternRequest { event_pattern: pattern.into(), event: event.into() };
        let result = cloud.call::<TestEventPattern>(&root, request).await.unwrap().result;
        assert_eq!(result, Some(matches), "{pattern}");
    }
    for bad in ["{", "[]", r#"{"id":"1"}"#] {
        let request = TestEventPatternRequest { event_pattern: PATTERN.into(), event: bad.into() };
        let refused = told(cloud.call::<TestEventPattern>(&root, request).await);
        assert_eq!(refused, ("ValidationException".into(), "Parameter Event is not valid.".into()));
    }
}
