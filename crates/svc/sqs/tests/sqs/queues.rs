//! Queues are made, found, purged and deleted.

use std::time::Duration;

use alcazar_testkit::TestCloud;
use serde_json::json;

use crate::client::{ACCOUNT, Client};

#[tokio::test]
async fn a_queue_is_made_once_and_found_by_its_name() {
    let cloud = TestCloud::new(1);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let url = sqs.new_queue_with("jobs", json!({"DelaySeconds": "5"})).await;
    assert!(url.starts_with("http") && url.ends_with("/111122223333/jobs"), "{url}");
    // Who names no attribute, or the same ones, gets the queue that is there.
    assert_eq!(sqs.new_queue("jobs").await, url);
    let same = json!({"DelaySeconds": "5", "VisibilityTimeout": "30", "SqsManagedSseEnabled": "true"});
    assert_eq!(sqs.new_queue_with("jobs", same).await, url);
    let found = sqs.ok("GetQueueUrl", json!({"QueueName": "jobs"})).await;
    assert_eq!(found, json!({"QueueUrl": url}));
    let other = json!({"QueueName": "jobs", "Attributes": {"DelaySeconds": "6", "VisibilityTimeout": "30"}});
    assert_eq!(
        sqs.refused("CreateQueue", other, "QueueNameExists").await,
        "A queue already exists with the same name and a different value for attribute DelaySeconds"
    );
    // Names tell case apart, regions tell queues apart.
    sqs.refused("GetQueueUrl", json!({"QueueName": "Jobs"}), "QueueDoesNotExist").await;
    let elsewhere = root.at("us-west-2");
    let there = Client::new(&cloud, &elsewhere);
    let absent = there.refused("GetQueueAttributes", json!({"QueueUrl": url}), "QueueDoesNotExist").await;
    assert_eq!(absent, "The specified queue does not exist.");
}

#[tokio::test]
async fn names_say_the_type_of_a_queue() {
    let cloud = TestCloud::new(2);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let fifo = json!({"FifoQueue": "true"});
    sqs.new_queue_with("jobs.fifo", fifo.clone()).await;
    for (name, attributes, text) in [
        (
            "jobs.fifo",
            json!({}),
            "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
        ),
        (
            "jobs",
            fifo,
            "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with \
             .fifo suffix and be 1 to 80 in length",
        ),
    ] {
        let input = json!({"QueueName": name, "Attributes": attributes});
        let said = sqs.refused("CreateQueue", input, "InvalidParameterValueException").await;
        assert_eq!(said, text);
    }
    let input = json!({"QueueName": "jobs", "Attributes": {"FifoQueue": "false"}});
    assert_eq!(
        sqs.refused("CreateQueue", input, "InvalidAttributeName").await,
        "Unknown Attribute FifoQueue."
    );
}

#[tokio::test]
async fn a_deleted_queue_is_gone_and_its_name_free_after_a_minute() {
    let cloud = TestCloud::new(3);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let url = sqs.new_queue("jobs").await;
    sqs.ok("DeleteQueue", json!({"QueueUrl": url})).await;
    for operation in ["DeleteQueue", "GetQueueAttributes", "PurgeQueue", "ListQueueTags"] {
        sqs.refused(operation, json!({"QueueUrl": url}), "QueueDoesNotExist").await;
    }
    assert_eq!(
        sqs.refused("CreateQueue", json!({"QueueName": "jobs"}), "QueueDeletedRecently").await,
        "You must wait 60 seconds after deleting a queue before you can create another with the same name."
    );
    cloud.advance(Duration::from_secs(59)).await;
    sqs.refused("CreateQueue", json!({"QueueName": "jobs"}), "QueueDeletedRecently").await;
    cloud.advance(Duration::from_secs(1)).await;
    assert!(cloud.store().names("sqs.deleted_queue").await.is_empty());
    assert_eq!(sqs.new_queue("jobs").await, url);
}

#[tokio::test]
async fn a_queue_is_purged_once_a_minute() {
    let cloud = TestCloud::new(4);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let input = json!({"QueueUrl": sqs.new_queue("jobs").await});
    sqs.ok("PurgeQueue", input.clone()).await;
    assert_eq!(
        sqs.refused("PurgeQueue", input.clone(), "PurgeQueueInProgress").await,
        "Only one PurgeQueue operation on jobs is allowed every 60 seconds."
    );
    cloud.advance(Duration::from_secs(60)).await;
    sqs.ok("PurgeQueue", input).await;
}

#[tokio::test]
async fn addresses_that_name_no_queue_are_refused() {
    let cloud = TestCloud::new(5);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    for url in ["http://localhost/jobs", "jobs", ""] {
        sqs.refused("PurgeQueue", json!({"QueueUrl": url}), "InvalidAddress").await;
    }
    sqs.new_queue("jobs").await;
    // Whatever host a client knows a queue by, its account and name say which one it is.
    let url = "https://sqs.eu-west-1.amazonaws.com/111122223333/jobs";
    sqs.ok("PurgeQueue", json!({"QueueUrl": url})).await;
}

#[tokio::test]
async fn nothing_that_users_chose_is_readable_in_the_names_of_records() {
    let cloud = TestCloud::new(6);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let dead = sqs.new_queue("secretive-dead").await;
    let redrive = json!({"deadLetterTargetArn": sqs.arn("secretive-dead"), "maxReceiveCount": 1}).to_string();
    let url = sqs.new_queue_with("secretive-jobs", json!({"RedrivePolicy": redrive})).await;
    sqs.ok("DeleteQueue", json!({"QueueUrl": url})).await;
    sqs.ok("PurgeQueue", json!({"QueueUrl": dead})).await;
    for (name, sealed) in cloud.store().records().await {
        for bytes in [name, sealed] {
            assert!(!bytes.windows(9).any(|part| part == b"secretive"), "{bytes:?}");
        }
    }
}
