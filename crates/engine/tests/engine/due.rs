//! Work that falls due.

use std::time::Duration;

use alcazar_engine::Round;

use crate::ledger::{Add, AddLater, Request, about, balance, cloud, diary};

fn later(name: &str, seconds: i64) -> Request {
    Request { number: Some(seconds), ..about(name) }
}

#[tokio::test]
async fn it_is_done_once_each_at_its_time_and_in_order() {
    let (cloud, root) = cloud(40);
    for (name, seconds) in [("c", 30), ("a", 10), ("b", 20), ("b2", 20), ("d", 3600)] {
        cloud.call::<AddLater>(&root, later(name, seconds)).await.unwrap();
    }
    assert_eq!(cloud.advance(Duration::from_secs(9)).await, 0);
    assert_eq!(cloud.advance(Duration::from_secs(51)).await, 4);
    assert_eq!(
        diary(&cloud).await,
        [
            "a at 2026-01-01T00:00:10Z",
            "b at 2026-01-01T00:00:20Z",
            "b2 at 2026-01-01T00:00:20Z",
            "c at 2026-01-01T00:00:30Z"
        ]
    );
    assert_eq!(cloud.advance(Duration::from_secs(60)).await, 0);
    assert_eq!(balance(&cloud, "a").await, 1);
    assert_eq!(cloud.advance(Duration::from_secs(3600)).await, 1);
    assert_eq!(cloud.cloud().next_due().await.unwrap(), None);
}

#[tokio::test]
async fn it_leaves_an_event_of_the_service_itself() {
    let (cloud, root) = cloud(41);
    cloud.call::<AddLater>(&root, later("a", 10)).await.unwrap();
    cloud.advance(Duration::from_secs(10)).await;
    let event = cloud.last_event();
    assert_eq!((event.event_name.as_str(), event.service_event), ("AddByItself", true));
    assert_eq!((event.region.as_str(), event.source_ip.as_str()), ("eu-west-1", "ledger.amazonaws.com"));
    assert!(event.resources[0].arn.ends_with("account/a"));
    assert_eq!(event.identity, None);
}

#[tokio::test]
async fn it_survives_a_restart() {
    let (cloud, root) = cloud(42);
    cloud.call::<AddLater>(&root, later("a", 10)).await.unwrap();
    let cloud = cloud.another_node();
    assert_eq!(cloud.advance(Duration::from_secs(10)).await, 1);
    assert_eq!(balance(&cloud, "a").await, 1);
}

#[tokio::test]
async fn two_nodes_do_it_once() {
    let (one, root) = cloud(43);
    let other = one.another_node();
    for number in 0..20 {
        one.call::<AddLater>(&root, later(&format!("n{number}"), 0)).await.unwrap();
    }
    let (of_one, of_other) = tokio::join!(one.cloud().run_due(), other.cloud().run_due());
    assert!(of_one.unwrap().failed + of_other.unwrap().failed == 0);
    assert_eq!(diary(&one).await.len(), 20);
    let done = one.events().into_iter().filter(|event| event.service_event).count();
    assert_eq!(done, 20);
}

#[tokio::test]
async fn what_fails_changes_nothing_and_is_done_again_until_it_succeeds() {
    let (cloud, root) = cloud(44);
    cloud.call::<Add>(&root, about("poison")).await.unwrap();
    cloud.call::<AddLater>(&root, later("bad", 1)).await.unwrap();
    assert_eq!(cloud.advance(Duration::from_secs(2)).await, 0);
    assert_eq!(balance(&cloud, "bad").await, 0);
    cloud.call::<Add>(&root, Request { number: Some(-1), ..about("poison") }).await.unwrap();
    assert_eq!(cloud.advance(Duration::from_secs(2)).await, 1);
    assert_eq!(balance(&cloud, "bad").await, 1);
}

#[tokio::test]
async fn what_fails_waits_twice_as_long_each_time_but_never_longer_than_five_minutes() {
    let (cloud, root) = cloud(47);
    cloud.call::<Add>(&root, about("poison")).await.unwrap();
    cloud.call::<AddLater>(&root, later("bad", 1)).await.unwrap();
    cloud.advance(Duration::from_secs(1)).await;
    for seconds in [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300] {
        let next = cloud.cloud().next_due().await.unwrap().unwrap();
        assert_eq!(next - cloud.now(), Duration::from_secs(seconds));
        assert_eq!(cloud.cloud().run_due().await.unwrap(), Round { done: 0, failed: 0 });
        cloud.advance(Duration::from_secs(seconds)).await;
    }
    cloud.call::<AddLater>(&root, later("good", 1)).await.unwrap();
    assert_eq!(cloud.cloud().next_due().await.unwrap(), Some(cloud.now() + Duration::from_secs(1)));
    cloud.call::<Add>(&root, Request { number: Some(-1), ..about("poison") }).await.unwrap();
    assert_eq!(cloud.advance(Duration::from_secs(300)).await, 2);
    assert_eq!(cloud.cloud().next_due().await.unwrap(), None);
}

#[tokio::test]
async fn what_fails_does_not_hold_up_what_comes_after_it() {
    let (cloud, root) = cloud(45);
    cloud.call::<Add>(&root, about("poison")).await.unwrap();
    for number in 0..200 {
        cloud.call::<AddLater>(&root, later(&format!("bad{number}"), 1)).await.unwrap();
    }
    cloud.call::<AddLater>(&root, later("good", 2)).await.unwrap();
    cloud.advance(Duration::from_secs(3)).await;
    assert_eq!(balance(&cloud, "good").await, 1);
}

#[tokio::test]
async fn a_task_meets_conflicts_and_starts_again() {
    let (cloud, root) = cloud(46);
    cloud.call::<AddLater>(&root, later("a", 1)).await.unwrap();
    cloud.store().refuse_commits(3);
    assert_eq!(cloud.advance(Duration::from_secs(2)).await, 1);
    assert_eq!(balance(&cloud, "a").await, 1);
}
