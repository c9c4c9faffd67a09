//! Messages of dead-letter queues are moved.

use std::time::Duration;

use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client};

/// A dead-letter queue, and a queue with so many messages that were all received too often.
async fn dead_letters(cloud: &TestCloud, sqs: &Client<'_>, count: usize, fifo: bool) -> (String, String) {
    let suffix = if fifo { ".fifo" } else { "" };
    let mut attributes = json!({});
    if fifo {
        attributes = json!({"FifoQueue": "true", "ContentBasedDeduplication": "true"});
    }
    let dead = sqs.new_queue_with(&format!("dead{suffix}"), attributes.clone()).await;
    let arn = sqs.arn(&format!("dead{suffix}"));
    attributes["RedrivePolicy"] =
        json!(json!({"deadLetterTargetArn": arn, "maxReceiveCount": 1}).to_string());
    let url = sqs.new_queue_with(&format!("jobs{suffix}"), attributes).await;
    for n in 0..count {
        let mut input = json!({"QueueUrl": url, "MessageBody": format!("m{n}")});
        if fifo {
            input["MessageGroupId"] = json!("g");
        }
        sqs.ok("SendMessage", input).await;
    }
    for _ in 0..10 {
        let input = json!({"QueueUrl": url, "MaxNumberOfMessages": 10, "VisibilityTimeout": 1});
        sqs.ok("ReceiveMessage", input).await;
        cloud.advance(Duration::from_secs(2)).await;
        if messages(sqs, &url).await == 0 {
            break;
        }
    }
    assert_eq!(messages(sqs, &dead).await, count);
    (dead, url)
}

async fn messages(sqs: &Client<'_>, url: &str) -> usize {
    sqs.attributes(url).await["ApproximateNumberOfMessages"].as_str().unwrap().parse().unwrap()
}

async fn tasks(sqs: &Client<'_>, most: i32) -> Vec<Json> {
    let input = json!({"SourceArn": sqs.arn("dead"), "MaxResults": most});
    sqs.ok("ListMessageMoveTasks", input).await["Results"].as_array().unwrap().clone()
}

#[tokio::test]
async fn messages_go_back_to_where_they_came_from_as_new_ones() {
    let cloud = TestCloud::new(160);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let (dead, url) = dead_letters(&cloud, &sqs, 3, false).await;
    let started = cloud.now().as_millis();
    let task = sqs.ok("StartMessageMoveTask", json!({"SourceArn": sqs.arn("dead")})).await;
    assert_eq!(
        tasks(&sqs, 1).await,
        [json!({
            "TaskHandle": task["TaskHandle"], "Status": "RUNNING", "SourceArn": sqs.arn("dead"),
            "ApproximateNumberOfMessagesMoved": 0, "ApproximateNumberOfMessagesToMove": 3,
            "StartedTimestamp": started,
        })]
    );
    assert_eq!(
        sqs.refused(
            "StartMessageMoveTask",
            json!({"SourceArn": sqs.arn("dead")}),
            "InvalidParameterValueException"
        )
        .await,
        "There is already a task running. Only one active task is allowed for a source queue arn at a given time."
    );
    cloud.settle().await;
    assert_eq!((messages(&sqs, &dead).await, messages(&sqs, &url).await), (0, 3));
    assert_eq!(
        tasks(&sqs, 1).await,
        [json!({
            "Status": "COMPLETED", "SourceArn": sqs.arn("dead"), "ApproximateNumberOfMessagesMoved": 3,
            "ApproximateNumberOfMessagesToMove": 3, "StartedTimestamp": started,
        })]
    );
    let input = json!({"QueueUrl": url, "MessageSystemAttributeNames": ["All"]});
    let got = sqs.ok("ReceiveMessage", input).await["Messages"][0]["Attributes"].clone();
    assert_eq!(got["ApproximateReceiveCount"], json!("1"));
    assert_eq!(got["SentTimestamp"], json!(started.to_string()));
    assert_eq!(got.get("DeadLetterQueueSourceArn"), None);
    let gone = json!({"TaskHandle": task["TaskHandle"]});
    assert_eq!(
        sqs.refused("CancelMessageMoveTask", gone, "ResourceNotFoundException").await,
        "Task does not exist."
    );
}

#[tokio::test]
async fn messages_move_at_the_pace_that_is_asked_for_until_somebody_cancels() {
    let cloud = TestCloud::new(161);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let (dead, _) = dead_letters(&cloud, &sqs, 10, false).await;
    let other = sqs.new_queue("other").await;
    let input = json!({
        "SourceArn": sqs.arn("dead"), "DestinationArn": sqs.arn("other"), "MaxNumberOfMessagesPerSecond": 2,
    });
    let task = sqs.ok("StartMessageMoveTask", input).await;
    cloud.settle().await;
    assert_eq!(messages(&sqs, &other).await, 2);
    cloud.advance(Duration::from_secs(2)).await;
    assert_eq!(messages(&sqs, &other).await, 6);
    let cancelled = sqs.ok("CancelMessageMoveTask", json!({"TaskHandle": task["TaskHandle"]})).await;
    assert_eq!(cancelled, json!({"ApproximateNumberOfMessagesMoved": 6}));
    cloud.advance(Duration::from_secs(10)).await;
    assert_eq!((messages(&sqs, &dead).await, messages(&sqs, &other).await), (4, 6));
    let told = tasks(&sqs, 10).await;
    assert_eq!(told[0]["Status"], json!("CANCELLED"));
    assert_eq!(told[0]["DestinationArn"], json!(sqs.arn("other")));
    assert_eq!(told[0]["MaxNumberOfMessagesPerSecond"], json!(2));
    // Those who came there by themselves have nowhere to go back to.
    sqs.ok("SendMessage", json!({"QueueUrl": dead, "MessageBody": "by itself"})).await;
    sqs.ok("StartMessageMoveTask", json!({"SourceArn": sqs.arn("dead")})).await;
    cloud.settle().await;
    let told = tasks(&sqs, 10).await;
    assert_eq!(told.len(), 2);
    assert_eq!(told[0]["Status"], json!("FAILED"));
    assert_eq!(told[0]["FailureReason"], json!("CouldNotDetermineMessageSource"));
}

#[tokio::test]
async fn groups_of_fifo_queues_move_in_their_order() {
    let cloud = TestCloud::new(162);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let (dead, url) = dead_letters(&cloud, &sqs, 5, true).await;
    sqs.ok("StartMessageMoveTask", json!({"SourceArn": sqs.arn("dead.fifo")})).await;
    cloud.settle().await;
    assert_eq!(messages(&sqs, &dead).await, 0);
    let got = sqs.ok("ReceiveMessage", json!({"QueueUrl": url, "MaxNumberOfMessages": 10})).await;
    let bodies: Vec<_> = got["Messages"].as_array().unwrap().iter().map(|it| it["Body"].clone()).collect();
    assert_eq!(json!(bodies), json!(["m0", "m1", "m2", "m3", "m4"]));
}

#[tokio::test]
async fn tasks_that_cannot_be_are_refused() {
    let cloud = TestCloud::new(163);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    dead_letters(&cloud, &sqs, 0, false).await;
    sqs.new_queue_with("other.fifo", json!({"FifoQueue": "true"})).await;
    let (invalid, absent) = ("InvalidParameterValueException", "ResourceNotFoundException");
    for (source, destination, code, text) in [
        (sqs.arn("jobs"), None, invalid, "Source queue must be configured as a Dead Letter Queue."),
        (
            sqs.arn("none"),
            None,
            absent,
            "The resource that you specified for the SourceArn parameter doesn't exist.",
        ),
        (
            sqs.arn("dead"),
            Some(sqs.arn("none")),
            absent,
            "The resource that you specified for the DestinationArn parameter doesn't exist.",
        ),
        (
            sqs.arn("dead"),
            Some(sqs.arn("other.fifo")),
            invalid,
            "Destination queue must be same type of queue as the source.",
        ),
        (
            "dead".to_owned(),
            None,
            invalid,
            "You must use this format to specify the SourceArn: \
             arn:<partition>:<service>:<region>:<account-id>:<resource-id>",
        ),
    ] {
        let mut input = json!({"SourceArn": source});
        if let Some(destination) = destination {
            input["DestinationArn"] = json!(destination);
        }
        assert_eq!(sqs.refused("StartMessageMoveTask", input, code).await, text);
    }
    let said = sqs.refused("CancelMessageMoveTask", json!({"TaskHandle": "x"}), invalid).await;
    assert_eq!(said, "Value for parameter TaskHandle is invalid.");
    let input = json!({"SourceArn": sqs.arn("dead"), "MaxResults": 11});
    sqs.refused("ListMessageMoveTasks", input, invalid).await;
    let input = json!({"SourceArn": sqs.arn("dead"), "MaxNumberOfMessagesPerSecond": 501});
    sqs.refused("StartMessageMoveTask", input, invalid).await;
    // Moving takes what moving one message takes.
    let may = json!({"Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Action": ["sqs:StartMessageMoveTask", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:Get*"],
        "Resource": "*",
    }});
    let user = cloud.user_with_policy(ACCOUNT, "mover", &may.to_string()).await;
    let input = json!({"SourceArn": sqs.arn("dead")});
    let said =
        Client::new(&cloud, &user).refused("StartMessageMoveTask", input, "AccessDeniedException").await;
    assert!(said.contains("sqs:sendmessage on resource: arn:aws:sqs:us-east-1:111122223333:jobs"), "{said}");
}

#[tokio::test]
async fn what_was_in_a_purged_or_deleted_queue_leaves_the_store() {
    let cloud = TestCloud::new(164);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let url = sqs.new_queue("jobs").await;
    for n in 0..20 {
        sqs.ok("SendMessage", json!({"QueueUrl": url, "MessageBody": format!("m{n}")})).await;
    }
    sqs.ok("PurgeQueue", json!({"QueueUrl": url})).await;
    assert_eq!(messages(&sqs, &url).await, 0);
    sqs.ok("SendMessage", json!({"QueueUrl": url, "MessageBody": "later"})).await;
    cloud.settle().await;
    assert_eq!(cloud.store().names("sqs.message").await.len(), 1);
    assert_eq!(messages(&sqs, &url).await, 1);
    sqs.ok("DeleteQueue", json!({"QueueUrl": url})).await;
    cloud.settle().await;
    for table in ["sqs.message", "sqs.available", "sqs.in_flight"] {
        assert!(cloud.store().names(table).await.is_empty(), "{table}");
    }
}
