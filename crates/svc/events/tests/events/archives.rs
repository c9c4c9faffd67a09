//! Archives: what they hold, for how long, and what becomes of it.

use std::time::Duration;

use alcazar_api_events::operation::*;
use alcazar_api_events::types::{ArchiveState, RuleState};
use alcazar_testkit::{TestCaller, TestCloud};

use crate::double;
use crate::shorthand::*;

const DAY: Duration = Duration::from_secs(86_400);

/// A new archive of the default bus.
pub(crate) fn archive(name: &str, pattern: Option<&str>, days: Option<i32>) -> CreateArchiveRequest {
    CreateArchiveRequest {
        archive_name: name.to_owned(),
        event_source_arn: bus_arn(ACCOUNT, "default"),
        event_pattern: pattern.map(str::to_owned),
        retention_days: days,
        ..CreateArchiveRequest::default()
    }
}

async fn describe(cloud: &TestCloud, caller: &TestCaller, name: &str) -> DescribeArchiveResponse {
    let request = DescribeArchiveRequest { archive_name: name.to_owned() };
    cloud.call::<DescribeArchive>(caller, request).await.unwrap()
}

async fn count(cloud: &TestCloud, caller: &TestCaller, name: &str) -> (i64, i64) {
    let told = describe(cloud, caller, name).await;
    (told.event_count.unwrap(), told.size_bytes.unwrap())
}

#[tokio::test]
async fn an_archive_holds_the_events_that_its_pattern_is_for() {
    let cloud = double::cloud(1);
    let root = cloud.root(ACCOUNT);
    let request = archive("a", Some(r#"{"source":["kept"]}"#), Some(0));
    let made = cloud.call::<CreateArchive>(&root, request).await.unwrap();
    assert_eq!(made.archive_arn.unwrap(), format!("arn:aws:events:us-east-1:{ACCOUNT}:archive/a"));
    assert_eq!(made.state, Some(ArchiveState::Enabled));
    for _ in 0..30 {
        put_event(&cloud, &root, None, "kept", r#"{"a":1}"#).await;
    }
    put_event(&cloud, &root, None, "other", "{}").await;
    cloud.settle().await;
    let (events, bytes) = count(&cloud, &root, "a").await;
    let example = format!(
        r#"{{"version":"0","id":"{}","detail-type":"test","source":"kept","account":"{ACCOUNT}","time":"2026-01-01T00:00:00Z","region":"us-east-1","resources":[],"detail":{{"a":1}}}}"#,
        "x".repeat(36)
    );
    assert_eq!((events, bytes), (30, 30 * i64::try_from(example.len()).unwrap()));
    cloud.advance(DAY * 400).await;
    assert_eq!(count(&cloud, &root, "a").await.0, 30, "what is held for ever stays");
}

#[tokio::test]
async fn events_go_when_their_days_are_over_and_not_before() {
    let cloud = double::cloud(2);
    let root = cloud.root(ACCOUNT);
    cloud.call::<CreateArchive>(&root, archive("a", None, Some(2))).await.unwrap();
    for _ in 0..3 {
        put_event(&cloud, &root, None, "my.app", "{}").await;
    }
    cloud.advance(DAY).await;
    put_event(&cloud, &root, None, "my.app", "{}").await;
    cloud.advance(DAY - Duration::from_secs(120)).await;
    assert_eq!(count(&cloud, &root, "a").await.0, 4);
    let cloud = cloud.another_node();
    cloud.advance(Duration::from_secs(240)).await;
    let (events, bytes) = count(&cloud, &root, "a").await;
    assert_eq!(events, 1);
    assert!(bytes > 100);
    cloud.advance(DAY).await;
    assert_eq!(count(&cloud, &root, "a").await, (0, 0));
}

#[tokio::test]
async fn a_shorter_retention_holds_for_what_is_there() {
    let cloud = double::cloud(3);
    let root = cloud.root(ACCOUNT);
    cloud.call::<CreateArchive>(&root, archive("a", Some(r#"{"source":["my.app"]}"#), None)).await.unwrap();
    // More than go at once.
    for _ in 0..60 {
        let entries = (0..10).map(|_| entry(None, "my.app", "{}")).collect();
        put_events(&cloud, &root, entries).await.unwrap();
    }
    cloud.advance(DAY * 3).await;
    assert_eq!(count(&cloud, &root, "a").await.0, 600);
    let request = UpdateArchiveRequest {
        archive_name: "a".to_owned(),
        retention_days: Some(1),
        description: Some("short".to_owned()),
        ..UpdateArchiveRequest::default()
    };
    cloud.call::<UpdateArchive>(&root, request).await.unwrap();
    cloud.advance(Duration::from_secs(120)).await;
    let told = describe(&cloud, &root, "a").await;
    assert_eq!((told.event_count, told.retention_days), (Some(0), Some(1)));
    assert_eq!(told.description.as_deref(), Some("short"));
}

#[tokio::test]
async fn an_archive_is_fed_by_a_rule_that_nobody_else_changes() {
    let cloud = double::cloud(4);
    let root = cloud.root(ACCOUNT);
    cloud.call::<CreateArchive>(&root, archive("a", Some(r#"{"source":["s"]}"#), None)).await.unwrap();
    let request = DescribeRuleRequest { name: "Events-Archive-a".to_owned(), event_bus_name: None };
    let rule = cloud.call::<DescribeRule>(&root, request.clone()).await.unwrap();
    assert_eq!(rule.managed_by.as_deref(), Some("prod.vhs.events.aws.internal"));
    assert_eq!(rule.state, Some(RuleState::Enabled));
    assert_eq!(rule.event_pattern.as_deref(), Some(r#"{"replay-name":[{"exists":false}],"source":["s"]}"#));
    let disable = DisableRuleRequest { name: "Events-Archive-a".to_owned(), event_bus_name: None };
    let (code, _) = told(cloud.call::<DisableRule>(&root, disable).await);
    assert_eq!(code, "ManagedRuleException");
    // Its target is nobody else's.
    cloud.call::<PutRule>(&root, super::shorthand::rule("mine", None, r#"{"source":["s"]}"#)).await.unwrap();
    let target = alcazar_api_events::types::Target {
        id: "t".to_owned(),
        arn: "arn:aws:events:us-east-1:::".to_owned(),
        ..Default::default()
    };
    let (code, _) = told(put_targets(&cloud, &root, "mine", None, vec![target]).await);
    assert_eq!(code, "ValidationException");
    cloud.call::<DeleteArchive>(&root, DeleteArchiveRequest { archive_name: "a".to_owned() }).await.unwrap();
    let (code, _) = told(cloud.call::<DescribeRule>(&root, request).await);
    assert_eq!(code, "ResourceNotFoundException");
}

#[tokio::test]
async fn another_archive_of_the_name_holds_nothing_of_the_one_before() {
    let cloud = double::cloud(5);
    let root = cloud.root(ACCOUNT);
    cloud.call::<CreateArchive>(&root, archive("a", Some(r#"{"source":["my.app"]}"#), None)).await.unwrap();
    put_event(&cloud, &root, None, "my.app", "{}").await;
    cloud.settle().await;
    cloud.call::<DeleteArchive>(&root, DeleteArchiveRequest { archive_name: "a".to_owned() }).await.unwrap();
    cloud.call::<CreateArchive>(&root, archive("a", Some(r#"{"source":["my.app"]}"#), None)).await.unwrap();
    assert_eq!(count(&cloud, &root, "a").await, (0, 0));
    cloud.settle().await;
    put_event(&cloud, &root, None, "my.app", "{}").await;
    cloud.settle().await;
    assert_eq!(count(&cloud, &root, "a").await.0, 1);
}

#[tokio::test]
async fn archives_are_listed_by_one_filter() {
    let cloud = double::cloud(6);
    let root = cloud.root(ACCOUNT);
    let names = |answer: ListArchivesResponse| -> Vec<String> {
        answer.archives.unwrap().iter().map(|archive| archive.archive_name.clone().unwrap()).collect()
    };
    for name in ["b1", "a2", "a1"] {
        cloud.call::<CreateArchive>(&root, archive(name, None, Some(7))).await.unwrap();
    }
    let list = |request| cloud.call::<ListArchives>(&root, request);
    let prefixed = ListArchivesRequest { name_prefix: Some("a".to_owned()), ..Default::default() };
    assert_eq!(names(list(prefixed).await.unwrap()), ["a1", "a2"]);
    let disabled = ListArchivesRequest { state: Some(ArchiveState::Disabled), ..Default::default() };
    assert_eq!(names(list(disabled).await.unwrap()), Vec::<String>::new());
    let first = list(ListArchivesRequest { limit: Some(2), ..Default::default() }).await.unwrap();
    let rest = ListArchivesRequest { next_token: first.next_token.clone(), ..Default::default() };
    assert_eq!(
        (names(first), names(list(rest).await.unwrap())),
        (vec!["a1".into(), "a2".into()], vec!["b1".into()])
    );
    let both = ListArchivesRequest {
        name_prefix: Some("a".to_owned()),
        state: Some(ArchiveState::Enabled),
        ..Default::default()
    };
    let (code, message) = told(list(both).await);
    assert_eq!(code, "ValidationException");
    assert_eq!(
        message,
        "At most one filter is allowed for ListArchives. Use either : State, EventSourceArn, or NamePrefix."
    );
}

#[tokio::test]
async fn what_is_wrong_with_an_archive_is_told_as_aws_does() {
    let cloud = double::cloud(7);
    let root = cloud.root(ACCOUNT);
    let create = |request| cloud.call::<CreateArchive>(&root, request);
    let of_bus = |arn: String| CreateArchiveRequest { event_source_arn: arn, ..archive("a", None, None) };
    let not_found = |message: &str| ("ResourceNotFoundException".to_owned(), message.to_owned());
    assert_eq!(
        told(create(of_bus(bus_arn(ACCOUNT, "nope"))).await),
        not_found("Event bus nope does not exist.")
    );
    let (code, _) = told(create(archive("a", Some(r#"{"source":"x"}"#), None)).await);
    assert_eq!(code, "InvalidEventPatternException");
    create(archive("a", None, None)).await.unwrap();
    let exists = ("ResourceAlreadyExistsException".to_owned(), "Archive a already exists.".to_owned());
    assert_eq!(told(create(archive("a", None, None)).await), exists);
    let request = DescribeArchiveRequest { archive_name: "b".to_owned() };
    assert_eq!(
        told(cloud.call::<DescribeArchive>(&root, request).await),
        not_found("Archive b does not exist.")
    );
    // Whoever may not ask does not learn it.
    let user = cloud.user(ACCOUNT, "nobody").await;
    for name in ["a", "b"] {
        let request = DescribeArchiveRequest { archive_name: name.to_owned() };
        let (code, _) = told(cloud.call::<DescribeArchive>(&user, request).await);
        assert_eq!(code, "AccessDeniedException");
    }
}
