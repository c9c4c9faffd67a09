//! How long received messages stay hidden, and what receipt handles are good for.

use std::time::Duration;

use alcazar_testkit::TestCloud;
use serde_json::json;

use crate::client::{ACCOUNT, Client, bodies, handle};

const INVALID: &str = "InvalidParameterValueException";

#[tokio::test]
async fn a_message_comes_back_when_it_was_hidden_long_enough() {
    let cloud = TestCloud::new(20);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let url = sqs.new_queue("jobs").await;
    sqs.send(&url, "a").await;
    let first = sqs.receive(&url, 1).await;
    cloud.advance(Duration::from_secs(29)).await;
    assert_eq!(sqs.receive(&url, 1).await, json!({}));
    cloud.advance(Duration::from_secs(1)).await;
    assert_eq!(sqs.counts(&url).await, (1, 0, 0));
    let input = json!({"QueueUrl": url, "AttributeNames": ["All"], "VisibilityTimeout": 5});
    let second = sqs.ok("ReceiveMessage", input.clone()).await;
    let attributes = &second["Messages"][0]["Attributes"];
    assert_eq!(attributes["ApproximateReceiveCount"], "2");
    let first_received = attributes["ApproximateFirstReceiveTimestamp"].clone();
    assert_ne!(first["Messages"][0]["ReceiptHandle"], second["Messages"][0]["ReceiptHandle"]);
    cloud.advance(Duration::from_secs(5)).await;
    let third = sqs.ok("ReceiveMessage", input).await;
    assert_eq!(third["Messages"][0]["Attributes"]["ApproximateReceiveCount"], "3");
    assert_eq!(third["Messages"][0]["Attributes"]["ApproximateFirstReceiveTimestamp"], first_received);
    // Every handle that was ever given out deletes it.
    let old = handle(&first["Messages"][0]);
    sqs.ok("DeleteMessage", json!({"QueueUrl": url, "ReceiptHandle": old})).await;
    cloud.advance(Duration::from_secs(60)).await;
    assert_eq!(sqs.receive(&url, 1).await, json!({}));
    assert_eq!(sqs.counts(&url).await, (0, 0, 0));
}

#[tokio::test]
async fn the_time_to_hide_is_changed_by_the_newest_handle_alone() {
    let cloud = TestCloud::new(21);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let url = sqs.new_queue("jobs").await;
    sqs.send(&url, "a").await;
    let first = handle(&sqs.receive(&url, 1).await["Messages"][0]);
    let hide = |handle: &str, seconds: i32| json!({"QueueUrl": url, "ReceiptHandle": handle, "VisibilityTimeout": seconds});
    sqs.ok("ChangeMessageVisibility", hide(&first, 100)).await;
    cloud.advance(Duration::from_secs(99)).await;
    assert_eq!(sqs.receive(&url, 1).await, json!({}));
    sqs.ok("ChangeMessageVisibility", hide(&first, 100)).await;
    cloud.advance(Duration::from_secs(100)).await;
    assert_eq!(sqs.counts(&url).await, (1, 0, 0));
    // Nobody else has it yet.
    sqs.ok("ChangeMessageVisibility", hide(&first, 10)).await;
    assert_eq!(sqs.receive(&url, 1).await, json!({}));
    sqs.ok("ChangeMessageVisibility", hide(&first, 0)).await;
    let second = handle(&sqs.receive(&url, 1).await["Messages"][0]);
    let said = sqs.refused("ChangeMessageVisibility", hide(&first, 10), INVALID).await;
    assert_eq!(
        said,
        format!(
            "Value {first} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for \
             visibility timeout change."
        )
    );
    cloud.advance(Duration::from_secs(10)).await;
    let said = sqs.refused("ChangeMessageVisibility", hide(&second, 43_195), INVALID).await;
    assert!(
        said.ends_with("Total VisibilityTimeout for the message is beyond the limit [43200 seconds]"),
        "{said}"
    );
    sqs.ok("ChangeMessageVisibility", hide(&second, 43_190)).await;
    sqs.ok("DeleteMessage", json!({"QueueUrl": url, "ReceiptHandle": second})).await;
    sqs.refused("ChangeMessageVisibility", hide(&second, 0), INVALID).await;
}

#[tokio::test]
async fn a_message_that_is_not_hidden_is_received_again_at_once() {
    let cloud = TestCloud::new(22);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let url = sqs.new_queue_with("jobs", json!({"VisibilityTimeout": "0"})).await;
    sqs.send(&url, "a").await;
    for _ in 0..5 {
        assert_eq!(bodies(&sqs.receive(&url, 1).await), ["a"]);
        assert_eq!(sqs.counts(&url).await, (1, 0, 0));
    }
}

#[tokio::test]
async fn a_handle_is_good_for_its_own_queue_and_only_as_it_was_given() {
    let cloud = TestCloud::new(23);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let (url, other) = (sqs.new_queue("jobs").await, sqs.new_queue("other").await);
    sqs.send(&url, "a").await;
    let good = handle(&sqs.receive(&url, 1).await["Messages"][0]);
    let mut changed = good.clone().into_bytes();
    changed[20] = if changed[20] == b'A' { b'B' } else { b'A' };
    let changed = String::from_utf8(changed).unwrap();
    for (url, handle) in
        [(&url, "x"), (&url, ""), (&url, &changed), (&other, &good), (&url, &"A".repeat(2000))]
    {
        let input = json!({"QueueUrl": url, "ReceiptHandle": handle});
        let said = sqs.refused("DeleteMessage", input, "ReceiptHandleIsInvalid").await;
        assert_eq!(said, format!("The input receipt handle \"{handle}\" is not a valid receipt handle."));
    }
    assert_eq!(sqs.counts(&url).await, (0, 0, 1));
}
