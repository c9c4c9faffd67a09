//! What cannot be sent or asked for, in AWS's words.

use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client};

const INVALID: &str = "InvalidParameterValueException";
const MISSING: &str = "MissingRequiredParameterException";

#[tokio::test]
async fn what_a_standard_queue_does_not_take_is_refused() {
    let cloud = TestCloud::new(80);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let url = sqs.new_queue_with("jobs", json!({"MaximumMessageSize": "1024"})).await;
    let text = |value: &str| json!({"a": {"DataType": "String", "StringValue": value}});
    let many: serde_json::Map<String, Json> =
        (0..11).map(|number| (format!("a{number}"), text("x")["a"].clone())).collect();
    for (input, code, said) in [
        (json!({"MessageBody": ""}), MISSING, "The request must contain the parameter MessageBody."),
        (
            json!({"MessageBody": "\u{0}"}),
            "InvalidMessageContents",
            "Invalid characters found. Valid unicode",
        ),
        (
            json!({"MessageBody": "x".repeat(1025)}),
            INVALID,
            "One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.",
        ),
        (
            json!({"MessageBody": "x".repeat(1024 - 10), "MessageAttributes": text("1234")}),
            INVALID,
            "One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.",
        ),
        (
            json!({"MessageBody": "x", "DelaySeconds": 901}),
            INVALID,
            "Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.",
        ),
        (
            json!({"MessageBody": "x", "MessageDeduplicationId": "1"}),
            INVALID,
            "Value 1 for parameter MessageDeduplicationId is invalid. Reason: The request includes a parameter that is not \
             valid for this queue type.",
        ),
        (
            json!({"MessageBody": "x", "MessageAttributes": many}),
            INVALID,
            "Number of message attributes [11] exceeds the allowed maximum [10].",
        ),
        (
            json!({"MessageBody": "x", "MessageAttributes": text("")}),
            INVALID,
            "Message (user) attribute 'a' must contain a non-empty value of type 'String'.",
        ),
    ] {
        let mut input = input;
        input["QueueUrl"] = json!(url);
        let told = sqs.refused("SendMessage", input, code).await;
        assert!(told.starts_with(said), "{told}");
    }
    let longest =
        json!({"QueueUrl": url, "MessageBody": "x".repeat(1024 - 10), "MessageAttributes": text("123")});
    sqs.ok("SendMessage", longest).await;
}

#[tokio::test]
async fn what_a_fifo_queue_does_not_take_is_refused() {
    let cloud = TestCloud::new(81);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let url = sqs.new_queue_with("jobs.fifo", json!({"FifoQueue": "true"})).await;
    for (input, code, said) in [
        (
            json!({"MessageDeduplicationId": "1"}),
            MISSING,
            "The request must contain the parameter MessageGroupId.",
        ),
        (
            json!({"MessageGroupId": "g"}),
            INVALID,
            "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
        ),
        (
            json!({"MessageGroupId": "g", "MessageDeduplicationId": "1", "DelaySeconds": 2}),
            INVALID,
            "Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for \
             this queue type.",
        ),
        (
            json!({"MessageGroupId": "a b", "MessageDeduplicationId": "1"}),
            INVALID,
            "Value a b for parameter MessageGroupId is invalid. Reason: MessageGroupId can only include alphanumeric and \
             punctuation characters. 1 to 128 in length.",
        ),
    ] {
        let mut one = input.clone();
        one["QueueUrl"] = json!(url);
        one["MessageBody"] = json!("x");
        assert_eq!(sqs.refused("SendMessage", one, code).await, said);
        let mut entry = input;
        entry["Id"] = json!("1");
        entry["MessageBody"] = json!("x");
        let batch = json!({"QueueUrl": url, "Entries": [entry]});
        match sqs.call("SendMessageBatch", batch).await {
            // What is missing fails the batch as a whole.
            Err(refusal) => assert_eq!((refusal.code.as_str(), refusal.message.as_str()), (INVALID, said)),
            Ok(told) => assert_eq!(told["Failed"][0]["Message"], said),
        }
    }
    assert_eq!(sqs.counts(&url).await, (0, 0, 0));
}

#[tokio::test]
async fn what_cannot_be_asked_of_a_receive_is_refused() {
    let cloud = TestCloud::new(82);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let url = sqs.new_queue("jobs").await;
    for (name, value, code, said) in [
        ("MaxNumberOfMessages", json!(11), INVALID, "Reason: Must be between 1 and 10, if provided."),
        ("MaxNumberOfMessages", json!(0), INVALID, "Reason: Must be between 1 and 10, if provided."),
        ("WaitTimeSeconds", json!(21), INVALID, "Reason: Must be >= 0 and <= 20, if provided."),
        ("VisibilityTimeout", json!(43_201), INVALID, "Reason: Must be >= 0 and <= 43200, if provided."),
        ("AttributeNames", json!(["Foo"]), "InvalidAttributeName", "Unknown Attribute Foo."),
        ("ReceiveRequestAttemptId", json!("x"), INVALID, "not valid for this queue type."),
    ] {
        let mut input = json!({"QueueUrl": url});
        input[name] = value;
        let told = sqs.refused("ReceiveMessage", input, code).await;
        assert!(told.ends_with(said), "{told}");
    }
    // Names of attributes that no message can have are nobody's.
    let ignored = json!({"QueueUrl": url, "MessageAttributeNames": ["AWS.x", "a b", ""]});
    sqs.ok("ReceiveMessage", ignored).await;
}
