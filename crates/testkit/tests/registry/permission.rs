//! Exactly the permissions that an operation asks for let an IAM user call it over the wire; without any one of them
//! the user is told which is missing.
//!
//! That those are the permissions which AWS names is [`authorization`](crate::authorization)'s.

use alcazar_engine::Check;
use alcazar_policy::PrincipalKind;
use alcazar_shape::{ApiError, OperationModel};
use alcazar_testkit::{TestCaller, TestCloud, WireRequest};
use serde_json::{Value as Json, json};

use crate::recorded::Recorded;
use crate::reference::Reference;
use crate::sample::{self, Things};

const ACCOUNT: &str = "111122223333";

/// A policy of these permissions; without any, one that allows nothing there is.
fn policy(checks: &[&Check]) -> String {
    let statement =
        |check: &&Check| json!({"Effect": "Allow", "Action": check.action, "Resource": check.resource});
    let mut statements: Vec<Json> = checks.iter().map(statement).collect();
    if statements.is_empty() {
        statements.push(json!({"Effect": "Allow", "Action": "none:Nothing", "Resource": "*"}));
    }
    json!({"Version": "2012-10-17", "Statement": statements}).to_string()
}

/// A user with no policy but the one that is given to it.
struct User {
    caller: TestCaller,
    name: String,
}

impl User {
    /// The user who calls for the sample, or a new one in the account whose root user does.
    async fn new(cloud: &TestCloud, caller: &TestCaller, operation: &OperationModel) -> Self {
        match caller.caller.principal.kind {
            PrincipalKind::User => {
                let (_, name) = caller.arn().rsplit_once('/').unwrap();
                Self { caller: caller.clone(), name: name.to_owned() }
            }
            _ => {
                let name = format!("may-{}", operation.name);
                Self { caller: cloud.user(&caller.account().to_string(), &name).await, name }
            }
        }
    }

    async fn may(&self, recorded: &mut Recorded, checks: &[&Check]) {
        let root = recorded.cloud.root(&self.caller.account().to_string());
        recorded.cloud.put_user_policy(&root, &self.name, &policy(checks)).await;
        recorded.skip();
    }
}

/// Tries every operation of a service, each in a cloud of its own; what fails is told of all.
async fn exact_permissions_suffice(seed: u64, service: &str) {
    let mut failed = Vec::new();
    for operation in sample::models(&TestCloud::new(seed)) {
        if operation.service.name == service {
            let tried = tokio::spawn(exact_permissions_suffice_for(seed, operation));
            failed.extend(tried.await.is_err().then_some(operation.name));
        }
    }
    assert!(failed.is_empty(), "{failed:?}");
}

async fn exact_permissions_suffice_for(seed: u64, operation: &'static OperationModel) {
    let mut recorded = Recorded::new(TestCloud::new(seed));
    let root = recorded.cloud.root(ACCOUNT);
    let things = Things::of(operation.service.name, &recorded.cloud, &root).await;
    let user = User::new(&recorded.cloud, things.caller(operation), operation).await;
    let input = sample::of(operation, &things);
    let asked = recorded.cloud.checks(&user.caller, operation, sample::value(operation, &input)).await;
    let checks = asked.unwrap();
    let is_open = Reference::of(operation.service.name).is_open(operation.name);
    assert_eq!(checks.is_empty(), is_open, "{}", operation.name);
    let protocol = operation.service.protocols[0];
    let request = WireRequest::new(protocol, operation, &input);
    let now = recorded.cloud.wall_time();
    let request = request.signed(&user.caller, operation.service.signing_name, now);
    for missing in &checks {
        let is_other =
            |check: &&Check| (check.action, &check.resource) != (missing.action, &missing.resource);
        user.may(&mut recorded, &checks.iter().filter(is_other).collect::<Vec<_>>()).await;
        let what = format!("{} without {} on {}", operation.name, missing.action, missing.resource);
        let denial = missing.denial.as_ref();
        let service = recorded.cloud.cloud().service(operation.service.name).unwrap();
        let usual = service.denial("").model();
        let model = denial.map_or(usual, ApiError::model);
        recorded.refused(protocol, &request, model, &what).await;
        let message = recorded.last_event().error_message.unwrap();
        if model == usual {
            // Services write the action's name in a case of their own.
            let (message, action) = (message.to_lowercase(), missing.action.to_lowercase());
            let named = format!("is not authorized to perform: {action}");
            assert!(message.contains(&named), "{what}: {message}");
            // Where AWS has words of its own for a denial, they give no reason.
            let reason = format!("because no identity-based policy allows the {action} action");
            assert!(message.ends_with(&reason) || denial.is_some(), "{what}: {message}");
        }
    }
    let all: Vec<_> = checks.iter().collect();
    user.may(&mut recorded, &all).await;
    let what = format!("{} with {}", operation.name, policy(&all));
    let response = recorded.send(protocol, &request, &what).await;
    assert_eq!(response.status(), 200, "{what}: {:?}", recorded.last_event().error_message);
}

#[tokio::test]
async fn exact_permissions_on_keys_suffice() {
    exact_permissions_suffice(40, "kms").await;
}

#[tokio::test]
async fn exact_permissions_on_identities_suffice() {
    exact_permissions_suffice(41, "iam").await;
}

#[tokio::test]
async fn exact_permissions_on_sessions_suffice() {
    exact_permissions_suffice(42, "sts").await;
}

#[tokio::test]
async fn exact_permissions_on_organizations_suffice() {
    exact_permissions_suffice(43, "organizations").await;
}

#[tokio::test]
async fn exact_permissions_on_topics_suffice() {
    exact_permissions_suffice(46, "sns").await;
}

#[tokio::test]
async fn exact_permissions_on_events_suffice() {
    exact_permissions_suffice(45, "events").await;
}

#[tokio::test]
async fn exact_permissions_on_parameters_suffice() {
    exact_permissions_suffice(47, "ssm").await;
}

#[test]
fn the_permissions_of_every_service_are_tried() {
    let cloud = TestCloud::new(44);
    let mut services: Vec<_> = cloud.cloud().services().map(|service| service.model.name).collect();
    services.sort_unstable();
    assert_eq!(services, ["cloudtrail", "events", "iam", "kms", "organizations", "sns", "sqs", "ssm", "sts"]);
}
