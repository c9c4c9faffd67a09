//! Roles: their trust policies, what answers show of them, and what keeps them from being deleted.

use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client, OTHER_ACCOUNT, POLICY, each};

/// Trusts EC2.
const TRUST: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}}"#;

fn trusting(principal: &Json) -> String {
    let statement = json!({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"});
    json!({"Version": "2012-10-17", "Statement": statement}).to_string()
}

#[tokio::test]
async fn a_role_is_made_told_listed_and_deleted() {
    let cloud = TestCloud::new(200);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    let tags = json!([{"Key": "Team", "Value": "red"}]);
    let input = json!({
        "RoleName": "Reader", "Path": "/team/", "AssumeRolePolicyDocument": TRUST, "Description": "reads",
        "MaxSessionDuration": 7200, "Tags": tags,
    });
    let made = iam.ok("CreateRole", input.clone()).await["Role"].clone();
    assert_eq!(made["Arn"], json!(format!("arn:aws:iam::{ACCOUNT}:role/team/Reader")));
    assert!(made["RoleId"].as_str().unwrap().starts_with("AROA"));
    assert!(made["AssumeRolePolicyDocument"].as_str().unwrap().starts_with("%7B%22Version"));
    assert_eq!(made["Tags"], tags);
    assert_eq!((made.get("MaxSessionDuration"), made.get("Description")), (None, None));

    let told = iam.ok("GetRole", json!({"RoleName": "reader"})).await["Role"].clone();
    assert_eq!((&told["RoleName"], &told["MaxSessionDuration"]), (&json!("Reader"), &json!(7200)));
    assert_eq!((&told["Description"], &told["RoleLastUsed"]), (&json!("reads"), &json!({})));

    let again = iam.refused("CreateRole", input).await;
    assert_eq!(again, "EntityAlreadyExists: Role with name Reader already exists.");
    iam.ok("CreateRole", json!({"RoleName": "other", "AssumeRolePolicyDocument": TRUST})).await;
    let all = iam.pages("ListRoles", json!({}), "Roles", 1).await;
    assert_eq!(each(&all, "RoleName"), ["other", "Reader"]);
    assert_eq!(all[1].get("Tags"), None);
    let under = iam.ok("ListRoles", json!({"PathPrefix": "/te"})).await["Roles"].clone();
    assert_eq!(under.as_array().unwrap().len(), 1);

    iam.ok("DeleteRole", json!({"RoleName": "Reader"})).await;
    let gone = iam.refused("GetRole", json!({"RoleName": "Reader"})).await;
    assert_eq!(gone, "NoSuchEntity: The role with name Reader cannot be found.");
}

#[tokio::test]
async fn a_role_keeps_what_an_update_does_not_give() {
    let cloud = TestCloud::new(201);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    let input = json!({"RoleName": "r", "AssumeRolePolicyDocument": TRUST, "Description": "old"});
    iam.ok("CreateRole", input).await;
    iam.ok("UpdateRole", json!({"RoleName": "r", "MaxSessionDuration": 7200})).await;
    let told = iam.ok("GetRole", json!({"RoleName": "r"})).await["Role"].clone();
    assert_eq!((&told["Description"], &told["MaxSessionDuration"]), (&json!("old"), &json!(7200)));
    let input = json!({"RoleName": "r", "Description": "new"});
    let updated = iam.ok("UpdateRoleDescription", input).await["Role"].clone();
    assert_eq!((&updated["Description"], updated.get("MaxSessionDuration")), (&json!("new"), None));
    iam.ok("UpdateRole", json!({"RoleName": "r", "Description": "newer"})).await;
    let told = iam.ok("GetRole", json!({"RoleName": "r"})).await["Role"].clone();
    assert_eq!((&told["Description"], &told["MaxSessionDuration"]), (&json!("newer"), &json!(7200)));
}

#[tokio::test]
async fn a_trust_policy_names_only_who_exists() {
    let cloud = TestCloud::new(202);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    let user = cloud.user(ACCOUNT, "alice").await;
    iam.ok("CreateRole", json!({"RoleName": "first", "AssumeRolePolicyDocument": TRUST})).await;
    for principal in [
        json!({"AWS": user.arn()}),
        json!({"AWS": [ACCOUNT, format!("arn:aws:iam::{OTHER_ACCOUNT}:root")]}),
        json!({"AWS": format!("arn:aws:iam::{ACCOUNT}:role/first")}),
        json!({"AWS": format!("arn:aws:sts::{ACCOUNT}:assumed-role/first/session")}),
        json!({"AWS": "*"}),
        json!({"Federated": "accounts.google.com"}),
        json!({"Federated": format!("arn:aws:iam::{ACCOUNT}:oidc-provider/example.com")}),
    ] {
        let input = json!({"RoleName": "first", "PolicyDocument": trusting(&principal)});
        iam.ok("UpdateAssumeRolePolicy", input).await;
    }
    let nobody = format!("arn:aws:iam::{ACCOUNT}:user/nobody");
    for (principal, message) in [
        (json!({"AWS": nobody}), format!("Invalid principal in policy: \"AWS\":\"{nobody}\"")),
        (
            json!({"Service": "ec2.example.com"}),
            "Invalid principal in policy: \"SERVICE\":\"ec2.example.com\"".to_owned(),
        ),
        (
            json!({"Federated": "example.com"}),
            "Federated principals must be valid domain names or SAML metadata ARNs".to_owned(),
        ),
    ] {
        let document = trusting(&principal);
        let input = json!({"RoleName": "first", "PolicyDocument": document});
        assert_eq!(
            iam.refused("UpdateAssumeRolePolicy", input).await,
            format!("MalformedPolicyDocument: {message}")
        );
        let input = json!({"RoleName": "second", "AssumeRolePolicyDocument": document});
        assert_eq!(iam.refused("CreateRole", input).await, format!("MalformedPolicyDocument: {message}"));
    }
    let told =
        iam.refused("UpdateAssumeRolePolicy", json!({"RoleName": "first", "PolicyDocument": POLICY})).await;
    assert!(told.starts_with("MalformedPolicyDocument: "), "{told}");
}

#[tokio::test]
async fn a_trust_policy_has_its_own_quota() {
    let cloud = TestCloud::new(203);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    let statement = |sid: usize| {
        let principal = json!({"Service": "ec2.amazonaws.com"});
        json!({"Sid": format!("s{sid}"), "Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})
    };
    let statements: Vec<_> = (0..30).map(statement).collect();
    let document = json!({"Version": "2012-10-17", "Statement": statements}).to_string();
    let input = json!({"RoleName": "r", "AssumeRolePolicyDocument": document});
    let refused = iam.refused("CreateRole", input).await;
    assert_eq!(refused, "LimitExceeded: Cannot exceed quota for ACLSizePerRole: 2048");
}

#[tokio::test]
async fn a_role_in_use_is_not_deleted() {
    let cloud = TestCloud::new(204);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    let role = json!({"RoleName": "r"});
    iam.ok("CreateRole", json!({"RoleName": "r", "AssumeRolePolicyDocument": TRUST})).await;
    iam.ok("CreateInstanceProfile", json!({"InstanceProfileName": "p"})).await;
    let both = json!({"RoleName": "r", "InstanceProfileName": "p"});
    iam.ok("AddRoleToInstanceProfile", both.clone()).await;
    let attached = json!({"RoleName": "r", "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"});
    iam.ok("AttachRolePolicy", attached.clone()).await;
    let inline = json!({"RoleName": "r", "PolicyName": "i", "PolicyDocument": POLICY});
    iam.ok("PutRolePolicy", inline).await;
    for (message, undo, input) in [
        ("must remove roles from instance profile first.", "RemoveRoleFromInstanceProfile", both),
        ("must detach all policies first.", "DetachRolePolicy", attached),
        ("must delete policies first.", "DeleteRolePolicy", json!({"RoleName": "r", "PolicyName": "i"})),
    ] {
        let refused = iam.refused("DeleteRole", role.clone()).await;
        assert_eq!(refused, format!("DeleteConflict: Cannot delete entity, {message}"));
        iam.ok(undo, input).await;
    }
    iam.ok("DeleteRole", role).await;
}

#[tokio::test]
async fn a_boundary_is_set_counted_and_taken_away() {
    let cloud = TestCloud::new(205);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    let policy = json!({"PolicyName": "limit", "PolicyDocument": POLICY});
    let arn = iam.ok("CreatePolicy", policy).await["Policy"]["Arn"].clone();
    let input = json!({"RoleName": "r", "AssumeRolePolicyDocument": TRUST, "PermissionsBoundary": arn});
    let made = iam.ok("CreateRole", input).await["Role"].clone();
    let shown = json!({"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn});
    assert_eq!(made["PermissionsBoundary"], shown);
    let used = iam.ok("GetPolicy", json!({"PolicyArn": arn})).await["Policy"].clone();
    assert_eq!((&used["PermissionsBoundaryUsageCount"], &used["AttachmentCount"]), (&json!(1), &json!(0)));
    let aws = "arn:aws:iam::aws:policy/PowerUserAccess";
    iam.ok("PutRolePermissionsBoundary", json!({"RoleName": "r", "PermissionsBoundary": aws})).await;
    iam.ok("DeletePolicy", json!({"PolicyArn": arn})).await;
    iam.ok("DeleteRolePermissionsBoundary", json!({"RoleName": "r"})).await;
    let told = iam.ok("GetRole", json!({"RoleName": "r"})).await["Role"].clone();
    assert_eq!(told.get("PermissionsBoundary"), None);
    let unknown = json!({"RoleName": "r", "PermissionsBoundary": arn});
    let refused = iam.refused("PutRolePermissionsBoundary", unknown).await;
    let arn = arn.as_str().unwrap();
    assert_eq!(refused, format!("NoSuchEntity: Scope ARN: {arn} does not exist or is not attachable."));
}

#[tokio::test]
async fn tags_of_roles_differ_in_more_than_case() {
    let cloud = TestCloud::new(206);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    iam.ok("CreateRole", json!({"RoleName": "r", "AssumeRolePolicyDocument": TRUST})).await;
    let tag = |key: &str, value: &str| json!({"Key": key, "Value": value});
    let both = json!({"RoleName": "r", "Tags": [tag("a", "1"), tag("A", "2")]});
    let refused = iam.refused("TagRole", both).await;
    assert_eq!(
        refused,
        "InvalidInput: Duplicate tag keys found. Please note that Tag keys are case insensitive."
    );
    iam.ok("TagRole", json!({"RoleName": "r", "Tags": [tag("b", "1"), tag("a", "1")]})).await;
    iam.ok("TagRole", json!({"RoleName": "r", "Tags": [tag("B", "2")]})).await;
    let tags = iam.pages("ListRoleTags", json!({"RoleName": "r"}), "Tags", 1).await;
    assert_eq!(json!(tags), json!([tag("B", "2"), tag("a", "1")]));
    iam.ok("UntagRole", json!({"RoleName": "r", "TagKeys": ["b"]})).await;
    let fifty: Vec<_> = (0..50).map(|number| tag(&format!("k{number}"), "")).collect();
    let refused = iam.refused("TagRole", json!({"RoleName": "r", "Tags": fifty})).await;
    assert_eq!(refused, "LimitExceeded: The number of tags has reached the maximum limit.");
}

#[tokio::test]
async fn a_role_with_tags_takes_the_permission_to_tag_it() {
    let cloud = TestCloud::new(207);
    let policy =
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:CreateRole","Resource":"*"}}"#;
    let user = cloud.user_with_policy(ACCOUNT, "maker", policy).await;
    let iam = Client::new(&cloud, &user);
    iam.ok("CreateRole", json!({"RoleName": "plain", "AssumeRolePolicyDocument": TRUST})).await;
    let tags = json!([{"Key": "Team", "Value": "red"}]);
    let input = json!({"RoleName": "tagged", "AssumeRolePolicyDocument": TRUST, "Tags": tags});
    let refused = iam.refused("CreateRole", input).await;
    assert!(refused.contains("not authorized to perform: iam:TagRole on resource"), "{refused}");
}

#[tokio::test]
async fn a_trust_policy_means_whoever_had_the_name_when_it_was_written() {
    let cloud = TestCloud::new(208);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    let made = iam.ok("CreateUser", json!({"UserName": "alice"})).await["User"].clone();
    let document = trusting(&json!({"AWS": made["Arn"]}));
    iam.ok("CreateRole", json!({"RoleName": "r", "AssumeRolePolicyDocument": document})).await;
    let told = || async {
        iam.ok("GetRole", json!({"RoleName": "r"})).await["Role"]["AssumeRolePolicyDocument"].clone()
    };
    assert!(told().await.as_str().unwrap().contains("user%2Falice"));
    iam.ok("DeleteUser", json!({"UserName": "alice"})).await;
    let listed = iam.ok("ListRoles", json!({})).await["Roles"][0]["AssumeRolePolicyDocument"].clone();
    assert_eq!(listed, told().await);
    let listed = listed.as_str().unwrap();
    assert!(listed.contains(made["UserId"].as_str().unwrap()) && !listed.contains("alice"), "{listed}");
}
