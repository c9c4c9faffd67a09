//! Messages that go to the dead-letter queue.

use std::time::Duration;

use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client, bodies, handle};

fn redrive(sqs: &Client<'_>, target: &str, most: u32) -> Json {
    json!({"deadLetterTargetArn": sqs.arn(target), "maxReceiveCount": most}).to_string().into()
}

#[tokio::test]
async fn a_message_that_was_received_too_often_goes_to_the_dead_letter_queue() {
    let cloud = TestCloud::new(30);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let dead = sqs.new_queue("dead").await;
    let attributes = json!({"RedrivePolicy": redrive(&sqs, "dead", 2), "VisibilityTimeout": "10"});
    let url = sqs.new_queue_with("jobs", attributes).await;
    let sent = sqs.send(&url, "poison").await;
    let sent_at = cloud.now().as_millis().to_string();
    let mut last = String::new();
    for _ in 0..2 {
        last = handle(&sqs.receive(&url, 1).await["Messages"][0]);
        cloud.advance(Duration::from_secs(10)).await;
    }
    sqs.send(&url, "good").await;
    assert_eq!(bodies(&sqs.receive(&url, 10).await), ["good"]);
    assert_eq!((sqs.counts(&url).await, sqs.counts(&dead).await), ((0, 0, 1), (1, 0, 0)));
    let input = json!({"QueueUrl": dead, "AttributeNames": ["All"]});
    let received = sqs.ok("ReceiveMessage", input).await;
    let message = &received["Messages"][0];
    assert_eq!((&message["MessageId"], &message["Body"]), (&sent["MessageId"], &json!("poison")));
    assert_eq!(message["Attributes"]["DeadLetterQueueSourceArn"], sqs.arn("jobs"));
    assert_eq!(message["Attributes"]["SentTimestamp"], sent_at);
    assert_eq!(message["Attributes"]["ApproximateReceiveCount"], "3");
    // What its last receiver does has no effect any more.
    sqs.ok("DeleteMessage", json!({"QueueUrl": url, "ReceiptHandle": last})).await;
    assert_eq!(sqs.counts(&dead).await, (0, 0, 1));
}

#[tokio::test]
async fn dead_letters_of_a_fifo_queue_stay_in_order_and_let_the_others_pass() {
    let cloud = TestCloud::new(31);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let fifo = json!({"FifoQueue": "true", "ContentBasedDeduplication": "true"});
    let dead = sqs.new_queue_with("dead.fifo", fifo.clone()).await;
    let mut attributes = fifo;
    attributes["RedrivePolicy"] = redrive(&sqs, "dead.fifo", 1);
    attributes["VisibilityTimeout"] = json!("10");
    let url = sqs.new_queue_with("jobs.fifo", attributes).await;
    for body in ["a", "b", "c"] {
        sqs.ok("SendMessage", json!({"QueueUrl": url, "MessageBody": body, "MessageGroupId": "g"})).await;
    }
    assert_eq!(bodies(&sqs.receive(&url, 2).await), ["a", "b"]);
    cloud.advance(Duration::from_secs(10)).await;
    assert_eq!(bodies(&sqs.receive(&url, 10).await), ["c"]);
    let input = json!({"QueueUrl": dead, "AttributeNames": ["All"], "MaxNumberOfMessages": 10});
    let received = sqs.ok("ReceiveMessage", input).await;
    assert_eq!(bodies(&received), ["a", "b"]);
    let attributes = &received["Messages"][0]["Attributes"];
    assert_eq!(attributes["MessageGroupId"], "g");
    assert_eq!(attributes["ApproximateReceiveCount"], "2");
    assert_eq!(attributes["SentTimestamp"], cloud.now().as_millis().to_string());
}
