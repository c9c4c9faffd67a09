//! Samples of users and groups.

use alcazar_testkit::{TestCaller, TestCloud};
use serde_json::{Value as Json, json};

use super::{POLICY, Things, password, tags};
use crate::sample;

/// Makes the users and the groups; gives back the user with everything.
pub(super) async fn make(cloud: &TestCloud, root: &TestCaller, tag: &str) -> TestCaller {
    let call = |name: &'static str, input: Json| sample::make(cloud, root, "iam", name, input);
    let account = root.account().to_string();
    let (user, group) = (format!("user-{tag}"), format!("group-{tag}"));
    let policy_arn = format!("arn:aws:iam::{account}:policy/team/policy-{tag}");
    let caller = cloud.user(&account, &user).await;
    let named = json!({"UserName": user});
    let with = |more: Json| {
        let mut all = named.clone();
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        all
    };
    call("TagUser", with(json!({"Tags": tags()}))).await;
    let boundary = format!("arn:aws:iam::{account}:policy/boundary-{tag}");
    call("PutUserPermissionsBoundary", with(json!({"PermissionsBoundary": boundary}))).await;
    call("PutUserPolicy", with(json!({"PolicyName": "inline", "PolicyDocument": POLICY}))).await;
    call("AttachUserPolicy", with(json!({"PolicyArn": policy_arn}))).await;
    call("CreateLoginProfile", with(json!({"Password": password("old")}))).await;
    for bare in ["bare-user", "keyed-user"] {
        call("CreateUser", json!({"UserName": format!("{bare}-{tag}"), "Tags": tags()})).await;
    }
    call("CreateGroup", json!({"GroupName": group, "Path": "/team/"})).await;
    call("CreateGroup", json!({"GroupName": format!("bare-group-{tag}")})).await;
    call("AddUserToGroup", json!({"GroupName": group, "UserName": user})).await;
    call("PutGroupPolicy", json!({"GroupName": group, "PolicyName": "inline", "PolicyDocument": POLICY}))
        .await;
    call("AttachGroupPolicy", json!({"GroupName": group, "PolicyArn": policy_arn})).await;
    caller
}

/// Makes a user with a password, who may do everything.
pub(super) async fn make_guest(cloud: &TestCloud, root: &TestCaller, tag: &str) -> TestCaller {
    let name = format!("guest-{tag}");
    let everything = json!({"Effect": "Allow", "Action": "*", "Resource": "*"});
    let policy = json!({"Version": "2012-10-17", "Statement": everything}).to_string();
    let guest = cloud.user_with_policy(&root.account().to_string(), &name, &policy).await;
    let profile = json!({"UserName": name, "Password": password("old")});
    sample::make(cloud, root, "iam", "CreateLoginProfile", profile).await;
    sample::make(cloud, root, "iam", "TagUser", json!({"UserName": name, "Tags": tags()})).await;
    guest
}

pub(super) fn sample(operation: &str, things: &Things) -> Option<Json> {
    let (user, group) = (things.name("user"), things.name("group"));
    let (bare_user, bare_group) = (things.name("bare-user"), things.name("bare-group"));
    let keyed_user = things.name("keyed-user");
    Some(match operation {
        "CreateUser" => json!({
            "UserName": things.name("new-user"), "Path": "/team/", "Tags": tags(),
            "PermissionsBoundary": things.boundary_arn(),
        }),
        "DeleteUser" | "CreateAccessKey" => json!({"UserName": bare_user}),
        "UpdateUser" => json!({"UserName": bare_user, "NewUserName": things.name("renamed")}),
        "TagUser" => json!({"UserName": user, "Tags": [{"Key": "Team", "Value": "blue"}]}),
        "UntagUser" => json!({"UserName": user, "TagKeys": ["Team"]}),
        "GetUser" | "GetLoginProfile" | "DeleteLoginProfile" | "DeleteUserPermissionsBoundary" => {
            json!({"UserName": user})
        }
        "ListUserTags"
        | "ListAccessKeys"
        | "ListAttachedUserPolicies"
        | "ListUserPolicies"
        | "ListGroupsForUser" => json!({"UserName": user, "MaxItems": 10}),
        "PutUserPolicy" => json!({"UserName": user, "PolicyName": "new", "PolicyDocument": POLICY}),
        "GetUserPolicy" | "DeleteUserPolicy" => json!({"UserName": user, "PolicyName": "inline"}),
        "AttachUserPolicy" => json!({"UserName": user, "PolicyArn": things.boundary_arn()}),
        "DetachUserPolicy" => json!({"UserName": user, "PolicyArn": things.policy_arn()}),
        "PutUserPermissionsBoundary" => {
            json!({"UserName": user, "PermissionsBoundary": things.policy_arn()})
        }
        "CreateLoginProfile" => json!({"UserName": bare_user, "Password": password("new")}),
        "UpdateLoginProfile" => json!({"UserName": user, "Password": password("new")}),
        "ChangePassword" => json!({"OldPassword": password("old"), "NewPassword": password("new")}),
        "DeleteAccessKey" => json!({"UserName": keyed_user, "AccessKeyId": things.access_key_id}),
        "UpdateAccessKey" => {
            json!({"UserName": keyed_user, "AccessKeyId": things.access_key_id, "Status": "Inactive"})
        }
        "GetAccessKeyLastUsed" => json!({"AccessKeyId": things.access_key_id}),
        "CreateGroup" => json!({"GroupName": things.name("new-group"), "Path": "/team/"}),
        "DeleteGroup" => json!({"GroupName": bare_group}),
        "UpdateGroup" => json!({"GroupName": bare_group, "NewGroupName": things.name("renamed")}),
        "GetGroup" | "ListAttachedGroupPolicies" | "ListGroupPolicies" => {
            json!({"GroupName": group, "MaxItems": 10})
        }
        "AddUserToGroup" => json!({"GroupName": group, "UserName": bare_user}),
        "RemoveUserFromGroup" => json!({"GroupName": group, "UserName": user}),
        "PutGroupPolicy" => json!({"GroupName": group, "PolicyName": "new", "PolicyDocument": POLICY}),
        "GetGroupPolicy" | "DeleteGroupPolicy" => json!({"GroupName": group, "PolicyName": "inline"}),
        "AttachGroupPolicy" => json!({"GroupName": group, "PolicyArn": things.boundary_arn()}),
        "DetachGroupPolicy" => json!({"GroupName": group, "PolicyArn": things.policy_arn()}),
        "GetContextKeysForPrincipalPolicy" => json!({"PolicySourceArn": things.user.arn()}),
        "SimulatePrincipalPolicy" => {
            json!({"PolicySourceArn": things.user.arn(), "ActionNames": ["kms:ListKeys"]})
        }
        "ListPoliciesGrantingServiceAccess" => {
            json!({"Arn": things.user.arn(), "ServiceNamespaces": ["kms"]})
        }
        _ => return None,
    })
}
