//! Who may not call is refused, in each protocol's own form, and every call is audited.

use std::time::Duration;

use alcazar_api_kms::types::KeyLastUsageTrackingOperation;
use alcazar_base::Timestamp;
use alcazar_engine::audit::AuditEvent;
use alcazar_shape::common_error::{
    ACCESS_DENIED, INVALID_SIGNATURE, MISSING_AUTHENTICATION_TOKEN, UNKNOWN_OPERATION, UNRECOGNIZED_CLIENT,
};
use alcazar_shape::{Kind, OperationModel, Protocol, Schema, Value};
use alcazar_testkit::{TestCaller, TestCloud, WireRequest};
use alcazar_wire::{RequestParts, codec};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::recorded::Recorded;
use crate::reference::Reference;
use crate::sample::{self, CANARY, Things};

const ACCOUNT: &str = "111122223333";

fn at(request: WireRequest, caller: &TestCaller, operation: &OperationModel, time: Timestamp) -> WireRequest {
    request.signed(caller, operation.service.signing_name, time)
}

/// Every successful call of a service that bills its calls is one request, and one that KMS tracks is the last use of
/// each key that it used.
fn assert_metered(operation: &OperationModel, event: &AuditEvent) {
    let name = operation.name;
    let uses = event.uses.as_deref().unwrap_or_default();
    let is_tracked = operation.service.name == "kms" && name.parse::<KeyLastUsageTrackingOperation>().is_ok();
    assert_eq!(uses.iter().any(|used| used.is_last_use), is_tracked, "the last use by {name}: {uses:?}");
    let requests = uses.iter().filter(|used| used.class.is_some()).count();
    assert_eq!(requests, usize::from(operation.service.name == "kms"), "the requests of {name}: {uses:?}");
}

#[tokio::test]
async fn an_unproven_call_is_refused_and_audited() {
    let cloud = TestCloud::new(1);
    let root = cloud.root(ACCOUNT);
    let things = Things::new(&cloud, &root).await;
    let stranger = TestCloud::new(2).user(ACCOUNT, "stranger").await;
    let now = cloud.wall_time();
    let mut recorded = Recorded::new(cloud);
    recorded.skip();
    for (operation, protocol) in sample::operations(&recorded.cloud) {
        let request = WireRequest::new(protocol, operation, &sample::of(operation, &things));
        let what = |how: &str| format!("{} of {:?}, {how}", operation.name, protocol);
        recorded.refused(protocol, &request, &MISSING_AUTHENTICATION_TOKEN, &what("unsigned")).await;
        assert_eq!(recorded.last_event().event_name, operation.name);
        assert_eq!(recorded.last_event().identity, None);

        let wrong = at(request.clone(), &root.with_wrong_secret(), operation, now);
        recorded.refused(protocol, &wrong, &INVALID_SIGNATURE, &what("wrongly signed")).await;
        assert_eq!(recorded.last_event().identity, None);
        assert_eq!(recorded.last_event().access_key_id.as_deref(), Some(ACCOUNT));

        let unknown = at(request.clone(), &stranger, operation, now);
        recorded.refused(protocol, &unknown, &UNRECOGNIZED_CLIENT, &what("by an unknown key")).await;

        let stale = at(request.clone(), &root, operation, Timestamp::from_secs(now.as_secs() - 901));
        recorded.refused(protocol, &stale, &INVALID_SIGNATURE, &what("stale")).await;
        let early = at(request.clone(), &root, operation, now + Duration::from_secs(901));
        recorded.refused(protocol, &early, &INVALID_SIGNATURE, &what("too early")).await;

        let mut changed = at(request.clone(), &root, operation, now);
        changed.body.extend(b"&x=1");
        recorded.refused(protocol, &changed, &INVALID_SIGNATURE, &what("with another body")).await;

        let elsewhere = request.signed(&root, "ec2", now);
        let response = recorded.cloud.send(protocol, &elsewhere).await;
        recorded.skip();
        assert_eq!(response.status() / 100, 4, "{}", what("signed for another service"));
    }
}

#[tokio::test]
async fn a_signature_is_judged_before_the_input() {
    let mut recorded = Recorded::new(TestCloud::new(3));
    for (operation, protocol) in sample::operations(&recorded.cloud) {
        let nonsense = WireRequest::with_body(protocol, operation, nonsense(protocol, operation));
        let what = format!("nonsense for {} of {protocol:?}", operation.name);
        recorded.refused(protocol, &nonsense, &MISSING_AUTHENTICATION_TOKEN, &what).await;
    }
}

/// A body that no codec reads, but that still names the operation where the body does that.
fn nonsense(protocol: Protocol, operation: &OperationModel) -> Vec<u8> {
    match protocol {
        Protocol::AwsQuery => {
            format!("Action={}&Version={}&x=1&y.z=", operation.name, operation.service.api_version).into()
        }
        _ => b"\x9f{".to_vec(),
    }
}

#[tokio::test]
async fn a_denied_call_is_refused_and_audited() {
    let cloud = TestCloud::new(4);
    let root = cloud.root(ACCOUNT);
    let things = Things::new(&cloud, &root).await;
    let user = cloud.user(ACCOUNT, "nobody").await;
    let now = cloud.wall_time();
    let before = cloud.store().records().await;
    let mut recorded = Recorded::new(cloud);
    recorded.skip();
    for (operation, protocol) in sample::operations(&recorded.cloud) {
        let request = WireRequest::new(protocol, operation, &sample::of(operation, &things));
        let request = at(request, &user, operation, now);
        let what = format!("{} of {protocol:?}, denied", operation.name);
        if Reference::of(operation.service.name).is_open(operation.name) {
            assert_eq!(recorded.send(protocol, &request, &what).await.status(), 200, "{what}");
            continue;
        }
        recorded.refused(protocol, &request, &ACCESS_DENIED, &what).await;
        let event = recorded.last_event();
        assert_eq!(event.identity.unwrap().arn, user.arn(), "{what}");
        assert!(event.error_message.unwrap().contains("is not authorized to perform"), "{what}");
    }
    assert_eq!(recorded.cloud.store().records().await, before, "a denied call changed something");
}

#[tokio::test]
async fn an_operation_that_does_not_exist_is_refused_and_audited() {
    let cloud = TestCloud::new(5);
    let root = cloud.root(ACCOUNT);
    let now = cloud.wall_time();
    let mut recorded = Recorded::new(cloud);
    for (operation, protocol) in sample::operations(&recorded.cloud) {
        let unknown = OperationModel { name: "DoWhatIMean", ..*operation };
        let request = WireRequest::new(protocol, &unknown, &json!({}));
        let what = format!("an unknown operation in {protocol:?}");
        // Query services look at the signature first, the others at the operation's name.
        let unsigned = match protocol {
            Protocol::AwsQuery => &MISSING_AUTHENTICATION_TOKEN,
            _ => &UNKNOWN_OPERATION,
        };
        recorded.refused(protocol, &request, unsigned, &what).await;
        recorded.refused(protocol, &at(request, &root, operation, now), &UNKNOWN_OPERATION, &what).await;
        assert_eq!(recorded.last_event().event_name, "DoWhatIMean");
        assert_eq!(recorded.last_event().identity.unwrap().arn, root.arn());
    }
}

#[tokio::test]
async fn an_allowed_call_succeeds_and_its_event_holds_no_secret() {
    let cloud = TestCloud::new(6);
    let root = cloud.root(ACCOUNT);
    let now = cloud.wall_time();
    let mut recorded = Recorded::new(cloud);
    let mut secrets_seen = 0;
    for (operation, protocol) in sample::operations(&recorded.cloud) {
        let things = Things::of(operation.service.name, &recorded.cloud, &root).await;
        recorded.skip();
        let input = sample::of(operation, &things);
        let caller = things.caller(operation);
        let request = at(WireRequest::new(protocol, operation, &input), caller, operation, now);
        let what = format!("{} of {protocol:?}", operation.name);
        assert_sensitive_members_are_canaries(protocol, operation, &request);
        let response = recorded.send(protocol, &request, &what).await;
        assert_eq!(response.status(), 200, "{what}: {:?}", response.encoded);
        let event = recorded.last_event();
        assert_metered(operation, &event);
        let event = format!("{event:?}");
        if matches!(protocol, Protocol::AwsJson1_0 | Protocol::AwsJson1_1)
            && !response.encoded.body.is_empty()
        {
            let body = response.json();
            for member in operation.output.members().iter().filter(|member| member.schema.sensitive) {
                let secret = body[member.name].as_str().unwrap();
                secrets_seen += 1;
                assert!(!event.contains(secret), "{what} leaves {} in the audit log", member.name);
            }
        }
    }
    assert!(secrets_seen >= 3, "{secrets_seen}");
}

/// The check that the audit log holds no secret is worth nothing if no sample has one that can be found.
fn assert_sensitive_members_are_canaries(
    protocol: Protocol,
    operation: &OperationModel,
    request: &WireRequest,
) {
    let parts = RequestParts {
        method: &request.method,
        path: &request.path,
        query: &request.query,
        headers: &request.headers,
        body: &request.body,
    };
    let input = codec(protocol).decode_input(operation, &parts).unwrap();
    check_canaries(operation.input, &input, operation.name);
}

fn check_canaries(schema: &Schema, value: &Value, operation: &str) {
    if let Value::SecretString(_) | Value::SecretBlob(_) = value {
        let bytes = value.as_bytes().or(value.as_str().map(str::as_bytes)).unwrap();
        // The number of an account is no secret, even where a model says so.
        let is_account = bytes.len() == 12 && bytes.iter().all(u8::is_ascii_digit);
        assert!(
            is_account || bytes.starts_with(CANARY.as_bytes()),
            "{operation}: {}",
            STANDARD.encode(bytes)
        );
    }
    match (&schema.kind, value) {
        (Kind::Structure { members, .. }, Value::Structure(slots)) => {
            for (member, slot) in members.iter().zip(slots) {
                if let Some(value) = slot {
                    check_canaries(member.schema, value, operation);
                }
            }
        }
        (Kind::List { member, .. }, Value::List(items)) => {
            items.iter().for_each(|item| check_canaries(member.schema, item, operation));
        }
        (Kind::Map { value: member, .. }, Value::Map(entries)) => {
            entries.iter().for_each(|(_, value)| check_canaries(member.schema, value, operation));
        }
        _ => {}
    }
}
