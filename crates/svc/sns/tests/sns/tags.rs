//! Tags of topics.

use serde_json::json;

use crate::client::{ACCOUNT, Client};

#[tokio::test]
async fn tags_are_put_on_replaced_and_taken_off() {
    let client = Client::new(20);
    let arn = client.topic("t").await;
    let tag = |key: &str, value: &str| json!({"Key": key, "Value": value});
    client.ok("TagResource", json!({"ResourceArn": arn, "Tags": [tag("b", "2"), tag("a", "1")]})).await;
    client.ok("TagResource", json!({"ResourceArn": arn, "Tags": [tag("b", "3")]})).await;
    let listed = client.ok("ListTagsForResource", json!({"ResourceArn": arn})).await;
    assert_eq!(listed["Tags"], json!([tag("a", "1"), tag("b", "3")]));
    client.ok("UntagResource", json!({"ResourceArn": arn, "TagKeys": ["a", "c"]})).await;
    let listed = client.ok("ListTagsForResource", json!({"ResourceArn": arn})).await;
    assert_eq!(listed["Tags"], json!([tag("b", "3")]));
}

#[tokio::test]
async fn tags_that_no_topic_may_have_are_refused() {
    let client = Client::new(21);
    let arn = client.topic("t").await;
    let twice = json!([{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]);
    let (_, message) = client.refused("TagResource", json!({"ResourceArn": arn, "Tags": twice})).await;
    assert_eq!(message, "Invalid parameter: Duplicated keys are not allowed.");
    let reserved = json!([{"Key": "AWS:a", "Value": "1"}]);
    let (code, _) = client.refused("TagResource", json!({"ResourceArn": arn, "Tags": reserved})).await;
    assert_eq!(code, "InvalidParameter");
    let many: Vec<_> = (0..51).map(|n| json!({"Key": format!("k{n}"), "Value": "v"})).collect();
    let (code, _) = client.refused("TagResource", json!({"ResourceArn": arn, "Tags": many})).await;
    assert_eq!(code, "TagLimitExceeded");
    client.ok("TagResource", json!({"ResourceArn": arn, "Tags": many[..50]})).await;
    let nothing = format!("arn:aws:sns:us-east-1:{ACCOUNT}:nothing");
    assert_eq!(
        client.refused("ListTagsForResource", json!({"ResourceArn": nothing})).await,
        ("ResourceNotFound".to_owned(), "Resource does not exist".to_owned())
    );
}
