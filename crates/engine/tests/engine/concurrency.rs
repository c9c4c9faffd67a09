//! Many callers at once.

use std::sync::Arc;

use crate::ledger::{Add, Request, Sum, Transfer, about, balance, shared};

const ACCOUNTS: [&str; 4] = ["a", "b", "c", "d"];
const TOTAL: i64 = 400;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn calls_that_only_read_see_one_state_while_others_write() {
    let (cloud, root) = shared(100);
    for name in ACCOUNTS {
        cloud.call::<Add>(&root, Request { number: Some(100), ..about(name) }).await.unwrap();
    }
    let other = Arc::new(cloud.another_node());
    let mut tasks = tokio::task::JoinSet::new();
    for writer in 0..6_usize {
        let (node, root) = (if writer % 2 == 0 { cloud.clone() } else { other.clone() }, root.clone());
        tasks.spawn(async move {
            for round in 0..50 {
                let (from, to) = (ACCOUNTS[(writer + round) % 4], ACCOUNTS[(writer + round * 3 + 1) % 4]);
                let request = Request { other: Some(to.to_owned()), number: Some(3), ..about(from) };
                // A caller that is throttled has changed nothing, and may go on.
                if let Err(error) = node.call::<Transfer>(&root, request).await {
                    assert_eq!(error.model().name, "ThrottlingException");
                }
            }
        });
    }
    for reader in 0..4_usize {
        let (node, root) = (if reader % 2 == 0 { cloud.clone() } else { other.clone() }, root.clone());
        tasks.spawn(async move {
            for _ in 0..200 {
                match node.call::<Sum>(&root, about("a,b,c,d")).await {
                    Ok(sum) => assert_eq!(sum.number, Some(TOTAL)),
                    Err(error) => assert_eq!(error.model().name, "ThrottlingException"),
                }
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
    assert_eq!(balance(&cloud, "a,b,c,d").await, TOTAL);
    assert_eq!(balance(&other, "a,b,c,d").await, TOTAL);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_write_is_lost_and_each_is_audited_once() {
    let (cloud, root) = shared(101);
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let (cloud, root) = (cloud.clone(), root.clone());
        tasks.spawn(async move {
            let mut acknowledged = 0;
            for _ in 0..50 {
                acknowledged += i64::from(cloud.call::<Add>(&root, about("a")).await.is_ok());
            }
            acknowledged
        });
    }
    let mut acknowledged = 0;
    while let Some(done) = tasks.join_next().await {
        acknowledged += done.unwrap();
    }
    assert_eq!(balance(&cloud, "a").await, acknowledged);
    let done =
        |event: &alcazar_engine::audit::AuditEvent| event.event_name == "Add" && event.error_code.is_none();
    let events = cloud.events().into_iter().filter(done).count();
    assert_eq!(i64::try_from(events).unwrap(), acknowledged);
}
