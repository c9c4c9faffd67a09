//! Samples of roles and instance profiles.

use std::future::Future;

use serde_json::{Value as Json, json};

use super::{POLICY, Things, tags};

/// A trust policy.
const TRUST: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}}"#;

/// A service of which an account may have many service-linked roles.
const SERVICE: &str = "autoscaling.amazonaws.com";

/// The name of a service-linked role.
pub(super) fn service_linked(tag: &str, what: &str) -> String {
    format!("AWSServiceRoleForAutoScaling_{what}-{tag}")
}

/// Makes the roles and the instance profiles.
pub(super) async fn make<F: Future<Output = Json>>(
    tag: &str,
    account: &str,
    call: impl Fn(&'static str, Json) -> F,
) {
    let (role, profile) = (format!("role-{tag}"), format!("profile-{tag}"));
    let boundary = format!("arn:aws:iam::{account}:policy/boundary-{tag}");
    let policy_arn = format!("arn:aws:iam::{account}:policy/team/policy-{tag}");
    let request = json!({
        "RoleName": role, "Path": "/team/", "AssumeRolePolicyDocument": TRUST, "Tags": tags(),
        "PermissionsBoundary": boundary,
    });
    call("CreateRole", request).await;
    let bare = json!({
        "RoleName": format!("bare-role-{tag}"), "AssumeRolePolicyDocument": TRUST, "Tags": tags(),
        "PermissionsBoundary": boundary,
    });
    call("CreateRole", bare).await;
    call("PutRolePolicy", json!({"RoleName": role, "PolicyName": "inline", "PolicyDocument": POLICY})).await;
    call("AttachRolePolicy", json!({"RoleName": role, "PolicyArn": policy_arn})).await;
    for name in [&profile, &format!("bare-profile-{tag}")] {
        call("CreateInstanceProfile", json!({"InstanceProfileName": name, "Tags": tags()})).await;
    }
    call("AddRoleToInstanceProfile", json!({"InstanceProfileName": profile, "RoleName": role})).await;
    for what in ["old", "gone"] {
        let suffix = format!("{what}-{tag}");
        call("CreateServiceLinkedRole", json!({"AWSServiceName": SERVICE, "CustomSuffix": suffix})).await;
        let name = service_linked(tag, what);
        call("TagRole", json!({"RoleName": name, "Tags": tags()})).await;
    }
}

pub(super) fn sample(operation: &str, things: &Things) -> Option<Json> {
    let (role, bare_role) = (things.name("role"), things.name("bare-role"));
    let (profile, bare_profile) = (things.name("profile"), things.name("bare-profile"));
    Some(match operation {
        "CreateRole" => json!({
            "RoleName": things.name("new-role"), "Path": "/team/", "AssumeRolePolicyDocument": TRUST,
            "Tags": tags(), "PermissionsBoundary": things.boundary_arn(), "MaxSessionDuration": 7200,
        }),
        "DeleteRole" => json!({"RoleName": bare_role}),
        "GetRole" | "DeleteRolePermissionsBoundary" => json!({"RoleName": role}),
        "UpdateRole" => json!({"RoleName": role, "Description": "another", "MaxSessionDuration": 7200}),
        "UpdateRoleDescription" => json!({"RoleName": role, "Description": "another"}),
        "UpdateAssumeRolePolicy" => json!({"RoleName": role, "PolicyDocument": TRUST}),
        "TagRole" => json!({"RoleName": role, "Tags": [{"Key": "Team", "Value": "blue"}]}),
        "UntagRole" => json!({"RoleName": role, "TagKeys": ["Team"]}),
        "ListRoleTags" | "ListAttachedRolePolicies" | "ListRolePolicies" | "ListInstanceProfilesForRole" => {
            json!({"RoleName": role, "MaxItems": 10})
        }
        "PutRolePolicy" => json!({"RoleName": role, "PolicyName": "new", "PolicyDocument": POLICY}),
        "GetRolePolicy" | "DeleteRolePolicy" => json!({"RoleName": role, "PolicyName": "inline"}),
        "AttachRolePolicy" => json!({"RoleName": role, "PolicyArn": things.boundary_arn()}),
        "DetachRolePolicy" => json!({"RoleName": role, "PolicyArn": things.policy_arn()}),
        "PutRolePermissionsBoundary" => {
            json!({"RoleName": role, "PermissionsBoundary": things.policy_arn()})
        }
        "CreateServiceLinkedRole" => {
            json!({"AWSServiceName": SERVICE, "CustomSuffix": format!("new-{}", things.tag)})
        }
        "DeleteServiceLinkedRole" => json!({"RoleName": service_linked(&things.tag, "old")}),
        "GetServiceLinkedRoleDeletionStatus" => json!({"DeletionTaskId": things.deletion_task_id}),
        "CreateInstanceProfile" => {
            json!({"InstanceProfileName": things.name("new-profile"), "Path": "/team/", "Tags": tags()})
        }
        "GetInstanceProfile" => json!({"InstanceProfileName": profile}),
        "DeleteInstanceProfile" => json!({"InstanceProfileName": bare_profile}),
        "AddRoleToInstanceProfile" => json!({"InstanceProfileName": bare_profile, "RoleName": role}),
        "RemoveRoleFromInstanceProfile" => json!({"InstanceProfileName": profile, "RoleName": role}),
        "ListInstanceProfileTags" => json!({"InstanceProfileName": profile, "MaxItems": 10}),
        "TagInstanceProfile" => {
            json!({"InstanceProfileName": profile, "Tags": [{"Key": "Team", "Value": "blue"}]})
        }
        "UntagInstanceProfile" => json!({"InstanceProfileName": profile, "TagKeys": ["Team"]}),
        _ => return None,
    })
}
