//! Batches: every entry has an outcome of its own.

use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client, bodies};

fn ids(list: &Json) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|entry| entry["Id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_good_entries_of_a_batch_are_done_and_the_others_told() {
    let cloud = TestCloud::new(40);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let url = sqs.new_queue("jobs").await;
    let entries = json!([
        {"Id": "1", "MessageBody": "a"},
        {"Id": "2", "MessageBody": "\u{1}"},
        {"Id": "3", "MessageBody": "c", "DelaySeconds": 901},
        {"Id": "4", "MessageBody": "d"},
    ]);
    let sent = sqs.ok("SendMessageBatch", json!({"QueueUrl": url, "Entries": entries})).await;
    assert_eq!((ids(&sent["Successful"]), ids(&sent["Failed"])), (vec!["1", "4"], vec!["2", "3"]));
    assert_eq!(sent["Failed"][0]["Code"], "InvalidMessageContents");
    assert_eq!(sent["Failed"][1]["SenderFault"], true);
    let received = sqs.receive(&url, 10).await;
    assert_eq!(bodies(&received), ["a", "d"]);
    let handles: Vec<&Json> =
        received["Messages"].as_array().unwrap().iter().map(|message| &message["ReceiptHandle"]).collect();
    let entries = json!([
        {"Id": "1", "ReceiptHandle": handles[0], "VisibilityTimeout": 0},
        {"Id": "2", "ReceiptHandle": "x", "VisibilityTimeout": 0},
        {"Id": "3", "ReceiptHandle": handles[1], "VisibilityTimeout": 43_201},
    ]);
    let changed = sqs.ok("ChangeMessageVisibilityBatch", json!({"QueueUrl": url, "Entries": entries})).await;
    assert_eq!((ids(&changed["Successful"]), ids(&changed["Failed"]).len()), (vec!["1"], 2));
    assert_eq!(bodies(&sqs.receive(&url, 10).await), ["a"]);
    let entries = json!([
        {"Id": "1", "ReceiptHandle": handles[0]},
        {"Id": "2", "ReceiptHandle": "x"},
        {"Id": "3", "ReceiptHandle": handles[1]},
    ]);
    let deleted = sqs.ok("DeleteMessageBatch", json!({"QueueUrl": url, "Entries": entries})).await;
    assert_eq!((ids(&deleted["Successful"]), ids(&deleted["Failed"])), (vec!["1", "3"], vec!["2"]));
    assert_eq!(deleted["Failed"][0]["Code"], "ReceiptHandleIsInvalid");
    assert_eq!(sqs.counts(&url).await, (0, 0, 0));
}

#[tokio::test]
async fn a_batch_that_is_none_does_nothing() {
    let cloud = TestCloud::new(41);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let url = sqs.new_queue("jobs").await;
    let entry = |id: &str, length: usize| json!({"Id": id, "MessageBody": "x".repeat(length)});
    let many: Vec<Json> = (0..11).map(|id| entry(&id.to_string(), 1)).collect();
    for (entries, code, text) in [
        (
            json!([]),
            "EmptyBatchRequest",
            "There should be at least one SendMessageBatchRequestEntry in the request.",
        ),
        (
            json!(many),
            "TooManyEntriesInBatchRequest",
            "Maximum number of entries per request are 10. You have sent 11.",
        ),
        (json!([entry("1", 1), entry("1", 1)]), "BatchEntryIdsNotDistinct", "Id 1 repeated."),
        (
            json!([entry("a b", 1)]),
            "InvalidBatchEntryId",
            "A batch entry id can only contain alphanumeric characters",
        ),
        (
            json!([entry("1", 1_048_570), entry("2", 7)]),
            "BatchRequestTooLong",
            "Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.",
        ),
    ] {
        let said = sqs.refused("SendMessageBatch", json!({"QueueUrl": url, "Entries": entries}), code).await;
        assert!(said.starts_with(text), "{said}");
    }
    assert_eq!(sqs.counts(&url).await, (0, 0, 0));
}
