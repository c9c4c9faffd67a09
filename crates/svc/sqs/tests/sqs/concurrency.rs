//! Many senders and receivers at once: nothing is lost, given out twice, or out of order.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use alcazar_testkit::TestCloud;
use serde_json::json;
use tokio::task::JoinSet;

use crate::client::{ACCOUNT, Client, bodies, handle};

const TASKS: usize = 64;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn each_message_of_a_standard_queue_is_received_once_while_it_is_hidden() {
    const EACH: usize = 10;
    let cloud = Arc::new(TestCloud::new(70));
    let root = cloud.root(ACCOUNT);
    let url = Client::new(&cloud, &root).new_queue("jobs").await;
    let mut tasks = JoinSet::new();
    for task in 0..TASKS {
        let (cloud, root, url) = (cloud.clone(), root.clone(), url.clone());
        tasks.spawn(async move {
            let sqs = Client::new(&cloud, &root);
            let mut received = Vec::new();
            for number in 0..EACH {
                sqs.send(&url, &format!("{task} {number}")).await;
                let got = sqs.receive(&url, 1 + number % 3).await;
                received.extend(bodies(&got));
                for message in got["Messages"].as_array().into_iter().flatten().step_by(2) {
                    let input = json!({"QueueUrl": url, "ReceiptHandle": handle(message)});
                    sqs.ok("DeleteMessage", input).await;
                }
            }
            received
        });
    }
    let mut received: Vec<String> = tasks.join_all().await.into_iter().flatten().collect();
    let sqs = Client::new(&cloud, &root);
    loop {
        let rest = bodies(&sqs.receive(&url, 10).await);
        if rest.is_empty() {
            break;
        }
        received.extend(rest);
    }
    let different: HashSet<_> = received.iter().collect();
    assert_eq!((received.len(), different.len()), (TASKS * EACH, TASKS * EACH));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_fifo_queue_keeps_each_groups_order_and_removes_duplicates() {
    const GROUPS: usize = 5;
    const EACH: usize = 6;
    let cloud = Arc::new(TestCloud::new(71));
    let root = cloud.root(ACCOUNT);
    let attributes = json!({"FifoQueue": "true", "VisibilityTimeout": "43200"});
    let url = Client::new(&cloud, &root).new_queue_with("jobs.fifo", attributes).await;
    let mut tasks = JoinSet::new();
    for task in 0..TASKS {
        let (cloud, root, url) = (cloud.clone(), root.clone(), url.clone());
        tasks.spawn(async move {
            let sqs = Client::new(&cloud, &root);
            let mut sent = Vec::new();
            for number in 0..EACH {
                // Two tasks send each message.
                let (group, id) = (format!("g{}", (task / 2) % GROUPS), format!("{}-{number}", task / 2));
                let input = json!({
                    "QueueUrl": url, "MessageBody": id, "MessageGroupId": group, "MessageDeduplicationId": id,
                });
                let answer = sqs.ok("SendMessage", input).await;
                sent.push((id, answer["SequenceNumber"].as_str().unwrap().to_owned()));
            }
            sent
        });
    }
    let mut receivers = JoinSet::new();
    let order = Arc::new(AtomicU64::new(0));
    for _ in 0..8 {
        let (cloud, root, url, order) = (cloud.clone(), root.clone(), url.clone(), order.clone());
        receivers.spawn(async move {
            let sqs = Client::new(&cloud, &root);
            let (mut received, mut empty) = (Vec::new(), 0);
            while empty < 200 {
                let input = json!({"QueueUrl": url, "MaxNumberOfMessages": 3, "AttributeNames": ["All"]});
                let got = sqs.ok("ReceiveMessage", input).await;
                let messages = got["Messages"].as_array().cloned().unwrap_or_default();
                empty = if messages.is_empty() { empty + 1 } else { 0 };
                for message in messages {
                    let attribute = |name: &str| message["Attributes"][name].as_str().unwrap().to_owned();
                    received.push((
                        attribute("MessageGroupId"),
                        attribute("SequenceNumber"),
                        message["Body"].as_str().unwrap().to_owned(),
                        order.fetch_add(1, Ordering::SeqCst),
                    ));
                    let input = json!({"QueueUrl": url, "ReceiptHandle": handle(&message)});
                    sqs.ok("DeleteMessage", input).await;
                }
                tokio::task::yield_now().await;
            }
            received
        });
    }
    let sent: Vec<(String, String)> = tasks.join_all().await.into_iter().flatten().collect();
    let sequences: BTreeMap<String, String> = sent.iter().cloned().collect();
    for (id, sequence) in &sent {
        assert_eq!(&sequences[id], sequence, "both who sent {id} were told of one message");
    }
    let mut received: Vec<_> = receivers.join_all().await.into_iter().flatten().collect();
    received.sort_by_key(|(.., number)| *number);
    let different: HashSet<_> = received.iter().map(|(_, _, body, _)| body).collect();
    assert_eq!((received.len(), different.len()), (TASKS / 2 * EACH, TASKS / 2 * EACH));
    let mut last: BTreeMap<&String, &String> = BTreeMap::new();
    for (group, sequence, body, _) in &received {
        let before = last.insert(group, sequence);
        assert!(before.is_none_or(|before| before < sequence), "{body} of {group} came out of order");
    }
    assert_eq!(Client::new(&cloud, &root).counts(&url).await, (0, 0, 0));
}
