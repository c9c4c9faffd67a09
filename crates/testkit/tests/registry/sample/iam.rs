//! Samples of IAM.
//!
//! Users and roles have what condition keys tell of them: a path, tags, a boundary, policies.

mod entity;
mod identity_provider;
mod mfa;
mod policy;
mod role;

use std::time::Duration;

use alcazar_testkit::{TestCaller, TestCloud};
use serde_json::{Value as Json, json};

use super::{CANARY, make, unique};

/// What policies of the samples say.
const POLICY: &str =
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"kms:ListKeys","Resource":"*"}}"#;

/// What the samples name. Whatever is called `bare` has nothing that would keep it from being deleted.
pub(super) struct Things {
    account: String,
    /// What makes the names unique.
    tag: String,
    /// A user with everything.
    user: TestCaller,
    /// A user with a password, who may do everything.
    guest: TestCaller,
    /// The access key of another user, who has nothing else.
    access_key_id: String,
    deletion_task_id: String,
    mfa: mfa::Things,
}

impl Things {
    /// New things of the root user's account.
    pub(super) async fn new(cloud: &TestCloud, root: &TestCaller) -> Self {
        let (tag, account) = (unique(cloud), root.account().to_string());
        let call = |name: &'static str, input: Json| make(cloud, root, "iam", name, input);
        policy::make(&tag, &account, call).await;
        let user = entity::make(cloud, root, &tag).await;
        let guest = entity::make_guest(cloud, root, &tag).await;
        role::make(&tag, &account, call).await;
        identity_provider::make(&tag, call).await;
        call("CreateAccountAlias", json!({"AccountAlias": format!("old-{tag}")})).await;
        call("UpdateAccountPasswordPolicy", json!({"MinimumPasswordLength": 8})).await;
        call("GenerateCredentialReport", json!({})).await;
        // A task makes it.
        cloud.advance(Duration::from_secs(1)).await;
        root_access(cloud, root).await;
        let access_key = call("CreateAccessKey", json!({"UserName": format!("keyed-user-{tag}")})).await;
        let deletion = json!({"RoleName": role::service_linked(&tag, "gone")});
        let deletion = call("DeleteServiceLinkedRole", deletion).await;
        Self {
            access_key_id: text(&access_key["AccessKey"]["AccessKeyId"]),
            deletion_task_id: text(&deletion["DeletionTaskId"]),
            mfa: mfa::Things::new(cloud, root, &tag).await,
            account,
            tag,
            user,
            guest,
        }
    }

    /// Who has to call instead of the root user.
    pub(super) fn caller(&self, operation: &str) -> Option<&TestCaller> {
        (operation == "ChangePassword").then_some(&self.guest)
    }

    fn name(&self, kind: &str) -> String {
        format!("{kind}-{}", self.tag)
    }

    fn arn(&self, kind: &str, path_and_name: &str) -> String {
        format!("arn:aws:iam::{}:{kind}/{path_and_name}", self.account)
    }

    fn policy_arn(&self) -> String {
        self.arn("policy", &format!("team/{}", self.name("policy")))
    }

    fn boundary_arn(&self) -> String {
        self.arn("policy", &self.name("boundary"))
    }
}

/// Founds an organization whose root users are managed from here.
async fn root_access(cloud: &TestCloud, root: &TestCaller) {
    make(cloud, root, "organizations", "CreateOrganization", json!({"FeatureSet": "ALL"})).await;
    let service = json!({"ServicePrincipal": "iam.amazonaws.com"});
    make(cloud, root, "organizations", "EnableAWSServiceAccess", service).await;
    for feature in ["RootCredentialsManagement", "RootSessions"] {
        make(cloud, root, "iam", &format!("EnableOrganizations{feature}"), json!({})).await;
    }
}

/// A valid input.
pub(super) fn sample(operation: &str, things: &Things) -> Json {
    let of_topic = [entity::sample, role::sample, policy::sample, mfa::sample, identity_provider::sample];
    let mut samples = of_topic.into_iter().filter_map(|sample| sample(operation, things));
    samples
        .next()
        .or_else(|| account(operation, things))
        .unwrap_or_else(|| panic!("give {operation} a sample"))
}

/// The samples about the account as a whole.
fn account(operation: &str, things: &Things) -> Option<Json> {
    let page = json!({"MaxItems": 10});
    Some(match operation {
        "CreateAccountAlias" => json!({"AccountAlias": format!("new-{}", things.tag)}),
        "DeleteAccountAlias" => json!({"AccountAlias": format!("old-{}", things.tag)}),
        "ListAccountAliases"
        | "ListUsers"
        | "ListGroups"
        | "ListRoles"
        | "ListInstanceProfiles"
        | "GetAccountAuthorizationDetails"
        | "ListVirtualMFADevices" => page,
        "ListPolicies" => json!({"Scope": "Local", "MaxItems": 10}),
        "DeleteAccountPasswordPolicy"
        | "GetAccountPasswordPolicy"
        | "GetAccountSummary"
        | "GenerateCredentialReport"
        | "GetCredentialReport"
        | "ListOpenIDConnectProviders"
        | "ListOrganizationsFeatures"
        | "DisableOrganizationsRootCredentialsManagement"
        | "DisableOrganizationsRootSessions"
        | "EnableOrganizationsRootCredentialsManagement"
        | "EnableOrganizationsRootSessions" => json!({}),
        "UpdateAccountPasswordPolicy" => {
            json!({"MinimumPasswordLength": 10, "RequireNumbers": true, "MaxPasswordAge": 90})
        }
        "GetContextKeysForCustomPolicy" => json!({"PolicyInputList": [POLICY]}),
        "SimulateCustomPolicy" => json!({"PolicyInputList": [POLICY], "ActionNames": ["kms:ListKeys"]}),
        _ => return None,
    })
}

fn tags() -> Json {
    json!([{"Key": "Team", "Value": "red"}])
}

fn text(value: &Json) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// A password that is a canary and strong.
fn password(what: &str) -> String {
    format!("{}-{what}-1a", CANARY.repeat(2))
}
