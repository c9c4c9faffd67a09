//! What the tests have in common: roles, and what a session may do.

use alcazar_api_iam::operation::{
    CreateRole, CreateRoleRequest, ListUsers, ListUsersRequest, PutRolePolicy, PutRolePolicyRequest,
};
use alcazar_api_sts::operation::{AssumeRole, AssumeRoleRequest, AssumeRoleResponse};
use alcazar_shape::ApiError;
use alcazar_testkit::{TestCaller, TestCloud};
use serde_json::{Value as Json, json};

pub(crate) const ACCOUNT: &str = "111122223333";
pub(crate) const OTHER: &str = "444455556666";

/// A policy that allows everything.
pub(crate) const ALL: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;

/// A trust policy that lets a principal do actions.
pub(crate) fn trust(principal: &str, actions: &[&str]) -> Json {
    let statement = json!({"Effect": "Allow", "Principal": {"AWS": principal}, "Action": actions});
    json!({"Version": "2012-10-17", "Statement": [statement]})
}

/// The same under a condition.
pub(crate) fn trust_if(principal: &str, actions: &[&str], condition: &Json) -> Json {
    let mut policy = trust(principal, actions);
    policy["Statement"][0]["Condition"] = condition.clone();
    policy
}

/// Makes a role, whose ARN it gives back.
pub(crate) async fn role(cloud: &TestCloud, account: &str, name: &str, trust: &Json) -> String {
    let request = CreateRoleRequest {
        role_name: name.to_owned(),
        assume_role_policy_document: trust.to_string(),
        ..CreateRoleRequest::default()
    };
    cloud.call::<CreateRole>(&cloud.root(account), request).await.unwrap().role.arn
}

/// A role that may do everything.
pub(crate) async fn mighty_role(cloud: &TestCloud, account: &str, name: &str, trust: &Json) -> String {
    let arn = role(cloud, account, name, trust).await;
    allow(cloud, account, name, ALL).await;
    arn
}

/// Gives a role a policy, in place of the one before.
pub(crate) async fn allow(cloud: &TestCloud, account: &str, role: &str, policy: &str) {
    let request = PutRolePolicyRequest {
        role_name: role.to_owned(),
        policy_name: "policy".to_owned(),
        policy_document: policy.to_owned(),
    };
    cloud.call::<PutRolePolicy>(&cloud.root(account), request).await.unwrap();
}

/// The request for a session named `s1`.
pub(crate) fn request(role_arn: &str) -> AssumeRoleRequest {
    AssumeRoleRequest {
        role_arn: role_arn.to_owned(),
        role_session_name: "s1".to_owned(),
        ..AssumeRoleRequest::default()
    }
}

pub(crate) async fn assume(
    cloud: &TestCloud,
    caller: &TestCaller,
    request: AssumeRoleRequest,
) -> Result<AssumeRoleResponse, ApiError> {
    cloud.call::<AssumeRole>(caller, request).await
}

/// Whether a caller may list users.
pub(crate) async fn may_list_users(cloud: &TestCloud, caller: &TestCaller) -> bool {
    list_users(cloud, caller).await.is_ok()
}

pub(crate) async fn list_users(cloud: &TestCloud, caller: &TestCaller) -> Result<(), ApiError> {
    cloud.call::<ListUsers>(caller, ListUsersRequest::default()).await.map(drop)
}

/// The code and text of a refusal, as Query has them.
pub(crate) fn told<T: std::fmt::Debug>(outcome: Result<T, ApiError>) -> (&'static str, String) {
    let error = outcome.unwrap_err();
    (error.model().query_code, error.message().unwrap_or_default().to_owned())
}
