//! Filter policies: which messages reach a subscription.

use serde_json::{Value as Json, json};

use crate::client::{Client, body};

/// Subscribes with a filter policy and says which of the messages arrive, by their numbers.
async fn passing(seed: u64, attributes: Json, messages: &[Json]) -> Vec<usize> {
    let client = Client::new(seed);
    let topic = client.topic("t").await;
    client.subscribe(&topic, "http", "http://example.com/", attributes).await;
    let mut passed = Vec::new();
    for (number, message) in messages.iter().enumerate() {
        let mut input = message.clone();
        input["TopicArn"] = json!(topic);
        client.ok("Publish", input).await;
        let sent = client.sent().await;
        assert!(sent.len() <= 1);
        passed.extend(sent.iter().map(|request| {
            assert_eq!(body(request)["Type"], "Notification");
            number
        }));
    }
    passed
}

fn with(attributes: &[(&str, &str, &str)]) -> Json {
    let all: serde_json::Map<_, _> = attributes
        .iter()
        .map(|(name, data_type, value)| {
            let value = match *data_type {
                "Binary" => json!({"DataType": data_type, "BinaryValue": value}),
                _ => json!({"DataType": data_type, "StringValue": value}),
            };
            ((*name).to_owned(), value)
        })
        .collect();
    json!({"Message": "m", "MessageAttributes": all})
}

#[tokio::test]
async fn attributes_of_every_type_are_filtered() {
    let policy = json!({
        "store": ["example_corp", {"prefix": "shop-"}], "price": [{"numeric": [">=", 100]}],
        "colors": ["red", {"exists": false}],
    });
    let passed = passing(
        90,
        json!({"FilterPolicy": policy.to_string()}),
        &[
            with(&[("store", "String", "example_corp"), ("price", "Number", "100.5")]),
            with(&[
                ("store", "String", "shop-7"),
                ("price", "Number", "100"),
                ("colors", "String.Array", r#"["blue", "red"]"#),
            ]),
            with(&[
                ("store", "String", "shop-7"),
                ("price", "Number", "100"),
                ("colors", "String.Array", r#"["blue"]"#),
            ]),
            with(&[("store", "String", "example_corp"), ("price", "Number", "99")]),
            with(&[("store", "Binary", "ZXhhbXBsZV9jb3Jw"), ("price", "Number", "100")]),
            with(&[("price", "Number", "100")]),
            json!({"Message": "m"}),
        ],
    )
    .await;
    assert_eq!(passed, [0, 1]);
}

#[tokio::test]
async fn bodies_are_filtered_where_they_are_objects() {
    let policy = json!({"order": {"state": [{"anything-but": "cancelled"}]}}).to_string();
    let message = |text: &str| json!({"Message": text});
    let passed = passing(
        91,
        json!({"FilterPolicy": policy, "FilterPolicyScope": "MessageBody"}),
        &[
            message(r#"{"order": {"state": "paid"}}"#),
            message(r#"{"order": {"state": "cancelled"}}"#),
            message(r#"{"order": {}}"#),
            message("no JSON"),
            message("[1]"),
            with(&[("order", "String", "paid")]),
        ],
    )
    .await;
    assert_eq!(passed, [0]);
}

#[tokio::test]
async fn an_empty_policy_and_none_let_everything_pass() {
    let messages = [json!({"Message": "m"}), with(&[("a", "String", "b")])];
    assert_eq!(passing(92, json!({"FilterPolicy": "{}"}), &messages).await, [0, 1]);
    assert_eq!(passing(93, json!({"FilterPolicyScope": "MessageBody"}), &messages).await, [0, 1]);
}

#[tokio::test]
async fn a_changed_policy_counts_for_later_messages() {
    let client = Client::new(94);
    let topic = client.topic("t").await;
    let attributes = json!({"FilterPolicy": r#"{"a": ["1"]}"#});
    let arn = client.subscribe(&topic, "http", "http://example.com/", attributes).await;
    let mut message = with(&[("a", "String", "2")]);
    message["TopicArn"] = json!(topic);
    client.ok("Publish", message.clone()).await;
    assert_eq!(client.sent().await.len(), 0);
    let input = json!({
        "SubscriptionArn": arn, "AttributeName": "FilterPolicy", "AttributeValue": r#"{"a": ["2"]}"#,
    });
    client.ok("SetSubscriptionAttributes", input).await;
    client.ok("Publish", message).await;
    assert_eq!(client.sent().await.len(), 1);
}
