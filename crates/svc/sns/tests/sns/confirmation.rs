//! Confirming subscriptions, and taking back their end.

use std::time::Duration;

use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client, OTHER_ACCOUNT, body, header, send_of};

const ENDPOINT: &str = "http://example.com/sns?x=1";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A topic, and what its new subscriber was asked.
async fn asked(client: &Client) -> (String, Json) {
    let topic = client.topic("t").await;
    let input = json!({"TopicArn": topic, "Protocol": "http", "Endpoint": ENDPOINT});
    assert_eq!(client.ok("Subscribe", input).await["SubscriptionArn"], "pending confirmation");
    let sent = client.sent().await;
    assert_eq!(sent.len(), 1);
    (topic, body(&sent[0]))
}

#[tokio::test]
async fn an_endpoint_is_asked_before_it_gets_anything() {
    let client = Client::new(60);
    let topic = client.topic("t").await;
    let policy = r#"{"requestPolicy":{"headerContentType":"text/csv"}}"#;
    let input = json!({
        "TopicArn": topic, "Protocol": "http", "Endpoint": ENDPOINT, "ReturnSubscriptionArn": true,
        "Attributes": {"RawMessageDelivery": "true", "DeliveryPolicy": policy},
    });
    let arn = client.ok("Subscribe", input).await["SubscriptionArn"].as_str().unwrap().to_owned();
    client.publish(&topic, "too early").await;
    let sent = client.sent().await;
    assert_eq!(sent.len(), 1);
    let request = &sent[0];
    assert_eq!((request.host.as_str(), request.path.as_str()), ("example.com", "/sns?x=1"));
    let send = send_of(request);
    assert_eq!((send.tls, send.port, send.method), (false, 80, "POST"));
    let question = body(request);
    for (name, value) in [
        ("x-amz-sns-message-type", Some("SubscriptionConfirmation")),
        ("x-amz-sns-topic-arn", Some(topic.as_str())),
        ("x-amz-sns-message-id", question["MessageId"].as_str()),
        ("x-amz-sns-subscription-arn", None),
        ("x-amz-sns-rawdelivery", None),
        ("content-type", Some("text/plain; charset=UTF-8")),
        ("user-agent", Some("Amazon Simple Notification Service Agent")),
    ] {
        assert_eq!(header(request, name).as_deref(), value, "{name}");
    }
    let token = question["Token"].as_str().unwrap();
    assert_eq!(token.len(), 256);
    assert_eq!(question["Type"], "SubscriptionConfirmation");
    assert_eq!(
        question["Message"],
        format!(
            "You have chosen to subscribe to the topic {topic}.\nTo confirm the subscription, visit the SubscribeURL \
             included in this message."
        )
    );
    let link = format!("http://localhost:4566/?Action=ConfirmSubscription&TopicArn={topic}&Token={token}");
    assert_eq!(question["SubscribeURL"], link);
    let answer = client.follow(&link).await;
    assert_eq!(answer.status(), 200, "{}", answer.text());
    assert!(answer.text().contains(&arn), "{}", answer.text());
    let attributes = client.subscription_attributes(&arn).await;
    assert_eq!(
        (&attributes["PendingConfirmation"], &attributes["ConfirmationWasAuthenticated"]),
        (&json!("false"), &json!("false"))
    );
    client.cloud.advance(Duration::from_millis(1)).await;
    client.publish(&topic, "now").await;
    assert_eq!(client.sent().await.len(), 1);
    // Whoever visits the link once more is told the same.
    assert_eq!(client.follow(&link).await.status(), 200);
}

#[tokio::test]
async fn a_token_confirms_its_own_subscription_and_only_for_two_days() {
    let client = Client::new(61);
    let (topic, question) = asked(&client).await;
    let token = question["Token"].as_str().unwrap();
    let other = client.topic("other").await;
    let confirm = |topic: &str, token: &str| {
        client.refused("ConfirmSubscription", json!({"TopicArn": topic, "Token": token}))
    };
    let last = if token.ends_with('0') { '1' } else { '0' };
    let changed = format!("{}{last}", &token[..255]);
    for (topic, token) in [(&topic, "nothing"), (&topic, changed.as_str()), (&other, token)] {
        assert_eq!(confirm(topic, token).await.1, "Invalid parameter: Token");
    }
    let nothing = format!("arn:aws:sns:us-east-1:{ACCOUNT}:nothing");
    assert_eq!(confirm(&nothing, token).await.1, "Invalid parameter: Topic");
    client.cloud.advance(2 * DAY).await;
    assert_eq!(confirm(&topic, token).await.1, "Invalid parameter: Token");
    // By then it is gone.
    assert_eq!(client.topic_attributes(&topic).await["SubscriptionsPending"], "0");
    assert_eq!(client.ok("ListSubscriptions", json!({})).await["Subscriptions"], json!([]));
}

#[tokio::test]
async fn subscribing_again_asks_again_and_the_newer_token_counts() {
    let client = Client::new(62);
    let (topic, first) = asked(&client).await;
    client.cloud.advance(DAY).await;
    let input = json!({"TopicArn": topic, "Protocol": "http", "Endpoint": ENDPOINT});
    client.ok("Subscribe", input).await;
    let second = client.sent_bodies().await.remove(0);
    assert_ne!(first["Token"], second["Token"]);
    client.cloud.advance(DAY + DAY / 2).await;
    let old = json!({"TopicArn": topic, "Token": first["Token"]});
    assert_eq!(client.refused("ConfirmSubscription", old).await.1, "Invalid parameter: Token");
    client.ok("ConfirmSubscription", json!({"TopicArn": topic, "Token": second["Token"]})).await;
    client.cloud.advance(10 * DAY).await;
    assert_eq!(client.topic_attributes(&topic).await["SubscriptionsConfirmed"], "1");
}

#[tokio::test]
async fn a_link_ends_a_subscription_and_its_endpoint_may_take_that_back() {
    let client = Client::new(63);
    let topic = client.topic("t").await;
    let arn = client.subscribe(&topic, "http", ENDPOINT, json!({})).await;
    client.publish(&topic, "m").await;
    let message = client.sent_bodies().await.remove(0);
    let link = message["UnsubscribeURL"].as_str().unwrap();
    assert_eq!(link, format!("http://localhost:4566/?Action=Unsubscribe&SubscriptionArn={arn}"));
    assert_eq!(client.follow(link).await.status(), 200);
    assert_eq!(client.follow(link).await.status(), 200);
    let sent = client.sent().await;
    assert_eq!(sent.len(), 1);
    let question = body(&sent[0]);
    assert_eq!(question["Type"], "UnsubscribeConfirmation");
    assert_eq!(header(&sent[0], "x-amz-sns-message-type").as_deref(), Some("UnsubscribeConfirmation"));
    assert_eq!(
        question["Message"],
        format!(
            "You have chosen to deactivate subscription {arn}.\nTo cancel this operation and restore the subscription, \
             visit the SubscribeURL included in this message."
        )
    );
    assert_eq!(client.ok("ListSubscriptions", json!({})).await["Subscriptions"], json!([]));
    client.publish(&topic, "for nobody").await;
    assert_eq!(client.sent().await.len(), 0);
    assert_eq!(client.follow(question["SubscribeURL"].as_str().unwrap()).await.status(), 200);
    client.publish(&topic, "again").await;
    assert_eq!(client.sent_bodies().await[0]["Message"], "again");
    // Its owner ends it without a question.
    client.ok("Unsubscribe", json!({"SubscriptionArn": arn})).await;
    assert_eq!(client.sent().await.len(), 0);
}

#[tokio::test]
async fn whoever_confirms_with_a_signature_may_forbid_to_end_it_without_one() {
    let client = Client::new(64);
    let (topic, question) = asked(&client).await;
    let confirm = json!({
        "TopicArn": topic, "Token": question["Token"], "AuthenticateOnUnsubscribe": "true",
    });
    let answer = client.ok("ConfirmSubscription", confirm).await;
    let arn = answer["SubscriptionArn"].as_str().unwrap();
    assert_eq!(client.subscription_attributes(arn).await["ConfirmationWasAuthenticated"], "true");
    let link = format!("http://localhost:4566/?Action=Unsubscribe&SubscriptionArn={arn}");
    assert_eq!(client.follow(&link).await.status(), 403);
    client.ok("Unsubscribe", json!({"SubscriptionArn": arn})).await;
    assert_eq!(client.topic_attributes(&topic).await["SubscriptionsConfirmed"], "0");
}

#[tokio::test]
async fn the_owner_of_the_topic_ends_the_subscription_of_another_account() {
    let client = Client::new(65);
    let topic = client.topic("t").await;
    let add = json!({
        "TopicArn": topic, "Label": "other", "AWSAccountId": [OTHER_ACCOUNT], "ActionName": ["Subscribe"],
    });
    client.ok("AddPermission", add).await;
    let other = client.cloud.root(OTHER_ACCOUNT);
    let endpoint = format!("arn:aws:sqs:us-east-1:{OTHER_ACCOUNT}:q");
    // The queue is theirs, so it is confirmed at once.
    let input = json!({"TopicArn": topic, "Protocol": "sqs", "Endpoint": endpoint});
    let answer = client.ask_as(&other, "Subscribe", input).await.unwrap();
    let arn = answer["SubscriptionArn"].as_str().unwrap();
    assert_eq!(client.subscription_attributes(arn).await["Owner"], OTHER_ACCOUNT);
    let set =
        json!({"SubscriptionArn": arn, "AttributeName": "RawMessageDelivery", "AttributeValue": "true"});
    assert_eq!(client.refused("SetSubscriptionAttributes", set).await.0, "NotFound");
    client.ok("Unsubscribe", json!({"SubscriptionArn": arn})).await;
    assert_eq!(client.topic_attributes(&topic).await["SubscriptionsConfirmed"], "0");
}

#[tokio::test]
async fn an_endpoint_that_is_down_is_asked_again() {
    let client = Client::new(66);
    client.cloud.outside().answer(503, &json!({}));
    let topic = client.topic("t").await;
    client.ok("Subscribe", json!({"TopicArn": topic, "Protocol": "http", "Endpoint": ENDPOINT})).await;
    assert_eq!(client.sent().await.len(), 1);
    client.cloud.outside().answer(200, &json!({}));
    client.cloud.advance(Duration::from_secs(20)).await;
    let again = client.sent().await;
    assert_eq!(again.len(), 1);
    client.cloud.advance(DAY).await;
    assert_eq!(client.sent().await.len(), 0);
    client.ok("ConfirmSubscription", json!({"TopicArn": topic, "Token": body(&again[0])["Token"]})).await;
}
