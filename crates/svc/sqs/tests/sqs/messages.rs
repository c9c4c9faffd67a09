//! Messages of standard queues, from sending to deleting.

use std::time::Duration;

use alcazar_testkit::TestCloud;
use serde_json::json;

use crate::client::{ACCOUNT, Client, OTHER_ACCOUNT, bodies, handle};

#[tokio::test]
async fn a_message_is_received_with_what_was_sent_and_is_gone_once_deleted() {
    let cloud = TestCloud::new(1);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let url = sqs.new_queue("jobs").await;
    let sent = sqs
        .ok(
            "SendMessage",
            json!({
                "QueueUrl": url,
                "MessageBody": "hello",
                "MessageAttributes": {
                    "Hello": {"DataType": "String", "StringValue": "There"},
                    "General": {"DataType": "String", "StringValue": "Kenobi"},
                },
                "MessageSystemAttributes": {
                    "AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1-5759e988-bd862e3fe1be46a994272793"},
                },
                "MessageGroupId": "tenant",
            }),
        )
        .await;
    assert_eq!(sent["MD5OfMessageBody"], "5d41402abc4b2a76b9719d911017c592");
    assert_eq!(sent["MD5OfMessageAttributes"], "fca026605781cb4126a1e9044df24232");
    assert!(sent["MD5OfMessageSystemAttributes"].is_string());
    assert!(sent.get("SequenceNumber").is_none());
    let input = json!({
        "QueueUrl": url,
        "MessageAttributeNames": ["Gen.*"],
        "MessageSystemAttributeNames": ["All"],
        "MaxNumberOfMessages": 10,
    });
    let received = sqs.ok("ReceiveMessage", input).await;
    let message = &received["Messages"][0];
    assert_eq!(message["MessageId"], sent["MessageId"]);
    assert_eq!(message["Body"], "hello");
    assert_eq!(message["MD5OfBody"], sent["MD5OfMessageBody"]);
    assert_eq!(
        message["MessageAttributes"],
        json!({"General": {"DataType": "String", "StringValue": "Kenobi"}})
    );
    let now = cloud.now().as_millis().to_string();
    assert_eq!(
        message["Attributes"],
        json!({
            "SenderId": ACCOUNT,
            "SentTimestamp": now,
            "ApproximateReceiveCount": "1",
            "ApproximateFirstReceiveTimestamp": now,
            "AWSTraceHeader": "Root=1-5759e988-bd862e3fe1be46a994272793",
            "MessageGroupId": "tenant",
        })
    );
    assert_eq!(sqs.counts(&url).await, (0, 0, 1));
    assert_eq!(sqs.receive(&url, 10).await, json!({}));
    sqs.ok("DeleteMessage", json!({"QueueUrl": url, "ReceiptHandle": handle(message)})).await;
    assert_eq!(sqs.counts(&url).await, (0, 0, 0));
    cloud.advance(Duration::from_secs(3600)).await;
    assert_eq!(sqs.receive(&url, 10).await, json!({}));
    // Once more is no error.
    sqs.ok("DeleteMessage", json!({"QueueUrl": url, "ReceiptHandle": handle(message)})).await;
}

#[tokio::test]
async fn only_what_is_asked_for_of_a_message_is_told() {
    let cloud = TestCloud::new(2);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let url = sqs.new_queue_with("jobs", json!({"VisibilityTimeout": "0"})).await;
    let attributes = json!({"Foo": {"DataType": "Binary.png", "BinaryValue": "AQID"}});
    sqs.ok("SendMessage", json!({"QueueUrl": url, "MessageBody": "x", "MessageAttributes": attributes}))
        .await;
    let message = sqs.receive(&url, 1).await["Messages"][0].clone();
    let keys: Vec<&String> = message.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["Body", "MD5OfBody", "MessageId", "ReceiptHandle"]);
    let input =
        json!({"QueueUrl": url, "AttributeNames": ["SentTimestamp"], "MessageAttributeNames": ["All"]});
    let message = sqs.ok("ReceiveMessage", input).await["Messages"][0].clone();
    assert_eq!(message["Attributes"].as_object().unwrap().len(), 1);
    assert_eq!(message["MessageAttributes"], attributes);
}

#[tokio::test]
async fn a_delayed_message_comes_at_its_time() {
    let cloud = TestCloud::new(3);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let url = sqs.new_queue_with("jobs", json!({"DelaySeconds": "10"})).await;
    sqs.send(&url, "by the queue").await;
    sqs.ok("SendMessage", json!({"QueueUrl": url, "MessageBody": "at once", "DelaySeconds": 0})).await;
    sqs.ok("SendMessage", json!({"QueueUrl": url, "MessageBody": "late", "DelaySeconds": 60})).await;
    assert_eq!(sqs.counts(&url).await, (1, 2, 0));
    assert_eq!(bodies(&sqs.receive(&url, 10).await), ["at once"]);
    cloud.advance(Duration::from_secs(10)).await;
    assert_eq!(sqs.counts(&url).await, (1, 1, 1));
    assert_eq!(bodies(&sqs.receive(&url, 10).await), ["by the queue"]);
    cloud.advance(Duration::from_secs(49)).await;
    assert_eq!(sqs.counts(&url).await.1, 1);
    cloud.advance(Duration::from_secs(1)).await;
    assert_eq!(sqs.counts(&url).await.1, 0);
    let mut all = bodies(&sqs.receive(&url, 10).await);
    all.sort_unstable();
    assert_eq!(all, ["at once", "by the queue", "late"]);
}

#[tokio::test]
async fn a_message_past_the_retention_period_is_neither_given_out_nor_kept() {
    let cloud = TestCloud::new(4);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let url = sqs.new_queue_with("jobs", json!({"MessageRetentionPeriod": "600"})).await;
    let fifo =
        json!({"MessageRetentionPeriod": "600", "FifoQueue": "true", "ContentBasedDeduplication": "true"});
    let fifo = sqs.new_queue_with("jobs.fifo", fifo).await;
    let group = |url: &str, body: &str| json!({"QueueUrl": url, "MessageBody": body, "MessageGroupId": "g"});
    sqs.send(&url, "received").await;
    sqs.ok("SendMessage", group(&fifo, "received")).await;
    for url in [&url, &fifo] {
        assert_eq!(bodies(&sqs.receive(url, 1).await), ["received"]);
    }
    sqs.send(&url, "never received").await;
    sqs.ok("SendMessage", group(&fifo, "never received")).await;
    cloud.advance(Duration::from_secs(300)).await;
    sqs.send(&url, "later").await;
    sqs.ok("SendMessage", group(&fifo, "later")).await;
    cloud.advance(Duration::from_secs(301)).await;
    for url in [&url, &fifo] {
        assert_eq!(bodies(&sqs.receive(url, 10).await), ["later"], "{url}");
        assert_eq!(sqs.counts(url).await, (0, 0, 1), "{url}");
    }
    // Without anyone who asks.
    cloud.advance(Duration::from_secs(7200)).await;
    for url in [&url, &fifo] {
        assert_eq!(sqs.counts(url).await, (0, 0, 0), "{url}");
    }
    let left = alcazar_engine::Name::table("sqs.message").range();
    assert!(cloud.cloud().store().scan(&left, 10).await.unwrap().is_empty());
    for table in ["sqs.recent", "sqs.sweep", "sqs.group", "sqs.available", "sqs.in_flight", "sqs.moved"] {
        let left = alcazar_engine::Name::table(table).range();
        assert!(cloud.cloud().store().scan(&left, 10).await.unwrap().is_empty(), "{table}");
    }
}

#[tokio::test]
async fn what_is_in_a_queue_is_gone_when_it_is_purged() {
    let cloud = TestCloud::new(5);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let url = sqs.new_queue("jobs").await;
    for body in ["a", "b", "c"] {
        sqs.send(&url, body).await;
    }
    let held = sqs.receive(&url, 1).await;
    sqs.ok("PurgeQueue", json!({"QueueUrl": url})).await;
    assert_eq!(sqs.counts(&url).await, (0, 0, 0));
    let held = handle(&held["Messages"][0]);
    sqs.ok("DeleteMessage", json!({"QueueUrl": url, "ReceiptHandle": held})).await;
    let hide = json!({"QueueUrl": url, "ReceiptHandle": held, "VisibilityTimeout": 1});
    sqs.refused("ChangeMessageVisibility", hide, "InvalidParameterValueException").await;
    cloud.advance(Duration::from_secs(60)).await;
    assert_eq!(sqs.receive(&url, 10).await, json!({}));
    sqs.send(&url, "d").await;
    assert_eq!(bodies(&sqs.receive(&url, 10).await), ["d"]);
    let messages = alcazar_engine::Name::table("sqs.message").range();
    assert_eq!(cloud.cloud().store().scan(&messages, 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn another_node_goes_on_with_what_the_first_left() {
    let cloud = TestCloud::new(6);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let url = sqs.new_queue_with("jobs", json!({"VisibilityTimeout": "100"})).await;
    for body in ["a", "b", "c"] {
        sqs.send(&url, body).await;
    }
    let first = sqs.receive(&url, 1).await;
    let other = cloud.another_node();
    let again = Client::new(&other, &root);
    assert_eq!(again.counts(&url).await, (2, 0, 1));
    let second = again.receive(&url, 10).await;
    assert_eq!(second["Messages"].as_array().unwrap().len(), 2);
    let one = handle(&first["Messages"][0]);
    again.ok("DeleteMessage", json!({"QueueUrl": url, "ReceiptHandle": one})).await;
    // The first node has been told.
    assert_eq!(sqs.counts(&url).await, (0, 0, 2));
    let two = handle(&second["Messages"][0]);
    let now = json!({"QueueUrl": url, "ReceiptHandle": two, "VisibilityTimeout": 0});
    again.ok("ChangeMessageVisibility", now).await;
    assert_eq!(bodies(&sqs.receive(&url, 10).await), bodies(&json!({"Messages": [second["Messages"][0]]})));
}

#[tokio::test]
async fn other_accounts_send_and_receive_as_the_queues_policy_says() {
    let cloud = TestCloud::new(7);
    let (root, other) = (cloud.root(ACCOUNT), cloud.root(OTHER_ACCOUNT));
    let (sqs, theirs) = (Client::new(&cloud, &root), Client::new(&cloud, &other));
    let url = sqs.new_queue("jobs").await;
    let send = json!({"QueueUrl": url, "MessageBody": "x"});
    theirs.refused("SendMessage", send.clone(), "AccessDeniedException").await;
    let statement = json!({
        "Effect": "Allow", "Principal": {"AWS": OTHER_ACCOUNT}, "Action": "sqs:SendMessage", "Resource": sqs.arn("jobs"),
    });
    let policy = json!({"Version": "2012-10-17", "Statement": [statement]}).to_string();
    sqs.ok("SetQueueAttributes", json!({"QueueUrl": url, "Attributes": {"Policy": policy}})).await;
    theirs.ok("SendMessage", send.clone()).await;
    let entries = json!([{"Id": "1", "MessageBody": "y"}]);
    theirs.ok("SendMessageBatch", json!({"QueueUrl": url, "Entries": entries})).await;
    theirs.refused("ReceiveMessage", json!({"QueueUrl": url}), "AccessDeniedException").await;
    let none = url.replace("/jobs", "/none");
    let refused =
        theirs.refused("SendMessage", json!({"QueueUrl": none, "MessageBody": "x"}), "AccessDeniedException");
    refused.await;
    let told = sqs.ok("ReceiveMessage", json!({"QueueUrl": url, "AttributeNames": ["SenderId"]})).await;
    assert_eq!(told["Messages"][0]["Attributes"]["SenderId"], OTHER_ACCOUNT);
    let code = "QueueDoesNotExist";
    sqs.refused("SendMessage", json!({"QueueUrl": none, "MessageBody": "x"}), code).await;
}

#[tokio::test]
async fn events_of_messages_are_data_events_and_say_nothing_of_what_is_in_them() {
    let cloud = TestCloud::new(8);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let url = sqs.new_queue("jobs").await;
    let attributes = json!({"Foo": {"DataType": "String", "StringValue": "canary-2"}});
    sqs.ok(
        "SendMessage",
        json!({"QueueUrl": url, "MessageBody": "canary-1", "MessageAttributes": attributes}),
    )
    .await;
    let record = cloud.last_record();
    assert_eq!(
        (record["eventName"].as_str(), record["eventCategory"].as_str()),
        (Some("SendMessage"), Some("Data"))
    );
    assert_eq!(record["resources"][0]["type"], "AWS::SQS::Queue");
    let input = json!({"QueueUrl": url, "MessageAttributeNames": ["All"]});
    let received = sqs.ok("ReceiveMessage", input).await;
    assert_eq!(received["Messages"][0]["MessageAttributes"], attributes);
    for record in [record, cloud.last_record()] {
        assert!(!record.to_string().contains("canary"), "{record}");
    }
}
