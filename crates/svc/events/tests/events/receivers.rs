//! Real queues and topics as targets: their own policies decide what EventBridge may send them.

use std::collections::BTreeMap;

use alcazar_api_events::operation::*;
use alcazar_api_events::types::{DeadLetterConfig, InputTransformer, Target};
use alcazar_testkit::{TestCaller, TestCloud};
use serde_json::{Value as Json, json};

use crate::shorthand::*;

const PATTERN: &str = r#"{"source":["aws.kms"],"detail":{"eventName":["DisableKey"]}}"#;

async fn ask(cloud: &TestCloud, caller: &TestCaller, service: &str, name: &str, input: Json) -> Json {
    cloud.ask(caller, service, name, &input).await.unwrap_or_else(|error| panic!("{name}: {error:?}"))
}

/// What a policy allows a service to do for a source.
fn allows(action: &str, resource: &str, service: &str, source_arn: &str) -> String {
    json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"Service": format!("{service}.amazonaws.com")}, "Action": action,
        "Resource": resource, "Condition": {"ArnEquals": {"aws:SourceArn": source_arn}},
    }]})
    .to_string()
}

/// A queue with a policy; its URL.
async fn queue(cloud: &TestCloud, root: &TestCaller, name: &str, policy: Option<String>) -> String {
    let attributes = policy.map_or(json!({}), |policy| json!({"Policy": policy}));
    let made =
        ask(cloud, root, "sqs", "CreateQueue", json!({"QueueName": name, "Attributes": attributes})).await;
    made["QueueUrl"].as_str().unwrap().to_owned()
}

/// The messages of a queue, with their attributes.
async fn receive(cloud: &TestCloud, root: &TestCaller, url: &str) -> Vec<Json> {
    let input = json!({"QueueUrl": url, "MaxNumberOfMessages": 10, "MessageAttributeNames": ["All"]});
    let answer = ask(cloud, root, "sqs", "ReceiveMessage", input).await;
    answer["Messages"].as_array().cloned().unwrap_or_default()
}

fn rule_arn(name: &str) -> String {
    format!("arn:aws:events:us-east-1:{ACCOUNT}:rule/{name}")
}

async fn disable_a_key(cloud: &TestCloud, root: &TestCaller) -> String {
    let made = ask(cloud, root, "kms", "CreateKey", json!({})).await;
    let key_id = made["KeyMetadata"]["KeyId"].as_str().unwrap().to_owned();
    ask(cloud, root, "kms", "DisableKey", json!({"KeyId": key_id})).await;
    cloud.settle().await;
    key_id
}

#[tokio::test]
async fn a_disabled_key_is_told_to_a_queue_and_a_topic_in_the_words_of_a_transformer() {
    let cloud = TestCloud::new(1);
    cloud.settle().await;
    let root = cloud.root(ACCOUNT);
    let topic = ask(&cloud, &root, "sns", "CreateTopic", json!({"Name": "topic"})).await;
    let topic_arn = topic["TopicArn"].as_str().unwrap().to_owned();
    let policy = allows("sns:Publish", &topic_arn, "events", &rule_arn("r"));
    let set = json!({"TopicArn": topic_arn, "AttributeName": "Policy", "AttributeValue": policy});
    ask(&cloud, &root, "sns", "SetTopicAttributes", set).await;
    let policy = allows("sqs:SendMessage", &queue_arn("subscribed"), "sns", &topic_arn);
    let subscribed = queue(&cloud, &root, "subscribed", Some(policy)).await;
    let subscription = json!({
        "TopicArn": topic_arn, "Protocol": "sqs", "Endpoint": queue_arn("subscribed"),
        "Attributes": {"RawMessageDelivery": "true"},
    });
    ask(&cloud, &root, "sns", "Subscribe", subscription).await;
    let policy = allows("sqs:SendMessage", &queue_arn("direct"), "events", &rule_arn("r"));
    let direct = queue(&cloud, &root, "direct", Some(policy)).await;

    cloud.call::<PutRule>(&root, rule("r", None, PATTERN)).await.unwrap();
    let transformer = || {
        let paths = BTreeMap::from([("key".to_owned(), "$.detail.requestParameters.keyId".to_owned())]);
        Some(InputTransformer {
            input_paths_map: Some(paths),
            input_template: r#"{"message": "key <key> was disabled"}"#.to_owned(),
        })
    };
    let targets = vec![
        Target { input_transformer: transformer(), ..queue_target("queue", "direct") },
        Target { id: "topic".into(), arn: topic_arn, input_transformer: transformer(), ..Target::default() },
    ];
    put_targets(&cloud, &root, "r", None, targets).await.unwrap();
    let key_id = disable_a_key(&cloud, &root).await;
    let expected = json!({"message": format!("key {key_id} was disabled")});
    for url in [direct, subscribed] {
        let messages = receive(&cloud, &root, &url).await;
        assert_eq!(messages.len(), 1, "{url}");
        let body: Json = serde_json::from_str(messages[0]["Body"].as_str().unwrap()).unwrap();
        assert_eq!(body, expected, "{url}");
    }
}

#[tokio::test]
async fn a_queue_takes_nothing_of_a_rule_that_its_policy_does_not_name() {
    let cloud = TestCloud::new(2);
    cloud.settle().await;
    let (root, other) = (cloud.root(ACCOUNT), cloud.root(OTHER_ACCOUNT));
    let policy = allows("sqs:SendMessage", &queue_arn("q"), "events", &rule_arn("named"));
    let url = queue(&cloud, &root, "q", Some(policy)).await;
    let without_policy = queue(&cloud, &root, "without", None).await;
    // A rule of another account, which nobody allowed to use the queue, and another of the queue's own.
    let theirs = format!("arn:aws:events:us-east-1:{OTHER_ACCOUNT}:rule/named");
    let policy = allows("sqs:SendMessage", "*", "events", &theirs);
    let dead = queue(&cloud, &other, "dead", Some(policy)).await;
    cloud.call::<PutRule>(&other, rule("named", None, PATTERN)).await.unwrap();
    let dead_arn = format!("arn:aws:sqs:us-east-1:{OTHER_ACCOUNT}:dead");
    let target = Target {
        dead_letter_config: Some(DeadLetterConfig { arn: Some(dead_arn) }),
        ..queue_target("t", "q")
    };
    put_targets(&cloud, &other, "named", None, vec![target]).await.unwrap();
    disable_a_key(&cloud, &other).await;
    assert_eq!(receive(&cloud, &root, &url).await.len(), 0);
    let told = receive(&cloud, &other, &dead).await;
    assert_eq!(told[0]["MessageAttributes"]["ERROR_CODE"]["StringValue"], "NO_PERMISSIONS");

    rule_to_queue(&cloud, &root, "unnamed", PATTERN, "q").await;
    rule_to_queue(&cloud, &root, "for-without", PATTERN, "without").await;
    rule_to_queue(&cloud, &root, "named", PATTERN, "q").await;
    disable_a_key(&cloud, &root).await;
    assert_eq!(receive(&cloud, &root, &url).await.len(), 1, "only of the rule that is named");
    assert_eq!(receive(&cloud, &root, &without_policy).await.len(), 0);
}

#[tokio::test]
async fn a_queue_whose_key_is_disabled_gets_its_events_once_the_key_is_enabled() {
    let cloud = TestCloud::new(3);
    cloud.settle().await;
    let root = cloud.root(ACCOUNT);
    let policy = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "kms:*", "Resource": "*"},
        {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"},
         "Action": ["kms:GenerateDataKey", "kms:Decrypt"], "Resource": "*"},
    ]});
    let made = ask(&cloud, &root, "kms", "CreateKey", json!({"Policy": policy.to_string()})).await;
    let key = made["KeyMetadata"]["Arn"].as_str().unwrap().to_owned();
    let policy = allows("sqs:SendMessage", &queue_arn("q"), "events", &rule_arn("r"));
    let url = queue(&cloud, &root, "q", Some(policy)).await;
    let set = json!({"QueueUrl": url, "Attributes": {"KmsMasterKeyId": key}});
    ask(&cloud, &root, "sqs", "SetQueueAttributes", set).await;
    rule_to_queue(&cloud, &root, "r", r#"{"source":["my.app"]}"#, "q").await;
    ask(&cloud, &root, "kms", "DisableKey", json!({"KeyId": key})).await;
    for _ in 0..5 {
        put_event(&cloud, &root, None, "my.app", "{}").await;
    }
    cloud.advance(std::time::Duration::from_secs(60)).await;
    ask(&cloud, &root, "kms", "EnableKey", json!({"KeyId": key})).await;
    assert_eq!(receive(&cloud, &root, &url).await.len(), 0);
    cloud.advance(std::time::Duration::from_secs(120)).await;
    assert_eq!(receive(&cloud, &root, &url).await.len(), 5);
}
