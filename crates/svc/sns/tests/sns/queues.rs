//! Messages into queues: the queue's policy decides.

use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client, OTHER_ACCOUNT, queue_policy};

fn document(message: &Json) -> Json {
    serde_json::from_str(message["Body"].as_str().unwrap()).unwrap()
}

#[tokio::test]
async fn a_message_comes_to_every_queue_in_its_document_or_raw() {
    let client = Client::new(110);
    let topic = client.topic("t").await;
    let (wrapped, raw) = (client.queue("wrapped", &topic).await, client.queue("raw", &topic).await);
    let arn = client.subscribe(&topic, "sqs", &wrapped, json!({})).await;
    client.subscribe(&topic, "sqs", &raw, json!({"RawMessageDelivery": "true"})).await;
    let attributes = json!({
        "color": {"DataType": "String", "StringValue": "red"}, "size": {"DataType": "Number", "StringValue": "7"},
    });
    let input = json!({"TopicArn": topic, "Message": "hello", "MessageAttributes": attributes});
    let message_id = client.ok("Publish", input).await["MessageId"].clone();
    let received = client.receive(&wrapped).await;
    assert_eq!(received.len(), 1);
    let shown = document(&received[0]);
    assert_eq!(
        (&shown["Message"], &shown["MessageId"], &shown["Type"]),
        (&json!("hello"), &message_id, &json!("Notification"))
    );
    assert_eq!(shown["MessageAttributes"]["size"], json!({"Type": "Number", "Value": "7"}));
    assert_eq!(
        shown["UnsubscribeURL"],
        format!("http://localhost:4566/?Action=Unsubscribe&SubscriptionArn={arn}")
    );
    let received = client.receive(&raw).await;
    assert_eq!(received[0]["Body"], "hello");
    assert_eq!(received[0]["MessageAttributes"]["color"]["StringValue"], "red");
}

#[tokio::test]
async fn only_the_topic_that_a_queue_names_may_fill_it() {
    let client = Client::new(111);
    let (topic, other) = (client.topic("t").await, client.topic("other").await);
    let queue = client.queue("q", &topic).await;
    let unlisted = format!("arn:aws:sqs:us-east-1:{ACCOUNT}:unlisted");
    client.queue_with_policy("unlisted", &queue_policy(&unlisted, "arn:aws:sns:*:444455556666:*")).await;
    for topic in [&topic, &other] {
        client.subscribe(topic, "sqs", &queue, json!({})).await;
        client.subscribe(topic, "sqs", &unlisted, json!({})).await;
        client.publish(topic, topic).await;
    }
    let texts: Vec<_> =
        client.receive(&queue).await.iter().map(|it| document(it)["Message"].clone()).collect();
    assert_eq!(texts, [json!(topic)]);
    assert_eq!(client.receive(&unlisted).await.len(), 0);
    // Who asked, for whom, and how that ended, is in the audit log.
    let events = client.cloud.events();
    let sent: Vec<_> = events.iter().filter(|event| event.event_name == "SendMessage").collect();
    assert_eq!(sent.len(), 4);
    assert_eq!(sent.iter().filter(|event| event.error_code.is_some()).count(), 3);
    assert!(sent.iter().all(|event| event.data_event));
}

#[tokio::test]
async fn a_queue_of_another_account_is_asked_through_itself() {
    let client = Client::new(112);
    let topic = client.topic("t").await;
    let other = client.cloud.root(OTHER_ACCOUNT);
    let queue = format!("arn:aws:sqs:us-east-1:{OTHER_ACCOUNT}:q");
    let policy = queue_policy(&queue, &topic);
    let input = json!({"QueueName": "q", "Attributes": {"Policy": policy}});
    client.cloud.ask(&other, "sqs", "CreateQueue", &input).await.unwrap();
    let input = json!({"TopicArn": topic, "Protocol": "sqs", "Endpoint": queue});
    assert_eq!(client.ok("Subscribe", input).await["SubscriptionArn"], "pending confirmation");
    client.publish(&topic, "too early").await;
    client.cloud.settle().await;
    let received = client.receive_as(&other, &queue).await;
    assert_eq!(received.len(), 1);
    let question = document(&received[0]);
    assert_eq!(question["Type"], "SubscriptionConfirmation");
    let answer = client.follow(question["SubscribeURL"].as_str().unwrap()).await;
    assert_eq!(answer.status(), 200, "{}", answer.text());
    client.publish(&topic, "now").await;
    client.cloud.settle().await;
    assert_eq!(document(&client.receive_as(&other, &queue).await[0])["Message"], "now");
}

#[tokio::test]
async fn a_raw_message_of_more_than_ten_attributes_is_no_message_of_a_queue() {
    let client = Client::new(113);
    let topic = client.topic("t").await;
    let (queue, dead) = (client.queue("q", &topic).await, client.queue("dead", &topic).await);
    let redrive = json!({"deadLetterTargetArn": dead}).to_string();
    let raw = json!({"RawMessageDelivery": "true", "RedrivePolicy": redrive});
    client.subscribe(&topic, "sqs", &queue, raw).await;
    let attributes: serde_json::Map<_, _> =
        (0..11).map(|n| (format!("a{n}"), json!({"DataType": "String", "StringValue": "x"}))).collect();
    let input = json!({"TopicArn": topic, "Message": "m", "MessageAttributes": attributes});
    client.ok("Publish", input).await;
    assert_eq!(client.receive(&queue).await.len(), 0);
}

#[tokio::test]
async fn groups_of_a_standard_topic_reach_queues() {
    let client = Client::new(114);
    let topic = client.topic("t").await;
    let queue = client.queue("q", &topic).await;
    client.subscribe(&topic, "sqs", &queue, json!({})).await;
    client.ok("Publish", json!({"TopicArn": topic, "Message": "m", "MessageGroupId": "tenant"})).await;
    assert_eq!(client.receive(&queue).await[0]["Attributes"]["MessageGroupId"], "tenant");
}
