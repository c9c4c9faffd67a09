//! What calls used: each counts once, whatever happens in between.

use std::time::Duration;

use alcazar_base::Month;
use alcazar_engine::usage::{MonthlyUse, of_month};
use alcazar_testkit::{TestCaller, TestCloud};

use crate::ledger::{ACCOUNT, Add, LastCall, LastUse, Through, Use, about, cloud, with};

const JANUARY: &str = "2026-01";

/// The stored use of a month, as `name class count`.
async fn stored(cloud: &TestCloud, month: &str) -> Vec<String> {
    let month: Month = month.parse().unwrap();
    let mut lines = Vec::new();
    let mut range = of_month(month);
    loop {
        let page = cloud.cloud().scan_records::<MonthlyUse>(&range, 100).await.unwrap();
        let Some((last, _)) = page.last() else { return lines };
        range = range.after(last.as_bytes());
        for (_, used) in &page {
            assert_eq!((used.account.as_str(), used.region.as_str()), (ACCOUNT, "us-east-1"));
            let name = used.resource.rsplit('/').next().unwrap();
            let line = |class: &str, count: u64| format!("{name} {class} {count}");
            lines.extend(used.requests.iter().map(|requests| line(&requests.class, requests.count)));
        }
    }
}

async fn uses(cloud: &TestCloud) -> Vec<String> {
    cloud.cloud().write_usage().await.unwrap();
    let mut lines = stored(cloud, JANUARY).await;
    // Those of calls that look only.
    lines.retain(|line| !line.contains("Requests"));
    lines
}

async fn use_it(cloud: &TestCloud, root: &TestCaller, name: &str, times: usize) {
    for _ in 0..times {
        cloud.call::<Use>(root, about(name)).await.unwrap();
    }
}

async fn last(cloud: &TestCloud, root: &TestCaller, name: &str) -> Option<String> {
    cloud.call::<LastUse>(root, about(name)).await.unwrap().text
}

#[tokio::test]
async fn what_was_used_is_counted_by_resource_class_and_month() {
    let (cloud, root) = cloud(80);
    use_it(&cloud, &root, "a", 3).await;
    use_it(&cloud, &root, "b", 1).await;
    cloud.call::<Use>(&root, with("a", "request")).await.unwrap();
    cloud.call::<Use>(&root, with("b", "note")).await.unwrap();
    assert_eq!(uses(&cloud).await, ["a Ledger-Uses 3", "a Ledger-Looks 1", "b Ledger-Uses 1"]);
    cloud.advance(Duration::from_secs(31 * 86_400)).await;
    use_it(&cloud, &root, "a", 2).await;
    assert_eq!(uses(&cloud).await, ["a Ledger-Uses 3", "a Ledger-Looks 1", "b Ledger-Uses 1"]);
    assert_eq!(stored(&cloud, "2026-02").await, ["a Ledger-Uses 2"]);
}

#[tokio::test]
async fn a_call_that_does_not_say_what_it_used_is_one_request_in_its_services_class() {
    let (cloud, root) = cloud(81);
    cloud.call::<Add>(&root, about("a")).await.unwrap();
    cloud.call::<Add>(&root, about("a")).await.unwrap();
    cloud.cloud().write_usage().await.unwrap();
    assert_eq!(stored(&cloud, JANUARY).await, ["a Ledger-Requests 2"]);
}

#[tokio::test]
async fn what_failed_or_was_taken_back_does_not_count() {
    let (cloud, root) = cloud(82);
    cloud.call::<Use>(&root, with("a", "fail")).await.unwrap_err();
    cloud.call::<Through>(&root, with("a", "use and fail afterwards")).await.unwrap_err();
    cloud.call::<Through>(&root, with("a", "fail after use and go on")).await.unwrap();
    assert!(uses(&cloud).await.is_empty());
    assert_eq!(last(&cloud, &root, "a").await, None);
    cloud.call::<Through>(&root, with("a", "use")).await.unwrap();
    assert_eq!(uses(&cloud).await, ["a Ledger-Uses 1"]);
}

#[tokio::test]
async fn what_was_not_decided_on_cannot_be_used() {
    let (cloud, root) = cloud(83);
    let error = cloud.call::<Use>(&root, with("a", "undecided")).await.unwrap_err();
    assert_eq!(error.model().name, "InternalFailure");
    assert!(uses(&cloud).await.is_empty());
}

#[tokio::test]
async fn the_last_use_is_known_at_once_and_names_its_event() {
    let (cloud, root) = cloud(84);
    assert_eq!(last(&cloud, &root, "a").await, None);
    use_it(&cloud, &root, "a", 2).await;
    let event = cloud.last_event();
    let told = format!("Use {} {} {}", event.time, event.event_id, event.request_id);
    assert_eq!(last(&cloud, &root, "a").await.as_ref(), Some(&told));
    cloud.cloud().write_usage().await.unwrap();
    assert_eq!(last(&cloud, &root, "a").await.as_ref(), Some(&told));
    // A call that only looks is none.
    cloud.call::<Use>(&root, with("a", "request")).await.unwrap();
    assert_eq!(last(&cloud, &root, "a").await.as_ref(), Some(&told));
}

#[tokio::test]
async fn a_node_that_never_wrote_loses_nothing() {
    let (cloud, root) = cloud(85);
    use_it(&cloud, &root, "a", 5).await;
    let restarted = cloud.another_node();
    assert!(last(&restarted, &root, "a").await.unwrap().starts_with("Use "));
    assert_eq!(uses(&restarted).await, ["a Ledger-Uses 5"]);
}

#[tokio::test]
async fn nodes_over_one_log_count_each_use_once() {
    let (cloud, root) = cloud(86);
    let other = cloud.another_node();
    for round in 1..=3 {
        use_it(&cloud, &root, "a", 2).await;
        use_it(&other, &root, "a", 1).await;
        assert_eq!(uses(&other).await, [format!("a Ledger-Uses {}", 3 * round)]);
        use_it(&other, &root, "a", 0).await;
        assert_eq!(uses(&cloud).await, [format!("a Ledger-Uses {}", 3 * round)]);
    }
}

#[tokio::test]
async fn a_writing_that_fails_or_conflicts_is_done_again() {
    let (cloud, root) = cloud(87);
    use_it(&cloud, &root, "a", 4).await;
    cloud.store().fail_commits(true);
    cloud.cloud().write_usage().await.unwrap_err();
    cloud.store().fail_commits(false);
    use_it(&cloud, &root, "a", 1).await;
    cloud.store().refuse_commits(2);
    assert_eq!(uses(&cloud).await, ["a Ledger-Uses 5"]);
    assert_eq!(uses(&cloud).await, ["a Ledger-Uses 5"]);
}

#[tokio::test]
async fn more_resources_than_are_held_in_memory_are_counted_all_the_same() {
    let (cloud, root) = cloud(88);
    cloud.cloud().write_usage().await.unwrap();
    for i in 0..3500 {
        cloud.call::<Use>(&root, about(&i.to_string())).await.unwrap();
    }
    assert!(last(&cloud, &root, "3499").await.is_some());
    use_it(&cloud, &root, "7", 1).await;
    let uses = uses(&cloud).await;
    assert_eq!(uses.len(), 3500);
    assert!(uses.contains(&"7 Ledger-Uses 2".to_owned()) && uses.contains(&"3499 Ledger-Uses 1".to_owned()));
}

#[tokio::test]
async fn what_was_used_before_everything_was_deleted_is_forgotten() {
    let (cloud, root) = cloud(89);
    use_it(&cloud, &root, "a", 4).await;
    cloud.cloud().delete_all_records().await.unwrap();
    use_it(&cloud, &root, "a", 1).await;
    assert_eq!(uses(&cloud).await, ["a Ledger-Uses 1"]);
}

async fn last_call(cloud: &TestCloud, root: &TestCaller, id: &str) -> Option<String> {
    cloud.call::<LastCall>(root, about(id)).await.unwrap().text
}

#[tokio::test]
async fn the_last_use_of_an_access_key_is_known_at_once_and_by_other_nodes_and_after_a_crash() {
    let (cloud, root) = cloud(90);
    let user = cloud.user(ACCOUNT, "alice").await;
    let id = user.caller.access_key_id.as_str();
    assert_eq!(last_call(&cloud, &root, id).await, None);
    // Whether the call was allowed does not count.
    cloud.call::<Use>(&user.at("eu-west-1"), about("a")).await.unwrap_err();
    let told = format!("{} ledger eu-west-1", cloud.now());
    assert_eq!(last_call(&cloud, &root, id).await.as_ref(), Some(&told));
    // This node has written nothing yet, so another one reads the log.
    let restarted = cloud.another_node();
    assert_eq!(last_call(&restarted, &root, id).await.as_ref(), Some(&told));
    restarted.cloud().write_usage().await.unwrap();
    assert_eq!(last_call(&cloud.another_node(), &root, id).await.as_ref(), Some(&told));
    cloud.advance(Duration::from_secs(60)).await;
    cloud.call::<LastUse>(&user, about("a")).await.unwrap_err();
    let told = format!("{} ledger us-east-1", cloud.now());
    assert_eq!(last_call(&restarted, &root, id).await.as_ref(), Some(&told));
    cloud.cloud().write_usage().await.unwrap();
    assert_eq!(last_call(&cloud, &root, id).await.as_ref(), Some(&told));
}
