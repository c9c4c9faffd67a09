//! Instance profiles, and the role that each holds.

use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client, each};

/// Trusts EC2.
const TRUST: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}}"#;

fn both() -> Json {
    json!({"InstanceProfileName": "p", "RoleName": "r"})
}

#[tokio::test]
async fn a_profile_holds_one_role() {
    let cloud = TestCloud::new(220);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    let profile = json!({"InstanceProfileName": "p"});
    let made = iam.ok("CreateInstanceProfile", profile.clone()).await["InstanceProfile"].clone();
    assert_eq!(made["Arn"], json!(format!("arn:aws:iam::{ACCOUNT}:instance-profile/p")));
    assert_eq!((&made["Roles"], made.get("Tags")), (&json!([]), None));
    assert_eq!(
        iam.refused("CreateInstanceProfile", profile.clone()).await,
        "EntityAlreadyExists: Instance Profile p already exists."
    );
    let refused = iam.refused("AddRoleToInstanceProfile", both()).await;
    assert_eq!(refused, "NoSuchEntity: The role with name r cannot be found.");
    for name in ["r", "s"] {
        iam.ok("CreateRole", json!({"RoleName": name, "AssumeRolePolicyDocument": TRUST})).await;
    }
    iam.ok("AddRoleToInstanceProfile", both()).await;
    let refused =
        iam.refused("AddRoleToInstanceProfile", json!({"InstanceProfileName": "p", "RoleName": "s"})).await;
    assert_eq!(refused, "LimitExceeded: Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1");
    let told = iam.ok("GetInstanceProfile", profile.clone()).await["InstanceProfile"].clone();
    assert_eq!((&told["Roles"][0]["RoleName"], &told["Tags"]), (&json!("r"), &json!([])));
    assert_eq!(told["Roles"][0].get("MaxSessionDuration"), None);
    iam.ok("CreateInstanceProfile", json!({"InstanceProfileName": "o", "Path": "/team/"})).await;
    let all = iam.pages("ListInstanceProfiles", json!({}), "InstanceProfiles", 1).await;
    assert_eq!(each(&all, "InstanceProfileName"), ["o", "p"]);
    let of_role =
        iam.pages("ListInstanceProfilesForRole", json!({"RoleName": "r"}), "InstanceProfiles", 1).await;
    assert_eq!(each(&of_role, "InstanceProfileName"), ["p"]);
    let refused = iam.refused("DeleteInstanceProfile", profile.clone()).await;
    assert_eq!(
        refused,
        "DeleteConflict: Cannot delete entity, must remove roles from instance profile first."
    );
    iam.ok("RemoveRoleFromInstanceProfile", both()).await;
    let refused = iam.refused("RemoveRoleFromInstanceProfile", both()).await;
    assert_eq!(refused, "NoSuchEntity: Role r in Instance Profile p cannot be found.");
    iam.ok("DeleteInstanceProfile", profile.clone()).await;
    let gone = iam.refused("GetInstanceProfile", profile).await;
    assert_eq!(gone, "NoSuchEntity: Instance Profile p cannot be found.");
}

#[tokio::test]
async fn a_role_is_put_into_a_profile_by_who_may_pass_it_to_ec2() {
    let cloud = TestCloud::new(221);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    iam.ok("CreateInstanceProfile", json!({"InstanceProfileName": "p"})).await;
    iam.ok("CreateRole", json!({"RoleName": "r", "AssumeRolePolicyDocument": TRUST})).await;
    let policy = |service: &str| {
        let condition = json!({"StringEquals": {"iam:PassedToService": service}});
        let pass =
            json!({"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*", "Condition": condition});
        let add = json!({"Effect": "Allow", "Action": "iam:AddRoleToInstanceProfile", "Resource": "*"});
        json!({"Version": "2012-10-17", "Statement": [pass, add]}).to_string()
    };
    let user = cloud.user_with_policy(ACCOUNT, "alice", &policy("lambda.amazonaws.com")).await;
    let refused = Client::new(&cloud, &user).refused("AddRoleToInstanceProfile", both()).await;
    assert!(refused.contains("not authorized to perform: iam:PassRole on resource"), "{refused}");
    let user = cloud.user_with_policy(ACCOUNT, "bob", &policy("ec2.amazonaws.com")).await;
    Client::new(&cloud, &user).ok("AddRoleToInstanceProfile", both()).await;
}

#[tokio::test]
async fn a_profile_has_tags() {
    let cloud = TestCloud::new(222);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    let tag = |key: &str| json!({"Key": key, "Value": "1"});
    let made = iam.ok("CreateInstanceProfile", json!({"InstanceProfileName": "p", "Tags": [tag("a")]})).await;
    assert_eq!(made["InstanceProfile"]["Tags"], json!([tag("a")]));
    iam.ok("TagInstanceProfile", json!({"InstanceProfileName": "p", "Tags": [tag("b"), tag("A")]})).await;
    iam.ok("UntagInstanceProfile", json!({"InstanceProfileName": "p", "TagKeys": ["a"]})).await;
    let tags = iam.pages("ListInstanceProfileTags", json!({"InstanceProfileName": "p"}), "Tags", 1).await;
    assert_eq!(each(&tags, "Key"), ["A", "b"]);
}
