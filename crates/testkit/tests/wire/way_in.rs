//! Requests that need no signature, that name things by their path, or that ask for a document.

use alcazar_engine::Caller;
use alcazar_shape::common_error::{INVALID_SIGNATURE, MISSING_AUTHENTICATION_TOKEN};
use alcazar_shape::{ApiOperation as _, Protocol};
use alcazar_testkit::{TestCaller, TestCloud, WireRequest, WireResponse};
use http::Method;

use crate::double::{self, Confirm, Say};

const ACCOUNT: &str = "111122223333";

fn cloud(seed: u64) -> (TestCloud, TestCaller) {
    let cloud = TestCloud::builder(seed).service(&double::SERVICE).build();
    let root = cloud.root(ACCOUNT);
    (cloud, root)
}

/// A link, as a person or a program follows it.
fn get(path: &str, query: &str) -> WireRequest {
    let mut request = WireRequest::with_body(Protocol::AwsQuery, Say::MODEL, Vec::new());
    request.method = Method::GET;
    request.headers.remove("content-type");
    request.path = path.to_owned();
    request.query = query.to_owned();
    request
}

fn post(path: &str, form: &str) -> WireRequest {
    let mut request = WireRequest::with_body(Protocol::AwsQuery, Say::MODEL, form.into());
    request.path = path.to_owned();
    request
}

async fn send(cloud: &TestCloud, request: &WireRequest) -> WireResponse {
    cloud.send(Protocol::AwsQuery, request).await
}

fn heard(response: &WireResponse, caller: &str, said: &str) {
    let text = response.text();
    assert!(text.contains(&format!("<Caller>{caller}</Caller><Said>{said}</Said>")), "{text}");
}

#[tokio::test]
async fn a_link_without_signature_and_version_reaches_an_operation_that_may_go_unsigned() {
    let (cloud, root) = cloud(1);
    let anonymous = Caller::anonymous();
    for request in [
        get("/", "Action=Confirm&Token=t"),
        get("/", "Action=Confirm&Token=t&Version=2026-01-01"),
        post("/", "Action=Confirm&Token=t"),
    ] {
        heard(&send(&cloud, &request).await, anonymous.arn(), "t");
        let event = cloud.last_event();
        assert_eq!((event.event_name.as_str(), event.identity), ("Confirm", None));
    }
    let signed = get("/", "Action=Confirm&Token=t").signed(&root, "parrot", cloud.wall_time());
    heard(&send(&cloud, &signed).await, root.arn(), "t");
    assert_eq!(cloud.last_event().identity.unwrap().arn, root.arn());
}

#[tokio::test]
async fn a_signature_that_is_there_must_be_right_even_where_none_is_needed() {
    let (cloud, root) = cloud(2);
    let wrong = root.with_wrong_secret();
    let request = get("/", "Action=Confirm&Token=t").signed(&wrong, "parrot", cloud.wall_time());
    assert!(send(&cloud, &request).await.is_error(&INVALID_SIGNATURE));
}

#[tokio::test]
async fn other_operations_need_one() {
    let (cloud, _) = cloud(3);
    let response = send(&cloud, &get("/", "Action=Say&Version=2026-01-01")).await;
    assert!(response.is_error(&MISSING_AUTHENTICATION_TOKEN));
    assert_eq!(cloud.last_event().event_name, "Say");
    // Without a version nobody knows which service is meant.
    assert_eq!(send(&cloud, &get("/", "Action=Say")).await.status(), 400);
}

#[tokio::test]
async fn a_query_request_may_name_its_thing_by_the_path() {
    let (cloud, root) = cloud(4);
    let path = format!("/{ACCOUNT}/orders");
    let sign = |request: WireRequest| request.signed(&root, "parrot", cloud.wall_time());
    let by_path = format!("http://localhost:4566{path}");
    heard(&send(&cloud, &sign(post(&path, "Action=Say"))).await, root.arn(), &by_path);
    heard(&send(&cloud, &sign(get(&path, "Action=Say"))).await, root.arn(), &by_path);
    heard(&send(&cloud, &sign(post(&path, "Action=Say&QueueUrl=q"))).await, root.arn(), "q");
    heard(&send(&cloud, &sign(post("/", "Action=Say&Token=t"))).await, root.arn(), "t");
    // The path is signed too.
    let mut moved = sign(post(&path, "Action=Say"));
    moved.path = format!("/{ACCOUNT}/others");
    assert!(send(&cloud, &moved).await.is_error(&INVALID_SIGNATURE));
    assert_eq!(Confirm::MODEL.service.url_member, Some("QueueUrl"));
}

#[tokio::test]
async fn a_document_is_given_to_everyone_and_leaves_no_event() {
    let (cloud, _) = cloud(5);
    let before = cloud.events().len();
    let response = send(&cloud, &get("/Parrot-1.pem", "")).await;
    assert_eq!((response.status(), response.text()), (200, "PEM"));
    assert_eq!(response.encoded.headers["content-type"], "application/x-pem-file");
    for request in [
        get("/Parrot-2.pem", ""),
        get(&format!("/Parrot-{}", "1".repeat(10_000)), ""),
        get("/Macaw-1.pem", ""),
        get("/Parrot-1.pem", "x=1"),
        post("/Parrot-1.pem", ""),
    ] {
        assert_eq!(send(&cloud, &request).await.status() / 100, 4, "{}", request.path);
    }
    assert_eq!(cloud.events().len(), before);
}
