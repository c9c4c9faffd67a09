//! What the tests do over and over.

use std::collections::BTreeMap;

use alcazar_api_events::operation::*;
use alcazar_api_events::types::{PutEventsRequestEntry, Target};
use alcazar_api_iam::operation::{CreateRole, CreateRoleRequest, PutRolePolicy, PutRolePolicyRequest};
use alcazar_api_sqs::operation::{ReceiveMessage, ReceiveMessageRequest};
use alcazar_base::SecretString;
use alcazar_shape::ApiError;
use alcazar_testkit::{TestCaller, TestCloud};
use serde_json::Value as Json;

/// The account of most tests.
pub(crate) const ACCOUNT: &str = "111122223333";
/// Another.
pub(crate) const OTHER_ACCOUNT: &str = "444455556666";

/// The ARN of a queue in the tests' account.
pub(crate) fn queue_arn(name: &str) -> String {
    format!("arn:aws:sqs:us-east-1:{ACCOUNT}:{name}")
}

/// The ARN of a bus.
pub(crate) fn bus_arn(account: &str, name: &str) -> String {
    format!("arn:aws:events:us-east-1:{account}:event-bus/{name}")
}

/// A rule with a pattern on a bus.
pub(crate) fn rule(name: &str, bus: Option<&str>, pattern: &str) -> PutRuleRequest {
    PutRuleRequest {
        name: name.to_owned(),
        event_bus_name: bus.map(str::to_owned),
        event_pattern: Some(pattern.to_owned()),
        ..PutRuleRequest::default()
    }
}

/// A target that is a queue.
pub(crate) fn queue_target(id: &str, queue: &str) -> Target {
    Target { id: id.to_owned(), arn: queue_arn(queue), ..Target::default() }
}

/// Gives a rule targets.
pub(crate) async fn put_targets(
    cloud: &TestCloud,
    caller: &TestCaller,
    rule: &str,
    bus: Option<&str>,
    targets: Vec<Target>,
) -> Result<PutTargetsResponse, ApiError> {
    let request = PutTargetsRequest {
        rule: rule.to_owned(),
        event_bus_name: bus.map(str::to_owned),
        targets: targets.into(),
    };
    cloud.call::<PutTargets>(caller, request).await
}

/// A rule on the default bus that sends what matches to a queue.
pub(crate) async fn rule_to_queue(
    cloud: &TestCloud,
    caller: &TestCaller,
    name: &str,
    pattern: &str,
    queue: &str,
) {
    cloud.call::<PutRule>(caller, rule(name, None, pattern)).await.unwrap();
    put_targets(cloud, caller, name, None, vec![queue_target("t", queue)]).await.unwrap();
}

/// An entry of PutEvents.
pub(crate) fn entry(bus: Option<&str>, source: &str, detail: &str) -> PutEventsRequestEntry {
    PutEventsRequestEntry {
        source: Some(source.to_owned()),
        detail_type: Some("test".to_owned()),
        detail: Some(SecretString::new(detail.to_owned())),
        event_bus_name: bus.map(str::to_owned),
        ..PutEventsRequestEntry::default()
    }
}

/// Puts events.
pub(crate) async fn put_events(
    cloud: &TestCloud,
    caller: &TestCaller,
    entries: Vec<PutEventsRequestEntry>,
) -> Result<PutEventsResponse, ApiError> {
    let request = PutEventsRequest { entries: entries.into(), endpoint_id: None };
    cloud.call::<PutEvents>(caller, request).await
}

/// Puts one event, which succeeds.
pub(crate) async fn put_event(
    cloud: &TestCloud,
    caller: &TestCaller,
    bus: Option<&str>,
    source: &str,
    detail: &str,
) -> String {
    let answer = put_events(cloud, caller, vec![entry(bus, source, detail)]).await.unwrap();
    let entries = answer.entries.unwrap();
    entries[0].event_id.clone().unwrap_or_else(|| panic!("{:?}", entries[0]))
}

/// A message that came to a queue.
#[derive(Debug)]
pub(crate) struct Came {
    pub(crate) body: String,
    pub(crate) attributes: BTreeMap<String, String>,
    pub(crate) sender: String,
}

impl Came {
    /// The event that it is.
    pub(crate) fn event(&self) -> Json {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// Everything that came to a queue of the double.
pub(crate) async fn came(cloud: &TestCloud, queue: &str) -> Vec<Came> {
    let request = ReceiveMessageRequest {
        queue_url: format!("https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/{queue}"),
        ..ReceiveMessageRequest::default()
    };
    let answer = cloud.call::<ReceiveMessage>(&cloud.root(ACCOUNT), request).await.unwrap();
    let messages = answer.messages.unwrap_or_default();
    messages
        .iter()
        .map(|message| Came {
            body: message.body.as_ref().unwrap().expose().to_owned(),
            attributes: message
                .message_attributes
                .iter()
                .flatten()
                .map(|(name, value)| (name.clone(), value.string_value.as_ref().unwrap().expose().to_owned()))
                .collect(),
            sender: message.message_id.clone().unwrap(),
        })
        .collect()
}

/// A role that EventBridge may assume, with a policy.
pub(crate) async fn role(cloud: &TestCloud, root: &TestCaller, name: &str, policy: &str) -> String {
    let trust = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},"Action":"sts:AssumeRole"}}"#;
    role_with_trust(cloud, root, name, policy, trust).await
}

/// A role with a trust policy and a policy.
pub(crate) async fn role_with_trust(
    cloud: &TestCloud,
    root: &TestCaller,
    name: &str,
    policy: &str,
    trust: &str,
) -> String {
    let request = CreateRoleRequest {
        role_name: name.to_owned(),
        assume_role_policy_document: trust.to_owned(),
        ..CreateRoleRequest::default()
    };
    let role = cloud.call::<CreateRole>(root, request).await.unwrap().role;
    let request = PutRolePolicyRequest {
        role_name: name.to_owned(),
        policy_name: "p".to_owned(),
        policy_document: policy.to_owned(),
    };
    cloud.call::<PutRolePolicy>(root, request).await.unwrap();
    role.arn
}

/// The code and message of a refusal.
pub(crate) fn told<T: std::fmt::Debug>(refused: Result<T, ApiError>) -> (String, String) {
    let error = refused.unwrap_err();
    (error.model().name.to_owned(), error.message().unwrap_or_default().to_owned())
}
