//! Targets: what may be one, and how.

use std::collections::BTreeMap;

use alcazar_api_events::operation::*;
use alcazar_api_events::types::{
    DeadLetterConfig, InputTransformer, KinesisParameters, RetryPolicy, SqsParameters, Target,
};
use alcazar_testkit::TestCloud;

use crate::shorthand::*;

const PATTERN: &str = r#"{"source":["my.app"]}"#;

fn transformer(template: &str) -> Option<InputTransformer> {
    let paths = BTreeMap::from([("a".to_owned(), "$.detail.a".to_owned())]);
    Some(InputTransformer { input_paths_map: Some(paths), input_template: template.to_owned() })
}

#[tokio::test]
async fn targets_are_told_as_they_were_put() {
    let cloud = TestCloud::new(1);
    let root = cloud.root(ACCOUNT);
    cloud.call::<PutRule>(&root, rule("r", None, PATTERN)).await.unwrap();
    let targets = vec![
        Target {
            input_transformer: transformer(r#"{"a": <a>}"#),
            dead_letter_config: Some(DeadLetterConfig { arn: Some(queue_arn("dead")) }),
            retry_policy: Some(RetryPolicy {
                maximum_retry_attempts: Some(3),
                maximum_event_age_in_seconds: Some(60),
            }),
            ..queue_target("b", "q")
        },
        Target {
            sqs_parameters: Some(SqsParameters { message_group_id: Some("g".into()) }),
            input_path: Some("$.detail".into()),
            ..queue_target("a", "q.fifo")
        },
        Target { input: Some(r#""constant""#.into()), ..queue_target("c", "q") },
    ];
    let answer = put_targets(&cloud, &root, "r", None, targets.clone()).await.unwrap();
    assert_eq!(answer.failed_entry_count, Some(0));
    let request = ListTargetsByRuleRequest { rule: "r".into(), ..ListTargetsByRuleRequest::default() };
    let listed = cloud.call::<ListTargetsByRule>(&root, request).await.unwrap().targets.unwrap();
    assert_eq!(listed.to_vec(), [targets[1].clone(), targets[0].clone(), targets[2].clone()]);
}

#[tokio::test]
async fn what_is_no_target_is_refused_in_aws_words() {
    let cloud = TestCloud::new(2);
    let root = cloud.root(ACCOUNT);
    cloud.call::<PutRule>(&root, rule("r", None, PATTERN)).await.unwrap();
    let with_arn = |arn: &str| Target { id: "t".into(), arn: arn.into(), ..Target::default() };
    let function = format!("arn:aws:lambda:us-east-1:{ACCOUNT}:function:f");
    let bus = bus_arn(ACCOUNT, "b");
    let elsewhere = format!("arn:aws:sqs:eu-west-1:{ACCOUNT}:q");
    let queue = || queue_target("t", "q");
    let absent_role = format!("arn:aws:iam::{ACCOUNT}:role/absent");
    for (target, message) in [
        (
            with_arn("q"),
            "Parameter q is not valid. Reason: Provided Arn is not in correct format.".to_owned(),
        ),
        (
            with_arn(&function),
            format!("Parameter {function} is not valid. Reason: Provided Arn is not in correct format."),
        ),
        (
            with_arn(&elsewhere),
            format!("Parameter {elsewhere} is not valid. Reason: Provided Arn is not in correct format."),
        ),
        (with_arn(&bus), format!("RoleArn is required for target {bus}.")),
        (
            queue_target("t", "q.fifo"),
            "Parameter(s) SqsParameters must be specified for target: t.".to_owned(),
        ),
        (
            Target { input: Some("1".into()), input_path: Some("$".into()), ..queue() },
            "Only one of Input, InputPath, or InputTransformer must be provided for target t.".to_owned(),
        ),
        (
            Target { input: Some("{".into()), ..queue() },
            "JSON syntax error in input for target t.".to_owned(),
        ),
        (
            Target { input_transformer: transformer(r#"{"a": <b>}"#), ..queue() },
            "InputTemplate for target t contains invalid placeholder b.".to_owned(),
        ),
        (
            Target {
                kinesis_parameters: Some(KinesisParameters { partition_key_path: "$".into() }),
                ..queue()
            },
            "Parameter(s) KinesisParameters are not supported for target: t.".to_owned(),
        ),
        (
            Target { role_arn: Some(absent_role.clone()), ..queue() },
            format!("Provided role '{absent_role}' cannot be assumed by principal 'events.amazonaws.com'."),
        ),
    ] {
        let refused = told(put_targets(&cloud, &root, "r", None, vec![target]).await);
        assert_eq!(refused, ("ValidationException".to_owned(), message));
    }
    let twice = told(put_targets(&cloud, &root, "r", None, vec![queue(), queue()]).await);
    assert_eq!(twice.0, "ValidationException");
}

#[tokio::test]
async fn a_role_that_does_not_trust_eventbridge_is_refused() {
    let cloud = TestCloud::new(3);
    let root = cloud.root(ACCOUNT);
    cloud.call::<PutRule>(&root, rule("r", None, PATTERN)).await.unwrap();
    let nothing = r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}"#;
    let trust = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sts:AssumeRole"}}"#;
    let role_arn = role_with_trust(&cloud, &root, "other", nothing, trust).await;
    let target = |role_arn: &str| Target { role_arn: Some(role_arn.into()), ..queue_target("t", "q") };
    let refused = told(put_targets(&cloud, &root, "r", None, vec![target(&role_arn)]).await);
    assert!(refused.1.ends_with("cannot be assumed by principal 'events.amazonaws.com'."), "{}", refused.1);
    let role_arn = role(&cloud, &root, "good", nothing).await;
    put_targets(&cloud, &root, "r", None, vec![target(&role_arn)]).await.unwrap();
    // Whoever names a role must be allowed to pass it.
    let policy =
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"events:*","Resource":"*"}}"#;
    let user = cloud.user_with_policy(ACCOUNT, "u", policy).await;
    let refused = told(put_targets(&cloud, &user, "r", None, vec![target(&role_arn)]).await);
    assert!(refused.1.contains("not authorized to perform: iam:PassRole"), "{}", refused.1);
}

#[tokio::test]
async fn a_rule_has_as_many_targets_as_its_quota_says() {
    let cloud = TestCloud::new(4);
    let root = cloud.root(ACCOUNT);
    cloud.call::<PutRule>(&root, rule("r", None, PATTERN)).await.unwrap();
    let targets = |count: usize| (0..count).map(|i| queue_target(&format!("t{i}"), "q")).collect::<Vec<_>>();
    let refused = told(put_targets(&cloud, &root, "r", None, targets(6)).await);
    let limit = "The requested resource exceeds the maximum number allowed.".to_owned();
    assert_eq!(refused, ("LimitExceededException".to_owned(), limit));
    put_targets(&cloud, &root, "r", None, targets(5)).await.unwrap();
    put_targets(&cloud, &root, "r", None, targets(5)).await.unwrap();
}
