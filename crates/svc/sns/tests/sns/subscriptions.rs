//! Subscriptions: who may be subscribed, and their attributes.

use alcazar_shape::ApiError;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client, OTHER_ACCOUNT};

fn queue_arn(name: &str) -> String {
    format!("arn:aws:sqs:us-east-1:{ACCOUNT}:{name}")
}

async fn set(client: &Client, arn: &str, name: &str, value: &str) -> Result<Json, ApiError> {
    let input = json!({"SubscriptionArn": arn, "AttributeName": name, "AttributeValue": value});
    client.ask("SetSubscriptionAttributes", input).await
}

#[tokio::test]
async fn a_queue_of_the_account_is_confirmed_at_once() {
    let client = Client::new(50);
    let topic = client.topic("t").await;
    let input = json!({"TopicArn": topic, "Protocol": "sqs", "Endpoint": queue_arn("q")});
    let arn = client.ok("Subscribe", input).await["SubscriptionArn"].as_str().unwrap().to_owned();
    assert!(arn.starts_with(&format!("{topic}:")), "{arn}");
    assert_eq!(
        client.subscription_attributes(&arn).await,
        json!({
            "SubscriptionArn": arn, "TopicArn": topic, "Owner": ACCOUNT, "Protocol": "sqs",
            "Endpoint": queue_arn("q"), "SubscriptionPrincipal": client.root.arn(), "PendingConfirmation": "false",
            "ConfirmationWasAuthenticated": "true", "RawMessageDelivery": "false",
        })
    );
    assert_eq!(client.topic_attributes(&topic).await["SubscriptionsConfirmed"], "1");
    client.ok("Unsubscribe", json!({"SubscriptionArn": arn})).await;
    client.ok("Unsubscribe", json!({"SubscriptionArn": arn})).await;
    let attributes = client.topic_attributes(&topic).await;
    assert_eq!(
        (&attributes["SubscriptionsConfirmed"], &attributes["SubscriptionsDeleted"]),
        (&json!("0"), &json!("1"))
    );
    assert_eq!(
        client.refused("GetSubscriptionAttributes", json!({"SubscriptionArn": arn})).await,
        ("NotFound".to_owned(), "Subscription does not exist".to_owned())
    );
}

#[tokio::test]
async fn subscribing_again_gives_the_same_subscription_unless_it_would_be_another() {
    let client = Client::new(51);
    let topic = client.topic("t").await;
    let endpoint = queue_arn("q");
    let raw = json!({"RawMessageDelivery": "true"});
    let first = client.subscribe(&topic, "sqs", &endpoint, raw.clone()).await;
    assert_eq!(client.subscribe(&topic, "sqs", &endpoint, json!({})).await, first);
    assert_eq!(client.subscribe(&topic, "sqs", &endpoint, raw).await, first);
    let input = json!({
        "TopicArn": topic, "Protocol": "sqs", "Endpoint": endpoint, "Attributes": {"RawMessageDelivery": "false"},
    });
    let (_, message) = client.refused("Subscribe", input).await;
    let expected =
        "Invalid parameter: Attributes Reason: Subscription already exists with different attributes";
    assert_eq!(message, expected);
    assert_eq!(client.topic_attributes(&topic).await["SubscriptionsConfirmed"], "1");
}

#[tokio::test]
async fn endpoints_that_cannot_be_subscribed_are_refused() {
    let client = Client::new(52);
    let (topic, fifo) = (client.topic("t").await, client.topic("t.fifo").await);
    let refused = |topic: &str, protocol: &str, endpoint: &str| {
        let input = json!({"TopicArn": topic, "Protocol": protocol, "Endpoint": endpoint});
        client.refused("Subscribe", input)
    };
    for protocol in ["lambda", "email", "email-json", "sms", "firehose", "application", "test-protocol"] {
        let expected =
            format!("Invalid parameter: Amazon SNS does not support this protocol string: {protocol}");
        assert_eq!(refused(&topic, protocol, "x").await, ("InvalidParameter".to_owned(), expected));
    }
    for (topic, protocol, endpoint, expected) in [
        (&topic, "http", "https://example.com/", "Endpoint must match the specified protocol"),
        (&topic, "https", "http://example.com/", "Endpoint must match the specified protocol"),
        (&topic, "http", "nothing", "Endpoint must match the specified protocol"),
        (&topic, "http", "", "Endpoint Reason: no value for required parameter"),
        (&topic, "sqs", "https://sqs.us-east-1.amazonaws.com/111122223333/q", "SQS endpoint ARN"),
        (
            &topic,
            "sqs",
            "arn:aws:sqs:us-east-1:111122223333:q.fifo",
            "Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics",
        ),
        (&fifo, "https", "https://example.com/", "Invalid protocol type: https"),
    ] {
        let (_, message) = refused(topic, protocol, endpoint).await;
        assert_eq!(message, format!("Invalid parameter: {expected}"), "{endpoint}");
    }
    client.subscribe(&fifo, "sqs", &queue_arn("standard"), json!({})).await;
}

#[tokio::test]
async fn attributes_are_set_told_and_taken_back() {
    let client = Client::new(53);
    let topic = client.topic("t").await;
    let arn = client.subscribe(&topic, "http", "http://example.com/", json!({})).await;
    let redrive = json!({"deadLetterTargetArn": queue_arn("dlq")}).to_string();
    for (name, value) in [
        ("RawMessageDelivery", "true"),
        ("FilterPolicy", r#"{"a": ["b"]}"#),
        ("FilterPolicyScope", "MessageBody"),
        ("RedrivePolicy", redrive.as_str()),
        ("DeliveryPolicy", r#"{"throttlePolicy": {"maxReceivesPerSecond": 5}}"#),
    ] {
        set(&client, &arn, name, value).await.unwrap();
    }
    let attributes = client.subscription_attributes(&arn).await;
    assert_eq!(
        (&attributes["RawMessageDelivery"], &attributes["FilterPolicy"], &attributes["FilterPolicyScope"]),
        (&json!("true"), &json!(r#"{"a": ["b"]}"#), &json!("MessageBody"))
    );
    assert_eq!(attributes["RedrivePolicy"], json!(redrive));
    assert_eq!(
        attributes["DeliveryPolicy"],
        r#"{"healthyRetryPolicy":null,"sicklyRetryPolicy":null,"throttlePolicy":{"maxReceivesPerSecond":5},"requestPolicy":null,"guaranteed":false}"#
    );
    let effective: Json =
        serde_json::from_str(attributes["EffectiveDeliveryPolicy"].as_str().unwrap()).unwrap();
    assert_eq!(effective["healthyRetryPolicy"]["numRetries"], 3);
    for name in ["FilterPolicy", "RedrivePolicy", "DeliveryPolicy"] {
        set(&client, &arn, name, "").await.unwrap();
        assert_eq!(client.subscription_attributes(&arn).await[name], json!(null), "{name}");
    }
    assert_eq!(client.subscription_attributes(&arn).await["FilterPolicyScope"], json!(null));
}

#[tokio::test]
async fn what_no_attribute_may_be_is_refused_with_the_words_of_each_operation() {
    let client = Client::new(54);
    let topic = client.topic("t").await;
    let arn = client.subscribe(&topic, "sqs", &queue_arn("q"), json!({})).await;
    let fifo_dead = json!({"deadLetterTargetArn": queue_arn("dlq.fifo")}).to_string();
    let foreign = json!({"deadLetterTargetArn": "arn:aws:sqs:us-east-1:444455556666:q"}).to_string();
    for (name, value, expected) in [
        ("RawMessageDelivery", "wrong", "RawMessageDelivery: Invalid value [wrong]. Must be true or false."),
        (
            "FilterPolicyScope",
            "RandomValue",
            "FilterPolicyScope: Invalid value [RandomValue]. Please use either MessageBody or MessageAttributes",
        ),
        (
            "RedrivePolicy",
            r#"{"deadLetterTargetArn": "x"}"#,
            "RedrivePolicy: deadLetterTargetArn is an invalid arn",
        ),
        ("RedrivePolicy", foreign.as_str(), "RedrivePolicy: deadLetterTargetArn is an invalid arn"),
        ("RedrivePolicy", fifo_dead.as_str(), "RedrivePolicy: must use a standard queue as DLQ"),
        ("RedrivePolicy", "nothing", "RedrivePolicy: failed to parse JSON. "),
        ("FilterPolicy", r#"{"a": []}"#, "FilterPolicy: Empty arrays are not allowed"),
        (
            "FilterPolicy",
            r#"{"a": ["1"], "b": ["1"], "c": ["1"], "d": ["1"], "e": ["1"], "f": ["1"]}"#,
            "FilterPolicy: Filter policy can not have more than 5 keys",
        ),
        ("DeliveryPolicy", "{}", "DeliveryPolicy: only supported for HTTP/S subscriptions"),
    ] {
        let error = set(&client, &arn, name, value).await.unwrap_err();
        let message = error.message().unwrap();
        assert!(message.starts_with(&format!("Invalid parameter: {expected}")), "{message}");
        let input = json!({
            "TopicArn": topic, "Protocol": "sqs", "Endpoint": queue_arn("other"), "Attributes": {name: value},
        });
        let (code, message) = client.refused("Subscribe", input).await;
        assert_eq!(code, "InvalidParameter");
        let start = format!("Invalid parameter: Attributes Reason: {expected}");
        assert!(message.starts_with(&start), "{message}");
    }
    for name in ["Unknown", "ReplayPolicy", "SubscriptionRoleArn"] {
        let error = set(&client, &arn, name, "x").await.unwrap_err();
        assert_eq!(error.message(), Some("Invalid parameter: AttributeName"));
    }
    let nested = set(&client, &arn, "FilterPolicy", r#"{"a": {"b": ["c"]}}"#).await.unwrap_err();
    let expected =
        "Invalid parameter: Filter policy scope MessageAttributes does not support nested filter policy";
    assert_eq!(nested.message(), Some(expected));
}

#[tokio::test]
async fn a_filter_policy_keeps_to_its_scope() {
    let client = Client::new(55);
    let topic = client.topic("t").await;
    let attributes = json!({"FilterPolicy": r#"{"a": {"b": ["c"]}}"#, "FilterPolicyScope": "MessageBody"});
    let arn = client.subscribe(&topic, "sqs", &queue_arn("q"), attributes).await;
    let error = set(&client, &arn, "FilterPolicyScope", "MessageAttributes").await.unwrap_err();
    assert!(error.message().unwrap().contains("does not support nested"), "{error:?}");
    assert_eq!(client.subscription_attributes(&arn).await["FilterPolicyScope"], "MessageBody");
}

#[tokio::test]
async fn subscriptions_are_shown_and_changed_by_those_they_belong_to() {
    let client = Client::new(56);
    let topic = client.topic("t").await;
    let arn = client.subscribe(&topic, "sqs", &queue_arn("q"), json!({})).await;
    let other = client.cloud.root(OTHER_ACCOUNT);
    let read = json!({"SubscriptionArn": arn});
    assert_eq!(
        client.refused_as(&other, "GetSubscriptionAttributes", read.clone()).await,
        ("NotFound".to_owned(), "Subscription does not exist".to_owned())
    );
    let write =
        json!({"SubscriptionArn": arn, "AttributeName": "RawMessageDelivery", "AttributeValue": "true"});
    assert_eq!(client.refused_as(&other, "SetSubscriptionAttributes", write).await.0, "NotFound");
    assert_eq!(client.refused_as(&other, "Unsubscribe", read.clone()).await.0, "AuthorizationError");
    // Not without a signature either, since it was confirmed with one.
    let link = format!("http://localhost:4566/?Action=Unsubscribe&SubscriptionArn={arn}");
    let answer = client.follow(&link).await;
    assert_eq!((answer.status(), answer.code().as_deref()), (403, Some("AuthorizationError")));
    client.ok("GetSubscriptionAttributes", read).await;
}

#[tokio::test]
async fn quotas_of_subscriptions_and_filter_policies_hold() {
    let cloud = alcazar_testkit::TestCloud::builder(57)
        .quota("sns.subscriptions-per-fifo-topic", "2")
        .quota("sns.filter-policies-per-topic", "1")
        .build();
    let client = Client::of(cloud);
    let (topic, fifo) = (client.topic("t").await, client.topic("t.fifo").await);
    let input = |topic: &str, name: &str, attributes: Json| json!({"TopicArn": topic, "Protocol": "sqs", "Endpoint": queue_arn(name), "Attributes": attributes});
    for name in ["a", "b"] {
        client.ok("Subscribe", input(&fifo, name, json!({}))).await;
    }
    let (code, _) = client.refused("Subscribe", input(&fifo, "c", json!({}))).await;
    assert_eq!(code, "SubscriptionLimitExceeded");
    let filtered = json!({"FilterPolicy": r#"{"a": ["b"]}"#});
    client.ok("Subscribe", input(&topic, "a", filtered.clone())).await;
    let (code, _) = client.refused("Subscribe", input(&topic, "b", filtered)).await;
    assert_eq!(code, "FilterPolicyLimitExceeded");
    client.ok("Subscribe", input(&topic, "b", json!({}))).await;
}

#[tokio::test]
async fn topics_of_large_messages_have_queues_alone() {
    let client = Client::new(58);
    let topic = client.topic_with("t", json!({"MaximumMessageSize": "1048576"})).await;
    let input = json!({"TopicArn": topic, "Protocol": "http", "Endpoint": "http://example.com/"});
    assert_eq!(client.refused("Subscribe", input).await.0, "InvalidParameter");
    let usual = client.topic("usual").await;
    client.subscribe(&usual, "http", "http://example.com/", json!({})).await;
    let input = json!({"TopicArn": usual, "AttributeName": "MaximumMessageSize", "AttributeValue": "262145"});
    assert_eq!(client.refused("SetTopicAttributes", input).await.0, "InvalidParameter");
    client.set_topic(&usual, "MaximumMessageSize", "262144").await;
}
