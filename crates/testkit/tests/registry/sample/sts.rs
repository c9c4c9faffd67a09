//! Samples of STS.

use alcazar_testkit::{TestCaller, TestCloud};
use serde_json::{Value as Json, json};

use super::organizations::{join, new_account};
use super::{make, unique};

/// What the administrator may do.
const EVERYTHING: &str =
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;

/// What the samples name.
pub(super) struct Things {
    /// Who calls what no root user may.
    administrator: TestCaller,
    role_arn: String,
    /// The administrator of an organization's management account.
    manager: TestCaller,
    member: TestCaller,
    /// What someone of the administrator's account was told of a denial.
    message: String,
}

impl Things {
    /// New things of the root user's account.
    pub(super) async fn new(cloud: &TestCloud, root: &TestCaller) -> Self {
        let (tag, account) = (unique(cloud), root.account().to_string());
        let administrator = cloud.user_with_policy(&account, &format!("admin-{tag}"), EVERYTHING).await;
        let trust = json!({"Version": "2012-10-17", "Statement": {
            "Effect": "Allow", "Principal": {"AWS": account},
            "Action": ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
        }});
        let role = json!({
            "RoleName": format!("role-{tag}"), "AssumeRolePolicyDocument": trust.to_string(),
            "Tags": [{"Key": "Team", "Value": "red"}],
        });
        make(cloud, root, "iam", "CreateRole", role).await;
        let management = new_account(cloud);
        make(cloud, &management, "organizations", "CreateOrganization", json!({"FeatureSet": "ALL"})).await;
        let service = json!({"ServicePrincipal": "iam.amazonaws.com"});
        make(cloud, &management, "organizations", "EnableAWSServiceAccess", service).await;
        make(cloud, &management, "iam", "EnableOrganizationsRootSessions", json!({})).await;
        let managing = management.account().to_string();
        let details = json!({"allowed": false, "explicitDeny": false});
        Self {
            manager: cloud.user_with_policy(&managing, &format!("admin-{tag}"), EVERYTHING).await,
            member: join(cloud, &management).await,
            message: cloud.cloud().sealed_authorization_message(root.account(), &details).unwrap(),
            role_arn: format!("arn:aws:iam::{account}:role/role-{tag}"),
            administrator,
        }
    }

    /// Who has to call instead of the root user.
    pub(super) fn caller(&self, operation: &str) -> Option<&TestCaller> {
        match operation {
            "AssumeRole" => Some(&self.administrator),
            "AssumeRoot" => Some(&self.manager),
            _ => None,
        }
    }
}

/// A valid input.
pub(super) fn sample(operation: &str, things: &Things) -> Json {
    let tags = json!([{"Key": "Project", "Value": "blue"}]);
    match operation {
        "AssumeRole" => json!({
            "RoleArn": things.role_arn, "RoleSessionName": "session", "Tags": tags,
            "TransitiveTagKeys": ["Project"], "ExternalId": "external", "SourceIdentity": "somebody",
        }),
        "AssumeRoot" => json!({
            "TargetPrincipal": things.member.account().to_string(),
            "TaskPolicyArn": {"arn": "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"},
        }),
        "DecodeAuthorizationMessage" => json!({"EncodedMessage": things.message}),
        "GetFederationToken" => json!({"Name": "federated", "Tags": tags}),
        "GetAccessKeyInfo" => json!({"AccessKeyId": things.administrator.caller.access_key_id}),
        "GetCallerIdentity" | "GetSessionToken" => json!({}),
        operation => panic!("give {operation} a sample"),
    }
}
