//! Who may not call is refused, in each protocol's own form, and every call is audited.

use std::time::Duration;

use alcazar_base::Timestamp;
use alcazar_shape::common_error::{
    INVALID_SIGNATURE, MISSING_AUTHENTICATION_TOKEN, UNKNOWN_OPERATION, UNRECOGNIZED_CLIENT,
};
use alcazar_shape::{OperationModel, Protocol};
use alcazar_testkit::{TestCaller, TestCloud, WireRequest};
use serde_json::json;

use crate::recorded::Recorded;
use crate::reference::Reference;
use crate::sample::{self, Things};

const ACCOUNT: &str = "111122223333";

fn at(request: WireRequest, caller: &TestCaller, operation: &OperationModel, time: Timestamp) -> WireRequest {
    request.signed(caller, operation.service.signing_name, time)
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
        let service = recorded.cloud.cloud().service(operation.service.name).unwrap();
        recorded.refused(protocol, &request, service.denial("").model(), &what).await;
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
