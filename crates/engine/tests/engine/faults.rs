//! What callers are told when something fails inside, and what stays.

use alcazar_shape::common_error::INTERNAL_FAILURE;
use alcazar_shape::{ApiOperation as _, Protocol};
use serde_json::json;

use crate::ledger::{Add, Sum, about, balance, cloud};

#[tokio::test]
async fn a_commit_that_fails_is_not_acknowledged() {
    let (cloud, root) = cloud(80);
    cloud.store().fail_commits(true);
    let error = cloud.call::<Add>(&root, about("a")).await.unwrap_err();
    assert_eq!(error.model(), &INTERNAL_FAILURE);
    assert_eq!(error.message(), Some("An internal error occurred. Try again later."));
    assert!(error.cause().is_some());
    assert_eq!(cloud.last_event().error_code.as_deref(), Some("InternalFailure"));
    cloud.store().fail_commits(false);
    assert_eq!(balance(&cloud, "a").await, 0);
}

#[tokio::test]
async fn a_read_that_fails_is_an_internal_error() {
    let (cloud, root) = cloud(81);
    cloud.store().fail_reads(true);
    let error = cloud.call::<Sum>(&root, about("a")).await.unwrap_err();
    assert_eq!(error.model(), &INTERNAL_FAILURE);
    assert_eq!(cloud.last_event().error_code.as_deref(), Some("InternalFailure"));
}

#[tokio::test]
async fn what_failed_inside_is_not_told_over_the_wire() {
    let (cloud, root) = cloud(82);
    cloud.store().fail_reads(true);
    let input = json!({"Name": "a"});
    let response = cloud.send_signed(&root, Protocol::AwsJson1_1, Sum::MODEL, &input).await;
    assert_eq!(response.status(), 500);
    assert_eq!(response.code().as_deref(), Some("InternalFailure"));
    assert!(!response.text().contains("was to fail"), "{}", response.text());
}

#[tokio::test]
async fn no_call_is_acknowledged_without_its_event() {
    let (cloud, root) = cloud(83);
    cloud.audit_log().fail(true);
    for error in [
        cloud.call::<Add>(&root, about("a")).await.unwrap_err(),
        cloud.call::<Sum>(&root, about("a")).await.unwrap_err(),
    ] {
        assert_eq!(error.model(), &INTERNAL_FAILURE);
    }
    let user = alcazar_testkit::TestCloud::new(84).user("444455556666", "nobody").await;
    let denied = cloud.call::<Add>(&user, about("a")).await.unwrap_err();
    assert_eq!(denied.model(), &INTERNAL_FAILURE);
    cloud.audit_log().fail(false);
    assert_eq!(balance(&cloud, "a").await, 0);
}
