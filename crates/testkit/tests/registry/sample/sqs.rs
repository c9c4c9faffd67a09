//! Samples of SQS.

use alcazar_testkit::{TestCaller, TestCloud};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};

use super::{CANARY, make, unique};

/// How many messages are received before the samples are made: one for each that names a receipt handle.
const RECEIVED: usize = 4;

/// What the samples name.
pub(super) struct Things {
    tag: String,
    account: String,
    /// A queue with messages, some of which were received.
    url: String,
    handles: Vec<String>,
    /// One with nothing in it but tags and a permission.
    empty_url: String,
    /// A dead-letter queue whose messages are moving.
    moving_arn: String,
    task_handle: String,
    /// One whose messages stay.
    dead_arn: String,
}

impl Things {
    /// New things in the root user's account.
    pub(super) async fn new(cloud: &TestCloud, root: &TestCaller) -> Self {
        let tag = unique(cloud);
        let queue = async |name: &str, attributes: Json| {
            let input =
                json!({"QueueName": format!("{name}-{tag}"), "Attributes": attributes, "tags": tags()});
            let made = make(cloud, root, "sqs", "CreateQueue", input).await;
            made["QueueUrl"].as_str().unwrap().to_owned()
        };
        let arn = |name: &str| format!("arn:aws:sqs:{}:{}:{name}-{tag}", root.region, root.account());
        let url = queue("full", json!({})).await;
        for _ in 0..RECEIVED + 2 {
            let input = json!({"QueueUrl": url, "MessageBody": CANARY});
            make(cloud, root, "sqs", "SendMessage", input).await;
        }
        let mut handles = Vec::new();
        while handles.len() < RECEIVED {
            let got = make(cloud, root, "sqs", "ReceiveMessage", json!({"QueueUrl": url})).await;
            handles.push(got["Messages"][0]["ReceiptHandle"].as_str().unwrap().to_owned());
        }
        let empty_url = queue("empty", json!({})).await;
        let permission = json!({
            "QueueUrl": empty_url, "Label": "old", "AWSAccountIds": [root.account().to_string()],
            "Actions": ["SendMessage"],
        });
        make(cloud, root, "sqs", "AddPermission", permission).await;
        for name in ["moving", "dead"] {
            queue(name, json!({})).await;
            let redrive = json!({"deadLetterTargetArn": arn(name), "maxReceiveCount": 3}).to_string();
            queue(&format!("source-of-{name}"), json!({"RedrivePolicy": redrive})).await;
        }
        let task =
            make(cloud, root, "sqs", "StartMessageMoveTask", json!({"SourceArn": arn("moving")})).await;
        Self {
            account: root.account().to_string(),
            url,
            handles,
            empty_url,
            moving_arn: arn("moving"),
            task_handle: task["TaskHandle"].as_str().unwrap().to_owned(),
            dead_arn: arn("dead"),
            tag,
        }
    }
}

fn tags() -> Json {
    json!({"Project": "blue"})
}

fn attributes() -> Json {
    json!({
        "text": {"DataType": "String", "StringValue": CANARY},
        "bytes": {"DataType": "Binary", "BinaryValue": STANDARD.encode(CANARY)},
    })
}

/// A valid input.
pub(super) fn sample(operation: &str, things: &Things) -> Json {
    let Things { tag, account, url, handles, empty_url, moving_arn, task_handle, dead_arn } = things;
    match operation {
        "AddPermission" => json!({
            "QueueUrl": empty_url, "Label": "new", "AWSAccountIds": [account], "Actions": ["ReceiveMessage"],
        }),
        "CancelMessageMoveTask" => json!({"TaskHandle": task_handle}),
        "ChangeMessageVisibility" => {
            json!({"QueueUrl": url, "ReceiptHandle": handles[0], "VisibilityTimeout": 60})
        }
        "ChangeMessageVisibilityBatch" => json!({"QueueUrl": url, "Entries": [
            {"Id": "one", "ReceiptHandle": handles[1], "VisibilityTimeout": 60},
        ]}),
        "CreateQueue" => {
            json!({"QueueName": format!("new-{tag}"), "Attributes": {"DelaySeconds": "1"}, "tags": tags()})
        }
        "DeleteMessage" => json!({"QueueUrl": url, "ReceiptHandle": handles[2]}),
        "DeleteMessageBatch" => {
            json!({"QueueUrl": url, "Entries": [{"Id": "one", "ReceiptHandle": handles[3]}]})
        }
        "DeleteQueue" | "PurgeQueue" | "ListDeadLetterSourceQueues" | "ListQueueTags" => {
            json!({"QueueUrl": empty_url})
        }
        "GetQueueAttributes" => json!({"QueueUrl": empty_url, "AttributeNames": ["All"]}),
        "GetQueueUrl" => json!({"QueueName": format!("empty-{tag}"), "QueueOwnerAWSAccountId": account}),
        "ListMessageMoveTasks" => json!({"SourceArn": moving_arn, "MaxResults": 10}),
        "ListQueues" => json!({"QueueNamePrefix": "e", "MaxResults": 10}),
        "ReceiveMessage" => json!({
            "QueueUrl": url, "MaxNumberOfMessages": 1, "MessageAttributeNames": ["All"],
            "MessageSystemAttributeNames": ["All"],
        }),
        "RemovePermission" => json!({"QueueUrl": empty_url, "Label": "old"}),
        "SendMessage" => json!({"QueueUrl": url, "MessageBody": CANARY, "MessageAttributes": attributes()}),
        "SendMessageBatch" => json!({"QueueUrl": url, "Entries": [
            {"Id": "one", "MessageBody": CANARY, "MessageAttributes": attributes()},
        ]}),
        "SetQueueAttributes" => json!({"QueueUrl": empty_url, "Attributes": {"DelaySeconds": "1"}}),
        "StartMessageMoveTask" => json!({"SourceArn": dead_arn, "MaxNumberOfMessagesPerSecond": 10}),
        "TagQueue" => json!({"QueueUrl": empty_url, "Tags": tags()}),
        "UntagQueue" => json!({"QueueUrl": empty_url, "TagKeys": ["Project"]}),
        _ => panic!("give {operation} of SQS its sample"),
    }
}
