//! FIFO queues: order within a group, and no message twice.

use std::time::Duration;

use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client, bodies, handle};

const INVALID: &str = "InvalidParameterValueException";

async fn queue(sqs: &Client<'_>, more: Json) -> String {
    let mut attributes = json!({"FifoQueue": "true", "ContentBasedDeduplication": "true"});
    for (name, value) in more.as_object().unwrap() {
        attributes[name] = value.clone();
    }
    sqs.new_queue_with("jobs.fifo", attributes).await
}

async fn send(sqs: &Client<'_>, url: &str, group: &str, body: &str) -> Json {
    sqs.ok("SendMessage", json!({"QueueUrl": url, "MessageBody": body, "MessageGroupId": group})).await
}

async fn delete(sqs: &Client<'_>, url: &str, message: &Json) {
    sqs.ok("DeleteMessage", json!({"QueueUrl": url, "ReceiptHandle": handle(message)})).await;
}

#[tokio::test]
async fn a_group_gives_out_nothing_while_anything_of_it_is_in_flight() {
    let cloud = TestCloud::new(50);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let url = queue(&sqs, json!({})).await;
    for body in ["a1", "a2", "a3"] {
        send(&sqs, &url, "a", body).await;
    }
    cloud.advance(Duration::from_millis(1)).await;
    send(&sqs, &url, "b", "b1").await;
    assert_eq!(sqs.counts(&url).await, (4, 0, 0));
    let of_a = sqs.receive(&url, 2).await;
    assert_eq!(bodies(&of_a), ["a1", "a2"]);
    assert_eq!(sqs.counts(&url).await, (2, 0, 2));
    let of_b = sqs.receive(&url, 10).await;
    assert_eq!(bodies(&of_b), ["b1"]);
    assert_eq!(sqs.receive(&url, 10).await, json!({}));
    delete(&sqs, &url, &of_a["Messages"][0]).await;
    assert_eq!(sqs.receive(&url, 10).await, json!({}));
    delete(&sqs, &url, &of_a["Messages"][1]).await;
    let rest = sqs.receive(&url, 10).await;
    assert_eq!(bodies(&rest), ["a3"]);
    cloud.advance(Duration::from_secs(30)).await;
    send(&sqs, &url, "a", "a4").await;
    let mut back = bodies(&sqs.receive(&url, 10).await);
    back.sort_unstable();
    assert_eq!(back, ["a3", "a4", "b1"]);
    assert_eq!(sqs.counts(&url).await, (0, 0, 3));
}

#[tokio::test]
async fn a_message_is_sent_once_in_five_minutes() {
    let cloud = TestCloud::new(51);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let url = queue(&sqs, json!({})).await;
    let first = send(&sqs, &url, "a", "x").await;
    assert_eq!(first["SequenceNumber"].as_str().unwrap().len(), 20);
    // Whatever the group, and after it was deleted, too.
    assert_eq!(send(&sqs, &url, "b", "x").await, first);
    delete(&sqs, &url, &sqs.receive(&url, 1).await["Messages"][0]).await;
    cloud.advance(Duration::from_secs(299)).await;
    assert_eq!(send(&sqs, &url, "a", "x").await, first);
    assert_eq!(sqs.receive(&url, 10).await, json!({}));
    let given =
        json!({"QueueUrl": url, "MessageBody": "y", "MessageGroupId": "a", "MessageDeduplicationId": "1"});
    let other = sqs.ok("SendMessage", given).await;
    assert_ne!(other["MessageId"], first["MessageId"]);
    cloud.advance(Duration::from_secs(1)).await;
    let again = send(&sqs, &url, "a", "x").await;
    assert_ne!(again["MessageId"], first["MessageId"]);
    assert!(again["SequenceNumber"].as_str() > first["SequenceNumber"].as_str());
    let input = json!({"QueueUrl": url, "AttributeNames": ["All"], "MaxNumberOfMessages": 10});
    let received = sqs.ok("ReceiveMessage", input).await;
    assert_eq!(bodies(&received), ["y", "x"]);
    let attributes = &received["Messages"][0]["Attributes"];
    assert_eq!(attributes["MessageDeduplicationId"], "1");
    assert_eq!(attributes["SequenceNumber"], other["SequenceNumber"]);
    // SHA-256 of "x".
    let hash = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";
    assert_eq!(received["Messages"][1]["Attributes"]["MessageDeduplicationId"], hash);
}

#[tokio::test]
async fn groups_may_tell_their_own_messages_apart() {
    let cloud = TestCloud::new(52);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let high = json!({"DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId"});
    let url = queue(&sqs, high).await;
    let one = send(&sqs, &url, "a", "x").await;
    let two = send(&sqs, &url, "b", "x").await;
    assert_ne!(one["MessageId"], two["MessageId"]);
    assert_eq!(send(&sqs, &url, "b", "x").await, two);
    let entries = json!([
        {"Id": "1", "MessageBody": "y", "MessageGroupId": "a"},
        {"Id": "2", "MessageBody": "y", "MessageGroupId": "a"},
    ]);
    let sent = sqs.ok("SendMessageBatch", json!({"QueueUrl": url, "Entries": entries})).await;
    assert_eq!(sent["Successful"][0]["MessageId"], sent["Successful"][1]["MessageId"]);
    assert_eq!(sqs.counts(&url).await, (3, 0, 0));
}

#[tokio::test]
async fn only_the_newest_handle_deletes_and_only_in_time() {
    let cloud = TestCloud::new(53);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let url = queue(&sqs, json!({})).await;
    send(&sqs, &url, "a", "x").await;
    let first = handle(&sqs.receive(&url, 1).await["Messages"][0]);
    cloud.advance(Duration::from_secs(30)).await;
    let delete = |handle: &str| json!({"QueueUrl": url, "ReceiptHandle": handle});
    let expired = format!(
        "Value {first} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired."
    );
    assert_eq!(sqs.refused("DeleteMessage", delete(&first), INVALID).await, expired);
    let second = handle(&sqs.receive(&url, 1).await["Messages"][0]);
    assert_eq!(sqs.refused("DeleteMessage", delete(&first), INVALID).await, expired);
    let hide = |handle: &str, seconds: i32| json!({"QueueUrl": url, "ReceiptHandle": handle, "VisibilityTimeout": seconds});
    sqs.refused("ChangeMessageVisibility", hide(&first, 60), INVALID).await;
    sqs.ok("ChangeMessageVisibility", hide(&second, 60)).await;
    cloud.advance(Duration::from_secs(59)).await;
    assert_eq!(sqs.receive(&url, 1).await, json!({}));
    sqs.ok("DeleteMessage", delete(&second)).await;
    sqs.ok("DeleteMessage", delete(&second)).await;
    assert_eq!(sqs.counts(&url).await, (0, 0, 0));
}

#[tokio::test]
async fn a_delay_holds_back_what_was_sent_before_it_was_set() {
    let cloud = TestCloud::new(54);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let url = queue(&sqs, json!({})).await;
    send(&sqs, &url, "a", "x").await;
    sqs.ok("SetQueueAttributes", json!({"QueueUrl": url, "Attributes": {"DelaySeconds": "20"}})).await;
    assert_eq!(sqs.counts(&url).await, (0, 1, 0));
    assert_eq!(sqs.receive(&url, 1).await, json!({}));
    cloud.advance(Duration::from_secs(20)).await;
    assert_eq!(sqs.counts(&url).await, (1, 0, 0));
    assert_eq!(bodies(&sqs.receive(&url, 1).await), ["x"]);
}

#[tokio::test]
async fn a_receive_with_an_id_can_be_asked_for_again() {
    let cloud = TestCloud::new(55);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let url = queue(&sqs, json!({})).await;
    for body in ["a", "b"] {
        send(&sqs, &url, "g", body).await;
    }
    let input = json!({"QueueUrl": url, "ReceiveRequestAttemptId": "once", "MaxNumberOfMessages": 10});
    let first = sqs.ok("ReceiveMessage", input.clone()).await;
    assert_eq!(bodies(&first), ["a", "b"]);
    cloud.advance(Duration::from_secs(20)).await;
    assert_eq!(sqs.ok("ReceiveMessage", input.clone()).await, first);
    // It is hidden anew.
    cloud.advance(Duration::from_secs(20)).await;
    assert_eq!(sqs.receive(&url, 10).await, json!({}));
    delete(&sqs, &url, &first["Messages"][0]).await;
    let said = sqs.refused("ReceiveMessage", input.clone(), INVALID).await;
    assert_eq!(
        said,
        "Value once for parameter ReceiveRequestAttemptId is invalid. Reason: The receiveRequestAttemptId is not valid \
         anymore since the receive call is not retryable."
    );
    cloud.advance(Duration::from_secs(300)).await;
    assert_eq!(bodies(&sqs.ok("ReceiveMessage", input).await), ["b"]);
}

#[tokio::test]
async fn another_node_keeps_the_order_and_the_duplicates_out() {
    let cloud = TestCloud::new(56);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let url = queue(&sqs, json!({})).await;
    for body in ["a", "b", "c"] {
        send(&sqs, &url, "g", body).await;
    }
    assert_eq!(bodies(&sqs.receive(&url, 1).await), ["a"]);
    let other = cloud.another_node();
    let again = Client::new(&other, &root);
    assert_eq!(again.receive(&url, 10).await, json!({}));
    assert_eq!(again.counts(&url).await, (2, 0, 1));
    send(&again, &url, "g", "a").await;
    send(&again, &url, "g", "d").await;
    other.advance(Duration::from_secs(30)).await;
    assert_eq!(bodies(&again.receive(&url, 10).await), ["a", "b", "c", "d"]);
}
