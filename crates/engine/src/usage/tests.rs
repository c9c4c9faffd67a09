//! The meter by itself.

use crate::usage::RequestClass;
use alcazar_base::Timestamp;

use super::meter::Meter;
use super::{Use, of_call};
use crate::audit::{AuditEvent, Identity, Issuer, Resource, SessionContext};
use crate::port::audit_log::AuditEntry;

fn event(resource: &str, sequence: u64) -> Vec<u8> {
    let account = "111122223333".parse().unwrap();
    let event = AuditEvent {
        event_id: format!("event-{sequence}"),
        time: Timestamp::from_secs(1_767_225_600),
        event_source: "s.amazonaws.com".into(),
        event_name: "Use".into(),
        region: "eu-west-1".into(),
        identity: Some(Identity {
            kind: "Root".into(),
            principal_id: "p".into(),
            arn: "a".into(),
            account,
            session: None,
            user_name: None,
        }),
        access_key_id: None,
        source_ip: String::new(),
        user_agent: String::new(),
        request_id: format!("request-{sequence}"),
        error_code: None,
        error_message: None,
        request_parameters: None,
        response_elements: None,
        resources: vec![Resource { arn: resource.into(), account, kind: "k".into() }],
        read_only: true,
        tls: None,
        invoked_by: None,
        service_event: false,
        service_event_details: None,
        data_event: false,
        additional_data: None,
        names: Vec::new(),
        hides_resources: false,
        uses: Some(vec![Use { resource: Some(0), class: Some("C".into()), is_last_use: true, count: None }]),
    };
    event.to_bytes().unwrap().to_vec()
}

fn entry(sequence: u64) -> AuditEntry {
    AuditEntry { sequence, commit: None, record: event("r", sequence).into() }
}

fn count(meter: &Meter) -> u64 {
    let batch = meter.take().unwrap();
    let count = batch.counts.resources.get("r").map_or(0, |used| used.months[0].1[0].count);
    meter.written(batch.to);
    count
}

#[test]
fn a_record_counts_once_whether_it_was_told_or_read_back() {
    let meter = Meter::default();
    meter.appended(0, &event("r", 0));
    assert_eq!(meter.next(), None);
    meter.begin_at(0);
    // Told of while those before it are not counted: it is read back later.
    meter.appended(2, &event("r", 2));
    assert!(meter.read_back(&[entry(0), entry(1), entry(2)]));
    meter.appended(2, &event("r", 2));
    meter.appended(3, &event("r", 3));
    assert!(meter.read_back(&[entry(2), entry(3), entry(4)]));
    assert_eq!((meter.next(), count(&meter)), (Some(5), 5));
    assert!(!meter.is_ahead());
}

#[test]
fn what_is_being_written_is_still_known_and_a_writing_that_was_broken_off_is_looked_up() {
    let meter = Meter::default();
    meter.begin_at(7);
    meter.appended(7, &event("r", 7));
    let batch = meter.take().unwrap();
    assert_eq!((batch.from, batch.to), (7, 8));
    assert_eq!(meter.last_use("r").unwrap().event_id, "event-7");
    meter.appended(8, &event("r", 8));
    assert_eq!(meter.last_use("r").unwrap().request_id, "request-8");
    assert!(meter.take().is_none());
    assert_eq!(meter.next(), None);
}

#[test]
fn memory_is_bounded_and_nothing_is_counted_that_has_no_room() {
    let meter = Meter::default();
    meter.begin_at(0);
    for sequence in 0..10_000 {
        meter.appended(sequence, &event(&sequence.to_string(), sequence));
    }
    let next = meter.next().unwrap();
    assert!((2000..5000).contains(&next), "{next}");
    assert!(!meter.read_back(&[entry(next)]));
    assert_eq!(meter.take().unwrap().counts.resources.len() as u64, next);
}

#[test]
fn an_event_of_before_uses_were_noted_has_none() {
    let mut old = AuditEvent::from_bytes(&event("r", 0)).unwrap();
    old.uses = None;
    let meter = Meter::default();
    meter.begin_at(0);
    meter.appended(0, &old.to_bytes().unwrap());
    meter.appended(1, b"no event at all");
    assert_eq!((meter.next(), meter.take().unwrap().counts.resources.len()), (Some(2), 0));
}

#[test]
fn a_call_about_nothing_counts_for_its_caller() {
    let uses =
        of_call(Vec::new(), &[], Some(&RequestClass { class: "C", resource_type: "T" })).unwrap().unwrap();
    assert_eq!(uses, [Use { resource: None, class: Some("C".into()), is_last_use: false, count: None }]);
    let mut event = AuditEvent::from_bytes(&event("r", 0)).unwrap();
    (event.uses, event.resources) = (Some(uses), Vec::new());
    let meter = Meter::default();
    meter.begin_at(0);
    meter.appended(0, &event.to_bytes().unwrap());
    let batch = meter.take().unwrap();
    let used = batch.counts.resources.values().next().unwrap();
    assert_eq!(
        (used.account.as_str(), used.region.as_ref(), used.resource.as_ref()),
        ("111122223333", "eu-west-1", "")
    );
}

/// What is known of the last calls after this event.
fn last_calls(event: &AuditEvent, id: &str) -> Option<String> {
    let meter = Meter::default();
    meter.begin_at(0);
    meter.appended(0, &event.to_bytes().unwrap());
    let last = meter.last_call(id)?;
    assert_eq!((last.time, meter.take().unwrap().counts.calls.len()), (event.time, 1));
    assert_eq!(meter.last_call(id).as_ref(), Some(&last));
    Some(format!("{} {}", last.service, last.region))
}

#[test]
fn a_call_that_failed_is_a_use_of_its_access_key_and_one_that_proved_nobody_is_none() {
    let mut event = AuditEvent::from_bytes(&event("r", 0)).unwrap();
    event.access_key_id = Some("AKIAX".into());
    event.error_code = Some("AccessDenied".into());
    assert_eq!(last_calls(&event, "AKIAX").as_deref(), Some("s eu-west-1"));
    let by_service = AuditEvent { invoked_by: Some("ssm.eu-west-1.amazonaws.com".into()), ..event.clone() };
    assert_eq!(last_calls(&by_service, "AKIAX"), None);
    assert_eq!(last_calls(&AuditEvent { identity: None, ..event }, "AKIAX"), None);
}

#[test]
fn a_call_of_a_roles_session_is_the_roles_and_that_of_another_session_is_nobodys() {
    let mut event = AuditEvent::from_bytes(&event("r", 0)).unwrap();
    event.access_key_id = Some("ASIAX".into());
    let issuer = |kind: &str, id: &str| Issuer {
        kind: kind.into(),
        principal_id: id.into(),
        arn: String::new(),
        user_name: None,
    };
    for (issuer, expected) in [
        (Some(issuer("Role", "AROAX")), Some("s eu-west-1")),
        (Some(issuer("IAMUser", "AROAX")), None),
        (None, None),
    ] {
        event.identity.as_mut().unwrap().session = Some(SessionContext {
            created: Timestamp::from_secs(0),
            mfa_authenticated: false,
            issuer,
            source_identity: None,
            federated_provider: None,
            assumed_root: false,
        });
        assert_eq!(last_calls(&event, "AROAX").as_deref(), expected);
        assert_eq!(last_calls(&event, "ASIAX"), None);
    }
}
