//! Samples of SNS.

use alcazar_testkit::{TestCaller, TestCloud};
use serde_json::{Value as Json, json};

use super::{CANARY, make, unique};

/// What the samples name.
pub(super) struct Things {
    topic_arn: String,
    subscription_arn: String,
    new_name: String,
    account: String,
}

impl Things {
    /// New things of the root user's account.
    pub(super) async fn new(cloud: &TestCloud, root: &TestCaller) -> Self {
        let (tag, account) = (unique(cloud), root.account().to_string());
        let topic = json!({"Name": format!("topic-{tag}"), "Tags": [{"Key": "Team", "Value": "red"}]});
        let topic = make(cloud, root, "sns", "CreateTopic", topic).await;
        let topic_arn = topic["TopicArn"].as_str().unwrap().to_owned();
        let endpoint = format!("arn:aws:sqs:us-east-1:{account}:queue-{tag}");
        let subscribe = json!({"TopicArn": topic_arn, "Protocol": "sqs", "Endpoint": endpoint});
        let subscription = make(cloud, root, "sns", "Subscribe", subscribe).await;
        let subscription_arn = subscription["SubscriptionArn"].as_str().unwrap().to_owned();
        Self { topic_arn, subscription_arn, new_name: format!("new-{tag}"), account }
    }
}

/// A valid input.
pub(super) fn sample(operation: &str, things: &Things) -> Json {
    let Things { topic_arn, subscription_arn, new_name, account } = things;
    let tags = json!([{"Key": "Project", "Value": "blue"}]);
    let attributes = json!({"color": {"DataType": "String", "StringValue": CANARY}});
    match operation {
        "AddPermission" => json!({
            "TopicArn": topic_arn, "Label": "label", "AWSAccountId": [account], "ActionName": ["Publish"],
        }),
        "CreateTopic" => json!({"Name": new_name, "Tags": tags, "Attributes": {"DisplayName": "New"}}),
        "DeleteTopic" | "GetTopicAttributes" | "ListSubscriptionsByTopic" => json!({"TopicArn": topic_arn}),
        "GetSubscriptionAttributes" => json!({"SubscriptionArn": subscription_arn}),
        "ListSubscriptions" | "ListTopics" => json!({}),
        "ListTagsForResource" => json!({"ResourceArn": topic_arn}),
        "Publish" => json!({
            "TopicArn": topic_arn, "Message": CANARY, "Subject": CANARY, "MessageAttributes": attributes,
        }),
        "PublishBatch" => json!({
            "TopicArn": topic_arn,
            "PublishBatchRequestEntries": [
                {"Id": "one", "Message": CANARY, "Subject": CANARY, "MessageAttributes": attributes},
            ],
        }),
        "RemovePermission" => json!({"TopicArn": topic_arn, "Label": "label"}),
        "SetSubscriptionAttributes" => json!({
            "SubscriptionArn": subscription_arn, "AttributeName": "RawMessageDelivery", "AttributeValue": "true",
        }),
        "SetTopicAttributes" => json!({
            "TopicArn": topic_arn, "AttributeName": "DisplayName", "AttributeValue": "Orders",
        }),
        "Subscribe" => json!({
            "TopicArn": topic_arn, "Protocol": "https", "Endpoint": "https://example.com/",
        }),
        "TagResource" => json!({"ResourceArn": topic_arn, "Tags": tags}),
        "UntagResource" => json!({"ResourceArn": topic_arn, "TagKeys": ["Team"]}),
        operation => panic!("give {operation} a sample"),
    }
}
