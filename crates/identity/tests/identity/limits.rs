//! Boundaries limit, and never allow.

use alcazar_api_iam::operation::{
    CreatePolicy, CreatePolicyRequest, PutUserPermissionsBoundary, PutUserPermissionsBoundaryRequest,
};
use alcazar_testkit::TestCloud;

use crate::{ACCOUNT, describe, key, policy};

#[tokio::test]
async fn a_boundary_limits_what_policies_allow() {
    let cloud = TestCloud::new(1);
    let root = cloud.root(ACCOUNT);
    let key_id = key(&cloud, None).await;
    let alice = cloud.user_with_policy(ACCOUNT, "alice", &policy("Allow", "*")).await;
    assert_eq!(describe(&cloud, &alice, &key_id).await, Ok(()));
    let arn = bound(&cloud, "no-keys", &policy("Allow", "s3:*")).await;
    let request =
        PutUserPermissionsBoundaryRequest { user_name: "alice".to_owned(), permissions_boundary: arn };
    cloud.call::<PutUserPermissionsBoundary>(&root, request).await.unwrap();
    let denied = describe(&cloud, &alice, &key_id).await.unwrap_err();
    assert!(denied.contains("because no permissions boundary allows the kms:DescribeKey action"), "{denied}");
}

async fn bound(cloud: &TestCloud, name: &str, document: &str) -> String {
    let request = CreatePolicyRequest {
        policy_name: name.to_owned(),
        policy_document: document.to_owned(),
        ..CreatePolicyRequest::default()
    };
    let made = cloud.call::<CreatePolicy>(&cloud.root(ACCOUNT), request).await.unwrap();
    made.policy.unwrap().arn.unwrap()
}
