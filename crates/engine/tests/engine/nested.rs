//! Calls that operations make for their callers.

use crate::ledger::{ACCOUNT, Through, balance, cloud, with};

#[tokio::test]
async fn a_nested_call_has_the_callers_identity_and_the_calling_service() {
    let (cloud, root) = cloud(20);
    let answer = cloud.call::<Through>(&root.at("eu-west-1"), with("a", "who")).await.unwrap();
    assert_eq!(
        answer.text.unwrap(),
        format!("arn:aws:iam::{ACCOUNT}:root via [\"ledger.eu-west-1.amazonaws.com\"]")
    );
}

#[tokio::test]
async fn nested_calls_share_one_transaction_and_leave_an_event_each() {
    let (cloud, root) = cloud(21);
    let answer = cloud.call::<Through>(&root, with("a", "add twice")).await.unwrap();
    assert_eq!(answer.number, Some(2));
    let events = cloud.events();
    let names: Vec<&str> = events.iter().map(|event| event.event_name.as_str()).collect();
    assert_eq!(names, ["Add", "Add", "Through"]);
    for nested in &events[..2] {
        assert_eq!(nested.invoked_by.as_deref(), Some("ledger.us-east-1.amazonaws.com"));
        assert_eq!(nested.source_ip, "ledger.us-east-1.amazonaws.com");
        assert_eq!(nested.identity.as_ref().unwrap().arn, root.arn());
        assert_eq!(nested.error_code, None);
    }
    assert_eq!(events[2].invoked_by, None);
    // Both went into the log with one commit.
    let entries = cloud.cloud().audit_log().read(0, 10).unwrap();
    assert!(entries.iter().all(|entry| entry.commit == entries[0].commit && entry.commit.is_some()));
}

#[tokio::test]
async fn what_nested_calls_did_is_undone_when_the_call_fails_and_their_events_stay() {
    let (cloud, root) = cloud(22);
    cloud.call::<Through>(&root, with("a", "add and fail afterwards")).await.unwrap_err();
    assert_eq!(balance(&cloud, "a").await, 0);
    let names = |cloud: &alcazar_testkit::TestCloud| -> Vec<(String, Option<String>)> {
        cloud.events().into_iter().map(|event| (event.event_name, event.error_code)).collect()
    };
    let refused = Some("ValidationException".to_owned());
    assert_eq!(names(&cloud)[..2], [("Add".to_owned(), None), ("Through".to_owned(), refused.clone())]);
    cloud.call::<Through>(&root, with("a", "fail inside")).await.unwrap_err();
    let events = names(&cloud);
    assert_eq!(
        events[events.len() - 2..],
        [("AddAndFail".to_owned(), refused.clone()), ("Through".to_owned(), refused)]
    );
}

#[tokio::test]
async fn a_nested_call_that_failed_leaves_nothing_though_its_caller_goes_on() {
    let (cloud, root) = cloud(23);
    cloud.call::<Through>(&root, with("a", "fail inside and go on")).await.unwrap();
    assert_eq!(balance(&cloud, "a").await, 1);
    assert_eq!(cloud.cloud().next_due().await.unwrap(), None);
    assert!(cloud.store().names("delivery").await.is_empty());
}

#[tokio::test]
async fn a_nested_call_is_denied_to_whom_the_call_itself_would_be() {
    let (cloud, _) = cloud(24);
    let user = cloud.user(ACCOUNT, "nobody").await;
    let error = cloud.call::<Through>(&user, with("a", "who")).await.unwrap_err();
    assert_eq!(error.model().name, "AccessDeniedException");
}

#[tokio::test]
async fn calls_that_nest_without_end_are_ended() {
    let (cloud, root) = cloud(25);
    let error = cloud.call::<Through>(&root, with("a", "for ever")).await.unwrap_err();
    assert_eq!(error.model().name, "InternalFailure");
    let events = cloud.events();
    assert!(events.len() > 2 && events.len() < 20, "{}", events.len());
    assert!(events.iter().all(|event| event.error_code.as_deref() == Some("InternalFailure")));
}
