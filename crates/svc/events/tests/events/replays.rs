//! Replays of what archives hold.

use std::time::Duration;

use alcazar_api_events::operation::*;
use alcazar_api_events::types::{ReplayDestination, ReplayState};
use alcazar_base::Timestamp;
use alcazar_shape::ApiError;
use alcazar_testkit::{TestCaller, TestCloud};
use serde_json::json;

use crate::archives::archive;
use crate::double;
use crate::shorthand::*;

const HOUR: Duration = Duration::from_secs(3600);
const PATTERN: &str = r#"{"source":["my.app"]}"#;

fn replay(name: &str, start: Timestamp, end: Timestamp) -> StartReplayRequest {
    StartReplayRequest {
        replay_name: name.to_owned(),
        event_source_arn: format!("arn:aws:events:us-east-1:{ACCOUNT}:archive/a"),
        event_start_time: start,
        event_end_time: end,
        destination: ReplayDestination { arn: bus_arn(ACCOUNT, "default"), filter_arns: None },
        ..StartReplayRequest::default()
    }
}

async fn start(
    cloud: &TestCloud,
    caller: &TestCaller,
    request: StartReplayRequest,
) -> Result<StartReplayResponse, ApiError> {
    cloud.call::<StartReplay>(caller, request).await
}

async fn describe(cloud: &TestCloud, caller: &TestCaller, name: &str) -> DescribeReplayResponse {
    let request = DescribeReplayRequest { replay_name: name.to_owned() };
    cloud.call::<DescribeReplay>(caller, request).await.unwrap()
}

/// How many replays are listed.
async fn listed(cloud: &TestCloud, caller: &TestCaller, state: Option<ReplayState>) -> usize {
    let request = ListReplaysRequest { state, ..ListReplaysRequest::default() };
    cloud.call::<ListReplays>(caller, request).await.unwrap().replays.unwrap().len()
}

/// A cloud with an archive that holds as many events as there are numbers, one each hour.
async fn with_events(seed: u64, numbers: usize) -> (TestCloud, TestCaller, Timestamp) {
    let cloud = double::cloud(seed);
    let root = cloud.root(ACCOUNT);
    let began = cloud.now();
    cloud.call::<CreateArchive>(&root, archive("a", Some(PATTERN), None)).await.unwrap();
    for number in 0..numbers {
        put_event(&cloud, &root, None, "my.app", &json!({"number": number}).to_string()).await;
        cloud.advance(HOUR).await;
    }
    (cloud, root, began)
}

fn numbers(came: &[Came]) -> Vec<u64> {
    let mut numbers: Vec<_> =
        came.iter().map(|came| came.event()["detail"]["number"].as_u64().unwrap()).collect();
    numbers.sort_unstable();
    numbers
}

#[tokio::test]
async fn the_events_of_a_window_come_again_and_say_so() {
    let (cloud, root, began) = with_events(1, 5).await;
    rule_to_queue(&cloud, &root, "r", PATTERN, "q").await;
    let started = start(&cloud, &root, replay("again", began + HOUR, began + HOUR * 3)).await.unwrap();
    assert_eq!(started.state, Some(ReplayState::Starting));
    assert_eq!(started.replay_arn.unwrap(), format!("arn:aws:events:us-east-1:{ACCOUNT}:replay/again"));
    cloud.settle().await;
    let came = came(&cloud, "q").await;
    assert_eq!(numbers(&came), [1, 2]);
    let keys = r#""region":"us-east-1","replay-name":"again","resources":[]"#;
    assert!(came[0].body.contains(keys), "{}", came[0].body);
    let told = describe(&cloud, &root, "again").await;
    assert_eq!(told.state, Some(ReplayState::Completed));
    assert_eq!(told.event_last_replayed_time, Some(began + HOUR * 2));
    assert_eq!(told.replay_end_time, Some(cloud.now()));
    // What came again is not archived again.
    let request = DescribeArchiveRequest { archive_name: "a".to_owned() };
    let archive = cloud.call::<DescribeArchive>(&root, request).await.unwrap();
    assert_eq!(archive.event_count, Some(5));
}

#[tokio::test]
async fn a_replay_is_for_the_rules_that_it_names() {
    let (cloud, root, began) = with_events(2, 2).await;
    rule_to_queue(&cloud, &root, "one", PATTERN, "one").await;
    rule_to_queue(&cloud, &root, "other", PATTERN, "other").await;
    let mut request = replay("again", began, began + HOUR * 9);
    let rule_arn = format!("arn:aws:events:us-east-1:{ACCOUNT}:rule/one");
    request.destination.filter_arns = Some(vec![rule_arn].into());
    start(&cloud, &root, request).await.unwrap();
    cloud.settle().await;
    assert_eq!(numbers(&came(&cloud, "one").await), [0, 1]);
    assert_eq!(came(&cloud, "other").await.len(), 0);
}

#[tokio::test]
async fn a_replay_goes_on_after_a_restart_and_brings_each_event_once() {
    let cloud = double::cloud(3);
    let root = cloud.root(ACCOUNT);
    let began = cloud.now();
    cloud.call::<CreateArchive>(&root, archive("a", Some(PATTERN), None)).await.unwrap();
    for tens in 0..25 {
        let entry = |ones| entry(None, "my.app", &json!({"number": tens * 10 + ones}).to_string());
        put_events(&cloud, &root, (0..10).map(entry).collect()).await.unwrap();
    }
    cloud.settle().await;
    rule_to_queue(&cloud, &root, "r", PATTERN, "q").await;
    start(&cloud, &root, replay("again", began, began + HOUR)).await.unwrap();
    let cloud = cloud.another_node();
    cloud.settle().await;
    assert_eq!(numbers(&came(&cloud, "q").await), (0..250).collect::<Vec<_>>());
    assert_eq!(describe(&cloud, &root, "again").await.state, Some(ReplayState::Completed));
}

#[tokio::test]
async fn a_replay_that_is_cancelled_ends() {
    let (cloud, root, began) = with_events(4, 2).await;
    rule_to_queue(&cloud, &root, "r", PATTERN, "q").await;
    start(&cloud, &root, replay("again", began, began + HOUR * 9)).await.unwrap();
    let cancel =
        || cloud.call::<CancelReplay>(&root, CancelReplayRequest { replay_name: "again".to_owned() });
    assert_eq!(cancel().await.unwrap().state, Some(ReplayState::Cancelling));
    cloud.settle().await;
    assert_eq!(describe(&cloud, &root, "again").await.state, Some(ReplayState::Cancelled));
    assert_eq!(came(&cloud, "q").await.len(), 0);
    let refused = (
        "IllegalStatusException".to_owned(),
        "Replay again is not in a valid state for this operation.".to_owned(),
    );
    assert_eq!(told(cancel().await), refused);
}

#[tokio::test]
async fn a_replay_whose_archive_is_gone_fails() {
    let (cloud, root, began) = with_events(5, 1).await;
    start(&cloud, &root, replay("again", began, began + HOUR * 9)).await.unwrap();
    cloud.call::<DeleteArchive>(&root, DeleteArchiveRequest { archive_name: "a".to_owned() }).await.unwrap();
    cloud.settle().await;
    let failed = describe(&cloud, &root, "again").await;
    assert_eq!(failed.state, Some(ReplayState::Failed));
    assert_eq!(failed.state_reason.as_deref(), Some("Archive a does not exist."));
}

#[tokio::test]
async fn ten_replays_are_under_way_at_a_time_and_told_of_for_ninety_days() {
    let (cloud, root, began) = with_events(6, 1).await;
    let name = |number| format!("r{number:02}");
    for number in 0..10 {
        start(&cloud, &root, replay(&name(number), began, began + HOUR)).await.unwrap();
    }
    let (code, _) = told(start(&cloud, &root, replay("more", began, began + HOUR)).await);
    assert_eq!(code, "LimitExceededException");
    cloud.settle().await;
    start(&cloud, &root, replay("more", began, began + HOUR)).await.unwrap();
    cloud.settle().await;
    assert_eq!(listed(&cloud, &root, Some(ReplayState::Completed)).await, 11);
    cloud.advance(Duration::from_secs(89 * 86_400)).await;
    assert_eq!(listed(&cloud, &root, None).await, 11);
    cloud.advance(Duration::from_secs(2 * 86_400)).await;
    assert_eq!(listed(&cloud, &root, None).await, 0);
}

#[tokio::test]
async fn what_is_wrong_with_a_replay_is_told_as_aws_does() {
    let (cloud, root, began) = with_events(7, 1).await;
    let ask = |change: fn(&mut StartReplayRequest)| {
        let mut request = replay("again", began, began + HOUR);
        change(&mut request);
        start(&cloud, &root, request)
    };
    let invalid = |parameter: &str, reason: &str| {
        let message = format!("Parameter {parameter} is not valid. Reason: {reason}");
        ("ValidationException".to_owned(), message)
    };
    let refused =
        told(ask(|request| request.event_source_arn = request.event_source_arn.replace("/a", "/b")).await);
    assert_eq!(refused, invalid("EventSourceArn", "Archive b does not exist."));
    let refused = told(ask(|request| request.destination.arn = queue_arn("q")).await);
    assert_eq!(refused, invalid("Destination.Arn", "Must contain an event bus ARN."));
    let refused = told(ask(|request| request.destination.arn = bus_arn(ACCOUNT, "other")).await);
    assert_eq!(refused, invalid("Destination.Arn", "Cross event bus replay is not permitted."));
    let refused = told(ask(|request| request.event_end_time = request.event_start_time).await);
    assert_eq!(refused, invalid("EventEndTime", "EventStartTime must be before EventEndTime."));
    ask(|_| ()).await.unwrap();
    let exists = ("ResourceAlreadyExistsException".to_owned(), "Replay again already exists.".to_owned());
    assert_eq!(told(ask(|_| ()).await), exists);
    let request = DescribeReplayRequest { replay_name: "none".to_owned() };
    let missing = ("ResourceNotFoundException".to_owned(), "Replay none does not exist.".to_owned());
    assert_eq!(told(cloud.call::<DescribeReplay>(&root, request).await), missing);
}
