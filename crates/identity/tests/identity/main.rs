//! What counts for callers, through the services that write it and those that ask for it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod bound;
mod changes;
mod limits;

use alcazar_api_iam::operation::{CreateRole, CreateRoleRequest, PutRolePolicy, PutRolePolicyRequest};
use alcazar_api_kms::operation::{CreateKey, CreateKeyRequest, DescribeKey, DescribeKeyRequest};
use alcazar_shape::ApiError;
use alcazar_testkit::{TestCaller, TestCloud};

/// The account of these tests.
pub(crate) const ACCOUNT: &str = "111122223333";

/// An identity policy of one statement.
pub(crate) fn policy(effect: &str, action: &str) -> String {
    format!(
        r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "{effect}", "Action": "{action}", "Resource": "*"}}}}"#
    )
}

/// A key of the account with a policy, or the default one.
pub(crate) async fn key(cloud: &TestCloud, policy: Option<&str>) -> String {
    let request = CreateKeyRequest {
        policy: policy.map(str::to_owned),
        bypass_policy_lockout_safety_check: Some(true),
        ..CreateKeyRequest::default()
    };
    let made = cloud.call::<CreateKey>(&cloud.root(ACCOUNT), request).await.unwrap();
    made.key_metadata.unwrap().key_id
}

/// Whether the caller may describe a key; otherwise why not.
pub(crate) async fn describe(cloud: &TestCloud, caller: &TestCaller, key_id: &str) -> Result<(), String> {
    let request = DescribeKeyRequest { key_id: key_id.to_owned(), ..DescribeKeyRequest::default() };
    let answer = cloud.call::<DescribeKey>(caller, request).await;
    answer.map(|_| ()).map_err(|error: ApiError| error.message().unwrap_or_default().to_owned())
}

/// A role that the whole account may assume, with a policy.
pub(crate) async fn role(cloud: &TestCloud, name: &str, policy: &str) -> String {
    let root = cloud.root(ACCOUNT);
    let trust = format!(
        r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Principal": {{"AWS": "{ACCOUNT}"}}, "Action": "sts:AssumeRole"}}}}"#
    );
    let request = CreateRoleRequest {
        role_name: name.to_owned(),
        assume_role_policy_document: trust,
        ..CreateRoleRequest::default()
    };
    let role = cloud.call::<CreateRole>(&root, request).await.unwrap().role;
    put_role_policy(cloud, name, policy).await;
    role.arn
}

pub(crate) async fn put_role_policy(cloud: &TestCloud, name: &str, policy: &str) {
    let request = PutRolePolicyRequest {
        role_name: name.to_owned(),
        policy_name: "policy".to_owned(),
        policy_document: policy.to_owned(),
    };
    cloud.call::<PutRolePolicy>(&cloud.root(ACCOUNT), request).await.unwrap();
}
