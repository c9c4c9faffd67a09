//! Event buses.

use alcazar_api_events::operation::*;
use alcazar_api_events::types::{DeadLetterConfig, Tag};
use alcazar_testkit::{TestCaller, TestCloud};

use crate::shorthand::*;

async fn create(cloud: &TestCloud, caller: &TestCaller, name: &str) {
    let request = CreateEventBusRequest { name: name.to_owned(), ..CreateEventBusRequest::default() };
    cloud.call::<CreateEventBus>(caller, request).await.unwrap();
}

async fn describe(
    cloud: &TestCloud,
    caller: &TestCaller,
    name: Option<&str>,
) -> Result<DescribeEventBusResponse, alcazar_shape::ApiError> {
    let request = DescribeEventBusRequest { name: name.map(str::to_owned) };
    cloud.call::<DescribeEventBus>(caller, request).await
}

#[tokio::test]
async fn every_account_has_a_default_bus_in_every_region() {
    let cloud = TestCloud::new(1);
    for (account, region) in [(ACCOUNT, "us-east-1"), (OTHER_ACCOUNT, "eu-west-1")] {
        let root = cloud.root(account).at(region);
        let bus = describe(&cloud, &root, None).await.unwrap();
        let arn = format!("arn:aws:events:{region}:{account}:event-bus/default");
        assert_eq!((bus.name.as_deref(), bus.arn.as_deref()), (Some("default"), Some(arn.as_str())));
        let listed = cloud.call::<ListEventBuses>(&root, ListEventBusesRequest::default()).await.unwrap();
        assert_eq!(listed.event_buses.unwrap().len(), 1);
        let refused =
            cloud.call::<DeleteEventBus>(&root, DeleteEventBusRequest { name: "default".into() }).await;
        assert_eq!(told(refused).1, "Cannot delete event bus default.");
    }
}

#[tokio::test]
async fn a_bus_is_made_described_changed_and_deleted() {
    let cloud = TestCloud::new(2);
    let root = cloud.root(ACCOUNT);
    let request = CreateEventBusRequest {
        name: "orders".into(),
        description: Some("what is ordered".into()),
        dead_letter_config: Some(DeadLetterConfig { arn: Some(queue_arn("dead")) }),
        tags: Some(vec![Tag { key: "team".into(), value: "shop".into() }].into()),
        ..CreateEventBusRequest::default()
    };
    let made = cloud.call::<CreateEventBus>(&root, request.clone()).await.unwrap();
    assert_eq!(made.event_bus_arn.as_deref(), Some(bus_arn(ACCOUNT, "orders").as_str()));
    let refused = cloud.call::<CreateEventBus>(&root, request).await;
    let exists = ("ResourceAlreadyExistsException".to_owned(), "Event bus orders already exists.".to_owned());
    assert_eq!(told(refused), exists);

    let bus = describe(&cloud, &root, Some(&bus_arn(ACCOUNT, "orders"))).await.unwrap();
    assert_eq!(bus.description.as_deref(), Some("what is ordered"));
    assert_eq!(bus.creation_time, Some(cloud.now()));
    let tags = ListTagsForResourceRequest { resource_arn: bus_arn(ACCOUNT, "orders") };
    let tags = cloud.call::<ListTagsForResource>(&root, tags).await.unwrap().tags.unwrap();
    assert_eq!((tags[0].key.as_str(), tags[0].value.as_str()), ("team", "shop"));

    let request = UpdateEventBusRequest {
        name: Some("orders".into()),
        description: Some("changed".into()),
        ..UpdateEventBusRequest::default()
    };
    let changed = cloud.call::<UpdateEventBus>(&root, request).await.unwrap();
    assert_eq!(changed.description.as_deref(), Some("changed"));
    assert_eq!(changed.dead_letter_config.unwrap().arn, Some(queue_arn("dead")));

    cloud.call::<PutRule>(&root, rule("r", Some("orders"), r#"{"source":["a"]}"#)).await.unwrap();
    let delete = DeleteEventBusRequest { name: "orders".into() };
    let refused = cloud.call::<DeleteEventBus>(&root, delete.clone()).await;
    assert_eq!(told(refused).0, "ValidationException");
    let request = DeleteRuleRequest {
        name: "r".into(),
        event_bus_name: Some("orders".into()),
        ..DeleteRuleRequest::default()
    };
    cloud.call::<DeleteRule>(&root, request).await.unwrap();
    for _ in 0..2 {
        cloud.call::<DeleteEventBus>(&root, delete.clone()).await.unwrap();
    }
    let refused = describe(&cloud, &root, Some("orders")).await;
    let absent = ("ResourceNotFoundException".to_owned(), "Event bus orders does not exist.".to_owned());
    assert_eq!(told(refused), absent);
}

#[tokio::test]
async fn buses_are_listed_in_pages_by_their_names() {
    let cloud = TestCloud::new(3);
    let root = cloud.root(ACCOUNT);
    for name in ["c", "a2", "a1", "b"] {
        create(&cloud, &root, name).await;
    }
    let mut request = ListEventBusesRequest { limit: Some(2), ..ListEventBusesRequest::default() };
    let mut names = Vec::new();
    loop {
        let page = cloud.call::<ListEventBuses>(&root, request.clone()).await.unwrap();
        names.extend(page.event_buses.unwrap().iter().map(|bus| bus.name.clone().unwrap()));
        request.next_token = page.next_token;
        if request.next_token.is_none() {
            break;
        }
    }
    assert_eq!(names, ["a1", "a2", "b", "c", "default"]);
    let request = ListEventBusesRequest { name_prefix: Some("a".into()), ..ListEventBusesRequest::default() };
    let page = cloud.call::<ListEventBuses>(&root, request).await.unwrap();
    assert_eq!(page.event_buses.unwrap().len(), 2);
    let request = ListEventBusesRequest { next_token: Some("00".into()), ..ListEventBusesRequest::default() };
    assert_eq!(told(cloud.call::<ListEventBuses>(&root, request).await).0, "ValidationException");
}

#[tokio::test]
async fn an_account_has_as_many_buses_as_its_quota_says() {
    let cloud = TestCloud::builder(4).quota("events.buses", "1").build();
    let root = cloud.root(ACCOUNT);
    create(&cloud, &root, "one").await;
    let request = CreateEventBusRequest { name: "two".into(), ..CreateEventBusRequest::default() };
    let refused = told(cloud.call::<CreateEventBus>(&root, request).await);
    assert_eq!(refused.0, "LimitExceededException");
    assert_eq!(refused.1, "The requested resource exceeds the maximum number allowed.");
    for (name, message) in
        [("a/b", "Event bus name must not contain '/'."), ("default", "Event bus default already exists.")]
    {
        let request = CreateEventBusRequest { name: name.into(), ..CreateEventBusRequest::default() };
        assert_eq!(told(cloud.call::<CreateEventBus>(&root, request).await).1, message);
    }
}
