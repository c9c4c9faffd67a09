//! FIFO topics: order, duplicates, sequence numbers.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value as Json, json};

use crate::client::Client;

fn document(message: &Json) -> Json {
    serde_json::from_str(message["Body"].as_str().unwrap()).unwrap()
}

fn message(topic: &str, text: &str, group: &str, deduplication: &str) -> Json {
    json!({
        "TopicArn": topic, "Message": text, "MessageGroupId": group, "MessageDeduplicationId": deduplication,
    })
}

#[tokio::test]
async fn a_fifo_queue_gets_group_id_and_sequence_number() {
    let client = Client::new(120);
    let topic = client.topic("t.fifo").await;
    let queue = client.queue("q.fifo", &topic).await;
    client.subscribe(&topic, "sqs", &queue, json!({})).await;
    let answer = client.ok("Publish", message(&topic, "m", "g", "d")).await;
    assert_eq!(answer["SequenceNumber"], "10000000000000000001");
    let received = client.receive(&queue).await;
    let shown = document(&received[0]);
    assert_eq!(shown["SequenceNumber"], answer["SequenceNumber"]);
    assert_eq!(shown["Signature"], json!(null));
    assert_eq!(received[0]["Attributes"]["MessageGroupId"], "g");
    assert_eq!(received[0]["Attributes"]["MessageDeduplicationId"], "d");
}

#[tokio::test]
async fn duplicates_are_accepted_and_not_delivered_for_five_minutes() {
    let client = Client::new(121);
    let topic = client.topic_with("t.fifo", json!({"ContentBasedDeduplication": "true"})).await;
    let queue = client.queue("q.fifo", &topic).await;
    client.subscribe(&topic, "sqs", &queue, json!({"RawMessageDelivery": "true"})).await;
    let first = client.ok("Publish", message(&topic, "m", "g", "d")).await;
    assert_eq!(client.ok("Publish", message(&topic, "other", "other", "d")).await, first);
    let by_content = json!({"TopicArn": topic, "Message": "content", "MessageGroupId": "g"});
    let second = client.ok("Publish", by_content.clone()).await;
    assert_eq!(client.ok("Publish", by_content).await, second);
    assert_ne!(first["MessageId"], second["MessageId"]);
    let texts: Vec<_> = client.receive(&queue).await.iter().map(|it| it["Body"].clone()).collect();
    assert_eq!(texts, ["m", "content"]);
    client.cloud.advance(Duration::from_secs(299)).await;
    assert_eq!(client.ok("Publish", message(&topic, "m", "g", "d")).await, first);
    client.cloud.advance(Duration::from_secs(1)).await;
    assert_ne!(client.ok("Publish", message(&topic, "again", "g", "d")).await, first);
    assert_eq!(client.receive(&queue).await.len(), 1);
}

#[tokio::test]
async fn duplicates_may_be_told_by_group() {
    let client = Client::new(122);
    let topic = client.topic_with("t.fifo", json!({"FifoThroughputScope": "MessageGroup"})).await;
    let one = client.ok("Publish", message(&topic, "m", "one", "d")).await;
    let other = client.ok("Publish", message(&topic, "m", "other", "d")).await;
    assert_ne!(one["MessageId"], other["MessageId"]);
    assert_eq!(client.ok("Publish", message(&topic, "m", "one", "d")).await, one);
}

#[tokio::test]
async fn order_is_kept_within_a_group_while_a_queue_is_closed_and_whoever_publishes() {
    let client = Arc::new(Client::new(123));
    let topic = client.topic("t.fifo").await;
    let queue = client.queue("q.fifo", &topic).await;
    client.subscribe(&topic, "sqs", &queue, json!({"RawMessageDelivery": "true"})).await;
    let mut publishers = tokio::task::JoinSet::new();
    for publisher in 0..4 {
        let (client, topic) = (client.clone(), topic.clone());
        publishers.spawn(async move {
            let mut published = Vec::new();
            for number in 0..10 {
                let text = format!("{publisher}-{number}");
                let group = if publisher % 2 == 0 { "even" } else { "odd" };
                let answer = client.ok("Publish", message(&topic, &text, group, &text)).await;
                let sequence: u64 = answer["SequenceNumber"].as_str().unwrap().parse().unwrap();
                published.push((sequence, group, text));
            }
            published
        });
    }
    let mut published: Vec<_> = publishers.join_all().await.into_iter().flatten().collect();
    published.sort();
    assert!(published.windows(2).all(|pair| pair[0].0 < pair[1].0));
    let received = client.receive(&queue).await;
    for group in ["even", "odd"] {
        let expected: Vec<_> =
            published.iter().filter(|(_, of, _)| *of == group).map(|(_, _, text)| text.clone()).collect();
        let came: Vec<_> = received
            .iter()
            .filter(|it| it["Attributes"]["MessageGroupId"] == group)
            .map(|it| it["Body"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(came, expected, "{group}");
    }
}

#[tokio::test]
async fn a_batch_keeps_its_order() {
    let client = Client::new(124);
    let topic = client.topic("t.fifo").await;
    let queue = client.queue("q.fifo", &topic).await;
    client.subscribe(&topic, "sqs", &queue, json!({"RawMessageDelivery": "true"})).await;
    let entries: Vec<_> = (0..10)
        .map(|n| {
            let n = n.to_string();
            json!({"Id": n, "Message": n, "MessageGroupId": "g", "MessageDeduplicationId": n})
        })
        .collect();
    client.ok("PublishBatch", json!({"TopicArn": topic, "PublishBatchRequestEntries": entries})).await;
    let texts: Vec<_> = client.receive(&queue).await.iter().map(|it| it["Body"].clone()).collect();
    assert_eq!(texts, ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
}

#[tokio::test]
async fn a_standard_queue_and_a_dead_letter_queue_get_messages_of_a_fifo_topic() {
    let client = Client::new(125);
    let topic = client.topic("t.fifo").await;
    let (queue, dead) = (client.queue("q", &topic).await, client.queue("dead.fifo", &topic).await);
    client.subscribe(&topic, "sqs", &queue, json!({})).await;
    let redrive = json!({"deadLetterTargetArn": dead}).to_string();
    let gone = dead.replace("dead.fifo", "gone.fifo");
    client.subscribe(&topic, "sqs", &gone, json!({"RedrivePolicy": redrive})).await;
    client.ok("Publish", message(&topic, "m", "g", "d")).await;
    assert_eq!(document(&client.receive(&queue).await[0])["Message"], "m");
    let letters = client.receive(&dead).await;
    assert_eq!(letters[0]["Attributes"]["MessageGroupId"], "g");
    assert_eq!(letters[0]["Attributes"]["MessageDeduplicationId"], "d");
}
