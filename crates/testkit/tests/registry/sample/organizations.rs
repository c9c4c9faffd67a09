//! Samples of Organizations.

use alcazar_testkit::{TestCaller, TestCloud};
use serde_json::{Value as Json, json};

use super::{CANARY, make, unique};

const CONTENT: &str =
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"kms:DeleteAlias","Resource":"*"}}"#;

/// A service that may work in the accounts of an organization.
const SERVICE: &str = "config.amazonaws.com";
/// Another.
const ANOTHER_SERVICE: &str = "guardduty.amazonaws.com";

/// What the samples name: organizations of their own, so that each sample finds its as it was made.
pub(super) struct Things {
    /// The root user of the management account of an organization with members.
    management: TestCaller,
    /// That of an organization with nothing in it.
    lonely: TestCaller,
    /// That of an organization without all features.
    billing: TestCaller,
    /// That of an account in no organization.
    standalone: TestCaller,
    /// Those of members.
    member: TestCaller,
    another_member: TestCaller,
    /// That of an account which is invited.
    invited: TestCaller,
    tag: String,
    root_id: String,
    unit_id: String,
    empty_unit_id: String,
    policy_id: String,
    unused_policy_id: String,
    request_id: String,
    handshake_id: String,
}

/// The root user of an account that no other thing has.
pub(super) fn new_account(cloud: &TestCloud) -> TestCaller {
    let number = u64::from_str_radix(&unique(cloud)[..10], 16).unwrap() % 900_000_000_000;
    cloud.root(&(number + 100_000_000_000).to_string())
}

async fn call(cloud: &TestCloud, caller: &TestCaller, name: &str, input: Json) -> Json {
    make(cloud, caller, "organizations", name, input).await
}

/// Has an account join an organization.
pub(super) async fn join(cloud: &TestCloud, management: &TestCaller) -> TestCaller {
    let member = new_account(cloud);
    let handshake_id = invite(cloud, management, &member).await;
    call(cloud, &member, "AcceptHandshake", json!({"HandshakeId": handshake_id})).await;
    let tagged = json!({"ResourceId": member.account().to_string(), "Tags": tags()});
    call(cloud, management, "TagResource", tagged).await;
    member
}

async fn invite(cloud: &TestCloud, management: &TestCaller, account: &TestCaller) -> String {
    let target = json!({"Target": {"Id": account.account().to_string(), "Type": "ACCOUNT"}});
    id(&call(cloud, management, "InviteAccountToOrganization", target).await["Handshake"]["Id"])
}

async fn policy(cloud: &TestCloud, management: &TestCaller, name: String) -> String {
    let request = json!({
        "Name": name, "Description": "a policy", "Content": CONTENT, "Type": "SERVICE_CONTROL_POLICY",
        "Tags": tags(),
    });
    id(&call(cloud, management, "CreatePolicy", request).await["Policy"]["PolicySummary"]["Id"])
}

async fn unit(cloud: &TestCloud, management: &TestCaller, parent_id: &str, name: &str) -> String {
    let request = json!({"ParentId": parent_id, "Name": name, "Tags": tags()});
    let made = call(cloud, management, "CreateOrganizationalUnit", request).await;
    id(&made["OrganizationalUnit"]["Id"])
}

impl Things {
    /// New things, in accounts of their own.
    pub(super) async fn new(cloud: &TestCloud, _: &TestCaller) -> Self {
        let [management, lonely, billing, standalone, invited] = [(); 5].map(|()| new_account(cloud));
        for (caller, features) in [(&management, "ALL"), (&lonely, "ALL"), (&billing, "CONSOLIDATED_BILLING")]
        {
            call(cloud, caller, "CreateOrganization", json!({"FeatureSet": features})).await;
        }
        let to = &management;
        let tag = unique(cloud);
        let root_id = id(&call(cloud, to, "ListRoots", json!({})).await["Roots"][0]["Id"]);
        call(cloud, to, "TagResource", json!({"ResourceId": root_id, "Tags": tags()})).await;
        let type_of_policy = json!({"RootId": root_id, "PolicyType": "SERVICE_CONTROL_POLICY"});
        call(cloud, to, "EnablePolicyType", type_of_policy).await;
        let unit_id = unit(cloud, to, &root_id, "unit").await;
        let policy_id = policy(cloud, to, format!("policy-{tag}")).await;
        call(cloud, to, "AttachPolicy", json!({"PolicyId": policy_id, "TargetId": unit_id})).await;
        call(cloud, to, "EnableAWSServiceAccess", json!({"ServicePrincipal": SERVICE})).await;
        let member = join(cloud, to).await;
        let delegated = json!({"AccountId": member.account().to_string(), "ServicePrincipal": SERVICE});
        call(cloud, to, "RegisterDelegatedAdministrator", delegated).await;
        let account = json!({"Email": email(&tag, "made"), "AccountName": "made"});
        let made = call(cloud, to, "CreateAccount", account).await;
        call(cloud, to, "PutResourcePolicy", json!({"Content": resource_policy(&member), "Tags": tags()}))
            .await;
        Self {
            another_member: join(cloud, to).await,
            empty_unit_id: unit(cloud, to, &root_id, "empty").await,
            unused_policy_id: policy(cloud, to, format!("unused-{tag}")).await,
            handshake_id: invite(cloud, to, &invited).await,
            request_id: id(&made["CreateAccountStatus"]["Id"]),
            management,
            lonely,
            billing,
            standalone,
            member,
            invited,
            tag,
            root_id,
            unit_id,
            policy_id,
        }
    }

    /// Who has to call instead of the root user of the tests' account.
    pub(super) fn caller(&self, operation: &str) -> Option<&TestCaller> {
        Some(match operation {
            "CreateOrganization" => &self.standalone,
            "DeleteOrganization" | "PutResourcePolicy" => &self.lonely,
            "EnableAllFeatures" => &self.billing,
            "LeaveOrganization" => &self.another_member,
            "AcceptHandshake" | "DeclineHandshake" | "ListHandshakesForAccount" => &self.invited,
            _ => &self.management,
        })
    }
}

/// A valid input.
pub(super) fn sample(operation: &str, things: &Things) -> Json {
    let Things { root_id, unit_id, empty_unit_id, policy_id, unused_policy_id, .. } = things;
    let (member, another) =
        (things.member.account().to_string(), things.another_member.account().to_string());
    match operation {
        "AcceptHandshake" | "DeclineHandshake" | "CancelHandshake" | "DescribeHandshake" => {
            json!({"HandshakeId": things.handshake_id})
        }
        "AttachPolicy" => json!({"PolicyId": unused_policy_id, "TargetId": unit_id}),
        "DetachPolicy" => json!({"PolicyId": policy_id, "TargetId": unit_id}),
        "DescribePolicy" | "ListTargetsForPolicy" => json!({"PolicyId": policy_id}),
        "DeletePolicy" => json!({"PolicyId": unused_policy_id}),
        "UpdatePolicy" => json!({"PolicyId": policy_id, "Description": "another"}),
        "CreatePolicy" => json!({
            "Name": format!("new-{}", things.tag), "Description": "a policy", "Content": CONTENT,
            "Type": "SERVICE_CONTROL_POLICY", "Tags": tags(),
        }),
        "ListPolicies" => json!({"Filter": "SERVICE_CONTROL_POLICY"}),
        "ListPoliciesForTarget" => json!({"TargetId": unit_id, "Filter": "SERVICE_CONTROL_POLICY"}),
        "EnablePolicyType" => json!({"RootId": root_id, "PolicyType": "RESOURCE_CONTROL_POLICY"}),
        "DisablePolicyType" => json!({"RootId": root_id, "PolicyType": "SERVICE_CONTROL_POLICY"}),
        "CloseAccount" | "RemoveAccountFromOrganization" => json!({"AccountId": another}),
        "DescribeAccount" | "ListDelegatedServicesForAccount" => json!({"AccountId": member}),
        "CreateAccount" => json!({
            "Email": email(&things.tag, "new"), "AccountName": CANARY.repeat(3), "Tags": tags(),
        }),
        "DescribeCreateAccountStatus" => json!({"CreateAccountRequestId": things.request_id}),
        "InviteAccountToOrganization" => json!({
            "Target": {"Id": things.standalone.account().to_string(), "Type": "ACCOUNT"}, "Tags": tags(),
        }),
        "MoveAccount" => {
            json!({"AccountId": member, "SourceParentId": root_id, "DestinationParentId": unit_id})
        }
        "ListParents" => json!({"ChildId": member}),
        "ListChildren" => json!({"ParentId": root_id, "ChildType": "ACCOUNT"}),
        "ListAccountsForParent" | "ListOrganizationalUnitsForParent" => json!({"ParentId": root_id}),
        "CreateOrganizationalUnit" => json!({"ParentId": root_id, "Name": "new", "Tags": tags()}),
        "DescribeOrganizationalUnit" => json!({"OrganizationalUnitId": unit_id}),
        "DeleteOrganizationalUnit" => json!({"OrganizationalUnitId": empty_unit_id}),
        "UpdateOrganizationalUnit" => json!({"OrganizationalUnitId": unit_id, "Name": "renamed"}),
        "CreateOrganization" => json!({"FeatureSet": "ALL"}),
        "PutResourcePolicy" => json!({"Content": resource_policy(&things.another_member), "Tags": tags()}),
        "RegisterDelegatedAdministrator" => json!({"AccountId": another, "ServicePrincipal": SERVICE}),
        "DeregisterDelegatedAdministrator" => json!({"AccountId": member, "ServicePrincipal": SERVICE}),
        "ListDelegatedAdministrators" | "DisableAWSServiceAccess" => json!({"ServicePrincipal": SERVICE}),
        "EnableAWSServiceAccess" => json!({"ServicePrincipal": ANOTHER_SERVICE}),
        "TagResource" => json!({"ResourceId": policy_id, "Tags": [{"Key": "Team", "Value": "blue"}]}),
        "UntagResource" => json!({"ResourceId": policy_id, "TagKeys": ["Team"]}),
        "ListTagsForResource" => json!({"ResourceId": policy_id}),
        "DeleteOrganization"
        | "DescribeOrganization"
        | "LeaveOrganization"
        | "DeleteResourcePolicy"
        | "DescribeResourcePolicy"
        | "EnableAllFeatures"
        | "ListAWSServiceAccessForOrganization"
        | "ListAccounts"
        | "ListCreateAccountStatus"
        | "ListHandshakesForAccount"
        | "ListHandshakesForOrganization"
        | "ListRoots" => json!({}),
        operation => panic!("give {operation} a sample"),
    }
}

fn resource_policy(account: &TestCaller) -> String {
    let account = account.account();
    let policy = json!({"Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Principal": {"AWS": format!("arn:aws:iam::{account}:root")},
        "Action": "organizations:DescribePolicy", "Resource": "*",
    }});
    policy.to_string()
}

fn email(tag: &str, what: &str) -> String {
    format!("{}-{what}-{tag}@example.com", CANARY.repeat(2))
}

fn tags() -> Json {
    json!([{"Key": "Team", "Value": "red"}])
}

fn id(value: &Json) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
