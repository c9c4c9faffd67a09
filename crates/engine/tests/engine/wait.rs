//! Calls that wait, and calls that queue up.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use alcazar_testkit::TestCloud;

use crate::ledger::{ACCOUNT, Add, AddLocked, Attempts, SERVICE, WaitFor, about, balance};

fn cloud(seed: u64) -> Arc<TestCloud> {
    Arc::new(TestCloud::builder(seed).service(&SERVICE).build())
}

fn waiting(cloud: &Arc<TestCloud>, name: &str) -> tokio::task::JoinHandle<(Option<i64>, String)> {
    let (cloud, mut request) = (cloud.clone(), about(name));
    request.number = Some(20);
    tokio::spawn(async move {
        let answer = cloud.call::<WaitFor>(&cloud.root(ACCOUNT), request).await.unwrap();
        (answer.number, answer.text.unwrap())
    })
}

async fn let_it_come() {
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_call_that_waits_is_answered_when_somebody_commits_what_it_waits_for() {
    let cloud = cloud(90);
    let node = cloud.another_node();
    let (here, elsewhere) = (waiting(&cloud, "a"), waiting(&Arc::new(node), "a"));
    let_it_come().await;
    cloud.call::<Add>(&cloud.root(ACCOUNT), about("b")).await.unwrap();
    let_it_come().await;
    assert!(!here.is_finished() && !elsewhere.is_finished());
    cloud.call::<Add>(&cloud.root(ACCOUNT), about("a")).await.unwrap();
    assert_eq!(here.await.unwrap(), (Some(1), "0".to_owned()));
    assert_eq!(elsewhere.await.unwrap(), (Some(1), "0".to_owned()));
}

#[tokio::test]
async fn a_call_that_waits_in_vain_is_answered_at_its_time_on_the_clouds_clock() {
    let cloud = cloud(91);
    let waiting = waiting(&cloud, "a");
    let_it_come().await;
    cloud.advance(Duration::from_secs(19)).await;
    let_it_come().await;
    assert!(!waiting.is_finished());
    cloud.advance(Duration::from_secs(1)).await;
    assert_eq!(waiting.await.unwrap(), (Some(0), "20".to_owned()));
}

#[tokio::test]
async fn calls_that_wait_are_answered_when_the_server_stops() {
    let cloud = cloud(93);
    let before = waiting(&cloud, "a");
    let_it_come().await;
    cloud.cloud().end_waiting();
    let after = waiting(&cloud, "a");
    assert_eq!(before.await.unwrap(), (Some(0), "0".to_owned()));
    assert_eq!(after.await.unwrap(), (Some(0), "0".to_owned()));
}

#[tokio::test]
async fn calls_under_one_lock_do_not_conflict_and_those_under_several_do_not_block_each_other() {
    let cloud = cloud(92);
    let calls = (0..64).map(|number| {
        let cloud = cloud.clone();
        let names = if number % 2 == 0 { "a,b" } else { "b,a" };
        tokio::spawn(async move {
            cloud.call::<AddLocked>(&cloud.root(ACCOUNT), about(names)).await.unwrap();
        })
    });
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap();
    }
    assert_eq!(balance(&cloud, "a").await, 64);
    assert_eq!(balance(&cloud, "b").await, 64);
    let attempts = cloud.cloud().state::<Attempts>().0.load(Ordering::SeqCst);
    assert_eq!(attempts, 64);
}
