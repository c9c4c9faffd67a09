//! Services that follow the audit log.

use alcazar_base::limit::TRANSACTION_RECORDS_MAX;
use alcazar_engine::audit::AuditEvent;
use alcazar_engine::port::BoxFuture;
use alcazar_engine::{Cx, Follower, Name, Reads, Result};
use alcazar_testkit::TestCloud;
use minicbor::{Decode, Encode};

use crate::ledger::{ACCOUNT, Add, SERVICE, WhoAmI, about, balance};

/// Counts what the log says of accounts whose names begin with `watched`, while there is anything to count. Of one whose
/// name ends with `weighing 5` it writes so many records besides.
pub(crate) const FOLLOWER: Follower = Follower { name: "ledger", is_idle, run };

#[derive(Debug, Default, Clone, Encode, Decode)]
struct Seen {
    #[n(0)]
    event_ids: Vec<String>,
}

fn seen_name() -> Name {
    Name::table("ledger.seen").name()
}

fn is_idle<'a>(reads: &'a mut Reads<'_>) -> BoxFuture<'a, Result<bool>> {
    Box::pin(async move { Ok(reads.get::<Seen>(&seen_name()).await?.is_none()) })
}

fn run<'a>(cx: &'a mut Cx<'_>, events: &'a [AuditEvent]) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        let watched = |event: &&AuditEvent| {
            event.event_name == "Add"
                && event.resources.iter().any(|resource| resource.arn.contains("/watched"))
        };
        let ids: Vec<_> = events.iter().filter(watched).map(|event| event.event_id.clone()).collect();
        for event in events.iter().filter(watched) {
            for number in 0..weight(event) {
                let name = Name::table("ledger.weight").part(&event.event_id).part(&number.to_string());
                cx.put(name.name(), Seen::default())?;
            }
        }
        if !ids.is_empty() {
            let seen = cx.get::<Seen>(&seen_name()).await?.unwrap_or_default();
            let event_ids = seen.event_ids.iter().cloned().chain(ids).collect();
            cx.put(seen_name(), Seen { event_ids })?;
        }
        Ok(())
    })
}

fn weight(event: &AuditEvent) -> usize {
    let arn = event.resources.first().map_or("", |resource| &resource.arn);
    arn.rsplit_once("weighing ").map_or(0, |(_, weight)| weight.parse().unwrap())
}

/// Ends the follower's idleness.
pub(crate) async fn begin(cx: &mut Cx<'_>) -> Result<()> {
    if cx.get::<Seen>(&seen_name()).await?.is_none() {
        cx.put(seen_name(), Seen::default())?;
    }
    Ok(())
}

async fn seen(cloud: &TestCloud) -> usize {
    let seen = cloud.cloud().get_record::<Seen>(&seen_name()).await.unwrap().unwrap();
    let mut ids = seen.event_ids.clone();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), seen.event_ids.len(), "an event was seen twice");
    ids.len()
}

#[tokio::test]
async fn a_follower_sees_each_event_once_from_when_it_is_no_longer_idle() {
    let cloud = TestCloud::builder(80).service(&SERVICE).build();
    let root = cloud.root(ACCOUNT);
    cloud.settle().await;
    cloud.call::<Add>(&root, about("watched too early")).await.unwrap();
    cloud.settle().await;
    cloud.call::<Add>(&root, about("follow")).await.unwrap();
    for number in 0..300 {
        cloud.call::<Add>(&root, about(&format!("watched {number}"))).await.unwrap();
        cloud.call::<WhoAmI>(&root, about("nobody")).await.unwrap();
    }
    cloud.settle().await;
    assert_eq!(seen(&cloud).await, 300);
    // After a restart it goes on where it was.
    let node = cloud.another_node();
    node.call::<Add>(&root, about("watched again")).await.unwrap();
    node.settle().await;
    assert_eq!(seen(&cloud).await, 301);
    assert_eq!(balance(&cloud, "watched again").await, 1);
}

#[tokio::test]
async fn a_batch_that_leads_to_more_than_a_transaction_may_hold_is_shown_event_by_event() {
    let cloud = TestCloud::builder(81).service(&SERVICE).build();
    let root = cloud.root(ACCOUNT);
    cloud.call::<Add>(&root, about("follow")).await.unwrap();
    cloud.settle().await;
    let weight = TRANSACTION_RECORDS_MAX / 2;
    for number in 0..3 {
        cloud.call::<Add>(&root, about(&format!("watched {number} weighing {weight}"))).await.unwrap();
    }
    cloud.settle().await;
    assert_eq!(seen(&cloud).await, 3);
    cloud.call::<Add>(&root, about("watched")).await.unwrap();
    cloud.settle().await;
    assert_eq!(seen(&cloud).await, 4);
}

#[tokio::test]
async fn an_event_that_alone_leads_to_too_much_is_left_out_and_holds_up_none_behind_it() {
    let cloud = TestCloud::builder(82).service(&SERVICE).build();
    let root = cloud.root(ACCOUNT);
    cloud.call::<Add>(&root, about("follow")).await.unwrap();
    cloud.settle().await;
    let too_much = format!("watched weighing {TRANSACTION_RECORDS_MAX}");
    for name in ["watched before", &too_much, "watched behind"] {
        cloud.call::<Add>(&root, about(name)).await.unwrap();
    }
    cloud.settle().await;
    assert_eq!(seen(&cloud).await, 2);
    // After a restart it is not shown again.
    let node = cloud.another_node();
    node.call::<Add>(&root, about("watched again")).await.unwrap();
    node.settle().await;
    assert_eq!(seen(&cloud).await, 3);
}
