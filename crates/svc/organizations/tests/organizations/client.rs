//! A client that speaks documents, over the wire.

use alcazar_shape::Protocol;
use alcazar_testkit::{TestCaller, TestCloud, WireResponse};
use serde_json::{Value as Json, json};

/// The management account of the tests' organization.
pub(crate) const MANAGEMENT: &str = "111122223333";
/// An account in no organization, before it is invited.
pub(crate) const OTHER: &str = "444455556666";

/// What is sent, and what comes back.
pub(crate) async fn send(
    cloud: &TestCloud,
    caller: &TestCaller,
    service: &str,
    operation: &str,
    input: Json,
) -> WireResponse {
    let model = cloud.cloud().service(service).unwrap().operation(operation).unwrap().model;
    cloud.send_signed(caller, Protocol::AwsJson1_1, model, &input).await
}

/// An answer that must succeed.
pub(crate) async fn ok(cloud: &TestCloud, caller: &TestCaller, operation: &str, input: Json) -> Json {
    let response = send(cloud, caller, "organizations", operation, input).await;
    assert_eq!(response.status(), 200, "{operation}: {}", response.text());
    if response.text().is_empty() { Json::Null } else { response.json() }
}

/// What a call is told that must be refused: `Code: message`, and the reason if there is one: `Code (REASON): message`.
pub(crate) async fn refused(cloud: &TestCloud, caller: &TestCaller, operation: &str, input: Json) -> String {
    let response = send(cloud, caller, "organizations", operation, input).await;
    assert_eq!(response.status(), 400, "{operation}: {}", response.text());
    let told = response.json();
    let code = told["__type"].as_str().unwrap();
    let message = told.get("message").or(told.get("Message")).and_then(Json::as_str).unwrap();
    match told["Reason"].as_str() {
        Some(reason) => format!("{code} ({reason}): {message}"),
        None => format!("{code}: {message}"),
    }
}

/// A new organization of the management account, whose root user is given back.
pub(crate) async fn organization(cloud: &TestCloud) -> TestCaller {
    let management = cloud.root(MANAGEMENT);
    ok(cloud, &management, "CreateOrganization", json!({})).await;
    management
}

/// The id of the organization's root.
pub(crate) async fn root_id(cloud: &TestCloud, management: &TestCaller) -> String {
    text(&ok(cloud, management, "ListRoots", json!({})).await["Roots"][0]["Id"])
}

/// A new unit's id.
pub(crate) async fn unit(cloud: &TestCloud, management: &TestCaller, parent_id: &str, name: &str) -> String {
    let made = json!({"ParentId": parent_id, "Name": name});
    let made = ok(cloud, management, "CreateOrganizationalUnit", made).await;
    text(&made["OrganizationalUnit"]["Id"])
}

/// A new account's id.
pub(crate) async fn account(cloud: &TestCloud, management: &TestCaller, name: &str) -> String {
    let asked = json!({"Email": format!("{name}@example.com"), "AccountName": name});
    let asked = ok(cloud, management, "CreateAccount", asked).await;
    let request_id = text(&asked["CreateAccountStatus"]["Id"]);
    cloud.advance(std::time::Duration::ZERO).await;
    let status = json!({"CreateAccountRequestId": request_id});
    let status = ok(cloud, management, "DescribeCreateAccountStatus", status).await;
    text(&status["CreateAccountStatus"]["AccountId"])
}

/// Invites an account; gives the handshake's id.
pub(crate) async fn invite(cloud: &TestCloud, management: &TestCaller, account: &str) -> String {
    let target = json!({"Target": {"Id": account, "Type": "ACCOUNT"}});
    text(&ok(cloud, management, "InviteAccountToOrganization", target).await["Handshake"]["Id"])
}

/// Has an account join by an invitation; its root user is given back.
pub(crate) async fn join(cloud: &TestCloud, management: &TestCaller, account: &str) -> TestCaller {
    let handshake_id = invite(cloud, management, account).await;
    let member = cloud.root(account);
    ok(cloud, &member, "AcceptHandshake", json!({"HandshakeId": handshake_id})).await;
    member
}

/// A text of an answer.
pub(crate) fn text(value: &Json) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

/// The texts of one member of each item of a list.
pub(crate) fn texts(list: &Json, member: &str) -> Vec<String> {
    list.as_array().unwrap().iter().map(|item| text(&item[member])).collect()
}

/// A new policy's id. `statement` is its one statement.
pub(crate) async fn policy(
    cloud: &TestCloud,
    management: &TestCaller,
    policy_type: &str,
    name: &str,
    statement: Json,
) -> String {
    let made = new_policy(policy_type, name, &content(statement));
    text(&ok(cloud, management, "CreatePolicy", made).await["Policy"]["PolicySummary"]["Id"])
}

/// What asks for a policy.
pub(crate) fn new_policy(policy_type: &str, name: &str, content: &str) -> Json {
    json!({"Type": policy_type, "Name": name, "Description": "", "Content": content})
}

/// A policy of one statement.
pub(crate) fn content(statement: Json) -> String {
    json!({"Version": "2012-10-17", "Statement": [statement]}).to_string()
}

/// Has policies of a type count.
pub(crate) async fn enable(cloud: &TestCloud, management: &TestCaller, root_id: &str, policy_type: &str) {
    let asked = json!({"RootId": root_id, "PolicyType": policy_type});
    ok(cloud, management, "EnablePolicyType", asked).await;
}

/// Attaches a policy.
pub(crate) async fn attach(cloud: &TestCloud, management: &TestCaller, policy_id: &str, target_id: &str) {
    let asked = json!({"PolicyId": policy_id, "TargetId": target_id});
    ok(cloud, management, "AttachPolicy", asked).await;
}

/// Detaches a policy.
pub(crate) async fn detach(cloud: &TestCloud, management: &TestCaller, policy_id: &str, target_id: &str) {
    let asked = json!({"PolicyId": policy_id, "TargetId": target_id});
    ok(cloud, management, "DetachPolicy", asked).await;
}

/// The type of service control policies.
pub(crate) const SCP: &str = "SERVICE_CONTROL_POLICY";
/// The type of resource control policies.
pub(crate) const RCP: &str = "RESOURCE_CONTROL_POLICY";
