//! The way from the wire to the engine and back, where a request does not even get to an operation.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use alcazar_api_kms::operation::{CreateKey, CreateKeyRequest, DescribeKey};
use alcazar_api_sts::operation::GetCallerIdentity;
use alcazar_engine::Origin;
use alcazar_frontend::Request;
use alcazar_shape::common_error::REQUEST_ENTITY_TOO_LARGE;
use alcazar_shape::{ApiOperation as _, OperationModel, Protocol};
use alcazar_testkit::{TestCloud, WireRequest};
use http::Method;
use serde_json::json;

const ACCOUNT: &str = "111122223333";

fn as_request<'a>(request: &'a WireRequest, cloud: &TestCloud) -> Request<'a> {
    Request {
        method: &request.method,
        path: &request.path,
        query: &request.query,
        headers: &request.headers,
        body: &request.body,
        authority: None,
        origin: Arc::new(Origin {
            source_ip: IpAddr::V4(Ipv4Addr::LOCALHOST),
            user_agent: "test".to_owned(),
            tls: None,
            host: "localhost".to_owned(),
        }),
        wall_time: cloud.wall_time(),
    }
}

#[tokio::test]
async fn what_the_listener_refuses_is_told_in_the_requests_protocol_and_audited() {
    let cloud = TestCloud::new(1);
    let root = cloud.root(ACCOUNT);
    let cases: [(Protocol, &OperationModel); 4] = [
        (Protocol::AwsJson1_1, DescribeKey::MODEL),
        (Protocol::RpcV2Cbor, DescribeKey::MODEL),
        (Protocol::AwsQuery, GetCallerIdentity::MODEL),
        (Protocol::RpcV2Cbor, GetCallerIdentity::MODEL),
    ];
    for (protocol, model) in cases {
        let request = WireRequest::new(protocol, model, &json!({}));
        let request = request.signed(&root, model.service.signing_name, cloud.wall_time());
        let error = REQUEST_ENTITY_TOO_LARGE.bare();
        let answer = alcazar_frontend::refuse(&cloud.cloud().clone(), &as_request(&request, &cloud), error);
        assert_eq!(answer.response.status.as_u16(), 413);
        assert_eq!((answer.service, answer.operation), (model.service.name, model.name));
        assert_eq!(answer.error_code, Some("RequestEntityTooLargeException"));
        let event = cloud.last_event();
        assert_eq!(event.event_name, model.name);
        assert_eq!(event.error_code.as_deref(), Some("RequestEntityTooLargeException"));
        // Its signature was not looked at, so it proves nobody.
        assert_eq!(event.identity, None);
        assert_eq!(event.access_key_id.as_deref(), Some(ACCOUNT));
    }
}

#[tokio::test]
async fn what_names_no_service_is_answered_and_counted_as_unknown() {
    let cloud = TestCloud::new(2);
    let mut elsewhere = WireRequest::new(Protocol::AwsJson1_1, DescribeKey::MODEL, &json!({}));
    elsewhere.set("x-amz-target", "NoSuchService.DescribeKey");
    let mut get = elsewhere.clone();
    get.method = Method::GET;
    get.headers.clear();
    for request in [elsewhere, get] {
        let answer = alcazar_frontend::answer(cloud.cloud(), &as_request(&request, &cloud)).await;
        assert_eq!(answer.response.status.as_u16() / 100, 4);
        assert_eq!((answer.service, answer.operation), ("unknown", "unknown"));
        assert!(answer.error_code.is_some());
        assert!(answer.response.headers.contains_key("x-amzn-requestid"));
    }
}

#[tokio::test]
async fn an_operations_name_that_a_client_made_up_reaches_the_audit_log_cut_and_metrics_not_at_all() {
    let cloud = TestCloud::new(3);
    let mut request = WireRequest::new(Protocol::AwsJson1_1, DescribeKey::MODEL, &json!({}));
    request.set("x-amz-target", &format!("TrentService.{}", "x".repeat(10_000)));
    let answer = alcazar_frontend::answer(cloud.cloud(), &as_request(&request, &cloud)).await;
    assert_eq!((answer.service, answer.operation), ("kms", "unknown"));
    assert_eq!(cloud.last_event().event_name, "x".repeat(128));
}

#[tokio::test]
async fn the_region_is_the_one_that_the_signature_is_scoped_to() {
    let cloud = TestCloud::new(4);
    let root = cloud.root(ACCOUNT).at("eu-central-1");
    let made = cloud.send_signed(&root, Protocol::AwsJson1_1, CreateKey::MODEL, &json!({})).await;
    let arn = made.json()["KeyMetadata"]["Arn"].as_str().unwrap().to_owned();
    assert!(arn.starts_with("arn:aws:kms:eu-central-1:111122223333:key/"), "{arn}");
    assert_eq!(cloud.last_event().region, "eu-central-1");
}

#[tokio::test]
async fn the_same_seed_and_the_same_calls_give_the_same_answers() {
    let mut ids = Vec::new();
    for seed in [5, 5, 6] {
        let cloud = TestCloud::new(seed);
        let made = cloud.call::<CreateKey>(&cloud.root(ACCOUNT), CreateKeyRequest::default()).await.unwrap();
        ids.push((made.key_metadata.unwrap(), cloud.last_event()));
    }
    assert_eq!(ids[0], ids[1]);
    assert_ne!(ids[0].0.key_id, ids[2].0.key_id);
}
