//! Events in the audit log: who finds them by what, and how long they stay.

use std::time::Duration;

use alcazar_base::{AccountId, Timestamp};
use alcazar_engine::Entry;
use alcazar_engine::audit::find::{EventLookup, EventReader, EventScan};
use alcazar_engine::audit::render::to_cloudtrail;
use alcazar_engine::audit::{Attribute, AuditEvent, LabelKey};
use alcazar_engine::port::audit_log::Order;
use alcazar_shape::common_error::INTERNAL_FAILURE;
use alcazar_testkit::TestCloud;
use serde_json::Value as Json;

use crate::ledger::{ACCOUNT, Add, LEDGER, LastUse, SERVICE, Sum, Use, about, balance};

const OTHER: &str = "444455556666";
const DAY: Duration = Duration::from_secs(86_400);

fn account(id: &str) -> AccountId {
    id.parse().unwrap()
}

fn key(cloud: &TestCloud) -> LabelKey {
    LabelKey::of(&cloud.cloud().keyring())
}

/// A cloud in which two accounts did this and that.
async fn busy(cloud: TestCloud) -> TestCloud {
    for id in [ACCOUNT, OTHER] {
        let root = cloud.root(id);
        let user = cloud.user(id, "nobody").await;
        for name in ["a", "b", "c"] {
            cloud.call::<Add>(&root, about(name)).await.unwrap();
            cloud.call::<Sum>(&root, about(name)).await.unwrap();
            cloud.call::<Add>(&user, about(name)).await.unwrap_err();
        }
    }
    cloud
}

fn lookup(id: &str, attribute: Option<(Attribute, &str)>) -> EventLookup {
    EventLookup {
        account: account(id),
        region: "us-east-1".parse().unwrap(),
        attribute: attribute.map(|(attribute, value)| (attribute, value.to_owned())),
        from: Timestamp::from_millis(0),
        to: Timestamp::MAX,
    }
}

fn looked_up(cloud: &TestCloud, lookup: &EventLookup) -> Vec<AuditEvent> {
    let found = lookup.run(cloud.cloud().audit_log(), &key(cloud), None, 1_000).unwrap();
    found.into_iter().map(|found| found.event).collect()
}

/// What a record has of an attribute, as `LookupEvents` documents it.
fn values(attribute: Attribute, record: &Json) -> Vec<String> {
    let text = |value: &Json| value.as_str().map(str::to_owned);
    let identity = &record["userIdentity"];
    let of_resources = |field: &str| -> Vec<String> {
        let resources = record["resources"].as_array().into_iter().flatten();
        resources.filter_map(|resource| text(&resource[field])).collect()
    };
    match attribute {
        Attribute::EventId => text(&record["eventID"]).into_iter().collect(),
        Attribute::EventName => text(&record["eventName"]).into_iter().collect(),
        Attribute::ReadOnly => vec![record["readOnly"].to_string()],
        Attribute::Username if identity["type"] == "Root" => vec!["root".to_owned()],
        Attribute::Username => text(&identity["userName"]).into_iter().collect(),
        Attribute::ResourceType => of_resources("type"),
        Attribute::ResourceName => {
            let arns = of_resources("ARN");
            let last = |arn: &String| arn.rsplit(['/', ':']).next().unwrap().to_owned();
            arns.iter().map(last).chain(arns.iter().cloned()).collect()
        }
        Attribute::EventSource => text(&record["eventSource"]).into_iter().collect(),
        Attribute::AccessKeyId => text(&identity["accessKeyId"]).into_iter().collect(),
    }
}

fn assert_every_value_finds_its_events(cloud: &TestCloud) {
    let mut events = cloud.events();
    events.reverse();
    let mut compared = 0;
    for id in [ACCOUNT, OTHER] {
        let seen: Vec<_> = events
            .iter()
            .filter(|event| event.accounts().any(|of| of == account(id)) && event.region == "us-east-1")
            .map(|event| (event, to_cloudtrail(event, account(id))))
            .collect();
        assert!(!seen.is_empty());
        let all: Vec<_> = seen.iter().map(|(event, _)| (*event).clone()).collect();
        assert_eq!(looked_up(cloud, &lookup(id, None)), all);
        for attribute in Attribute::ALL {
            let mut wanted: Vec<_> = seen.iter().flat_map(|(_, record)| values(attribute, record)).collect();
            wanted.sort();
            wanted.dedup();
            for value in &wanted {
                let has = |record: &Json| values(attribute, record).contains(value);
                let expected: Vec<_> = seen
                    .iter()
                    .filter(|(_, record)| has(record))
                    .map(|(event, _)| (*event).clone())
                    .collect();
                assert_eq!(looked_up(cloud, &lookup(id, Some((attribute, value)))), expected, "{value}");
                compared += 1;
            }
            assert!(looked_up(cloud, &lookup(id, Some((attribute, "nothing that there is")))).is_empty());
        }
    }
    assert!(compared > 40, "{compared}");
}

#[tokio::test]
async fn every_event_is_found_by_every_value_that_it_has_and_by_its_own_accounts_alone() {
    let cloud = busy(TestCloud::builder(90).service(&SERVICE).build()).await;
    assert_every_value_finds_its_events(&cloud);
    let home = tempfile::tempdir().unwrap();
    let cloud = busy(TestCloud::builder(91).service(&SERVICE).build_in(home.path())).await;
    assert_every_value_finds_its_events(&cloud);
    assert!(looked_up(&cloud, &lookup("777788889999", None)).is_empty());
}

#[tokio::test]
async fn a_lookup_goes_on_behind_its_last_event_and_within_its_times() {
    let cloud = busy(TestCloud::builder(92).service(&SERVICE).build()).await;
    let everything = lookup(ACCOUNT, None);
    let all = everything.run(cloud.cloud().audit_log(), &key(&cloud), None, 1_000).unwrap();
    let (mut pages, mut after) = (Vec::new(), None);
    loop {
        let page = everything.run(cloud.cloud().audit_log(), &key(&cloud), after, 4).unwrap();
        let Some(last) = page.last() else { break };
        assert!(page.len() == 4 || pages.len() + page.len() == all.len());
        after = Some(last.sequence);
        pages.extend(page);
    }
    assert_eq!(pages, all);
    let times = (all[5].event.time, all[2].event.time);
    let within = EventLookup { from: times.0, to: times.1, ..everything };
    let expected = all.iter().filter(|found| times.0 <= found.event.time && found.event.time <= times.1);
    assert_eq!(looked_up(&cloud, &within), expected.map(|found| found.event.clone()).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_reader_gives_the_events_of_its_accounts_in_either_order() {
    let cloud = busy(TestCloud::builder(93).service(&SERVICE).build()).await;
    let scan = |accounts: &[&str], order| EventScan {
        accounts: accounts.iter().map(|id| account(id)).collect(),
        from: Timestamp::from_millis(0),
        to: Timestamp::MAX,
        order,
        after: None,
    };
    for accounts in [&[ACCOUNT][..], &[OTHER, ACCOUNT, OTHER], &[]] {
        let is_of = |event: &AuditEvent| event.accounts().any(|of| accounts.contains(&of.as_str()));
        let mut expected: Vec<_> = cloud.events().into_iter().filter(is_of).collect();
        let read = |order| -> Vec<AuditEvent> {
            let reader =
                EventReader::new(cloud.cloud().shared_audit_log(), &key(&cloud), scan(accounts, order));
            reader.map(|found| found.unwrap().event).collect()
        };
        assert_eq!(read(Order::OldestFirst), expected);
        expected.reverse();
        assert_eq!(read(Order::NewestFirst), expected);
    }
}

#[tokio::test]
async fn events_stay_ninety_days_and_what_they_counted_for_stays_for_good() {
    let cloud = TestCloud::builder(94).service(&SERVICE).build();
    let root = cloud.root(ACCOUNT);
    cloud.call::<Use>(&root, about("a")).await.unwrap();
    cloud.advance(89 * DAY).await;
    cloud.call::<Add>(&root, about("a")).await.unwrap();
    cloud.cloud().drop_old_events().await.unwrap();
    assert_eq!(cloud.events()[0].event_name, "Use");
    cloud.settle().await;
    cloud.advance(2 * DAY).await;
    cloud.cloud().drop_old_events().await.unwrap();
    assert_eq!(cloud.events()[0].event_name, "Add");
    assert_eq!(cloud.call::<LastUse>(&root, about("a")).await.unwrap().text.unwrap()[..3], *"Use");
    assert_eq!(balance(&cloud, "a").await, 1);
}

#[tokio::test]
async fn no_event_goes_before_it_was_followed_or_while_a_service_needs_it() {
    static PATIENT: alcazar_engine::Service = alcazar_engine::Service {
        audit_retention: Some(|_| Box::pin(async { Ok(200 * DAY) })),
        ..alcazar_engine::Service::new(&LEDGER, &[Entry::of::<Add>()], &INTERNAL_FAILURE)
    };
    let cloud = TestCloud::builder(95).service(&PATIENT).build();
    let root = cloud.root(ACCOUNT);
    cloud.call::<Add>(&root, about("a")).await.unwrap();
    cloud.advance(199 * DAY).await;
    cloud.cloud().drop_old_events().await.unwrap();
    assert_eq!(cloud.events().len(), 1);
    cloud.advance(2 * DAY).await;
    cloud.cloud().drop_old_events().await.unwrap();
    assert_eq!(cloud.events().len(), 0);

    let cloud = TestCloud::builder(96).service(&SERVICE).build();
    // It follows from here on, and then is not asked for a long time.
    cloud.settle().await;
    cloud.call::<Add>(&cloud.root(ACCOUNT), about("a")).await.unwrap();
    cloud.advance(100 * DAY).await;
    // This node knows nothing of what the other one has followed beyond what is stored.
    cloud.another_node().cloud().drop_old_events().await.unwrap();
    assert_eq!(cloud.events().len(), 1);
    cloud.cloud().drop_old_events().await.unwrap();
    assert_eq!(cloud.events().len(), 0);
}
