//! Sessions end: by time, with their role, and by a policy that revokes them.

use std::time::Duration;

use alcazar_api_iam::operation::{
    DeleteRole, DeleteRolePolicy, DeleteRolePolicyRequest, DeleteRoleRequest, UpdateAssumeRolePolicy,
    UpdateAssumeRolePolicyRequest,
};
use alcazar_testkit::TestCloud;
use serde_json::json;

use crate::scene::{ACCOUNT, allow, list_users, may_list_users, mighty_role, told, trust};

const ASSUME: &[&str] = &["sts:AssumeRole"];

#[tokio::test]
async fn a_session_is_over_when_its_time_is() {
    let cloud = TestCloud::new(20);
    let user = cloud.user(ACCOUNT, "ann").await;
    let arn = mighty_role(&cloud, ACCOUNT, "deploy", &trust(user.arn(), ASSUME)).await;
    let session = cloud.assume_role(&user, &arn, "s1").await;
    cloud.advance(Duration::from_secs(3599)).await;
    assert!(may_list_users(&cloud, &session).await);
    cloud.advance(Duration::from_secs(1)).await;
    let expired = ("ExpiredToken", "The security token included in the request is expired".to_owned());
    assert_eq!(told(list_users(&cloud, &session).await), expired);
}

#[tokio::test]
async fn a_session_is_over_with_its_role_and_another_of_the_name_does_not_revive_it() {
    let cloud = TestCloud::new(21);
    let (user, root) = (cloud.user(ACCOUNT, "ann").await, cloud.root(ACCOUNT));
    let arn = mighty_role(&cloud, ACCOUNT, "deploy", &trust(user.arn(), ASSUME)).await;
    let session = cloud.assume_role(&user, &arn, "s1").await;
    assert!(may_list_users(&cloud, &session).await);
    let policy = DeleteRolePolicyRequest { role_name: "deploy".to_owned(), policy_name: "policy".to_owned() };
    cloud.call::<DeleteRolePolicy>(&root, policy).await.unwrap();
    cloud.call::<DeleteRole>(&root, DeleteRoleRequest { role_name: "deploy".to_owned() }).await.unwrap();
    let gone = ("InvalidClientTokenId", "The security token included in the request is invalid.".to_owned());
    assert_eq!(told(list_users(&cloud, &session).await), gone);
    mighty_role(&cloud, ACCOUNT, "deploy", &trust(user.arn(), ASSUME)).await;
    assert_eq!(told(list_users(&cloud, &session).await), gone);
    assert!(may_list_users(&cloud, &cloud.assume_role(&user, &arn, "s1").await).await);
}

#[tokio::test]
async fn sessions_from_before_a_revocation_may_do_nothing_and_later_ones_may() {
    let cloud = TestCloud::new(22);
    let user = cloud.user(ACCOUNT, "ann").await;
    let arn = mighty_role(&cloud, ACCOUNT, "deploy", &trust(user.arn(), ASSUME)).await;
    let older = cloud.assume_role(&user, &arn, "s1").await;
    assert!(may_list_users(&cloud, &older).await);
    cloud.advance(Duration::from_secs(60)).await;
    let condition = json!({"DateLessThan": {"aws:TokenIssueTime": cloud.now().to_string()}});
    let revoked = json!({"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition});
    let allowed = json!({"Effect": "Allow", "Action": "*", "Resource": "*"});
    let policy = json!({"Version": "2012-10-17", "Statement": [allowed, revoked]});
    allow(&cloud, ACCOUNT, "deploy", &policy.to_string()).await;
    let newer = cloud.assume_role(&user, &arn, "s2").await;
    assert!(!may_list_users(&cloud, &older).await && may_list_users(&cloud, &newer).await);
}

#[tokio::test]
async fn whom_a_role_trusts_no_more_keeps_the_session_that_it_has() {
    let cloud = TestCloud::new(23);
    let user = cloud.user(ACCOUNT, "ann").await;
    let arn = mighty_role(&cloud, ACCOUNT, "deploy", &trust(user.arn(), ASSUME)).await;
    let session = cloud.assume_role(&user, &arn, "s1").await;
    let update = UpdateAssumeRolePolicyRequest {
        role_name: "deploy".to_owned(),
        policy_document: trust(&format!("arn:aws:iam::{ACCOUNT}:root"), &["sts:TagSession"]).to_string(),
    };
    cloud.call::<UpdateAssumeRolePolicy>(&cloud.root(ACCOUNT), update).await.unwrap();
    assert!(crate::scene::assume(&cloud, &user, crate::scene::request(&arn)).await.is_err());
    assert!(may_list_users(&cloud, &session).await);
}
