//! What may be published, and what is said of what may not.

use alcazar_testkit::{TestCaller, TestCloud};
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client, OTHER_ACCOUNT};

#[tokio::test]
async fn messages_that_cannot_be_published_are_refused() {
    let client = Client::new(100);
    let (topic, fifo) = (client.topic("t").await, client.topic("t.fifo").await);
    for (input, expected) in [
        (json!({"TopicArn": topic, "Message": ""}), "Empty message"),
        (json!({"TopicArn": topic, "Message": "m", "Subject": ""}), "Subject"),
        (json!({"TopicArn": topic, "Message": "m", "Subject": "a\nb"}), "Subject"),
        (json!({"TopicArn": topic, "Message": "x".repeat(262_145)}), "Message too long"),
        (json!({"TopicArn": topic, "Message": "m", "MessageStructure": "xml"}), "MessageStructure"),
        (
            json!({"TopicArn": topic, "Message": "m", "MessageStructure": "json"}),
            "Message Structure - JSON message body failed to parse",
        ),
        (
            json!({"TopicArn": topic, "Message": "{\"default\": 1}", "MessageStructure": "json"}),
            "Message Structure - No default entry in JSON message body",
        ),
        (json!({"Message": "m"}), "TopicArn or TargetArn Reason: no value for required parameter"),
        (
            json!({"Message": "m", "TargetArn": format!("arn:aws:sns:us-east-1:{ACCOUNT}:endpoint/APNS/a/b")}),
            "TargetArn Reason: No endpoint found for the target arn specified",
        ),
        (
            json!({"TopicArn": topic, "Message": "m", "MessageDeduplicationId": "d"}),
            "MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid \
             for this topic type",
        ),
        (
            json!({"TopicArn": fifo, "Message": "m"}),
            "The MessageGroupId parameter is required for FIFO topics",
        ),
        (
            json!({"TopicArn": fifo, "Message": "m", "MessageGroupId": "g"}),
            "The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided \
             explicitly",
        ),
    ] {
        let (code, message) = client.refused("Publish", input).await;
        assert_eq!((code.as_str(), message), ("InvalidParameter", format!("Invalid parameter: {expected}")));
    }
    let attributes = json!({"a": {"DataType": "String", "StringValue": ""}});
    let input = json!({"TopicArn": topic, "Message": "m", "MessageAttributes": attributes});
    let (code, message) = client.refused("Publish", input).await;
    assert_eq!(code, "ParameterValueInvalid");
    assert!(message.starts_with("The message attribute 'a' must contain non-empty"), "{message}");
}

#[tokio::test]
async fn attributes_count_and_a_topic_says_how_much_may_come() {
    let client = Client::new(101);
    let topic = client.topic_with("t", json!({"MaximumMessageSize": "1024"})).await;
    let of = |length: usize| {
        let attributes = json!({"a": {"DataType": "String", "StringValue": "xyz"}});
        json!({"TopicArn": topic, "Message": "x".repeat(length), "MessageAttributes": attributes})
    };
    client.ok("Publish", of(1024 - 10)).await;
    assert_eq!(client.refused("Publish", of(1024 - 9)).await.1, "Invalid parameter: Message too long");
    let target = json!({"TargetArn": topic, "Message": "m"});
    client.ok("Publish", target).await;
}

fn entry(id: &str, message: &str) -> Json {
    json!({"Id": id, "Message": message})
}

#[tokio::test]
async fn batches_that_cannot_be_published_are_refused_whole() {
    let client = Client::new(102);
    let topic = client.topic("t").await;
    client.subscribe(&topic, "http", "http://example.com/", json!({})).await;
    let many: Vec<_> = (0..11).map(|number| entry(&number.to_string(), "m")).collect();
    let long = "x".repeat(131_073);
    for (entries, expected) in [
        (json!([]), "EmptyBatchRequest"),
        (json!(many), "TooManyEntriesInBatchRequest"),
        (json!([entry("a", "m"), entry("a", "n")]), "BatchEntryIdsNotDistinct"),
        (json!([entry("a b", "m")]), "InvalidBatchEntryId"),
        (json!([entry(&"x".repeat(81), "m")]), "InvalidBatchEntryId"),
        (json!([entry("a", &long), entry("b", &long)]), "BatchRequestTooLong"),
        (json!([entry("a", "m"), entry("b", "")]), "InvalidParameter"),
    ] {
        let input = json!({"TopicArn": topic, "PublishBatchRequestEntries": entries});
        assert_eq!(client.refused("PublishBatch", input).await.0, expected);
    }
    assert_eq!(client.sent().await.len(), 0);
    let input = json!({"TopicArn": topic, "PublishBatchRequestEntries": many[..10]});
    let answer = client.ok("PublishBatch", input).await;
    assert_eq!(answer["Successful"].as_array().unwrap().len(), 10);
    assert_eq!((&answer["Successful"][9]["Id"], &answer["Failed"]), (&json!("9"), &json!([])));
    assert_eq!(client.sent().await.len(), 10);
}

#[tokio::test]
async fn publishing_is_a_data_event_without_the_message() {
    let client = Client::new(103);
    let topic = client.topic("t").await;
    client.ok("Publish", json!({"TopicArn": topic, "Message": "very secret", "Subject": "also"})).await;
    let event = client.cloud.events().pop().unwrap();
    assert_eq!((event.event_name.as_str(), event.data_event, event.read_only), ("Publish", true, false));
    let told = format!("{event:?}");
    assert!(told.contains(&topic) && !told.contains("secret") && !told.contains("also"), "{told}");
    assert_eq!(event.resources[0].arn, topic);
}

#[tokio::test]
async fn nothing_that_is_published_can_be_read_in_the_store() {
    let directory = std::env::temp_dir().join(format!("alcazar-sns-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let cloud = TestCloud::builder(104).build_in(&directory);
    let client = Client::of(cloud);
    let topic = client.topic("CANARY-topic").await;
    client.subscribe(&topic, "http", "http://canary-endpoint.example.com/", json!({})).await;
    client.cloud.outside().answer(500, &json!({}));
    client.publish(&topic, "CANARY-message").await;
    client.cloud.settle().await;
    let mut files = vec![directory.clone()];
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(std::fs::read_dir(&path).unwrap().map(|it| it.unwrap().path()));
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        for canary in [b"CANARY".as_slice(), b"canary-endpoint".as_slice()] {
            assert!(!bytes.windows(canary.len()).any(|it| it == canary), "{}", path.display());
        }
    }
    drop(client);
    std::fs::remove_dir_all(directory).unwrap();
}

#[tokio::test]
async fn an_unsigned_publisher_is_nobody() {
    let client = Client::new(105);
    let topic = client.topic("t").await;
    let everyone = json!({"Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Principal": {"AWS": OTHER_ACCOUNT}, "Action": "sns:Publish", "Resource": topic}});
    client.set_topic(&topic, "Policy", &everyone.to_string()).await;
    let anonymous: TestCaller = client.cloud.anonymous();
    let (code, _) =
        client.refused_as(&anonymous, "Publish", json!({"TopicArn": topic, "Message": "m"})).await;
    assert_eq!(code, "AuthorizationError");
}
