//! Topics: making, attributes, deleting.

use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client};

#[tokio::test]
async fn a_new_topic_has_the_default_attributes() {
    let client = Client::new(1);
    let arn = client.topic("orders").await;
    assert_eq!(arn, format!("arn:aws:sns:us-east-1:{ACCOUNT}:orders"));
    let attributes = client.topic_attributes(&arn).await;
    let policy: Json = serde_json::from_str(attributes["Policy"].as_str().unwrap()).unwrap();
    assert_eq!(policy["Id"], "__default_policy_ID");
    assert_eq!(policy["Statement"][0]["Resource"], arn.as_str());
    assert_eq!(
        attributes,
        json!({
            "TopicArn": arn, "Owner": ACCOUNT, "DisplayName": "", "SubscriptionsConfirmed": "0",
            "SubscriptionsPending": "0", "SubscriptionsDeleted": "0", "Policy": attributes["Policy"],
            "EffectiveDeliveryPolicy": attributes["EffectiveDeliveryPolicy"],
        })
    );
    let fifo = client.topic_attributes(&client.topic("orders.fifo").await).await;
    assert_eq!(
        (&fifo["FifoTopic"], &fifo["ContentBasedDeduplication"], &fifo["FifoThroughputScope"]),
        (&json!("true"), &json!("false"), &json!("Topic"))
    );
}

#[tokio::test]
async fn making_a_topic_again_gives_the_same_one_unless_it_would_be_another() {
    let client = Client::new(2);
    let tags = json!([{"Key": "Team", "Value": "red"}]);
    let input = json!({"Name": "t", "Attributes": {"DisplayName": "T"}, "Tags": tags});
    let arn = client.ok("CreateTopic", input.clone()).await["TopicArn"].clone();
    assert_eq!(client.ok("CreateTopic", input).await["TopicArn"], arn);
    assert_eq!(client.ok("CreateTopic", json!({"Name": "t"})).await["TopicArn"], arn);
    assert_eq!(
        client.refused("CreateTopic", json!({"Name": "t", "Attributes": {"DisplayName": "U"}})).await,
        (
            "InvalidParameter".to_owned(),
            "Invalid parameter: Attributes Reason: Topic already exists with different attributes".to_owned()
        )
    );
    let other = json!([{"Key": "Team", "Value": "blue"}]);
    let (_, message) = client.refused("CreateTopic", json!({"Name": "t", "Tags": other})).await;
    assert_eq!(message, "Invalid parameter: Tags Reason: Topic already exists with different tags");
}

#[tokio::test]
async fn names_that_no_topic_may_have_are_refused() {
    let client = Client::new(3);
    for (name, fifo) in [
        ("", false),
        ("a b", false),
        ("a.fifo", false),
        (&*"x".repeat(257), false),
        ("a", true),
        (".fifo", true),
    ] {
        let attributes = if fifo { json!({"FifoTopic": "true"}) } else { json!({}) };
        let (code, message) =
            client.refused("CreateTopic", json!({"Name": name, "Attributes": attributes})).await;
        assert_eq!(code, "InvalidParameter", "{name}");
        assert!(message.contains("opic names must"), "{name}: {message}");
    }
    client.topic(&"x".repeat(256)).await;
}

#[tokio::test]
async fn attributes_are_set_told_and_taken_back() {
    let client = Client::new(4);
    let arn = client.topic("t").await;
    let delivery =
        r#"{"http":{"defaultHealthyRetryPolicy":{"numRetries":5,"minDelayTarget":1,"maxDelayTarget":4}}}"#;
    for (name, value, told) in [
        ("DisplayName", "Orders", json!("Orders")),
        ("KmsMasterKeyId", "alias/aws/sns", json!("alias/aws/sns")),
        ("KmsMasterKeyId", "", json!(null)),
        ("SignatureVersion", "2", json!("2")),
        ("TracingConfig", "PassThrough", json!("PassThrough")),
        ("MaximumMessageSize", "1048576", json!("1048576")),
    ] {
        client.set_topic(&arn, name, value).await;
        assert_eq!(client.topic_attributes(&arn).await[name], told, "{name}");
    }
    client.set_topic(&arn, "DeliveryPolicy", delivery).await;
    let attributes = client.topic_attributes(&arn).await;
    let own: Json = serde_json::from_str(attributes["DeliveryPolicy"].as_str().unwrap()).unwrap();
    assert_eq!(own["http"]["disableSubscriptionOverrides"], false);
    let effective: Json =
        serde_json::from_str(attributes["EffectiveDeliveryPolicy"].as_str().unwrap()).unwrap();
    assert_eq!(effective["http"]["defaultHealthyRetryPolicy"]["numRetries"], 5);
    assert_eq!(effective["http"]["defaultRequestPolicy"]["headerContentType"], "text/plain; charset=UTF-8");
    client.set_topic(&arn, "DeliveryPolicy", "").await;
    assert_eq!(client.topic_attributes(&arn).await["DeliveryPolicy"], json!(null));
}

#[tokio::test]
async fn what_no_attribute_may_be_is_refused() {
    let client = Client::new(5);
    let arn = client.topic("t").await;
    let set = |name: &str, value: &str| {
        let input = json!({"TopicArn": arn, "AttributeName": name, "AttributeValue": value});
        client.refused("SetTopicAttributes", input)
    };
    for name in ["Unknown", "FifoTopic", "ContentBasedDeduplication", "FifoThroughputScope", "ArchivePolicy"]
    {
        assert_eq!(set(name, "true").await.1, "Invalid parameter: AttributeName", "{name}");
    }
    assert_eq!(set("Policy", "{}").await.1, "Invalid parameter: Policy Error: null");
    let policy = |principal: &str, action: &str| {
        json!({"Version": "2012-10-17", "Statement": {
            "Effect": "Allow", "Principal": {"AWS": principal}, "Action": action, "Resource": arn}})
        .to_string()
    };
    let message = set("Policy", &policy("*", "sns:CreateTopic")).await.1;
    assert_eq!(message, "Invalid parameter: Policy statement action out of service scope!");
    let nobody = format!("arn:aws:iam::{ACCOUNT}:user/nobody");
    let message = set("Policy", &policy(&nobody, "sns:Publish")).await.1;
    assert_eq!(message, "Invalid parameter: Policy Error: PrincipalNotFound");
    for (name, value) in
        [("SignatureVersion", "3"), ("TracingConfig", "Active"), ("MaximumMessageSize", "1000")]
    {
        let (code, message) = set(name, value).await;
        assert_eq!(code, "InvalidParameter");
        assert!(message.starts_with(&format!("Invalid parameter: {name} Reason: ")), "{message}");
    }
}

#[tokio::test]
async fn a_topic_that_is_not_there_is_told_so() {
    let client = Client::new(6);
    let arn = format!("arn:aws:sns:us-east-1:{ACCOUNT}:nothing");
    for (operation, input) in [
        ("GetTopicAttributes", json!({"TopicArn": arn})),
        (
            "SetTopicAttributes",
            json!({"TopicArn": arn, "AttributeName": "DisplayName", "AttributeValue": "x"}),
        ),
        ("Publish", json!({"TopicArn": arn, "Message": "m"})),
        ("Subscribe", json!({"TopicArn": arn, "Protocol": "http", "Endpoint": "http://a/"})),
        ("ListSubscriptionsByTopic", json!({"TopicArn": arn})),
    ] {
        let expected = ("NotFound".to_owned(), "Topic does not exist".to_owned());
        assert_eq!(client.refused(operation, input).await, expected, "{operation}");
    }
    client.ok("DeleteTopic", json!({"TopicArn": arn})).await;
    assert_eq!(
        client.refused("GetTopicAttributes", json!({"TopicArn": "nothing"})).await.1,
        "Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1"
    );
    let elsewhere = format!("arn:aws:sns:eu-west-1:{ACCOUNT}:nothing");
    let (_, message) = client.refused("Publish", json!({"TopicArn": elsewhere, "Message": "m"})).await;
    assert_eq!(message, "Invalid parameter: TopicArn");
}

#[tokio::test]
async fn a_deleted_topic_leaves_nothing_behind() {
    let client = Client::new(7);
    // What others keep of what they saw is there from the first call on.
    client.topic("other").await;
    client.cloud.settle().await;
    let before = client.cloud.store().records().await.len();
    let arn = client.topic("t.fifo").await;
    let queue = format!("arn:aws:sqs:us-east-1:{ACCOUNT}:q.fifo");
    client.subscribe(&arn, "sqs", &queue, json!({"FilterPolicy": "{\"a\": [1]}"})).await;
    let message =
        json!({"TopicArn": arn, "Message": "m", "MessageGroupId": "g", "MessageDeduplicationId": "d"});
    client.ok("Publish", message).await;
    client.cloud.settle().await;
    client.ok("DeleteTopic", json!({"TopicArn": arn})).await;
    client.cloud.settle().await;
    assert_eq!(client.ok("ListSubscriptions", json!({})).await["Subscriptions"], json!([]));
    assert_eq!(client.cloud.store().records().await.len(), before);
    // A topic of the same name has nothing of the other one.
    client.topic("t.fifo").await;
    assert_eq!(client.topic_attributes(&arn).await["SubscriptionsConfirmed"], "0");
}

#[tokio::test]
async fn quotas_of_topics_hold_for_each_kind() {
    let cloud = alcazar_testkit::TestCloud::builder(8).quota("sns.topics", "1").quota("sns.fifo-topics", "1");
    let client = Client::of(cloud.build());
    client.topic("a").await;
    client.topic("a.fifo").await;
    let (code, _) = client.refused("CreateTopic", json!({"Name": "b"})).await;
    assert_eq!(code, "TopicLimitExceeded");
    let input = json!({"Name": "b.fifo", "Attributes": {"FifoTopic": "true"}});
    assert_eq!(client.refused("CreateTopic", input).await.0, "TopicLimitExceeded");
    client.topic("a").await;
}
