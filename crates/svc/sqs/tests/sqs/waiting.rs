//! Long polling.

use std::sync::Arc;
use std::time::Duration;

use alcazar_testkit::{TestCaller, TestCloud};
use serde_json::{Value as Json, json};
use tokio::task::JoinHandle;

use crate::client::{ACCOUNT, Client, bodies, handle};

fn wait_for(cloud: &Arc<TestCloud>, caller: &TestCaller, url: &str) -> JoinHandle<Json> {
    let (cloud, caller, url) = (cloud.clone(), caller.clone(), url.to_owned());
    tokio::spawn(async move {
        let input = json!({"QueueUrl": url, "WaitTimeSeconds": 20});
        Client::new(&cloud, &caller).ok("ReceiveMessage", input).await
    })
}

/// Lets those who wait come so far.
async fn a_moment() {
    tokio::time::sleep(Duration::from_millis(50)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receiver_who_waits_gets_what_is_sent_meanwhile() {
    let cloud = Arc::new(TestCloud::new(60));
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let url = sqs.new_queue("jobs").await;
    let waiting = wait_for(&cloud, &root, &url);
    a_moment().await;
    assert!(!waiting.is_finished());
    sqs.send(&url, "a").await;
    assert_eq!(bodies(&waiting.await.unwrap()), ["a"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receiver_who_waits_gets_what_becomes_visible_meanwhile() {
    let cloud = Arc::new(TestCloud::new(61));
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let url = sqs.new_queue("jobs").await;
    sqs.ok("SendMessage", json!({"QueueUrl": url, "MessageBody": "late", "DelaySeconds": 5})).await;
    let waiting = wait_for(&cloud, &root, &url);
    a_moment().await;
    assert!(!waiting.is_finished());
    cloud.advance(Duration::from_secs(5)).await;
    let received = waiting.await.unwrap();
    assert_eq!(bodies(&received), ["late"]);
    // What another lets come back earlier than it would have.
    let waiting = wait_for(&cloud, &root, &url);
    a_moment().await;
    let back = handle(&received["Messages"][0]);
    let back = json!({"QueueUrl": url, "ReceiptHandle": back, "VisibilityTimeout": 0});
    sqs.ok("ChangeMessageVisibility", back).await;
    assert_eq!(bodies(&waiting.await.unwrap()), ["late"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receiver_who_waits_in_vain_is_told_of_nothing_in_time() {
    let cloud = Arc::new(TestCloud::new(62));
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let url = sqs.new_queue_with("jobs", json!({"ReceiveMessageWaitTimeSeconds": "7"})).await;
    let (other, caller, input) = (cloud.clone(), root.clone(), json!({"QueueUrl": url}));
    let waiting = tokio::spawn(async move { Client::new(&other, &caller).ok("ReceiveMessage", input).await });
    for _ in 0..7 {
        a_moment().await;
        assert!(!waiting.is_finished());
        cloud.advance(Duration::from_secs(1)).await;
    }
    assert_eq!(waiting.await.unwrap(), json!({}));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receiver_waits_for_a_group_to_be_free() {
    let cloud = Arc::new(TestCloud::new(63));
    let root = cloud.root(ACCOUNT);
    let sqs = Client::new(&cloud, &root);
    let attributes = json!({"FifoQueue": "true", "ContentBasedDeduplication": "true"});
    let url = sqs.new_queue_with("jobs.fifo", attributes).await;
    for body in ["a", "b"] {
        sqs.ok("SendMessage", json!({"QueueUrl": url, "MessageBody": body, "MessageGroupId": "g"})).await;
    }
    let first = sqs.receive(&url, 1).await;
    let waiting = wait_for(&cloud, &root, &url);
    a_moment().await;
    assert!(!waiting.is_finished());
    let done = handle(&first["Messages"][0]);
    sqs.ok("DeleteMessage", json!({"QueueUrl": url, "ReceiptHandle": done})).await;
    assert_eq!(bodies(&waiting.await.unwrap()), ["b"]);
}
