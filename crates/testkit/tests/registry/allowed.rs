//! Who may call is answered, every call leaves its event, and no event holds a secret.

use alcazar_api_kms::types::KeyLastUsageTrackingOperation;
use alcazar_engine::audit::AuditEvent;
use alcazar_shape::{Kind, OperationModel, Protocol, Schema, Value};
use alcazar_testkit::{TestCloud, WireRequest};
use alcazar_wire::{RequestParts, codec};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::recorded::Recorded;
use crate::sample::{self, CANARY, Things};

const ACCOUNT: &str = "111122223333";

/// Tries every operation of a service in each of its protocols, in a cloud of its own; what fails is told of all. It
/// gives back how many secrets were seen in answers.
async fn allowed_calls_succeed(seed: u64, service: &str) -> usize {
    let (mut failed, mut secrets_seen) = (Vec::new(), 0);
    for (operation, protocol) in sample::operations(&TestCloud::new(seed)) {
        if operation.service.name == service {
            match tokio::spawn(allowed_call_succeeds(seed, operation, protocol)).await {
                Ok(seen) => secrets_seen += seen,
                Err(_) => failed.push((operation.name, protocol)),
            }
        }
    }
    assert!(failed.is_empty(), "{failed:?}");
    secrets_seen
}

async fn allowed_call_succeeds(seed: u64, operation: &'static OperationModel, protocol: Protocol) -> usize {
    let cloud = TestCloud::new(seed);
    let root = cloud.root(ACCOUNT);
    let now = cloud.wall_time();
    let things = Things::of(operation.service.name, &cloud, &root).await;
    let mut recorded = Recorded::new(cloud);
    recorded.skip();
    let request = WireRequest::new(protocol, operation, &sample::of(operation, &things));
    let request = request.signed(things.caller(operation), operation.service.signing_name, now);
    let what = format!("{} of {protocol:?}", operation.name);
    assert_sensitive_members_are_canaries(protocol, operation, &request);
    let response = recorded.send(protocol, &request, &what).await;
    let event = recorded.last_event();
    assert_eq!(response.status(), 200, "{what}: {:?}", event.error_message);
    assert_metered(operation, &event);
    let event = format!("{event:?}");
    let is_json = matches!(protocol, Protocol::AwsJson1_0 | Protocol::AwsJson1_1);
    if !is_json || response.encoded.body.is_empty() {
        return 0;
    }
    let body = response.json();
    let secret = operation.output.members().iter().filter(|member| member.schema.sensitive);
    let mut secrets_seen = 0;
    for member in secret {
        let secret = body[member.name].as_str().unwrap();
        secrets_seen += 1;
        assert!(!event.contains(secret), "{what} leaves {} in the audit log", member.name);
    }
    secrets_seen
}

#[tokio::test]
async fn allowed_calls_of_kms_succeed_and_their_events_hold_no_secret() {
    let secrets_seen = allowed_calls_succeed(6, "kms").await;
    assert!(secrets_seen >= 3, "{secrets_seen}");
}

#[tokio::test]
async fn allowed_calls_of_iam_succeed_and_their_events_hold_no_secret() {
    allowed_calls_succeed(7, "iam").await;
}

#[tokio::test]
async fn allowed_calls_of_sts_succeed_and_their_events_hold_no_secret() {
    allowed_calls_succeed(8, "sts").await;
}

#[tokio::test]
async fn allowed_calls_of_organizations_succeed_and_their_events_hold_no_secret() {
    allowed_calls_succeed(9, "organizations").await;
}

#[tokio::test]
async fn allowed_calls_of_events_succeed_and_their_events_hold_no_secret() {
    allowed_calls_succeed(10, "events").await;
}

#[tokio::test]
async fn allowed_calls_of_cloudtrail_succeed_and_their_events_hold_no_secret() {
    allowed_calls_succeed(14, "cloudtrail").await;
}

#[tokio::test]
async fn allowed_calls_of_ssm_succeed_and_their_events_hold_no_secret() {
    allowed_calls_succeed(15, "ssm").await;
}

/// Every successful call of a service that bills its calls is one request, and one that KMS tracks is the last use of
/// each key that it used.
fn assert_metered(operation: &OperationModel, event: &AuditEvent) {
    let name = operation.name;
    let uses = event.uses.as_deref().unwrap_or_default();
    let is_tracked = operation.service.name == "kms" && name.parse::<KeyLastUsageTrackingOperation>().is_ok();
    assert_eq!(uses.iter().any(|used| used.is_last_use), is_tracked, "the last use by {name}: {uses:?}");
    let requests = uses.iter().filter(|used| used.class.is_some()).count();
    let is_billed = match operation.service.name {
        "kms" => requests == 1,
        // Only what is done to advanced parameters is billed.
        "ssm" => requests <= 1,
        _ => requests == 0,
    };
    assert!(is_billed, "the requests of {name}: {uses:?}");
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
        secure: false,
        authority: None,
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
            is_account || bytes.windows(CANARY.len()).any(|window| window == CANARY.as_bytes()),
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
