//! Tags of queues.

use alcazar_testkit::TestCloud;
use serde_json::json;

use crate::client::{ACCOUNT, Client};

#[tokio::test]
async fn tags_are_put_replaced_and_taken_off() {
    let cloud = TestCloud::new(60);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let made = sqs.ok("CreateQueue", json!({"QueueName": "jobs", "tags": {"team": "red", "Team": ""}})).await;
    let url = made["QueueUrl"].clone();
    let told = sqs.ok("ListQueueTags", json!({"QueueUrl": url})).await;
    assert_eq!(told, json!({"Tags": {"team": "red", "Team": ""}}));
    sqs.ok("TagQueue", json!({"QueueUrl": url, "Tags": {"team": "blue", "cost": "1"}})).await;
    sqs.ok("UntagQueue", json!({"QueueUrl": url, "TagKeys": ["Team", "none"]})).await;
    let told = sqs.ok("ListQueueTags", json!({"QueueUrl": url})).await;
    assert_eq!(told, json!({"Tags": {"team": "blue", "cost": "1"}}));
    sqs.ok("UntagQueue", json!({"QueueUrl": url, "TagKeys": ["team", "cost"]})).await;
    assert_eq!(sqs.ok("ListQueueTags", json!({"QueueUrl": url})).await, json!({}));
}

#[tokio::test]
async fn tags_that_cannot_be_are_refused() {
    let cloud = TestCloud::new(61);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let url = sqs.new_queue("jobs").await;
    let many: serde_json::Map<_, _> = (0..51).map(|n| (n.to_string(), json!(""))).collect();
    for (tags, text) in [
        (json!(many), "Too many tags added for queue jobs."),
        (json!({"": "x"}), "Tag keys must be between 1 and 128 characters in length."),
        (json!({"k".repeat(129): "x"}), "Tag keys must be between 1 and 128 characters in length."),
        (json!({"k": "x".repeat(257)}), "Tag values must be between 0 and 256 characters in length."),
        (json!({"AWS:k": "x"}), "Tag keys that start with 'aws:' are reserved for system use."),
    ] {
        let input = json!({"QueueUrl": url, "Tags": tags});
        assert_eq!(sqs.refused("TagQueue", input, "InvalidParameterValueException").await, text);
    }
    assert_eq!(sqs.ok("ListQueueTags", json!({"QueueUrl": url})).await, json!({}));
}

#[tokio::test]
async fn tags_decide_who_may() {
    let cloud = TestCloud::new(62);
    let root = cloud.root(ACCOUNT);
    let policy = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "sqs:PurgeQueue", "Resource": "*",
         "Condition": {"StringEquals": {"aws:ResourceTag/team": "red"}}},
        {"Effect": "Allow", "Action": ["sqs:CreateQueue", "sqs:TagQueue"], "Resource": "*",
         "Condition": {"StringEquals": {"aws:RequestTag/team": "red"}}},
    ]});
    let user = cloud.user_with_policy(ACCOUNT, "red", &policy.to_string()).await;
    let (sqs, red) = (Client::new(&cloud, &root), Client::new(&cloud, &user));
    let made = red.ok("CreateQueue", json!({"QueueName": "red", "tags": {"team": "red"}})).await;
    red.ok("PurgeQueue", json!({"QueueUrl": made["QueueUrl"]})).await;
    let blue = sqs.new_queue("blue").await;
    assert_eq!(
        red.refused("PurgeQueue", json!({"QueueUrl": blue}), "AccessDeniedException").await,
        format!(
            "User: arn:aws:iam::111122223333:user/red is not authorized to perform: sqs:purgequeue on resource: {} \
             because no identity-based policy allows the sqs:purgequeue action",
            sqs.arn("blue")
        )
    );
    red.refused("CreateQueue", json!({"QueueName": "green"}), "AccessDeniedException").await;
    red.refused("TagQueue", json!({"QueueUrl": blue, "Tags": {"team": "blue"}}), "AccessDeniedException")
        .await;
}
