//! Lists, in pages of a hundred.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client, OTHER_ACCOUNT};

async fn all(client: &Client, operation: &str, list: &str, input: Json) -> Vec<Vec<Json>> {
    let (mut pages, mut input) = (Vec::new(), input);
    loop {
        let answer = client.ok(operation, input.clone()).await;
        pages.push(answer[list].as_array().unwrap().clone());
        match answer.get("NextToken").filter(|token| !token.is_null()) {
            Some(token) => input["NextToken"] = token.clone(),
            None => return pages,
        }
    }
}

fn distinct(pages: &[Vec<Json>], member: &str) -> usize {
    pages.iter().flatten().map(|item| item[member].to_string()).collect::<BTreeSet<_>>().len()
}

#[tokio::test]
async fn topics_are_listed_in_pages() {
    let client = Client::new(30);
    assert_eq!(client.ok("ListTopics", json!({})).await["Topics"], json!([]));
    for number in 0..150 {
        client.topic(&format!("t{number}")).await;
    }
    let pages = all(&client, "ListTopics", "Topics", json!({})).await;
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [100, 50]);
    assert_eq!(distinct(&pages, "TopicArn"), 150);
    let elsewhere = client.ask_as(&client.root.at("eu-west-1"), "ListTopics", json!({})).await.unwrap();
    assert_eq!(elsewhere["Topics"], json!([]));
    let (code, _) = client.refused("ListTopics", json!({"NextToken": "made up"})).await;
    assert_eq!(code, "InvalidParameter");
}

#[tokio::test]
async fn subscriptions_are_listed_by_owner_and_by_topic() {
    let client = Client::new(31);
    let (one, other) = (client.topic("one").await, client.topic("other").await);
    for number in 0..120 {
        let queue = format!("arn:aws:sqs:us-east-1:{ACCOUNT}:q{number}");
        client.subscribe(&one, "sqs", &queue, json!({})).await;
    }
    client.subscribe(&other, "sqs", &format!("arn:aws:sqs:us-east-1:{ACCOUNT}:q"), json!({})).await;
    let mine = all(&client, "ListSubscriptions", "Subscriptions", json!({})).await;
    assert_eq!(mine.iter().map(Vec::len).collect::<Vec<_>>(), [100, 21]);
    assert_eq!(distinct(&mine, "SubscriptionArn"), 121);
    let by_topic = all(&client, "ListSubscriptionsByTopic", "Subscriptions", json!({"TopicArn": one})).await;
    assert_eq!(distinct(&by_topic, "SubscriptionArn"), 120);
    // A token is good for its own list alone.
    let answer = client.ok("ListSubscriptionsByTopic", json!({"TopicArn": one})).await;
    let input = json!({"TopicArn": other, "NextToken": answer["NextToken"]});
    assert_eq!(client.refused("ListSubscriptionsByTopic", input).await.0, "InvalidParameter");
    let other_root = client.cloud.root(OTHER_ACCOUNT);
    let theirs = client.ask_as(&other_root, "ListSubscriptions", json!({})).await.unwrap();
    assert_eq!(theirs["Subscriptions"], json!([]));
}

#[tokio::test]
async fn a_pending_subscription_is_listed_without_its_arn() {
    let client = Client::new(32);
    let topic = client.topic("t").await;
    let input = json!({"TopicArn": topic, "Protocol": "http", "Endpoint": "http://example.com/"});
    assert_eq!(client.ok("Subscribe", input).await["SubscriptionArn"], "pending confirmation");
    let listed = client.ok("ListSubscriptions", json!({})).await;
    assert_eq!(
        listed["Subscriptions"],
        json!([{
            "SubscriptionArn": "PendingConfirmation", "Owner": ACCOUNT, "Protocol": "http",
            "Endpoint": "http://example.com/", "TopicArn": topic,
        }])
    );
    assert_eq!(client.topic_attributes(&topic).await["SubscriptionsPending"], "1");
}
