//! What queues tell of themselves, and what can be set.

use std::collections::BTreeSet;
use std::time::Duration;

use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client};

const STANDARD: [&str; 12] = [
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesDelayed",
    "ApproximateNumberOfMessagesNotVisible",
    "CreatedTimestamp",
    "DelaySeconds",
    "LastModifiedTimestamp",
    "MaximumMessageSize",
    "MessageRetentionPeriod",
    "QueueArn",
    "ReceiveMessageWaitTimeSeconds",
    "SqsManagedSseEnabled",
    "VisibilityTimeout",
];
const FIFO: [&str; 4] =
    ["ContentBasedDeduplication", "DeduplicationScope", "FifoQueue", "FifoThroughputLimit"];

fn names(attributes: &Json) -> BTreeSet<&str> {
    attributes.as_object().unwrap().keys().map(String::as_str).collect()
}

#[tokio::test]
async fn a_fresh_queue_tells_what_aws_tells() {
    let cloud = TestCloud::new(20);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let standard = sqs.attributes(&sqs.new_queue("jobs").await).await;
    assert_eq!(names(&standard), BTreeSet::from(STANDARD));
    for (name, value) in [
        ("ApproximateNumberOfMessages", "0"),
        ("DelaySeconds", "0"),
        ("MaximumMessageSize", "1048576"),
        ("MessageRetentionPeriod", "345600"),
        ("QueueArn", sqs.arn("jobs").as_str()),
        ("ReceiveMessageWaitTimeSeconds", "0"),
        ("SqsManagedSseEnabled", "true"),
        ("VisibilityTimeout", "30"),
        ("CreatedTimestamp", cloud.now().as_secs().to_string().as_str()),
    ] {
        assert_eq!(standard[name], json!(value), "{name}");
    }
    let fifo = sqs.attributes(&sqs.new_queue_with("jobs.fifo", json!({"FifoQueue": "true"})).await).await;
    assert_eq!(names(&fifo), STANDARD.into_iter().chain(FIFO).collect());
    assert_eq!(fifo["DeduplicationScope"], json!("queue"));
    assert_eq!(fifo["FifoThroughputLimit"], json!("perQueue"));
    assert_eq!(fifo["ContentBasedDeduplication"], json!("false"));
}

#[tokio::test]
async fn attributes_are_told_by_name() {
    let cloud = TestCloud::new(21);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let url = sqs.new_queue("jobs").await;
    let ask = |names: Json| json!({"QueueUrl": url, "AttributeNames": names});
    let told = sqs.ok("GetQueueAttributes", ask(json!(["DelaySeconds", "QueueArn", "Policy"]))).await;
    assert_eq!(told, json!({"Attributes": {"DelaySeconds": "0", "QueueArn": sqs.arn("jobs")}}));
    assert_eq!(sqs.ok("GetQueueAttributes", ask(json!(["RedrivePolicy"]))).await, json!({}));
    assert_eq!(sqs.ok("GetQueueAttributes", json!({"QueueUrl": url})).await, json!({}));
    let said = sqs.refused("GetQueueAttributes", ask(json!(["Foo", "All"])), "InvalidAttributeName").await;
    assert_eq!(said, "Unknown Attribute Foo.");
}

#[tokio::test]
async fn what_is_set_is_told_and_counts_as_a_change() {
    let cloud = TestCloud::new(22);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let url = sqs.new_queue("jobs").await;
    let made = cloud.now();
    cloud.advance(Duration::from_secs(10)).await;
    let attributes = json!({
        "DelaySeconds": "900", "MaximumMessageSize": "1024", "MessageRetentionPeriod": "60",
        "ReceiveMessageWaitTimeSeconds": "20", "VisibilityTimeout": "0", "KmsMasterKeyId": "nobody-asked-kms",
        "KmsDataKeyReusePeriodSeconds": "60", "Policy": "", "RedrivePolicy": "",
    });
    sqs.ok("SetQueueAttributes", json!({"QueueUrl": url, "Attributes": attributes})).await;
    let told = sqs.attributes(&url).await;
    for (name, value) in attributes.as_object().unwrap() {
        let expected = if value == "" { &Json::Null } else { value };
        assert_eq!(told.get(name).unwrap_or(&Json::Null), expected, "{name}");
    }
    assert_eq!(told["SqsManagedSseEnabled"], json!("false"));
    assert_eq!(told["CreatedTimestamp"], json!(made.as_secs().to_string()));
    assert_eq!(told["LastModifiedTimestamp"], json!(cloud.now().as_secs().to_string()));
}

#[tokio::test]
async fn what_cannot_be_set_is_refused_and_changes_nothing() {
    let cloud = TestCloud::new(23);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let url = sqs.new_queue("jobs").await;
    let before = sqs.attributes(&url).await;
    for (attributes, code, text) in [
        (json!({"Foo": "1"}), "InvalidAttributeName", "Unknown Attribute Foo."),
        (json!({"QueueArn": "x"}), "InvalidAttributeName", "Unknown Attribute QueueArn."),
        (json!({"FifoQueue": "true"}), "InvalidAttributeName", "Unknown Attribute FifoQueue."),
        (
            json!({"DelaySeconds": "1", "VisibilityTimeout": "43201"}),
            "InvalidAttributeValue",
            "Invalid value for the parameter VisibilityTimeout.",
        ),
        (json!({"Policy": "{}"}), "InvalidAttributeValue", "Invalid value for the parameter Policy."),
        (
            json!({"KmsMasterKeyId": "k", "SqsManagedSseEnabled": "true"}),
            "InvalidAttributeName",
            "You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS \
             SSE.",
        ),
    ] {
        let input = json!({"QueueUrl": url, "Attributes": attributes});
        assert_eq!(sqs.refused("SetQueueAttributes", input, code).await, text);
    }
    assert_eq!(sqs.attributes(&url).await, before);
}
