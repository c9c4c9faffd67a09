//! Dead-letter queues, as far as queues say so.

use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client, OTHER_ACCOUNT};

fn redrive(arn: &str) -> Json {
    json!(json!({"deadLetterTargetArn": arn, "maxReceiveCount": "3"}).to_string())
}

#[tokio::test]
async fn a_dead_letter_queue_knows_its_sources() {
    let cloud = TestCloud::new(120);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let dead = sqs.new_queue("dead").await;
    let sources = json!({"QueueUrl": dead});
    assert_eq!(sqs.ok("ListDeadLetterSourceQueues", sources.clone()).await, json!({"queueUrls": []}));
    let policy = redrive(&sqs.arn("dead"));
    let one = sqs.new_queue_with("one", json!({"RedrivePolicy": policy})).await;
    let two = sqs.new_queue("two").await;
    sqs.ok("SetQueueAttributes", json!({"QueueUrl": two, "Attributes": {"RedrivePolicy": policy}})).await;
    let normal = json!({"deadLetterTargetArn": sqs.arn("dead"), "maxReceiveCount": 3}).to_string();
    assert_eq!(sqs.attributes(&one).await["RedrivePolicy"], json!(normal));
    let told = sqs.ok("ListDeadLetterSourceQueues", sources.clone()).await;
    assert_eq!(told, json!({"queueUrls": [one, two]}));
    let page = sqs.ok("ListDeadLetterSourceQueues", json!({"QueueUrl": dead, "MaxResults": 1})).await;
    assert_eq!(page["queueUrls"], json!([one]));
    let next = json!({"QueueUrl": dead, "MaxResults": 1, "NextToken": page["NextToken"]});
    assert_eq!(sqs.ok("ListDeadLetterSourceQueues", next).await, json!({"queueUrls": [two]}));
    sqs.ok("SetQueueAttributes", json!({"QueueUrl": one, "Attributes": {"RedrivePolicy": ""}})).await;
    sqs.ok("DeleteQueue", json!({"QueueUrl": two})).await;
    assert_eq!(sqs.ok("ListDeadLetterSourceQueues", sources).await, json!({"queueUrls": []}));
}

#[tokio::test]
async fn dead_letters_go_to_a_queue_of_the_same_kind_and_place_that_lets_them_come() {
    let cloud = TestCloud::new(121);
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    sqs.new_queue("dead").await;
    let shut = sqs
        .new_queue_with("shut", json!({"RedriveAllowPolicy": "{\"redrivePermission\":\"denyAll\"}"}))
        .await;
    sqs.new_queue_with("dead.fifo", json!({"FifoQueue": "true"})).await;
    let url = sqs.new_queue("jobs").await;
    let foreign = sqs.arn("dead").replace(ACCOUNT, OTHER_ACCOUNT);
    for (arn, reason) in [
        (sqs.arn("none"), "Dead letter target does not exist."),
        (sqs.arn("dead.fifo"), "Dead-letter queue must be same type of queue as the source."),
        (foreign, "Dead-letter queue must be in the same account and region as the source."),
        (sqs.arn("shut"), "Queue does not have permission to use this dead-letter queue."),
        ("dummy".to_owned(), "Invalid value for deadLetterTargetArn."),
    ] {
        let policy = redrive(&arn);
        let text = format!(
            "Value {} for parameter RedrivePolicy is invalid. Reason: {reason}",
            policy.as_str().unwrap()
        );
        let input = json!({"QueueUrl": url, "Attributes": {"RedrivePolicy": policy}});
        assert_eq!(sqs.refused("SetQueueAttributes", input, "InvalidParameterValueException").await, text);
        let input = json!({"QueueName": "other", "Attributes": {"RedrivePolicy": policy}});
        assert_eq!(sqs.refused("CreateQueue", input, "InvalidParameterValueException").await, text);
    }
    let by_queue = json!({"redrivePermission": "byQueue", "sourceQueueArns": [sqs.arn("jobs")]}).to_string();
    sqs.ok("SetQueueAttributes", json!({"QueueUrl": shut, "Attributes": {"RedriveAllowPolicy": by_queue}}))
        .await;
    assert_eq!(sqs.attributes(&shut).await["RedriveAllowPolicy"], json!(by_queue));
    let policy = redrive(&sqs.arn("shut"));
    sqs.ok("SetQueueAttributes", json!({"QueueUrl": url, "Attributes": {"RedrivePolicy": policy}})).await;
}
