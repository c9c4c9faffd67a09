//! What happens after a commit.

use std::time::Duration;

use alcazar_testkit::{TestCaller, TestCloud};

use crate::ledger::{ACCOUNT, Add, AddAndFail, Heard, SERVICE, Tell, about, heard_name, with};

fn cloud(seed: u64) -> (TestCloud, TestCaller) {
    let cloud = TestCloud::builder(seed).service(&SERVICE).build();
    let root = cloud.root(ACCOUNT);
    (cloud, root)
}

async fn heard(cloud: &TestCloud, lane: &str) -> Vec<String> {
    let heard = cloud.cloud().get_record::<Heard>(&heard_name(lane)).await.unwrap();
    heard.map(|heard| heard.texts.clone()).unwrap_or_default()
}

async fn make_deaf(cloud: &TestCloud, root: &TestCaller, lane: &str, number: i64) {
    let mut request = about(&format!("deaf {lane}"));
    request.number = Some(number);
    cloud.call::<Add>(root, request).await.unwrap();
}

fn numbers(count: usize) -> Vec<String> {
    (0..count).map(|number| number.to_string()).collect()
}

#[tokio::test]
async fn a_lane_in_order_is_delivered_in_the_order_of_writing_and_once() {
    let (cloud, root) = cloud(60);
    cloud.call::<Tell>(&root, with("added", &numbers(200).join(","))).await.unwrap();
    assert!(heard(&cloud, "added").await.is_empty());
    assert_eq!(cloud.cloud().deliver().await.unwrap(), 200);
    assert_eq!(cloud.cloud().deliver().await.unwrap(), 0);
    assert_eq!(heard(&cloud, "added").await, numbers(200));
    assert!(cloud.store().names("delivery").await.is_empty());
}

#[tokio::test]
async fn a_lane_without_order_is_delivered_whole_and_once() {
    let (cloud, root) = cloud(66);
    cloud.call::<Tell>(&root, with("other", &numbers(100).join(","))).await.unwrap();
    cloud.settle().await;
    let mut heard = heard(&cloud, "other").await;
    heard.sort_by_key(|text| text.parse::<u32>().unwrap());
    assert_eq!(heard, numbers(100));
    assert!(cloud.store().names("delivery").await.is_empty());
}

#[tokio::test]
async fn a_call_that_fails_delivers_nothing() {
    let (cloud, root) = cloud(61);
    cloud.call::<AddAndFail>(&root, about("a")).await.unwrap_err();
    assert_eq!(cloud.cloud().deliver().await.unwrap(), 0);
    assert!(heard(&cloud, "added").await.is_empty());
}

#[tokio::test]
async fn what_is_not_taken_waits_and_holds_up_its_lane_alone_if_that_is_in_order() {
    let (cloud, root) = cloud(62);
    make_deaf(&cloud, &root, "added", 1).await;
    make_deaf(&cloud, &root, "third", 1).await;
    for lane in ["added", "other", "third"] {
        cloud.call::<Tell>(&root, with(lane, "x,y,z")).await.unwrap();
    }
    // The first of the lane in order, three of the other two each.
    assert_eq!(cloud.cloud().deliver().await.unwrap(), 7);
    assert_eq!(cloud.cloud().deliver().await.unwrap(), 0);
    assert_eq!(heard(&cloud, "other").await.len(), 3);
    assert!(heard(&cloud, "added").await.is_empty() && heard(&cloud, "third").await.is_empty());
    make_deaf(&cloud, &root, "added", -1).await;
    make_deaf(&cloud, &root, "third", -1).await;
    cloud.advance(Duration::from_secs(59)).await;
    assert!(heard(&cloud, "added").await.is_empty());
    // A restart loses none of it, and keeps the order.
    let node = cloud.another_node();
    node.advance(Duration::from_secs(1)).await;
    assert_eq!(heard(&cloud, "added").await, ["x", "y", "z"]);
    assert_eq!(heard(&cloud, "third").await.len(), 3);
    assert!(cloud.store().names("delivery").await.is_empty());
}

#[tokio::test]
async fn a_handler_that_fails_leaves_nothing_and_is_given_it_again_less_and_less_often() {
    let (cloud, root) = cloud(63);
    make_deaf(&cloud, &root, "other", 2).await;
    cloud.call::<Tell>(&root, with("other", "x")).await.unwrap();
    let mut attempts = 0;
    for _ in 0..60 {
        attempts += cloud.cloud().deliver().await.unwrap();
        cloud.advance(Duration::from_secs(1)).await;
    }
    assert!(attempts <= 6, "{attempts}");
    assert!(heard(&cloud, "other").await.is_empty());
    make_deaf(&cloud, &root, "other", -2).await;
    cloud.advance(Duration::from_secs(300)).await;
    assert_eq!(heard(&cloud, "other").await, ["x"]);
}

#[tokio::test]
async fn several_nodes_deliver_everything_once() {
    let (cloud, root) = cloud(64);
    let node = cloud.another_node();
    // The other node knows its lanes before anything comes.
    assert_eq!(node.cloud().deliver().await.unwrap(), 0);
    cloud.call::<Tell>(&root, with("added", &numbers(50).join(","))).await.unwrap();
    let (one, other) = (cloud.cloud().clone(), node.cloud().clone());
    let (one, other) = tokio::join!(one.deliver(), other.deliver());
    assert!(one.unwrap() + other.unwrap() >= 50);
    cloud.settle().await;
    assert_eq!(heard(&cloud, "added").await, numbers(50));
}
