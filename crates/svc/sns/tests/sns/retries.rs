//! Trying again, giving up, and dead-letter queues.

use std::time::Duration;

use alcazar_engine::port::outbound::OutboundError;
use serde_json::{Value as Json, json};

use crate::client::{Client, header, queue_policy};

const ENDPOINT: &str = "http://example.com/";

/// When attempts came, in seconds after the message was published.
async fn attempts(client: &Client, seconds: u64) -> Vec<u64> {
    let mut times = Vec::new();
    client.cloud.settle().await;
    for second in 0..=seconds {
        let came = client.cloud.outside().take_requests().len();
        times.extend(std::iter::repeat_n(second, came));
        client.cloud.advance(Duration::from_secs(1)).await;
    }
    times
}

#[tokio::test]
async fn an_endpoint_that_is_down_is_tried_three_times_more() {
    let client = Client::new(80);
    let topic = client.topic("t").await;
    client.subscribe(&topic, "http", ENDPOINT, json!({})).await;
    let unreachable = OutboundError::Unreachable("no".to_owned());
    for failure in [Err(OutboundError::TimedOut), Err(unreachable), Ok(500), Ok(429)] {
        match failure {
            Ok(status) => client.cloud.outside().answer(status, &json!({})),
            Err(error) => client.cloud.outside().fail(error),
        }
        client.publish(&topic, "m").await;
        assert_eq!(attempts(&client, 100).await, [0, 20, 40, 60]);
    }
}

#[tokio::test]
async fn every_attempt_brings_the_same_message() {
    let client = Client::new(81);
    let topic = client.topic("t").await;
    client.subscribe(&topic, "http", ENDPOINT, json!({})).await;
    client.cloud.outside().answer(503, &json!({}));
    let message_id = client.publish(&topic, "m").await;
    assert_eq!(client.sent().await.len(), 1);
    client.cloud.outside().answer(200, &json!({}));
    client.cloud.advance(Duration::from_secs(60)).await;
    let again = client.cloud.outside().take_requests();
    assert_eq!(again.len(), 1);
    assert_eq!(header(&again[0], "x-amz-sns-message-id"), Some(message_id));
}

#[tokio::test]
async fn an_endpoint_that_refuses_is_not_tried_again() {
    let client = Client::new(82);
    let topic = client.topic("t").await;
    client.subscribe(&topic, "http", ENDPOINT, json!({})).await;
    for status in [400, 403, 404, 301] {
        client.cloud.outside().answer(status, &json!({}));
        client.publish(&topic, "m").await;
        assert_eq!(attempts(&client, 60).await, [0], "{status}");
    }
}

#[tokio::test]
async fn delivery_policies_say_when_to_try_again() {
    let client = Client::new(83);
    let policy = json!({"http": {"defaultHealthyRetryPolicy": {
        "minDelayTarget": 2, "maxDelayTarget": 6, "numRetries": 6, "numNoDelayRetries": 1, "numMinDelayRetries": 1,
        "numMaxDelayRetries": 1, "backoffFunction": "linear"}}});
    let topic = client.topic_with("t", json!({"DeliveryPolicy": policy.to_string()})).await;
    let arn = client.subscribe(&topic, "http", ENDPOINT, json!({})).await;
    client.cloud.outside().answer(500, &json!({}));
    client.publish(&topic, "m").await;
    assert_eq!(attempts(&client, 60).await, [0, 0, 2, 4, 8, 14, 20]);
    let own = json!({"healthyRetryPolicy": {"numRetries": 1, "minDelayTarget": 5, "maxDelayTarget": 5}});
    let input =
        json!({"SubscriptionArn": arn, "AttributeName": "DeliveryPolicy", "AttributeValue": own.to_string()});
    client.ok("SetSubscriptionAttributes", input).await;
    client.publish(&topic, "m").await;
    assert_eq!(attempts(&client, 60).await, [0, 5]);
}

#[tokio::test]
async fn what_is_not_taken_goes_to_the_dead_letter_queue() {
    let client = Client::new(84);
    let topic = client.topic("t").await;
    let queue = client.queue("dead", &topic).await;
    let redrive = json!({"deadLetterTargetArn": queue}).to_string();
    client.subscribe(&topic, "http", ENDPOINT, json!({"RedrivePolicy": redrive})).await;
    client.cloud.outside().answer(500, &json!({}));
    client.publish(&topic, "tried").await;
    assert_eq!(attempts(&client, 70).await.len(), 4);
    client.cloud.outside().answer(410, &json!({}));
    client.publish(&topic, "refused").await;
    let letters = client.receive(&queue).await;
    let mut bodies: Vec<Json> =
        letters.iter().map(|it| serde_json::from_str(it["Body"].as_str().unwrap()).unwrap()).collect();
    bodies.sort_by_key(|body| body["Message"].to_string());
    let texts: Vec<_> = bodies.iter().map(|body| body["Message"].as_str().unwrap()).collect();
    assert_eq!(texts, ["refused", "tried"]);
    assert_eq!(bodies[0]["Type"], "Notification");
    assert!(letters.iter().all(|it| it.get("MessageAttributes").is_none_or(Json::is_null)), "{letters:?}");
}

#[tokio::test]
async fn a_queue_that_is_gone_or_closed_is_not_tried_again() {
    let client = Client::new(85);
    let topic = client.topic("t").await;
    let dead = client.queue("dead", &topic).await;
    let redrive = json!({"deadLetterTargetArn": dead}).to_string();
    let (gone, closed) = (dead.replace("dead", "gone"), dead.replace("dead", "closed"));
    let for_another = queue_policy(&closed, "arn:aws:sns:us-east-1:111122223333:another");
    client.queue_with_policy("closed", &for_another).await;
    for endpoint in [gone, closed] {
        client.subscribe(&topic, "sqs", &endpoint, json!({"RedrivePolicy": redrive})).await;
    }
    client.publish(&topic, "m").await;
    assert_eq!(client.receive(&dead).await.len(), 2);
    client.cloud.advance(Duration::from_secs(3600)).await;
    assert_eq!(client.receive(&dead).await.len(), 0);
}
