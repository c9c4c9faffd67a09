//! Messages over HTTP and HTTPS.

use std::time::Duration;

use serde_json::{Value as Json, json};

use crate::client::{Client, body, body_text, header, send_of};

const ENDPOINT: &str = "https://user:word@example.com:8443/in";

#[tokio::test]
async fn a_message_comes_in_aws_s_document_with_aws_s_headers() {
    let client = Client::new(70);
    let topic = client.topic("t").await;
    let arn = client.subscribe(&topic, "https", ENDPOINT, json!({})).await;
    let attributes = json!({
        "color": {"DataType": "String", "StringValue": "red"}, "data": {"DataType": "Binary", "BinaryValue": "AQI="},
    });
    let input = json!({
        "TopicArn": topic, "Message": "say \"hello\"\n", "Subject": "Greeting", "MessageAttributes": attributes,
    });
    let message_id = client.ok("Publish", input).await["MessageId"].as_str().unwrap().to_owned();
    let sent = client.sent().await;
    assert_eq!(sent.len(), 1);
    let request = &sent[0];
    assert_eq!((request.host.as_str(), request.path.as_str()), ("example.com", "/in"));
    assert_eq!(request.answer_time_max, Duration::from_secs(15));
    let send = send_of(request);
    assert_eq!((send.tls, send.port, send.method), (true, 8443, "POST"));
    for (name, value) in [
        ("content-type", "text/plain; charset=UTF-8"),
        ("user-agent", "Amazon Simple Notification Service Agent"),
        ("x-amz-sns-message-type", "Notification"),
        ("x-amz-sns-message-id", &message_id),
        ("x-amz-sns-topic-arn", &topic),
        ("x-amz-sns-subscription-arn", &arn),
        ("authorization", "Basic dXNlcjp3b3Jk"),
    ] {
        assert_eq!(header(request, name).as_deref(), Some(value), "{name}");
    }
    assert_eq!(header(request, "x-amz-sns-rawdelivery"), None);
    let document = body(request);
    let expected = json!({
        "Type": "Notification", "MessageId": message_id, "TopicArn": topic, "Subject": "Greeting",
        "Message": "say \"hello\"\n", "Timestamp": "2026-01-01T00:00:00.000Z", "SignatureVersion": "1",
        "Signature": document["Signature"], "SigningCertURL": document["SigningCertURL"],
        "UnsubscribeURL": format!("http://localhost:4566/?Action=Unsubscribe&SubscriptionArn={arn}"),
        "MessageAttributes": {
            "color": {"Type": "String", "Value": "red"}, "data": {"Type": "Binary", "Value": "AQI="},
        },
    });
    assert_eq!(document, expected);
    let start =
        format!("{{\n  \"Type\" : \"Notification\",\n  \"MessageId\" : \"{message_id}\",\n  \"TopicArn\" : ");
    assert!(body_text(request).starts_with(&start), "{}", body_text(request));
}

#[tokio::test]
async fn a_raw_message_is_its_text_alone() {
    let client = Client::new(71);
    let topic = client.topic("t").await;
    let policy = r#"{"requestPolicy": {"headerContentType": "application/json"}}"#;
    let attributes = json!({"RawMessageDelivery": "true", "DeliveryPolicy": policy});
    client.subscribe(&topic, "https", ENDPOINT, attributes).await;
    client.publish(&topic, "{\"a\": 1}").await;
    let sent = client.sent().await;
    assert_eq!(body_text(&sent[0]), "{\"a\": 1}");
    assert_eq!(header(&sent[0], "x-amz-sns-rawdelivery").as_deref(), Some("true"));
    assert_eq!(header(&sent[0], "content-type").as_deref(), Some("application/json"));
}

#[tokio::test]
async fn structured_messages_say_something_else_to_each_protocol() {
    let client = Client::new(72);
    let topic = client.topic("t").await;
    client.subscribe(&topic, "http", "http://example.com/", json!({})).await;
    client.subscribe(&topic, "https", "https://example.com/", json!({})).await;
    let text = json!({"default": "to all", "https": "to some", "email": "to nobody"}).to_string();
    client.ok("Publish", json!({"TopicArn": topic, "Message": text, "MessageStructure": "json"})).await;
    let sent = client.sent().await;
    let of = |tls: bool| body(sent.iter().find(|it| send_of(it).tls == tls).unwrap())["Message"].clone();
    assert_eq!((of(false), of(true)), (json!("to all"), json!("to some")));
}

#[tokio::test]
async fn whoever_left_before_a_message_was_sent_gets_nothing() {
    let client = Client::new(73);
    let topic = client.topic("t").await;
    let gone = client.subscribe(&topic, "http", "http://gone.example.com/", json!({})).await;
    client.subscribe(&topic, "http", "http://there.example.com/", json!({})).await;
    client.publish(&topic, "m").await;
    client.ok("Unsubscribe", json!({"SubscriptionArn": gone})).await;
    let hosts: Vec<_> = client.sent().await.into_iter().map(|it| it.host).collect();
    assert_eq!(hosts, ["there.example.com"]);
}

#[tokio::test]
async fn a_subscription_takes_no_more_messages_a_second_than_it_says() {
    let client = Client::new(74);
    let topic = client.topic("t").await;
    let policy = r#"{"throttlePolicy": {"maxReceivesPerSecond": 2}}"#;
    client.subscribe(&topic, "https", ENDPOINT, json!({"DeliveryPolicy": policy})).await;
    for number in 0..5 {
        client.publish(&topic, &number.to_string()).await;
    }
    let mut arrived = vec![client.sent().await.len()];
    for _ in 0..5 {
        client.cloud.advance(Duration::from_millis(500)).await;
        arrived.push(client.cloud.outside().take_requests().len());
    }
    assert_eq!(arrived, [1, 1, 1, 1, 1, 0]);
}

#[tokio::test]
async fn a_message_survives_a_restart() {
    let client = Client::new(75);
    let topic = client.topic("t").await;
    client.subscribe(&topic, "https", ENDPOINT, json!({})).await;
    client.publish(&topic, "m").await;
    let again = Client::of(client.cloud.another_node());
    let bodies: Vec<Json> = again.sent_bodies().await;
    assert_eq!(bodies.len(), 1);
    assert_eq!(bodies[0]["Message"], "m");
}

#[tokio::test]
async fn many_subscriptions_all_get_a_message_once() {
    let client = Client::new(76);
    let topic = client.topic("t").await;
    for number in 0..230 {
        client.subscribe(&topic, "http", &format!("http://example.com/{number}"), json!({})).await;
    }
    client.publish(&topic, "m").await;
    let mut paths: Vec<_> = client.sent().await.into_iter().map(|it| it.path).collect();
    assert_eq!(paths.len(), 230);
    paths.sort();
    paths.dedup();
    assert_eq!(paths.len(), 230);
}
