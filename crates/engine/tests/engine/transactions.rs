//! One call is one transaction.

use std::sync::Arc;

use alcazar_engine::port::store::Store as _;
use alcazar_testkit::TestCloud;

use crate::ledger::{ACCOUNT, Add, AddAndFail, Request, Sum, about, balance, cloud, shared};

#[tokio::test]
async fn a_call_that_meets_conflicts_starts_again_and_is_done_once() {
    let (cloud, root) = cloud(1);
    cloud.store().refuse_commits(5);
    assert_eq!(cloud.call::<Add>(&root, about("a")).await.unwrap().number, Some(1));
    assert_eq!(balance(&cloud, "a").await, 1);
    let events = cloud.events();
    assert_eq!(events.iter().filter(|event| event.event_name == "Add").count(), 1);
}

#[tokio::test]
async fn nothing_is_lost_when_another_node_writes_in_between() {
    let (cloud, root) = shared(2);
    cloud.call::<Add>(&root, about("a")).await.unwrap();
    let other = Arc::new(cloud.another_node());
    let caller = root.clone();
    cloud.store().before_next_commit(move || {
        Box::pin(async move {
            other.call::<Add>(&caller, Request { number: Some(10), ..about("a") }).await.unwrap();
        })
    });
    assert_eq!(cloud.call::<Add>(&root, about("a")).await.unwrap().number, Some(12));
    assert_eq!(balance(&cloud, "a").await, 12);
}

#[tokio::test]
async fn a_call_that_meets_conflicts_for_ever_is_throttled_and_audited() {
    let (cloud, root) = cloud(3);
    cloud.store().refuse_commits(u64::MAX);
    let error = cloud.call::<Add>(&root, about("a")).await.unwrap_err();
    assert_eq!(error.model().name, "ThrottlingException");
    assert_eq!(cloud.last_event().error_code.as_deref(), Some("ThrottlingException"));
    cloud.store().refuse_commits(0);
    assert_eq!(balance(&cloud, "a").await, 0);
}

#[tokio::test]
async fn a_call_that_fails_changes_nothing_and_is_audited() {
    let (cloud, root) = cloud(4);
    cloud.call::<Add>(&root, about("a")).await.unwrap();
    let (records, revision) = (cloud.store().records().await, cloud.store().revision());
    let error = cloud.call::<AddAndFail>(&root, about("a")).await.unwrap_err();
    assert_eq!(error.message(), Some("The ledger does not like it."));
    assert_eq!(cloud.store().records().await, records);
    assert_eq!(cloud.store().revision(), revision);
    assert_eq!(balance(&cloud, "a").await, 1);
    let event = &cloud.events()[1];
    assert_eq!(event.error_code.as_deref(), Some("ValidationException"));
    assert_eq!(event.error_message.as_deref(), Some("The ledger does not like it."));
    assert_eq!(event.request_parameters.as_deref(), Some(r#"{"name":"a"}"#));
    assert_eq!(event.resources[0].arn, format!("arn:aws:ledger:us-east-1:{ACCOUNT}:account/a"));
}

#[tokio::test]
async fn a_denied_call_does_not_run() {
    let (cloud, _) = cloud(5);
    let user = cloud.user(ACCOUNT, "nobody").await;
    let error = cloud.call::<Add>(&user, about("a")).await.unwrap_err();
    assert_eq!(error.model().name, "AccessDeniedException");
    assert_eq!(
        error.message().unwrap(),
        format!(
            "User: arn:aws:iam::{ACCOUNT}:user/nobody is not authorized to perform: ledger:Add on resource: \
             arn:aws:ledger:us-east-1:{ACCOUNT}:account/a because no identity-based policy allows the ledger:Add action"
        )
    );
    assert_eq!(balance(&cloud, "a").await, 0);
}

#[tokio::test]
async fn two_nodes_over_one_store_see_each_others_writes_at_once() {
    let (one, root) = cloud(6);
    let other = one.another_node();
    for round in 1..50 {
        let (writer, reader): (&TestCloud, &TestCloud) =
            if round % 2 == 0 { (&one, &other) } else { (&other, &one) };
        writer.call::<Add>(&root, about("a")).await.unwrap();
        assert_eq!(balance(reader, "a").await, round);
        assert_eq!(balance(writer, "a").await, round);
    }
}

#[tokio::test]
async fn a_record_read_while_it_is_written_is_not_kept_as_it_was() {
    let (cloud, root) = shared(7);
    cloud.call::<Add>(&root, about("a")).await.unwrap();
    // A new node has cached nothing. Between its reading and its keeping the record, the other node writes it.
    let reader = cloud.another_node();
    let (writer, caller) = (cloud.clone(), root.clone());
    cloud.store().after_next_read(move || {
        Box::pin(async move {
            writer.call::<Add>(&caller, about("a")).await.unwrap();
        })
    });
    reader.call::<Sum>(&root, about("a")).await.unwrap();
    assert_eq!(balance(&reader, "a").await, 2);
}
