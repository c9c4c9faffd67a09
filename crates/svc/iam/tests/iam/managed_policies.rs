//! Managed policies: versions, uses, tags, and those that AWS maintains.

use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client, OTHER_ACCOUNT, POLICY, each};

/// One of AWS's own.
const AWS: &str = "arn:aws:iam::aws:policy/AdministratorAccess";

async fn made(iam: &Client<'_>, name: &str) -> Json {
    let made = iam.ok("CreatePolicy", json!({"PolicyName": name, "PolicyDocument": POLICY})).await;
    made["Policy"]["Arn"].clone()
}

#[tokio::test]
async fn a_policy_is_made_told_and_deleted() {
    let cloud = TestCloud::new(210);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    let input = json!({
        "PolicyName": "Own", "Path": "/team/", "PolicyDocument": POLICY, "Description": "lists keys",
    });
    let made = iam.ok("CreatePolicy", input.clone()).await["Policy"].clone();
    let arn = json!(format!("arn:aws:iam::{ACCOUNT}:policy/team/Own"));
    assert_eq!(made["Arn"], arn);
    assert!(made["PolicyId"].as_str().unwrap().starts_with("ANPA"));
    assert_eq!((&made["DefaultVersionId"], &made["AttachmentCount"]), (&json!("v1"), &json!(0)));
    assert_eq!((made.get("Description"), made.get("Tags")), (None, None));
    let again = iam.refused("CreatePolicy", input).await;
    assert_eq!(
        again,
        "EntityAlreadyExists: A policy called Own already exists. Duplicate names are not allowed."
    );
    let told = iam.ok("GetPolicy", json!({"PolicyArn": arn})).await["Policy"].clone();
    assert_eq!((&told["Description"], &told["Tags"]), (&json!("lists keys"), &json!([])));
    iam.ok("DeletePolicy", json!({"PolicyArn": arn})).await;
    let gone = iam.refused("GetPolicy", json!({"PolicyArn": arn})).await;
    assert_eq!(gone, format!("NoSuchEntity: Policy {} was not found.", arn.as_str().unwrap()));
    let no_arn = iam.refused("GetPolicy", json!({"PolicyArn": "longpolicynamebutnoarn"})).await;
    assert_eq!(no_arn, "ValidationError: ARN longpolicynamebutnoarn is not valid.");
}

#[tokio::test]
async fn a_policy_has_five_versions_whose_ids_are_not_used_again() {
    let cloud = TestCloud::new(211);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    let arn = made(&iam, "p").await;
    let version = json!({"PolicyArn": arn, "PolicyDocument": POLICY});
    for _ in 0..4 {
        iam.ok("CreatePolicyVersion", version.clone()).await;
    }
    let full = iam.refused("CreatePolicyVersion", version.clone()).await;
    assert_eq!(
        full,
        "LimitExceeded: A managed policy can have up to 5 versions. Before you create a new version, you must \
         delete an existing version."
    );
    let id = |id: &str| json!({"PolicyArn": arn, "VersionId": id});
    iam.ok("DeletePolicyVersion", id("v5")).await;
    let mut default = version;
    default["SetAsDefault"] = json!(true);
    let newest = iam.ok("CreatePolicyVersion", default).await["PolicyVersion"].clone();
    assert_eq!((&newest["VersionId"], &newest["IsDefaultVersion"]), (&json!("v6"), &json!(true)));
    assert_eq!(newest.get("Document"), None);
    let versions = iam.pages("ListPolicyVersions", json!({"PolicyArn": arn}), "Versions", 2).await;
    assert_eq!(each(&versions, "VersionId"), ["v6", "v4", "v3", "v2", "v1"]);
    let refused = iam.refused("DeletePolicyVersion", id("v6")).await;
    assert_eq!(refused, "DeleteConflict: Cannot delete the default version of a policy.");
    iam.ok("SetDefaultPolicyVersion", id("v2")).await;
    let told = iam.ok("GetPolicyVersion", id("v2")).await["PolicyVersion"].clone();
    assert_eq!(told["IsDefaultVersion"], json!(true));
    assert!(told["Document"].as_str().unwrap().starts_with("%7B%22Version"));
    let unknown = iam.refused("GetPolicyVersion", id("v5")).await;
    let text = arn.as_str().unwrap();
    assert_eq!(
        unknown,
        format!("NoSuchEntity: Policy {text} version v5 does not exist or is not attachable.")
    );
    let refused = iam.refused("DeletePolicy", json!({"PolicyArn": arn})).await;
    assert!(refused.starts_with("DeleteConflict: This policy has more than one version."), "{refused}");
}

#[tokio::test]
async fn a_new_default_version_counts_at_once() {
    let cloud = TestCloud::new(212);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    let arn = made(&iam, "p").await;
    let user = cloud.user(ACCOUNT, "alice").await;
    iam.ok("AttachUserPolicy", json!({"UserName": "alice", "PolicyArn": arn})).await;
    let of_user = Client::new(&cloud, &user);
    of_user.refused("ListRoles", json!({})).await;
    let document = POLICY.replace("kms:ListKeys", "iam:ListRoles");
    let input = json!({"PolicyArn": arn, "PolicyDocument": document, "SetAsDefault": true});
    iam.ok("CreatePolicyVersion", input).await;
    of_user.ok("ListRoles", json!({})).await;
    iam.ok("SetDefaultPolicyVersion", json!({"PolicyArn": arn, "VersionId": "v1"})).await;
    of_user.refused("ListRoles", json!({})).await;
}

#[tokio::test]
async fn policies_are_listed_by_scope_path_and_use() {
    let cloud = TestCloud::new(213);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    let (attached, limit) = (made(&iam, "attached").await, made(&iam, "limit").await);
    made(&iam, "unused").await;
    iam.ok("CreateUser", json!({"UserName": "alice", "Path": "/team/", "PermissionsBoundary": limit})).await;
    iam.ok("CreateGroup", json!({"GroupName": "admins"})).await;
    iam.ok("AttachUserPolicy", json!({"UserName": "alice", "PolicyArn": attached})).await;
    for arn in [&attached, &json!(AWS)] {
        iam.ok("AttachGroupPolicy", json!({"GroupName": "admins", "PolicyArn": arn})).await;
    }
    for (input, names) in [
        (json!({"Scope": "Local"}), vec!["attached", "limit", "unused"]),
        (json!({"Scope": "Local", "OnlyAttached": true}), vec!["attached", "limit"]),
        (json!({"OnlyAttached": true}), vec!["AdministratorAccess", "attached", "limit"]),
        (json!({"PolicyUsageFilter": "PermissionsPolicy"}), vec!["AdministratorAccess", "attached"]),
        (json!({"PolicyUsageFilter": "PermissionsBoundary"}), vec!["limit"]),
        (json!({"Scope": "Local", "PathPrefix": "/x/"}), vec![]),
    ] {
        let found = iam.pages("ListPolicies", input.clone(), "Policies", 2).await;
        assert_eq!(each(&found, "PolicyName"), names, "{input}");
    }
    let counted = iam.ok("ListPolicies", json!({"Scope": "Local"})).await["Policies"][0].clone();
    assert_eq!(counted["AttachmentCount"], json!(2));

    let entities = iam.ok("ListEntitiesForPolicy", json!({"PolicyArn": attached})).await;
    assert_eq!(entities["PolicyUsers"][0]["UserName"], json!("alice"));
    assert_eq!(entities["PolicyGroups"][0]["GroupName"], json!("admins"));
    let input = json!({"PolicyArn": attached, "EntityFilter": "Group"});
    let groups = iam.ok("ListEntitiesForPolicy", input).await;
    assert_eq!((&groups["PolicyUsers"], groups["PolicyGroups"].as_array().unwrap().len()), (&json!([]), 1));
    let input = json!({"PolicyArn": attached, "PathPrefix": "/team/"});
    let under = iam.ok("ListEntitiesForPolicy", input).await;
    assert_eq!((under["PolicyUsers"].as_array().unwrap().len(), &under["PolicyGroups"]), (1, &json!([])));
    let input = json!({"PolicyArn": limit, "PolicyUsageFilter": "PermissionsPolicy"});
    assert_eq!(iam.ok("ListEntitiesForPolicy", input).await["PolicyUsers"], json!([]));
    let refused = iam.refused("DeletePolicy", json!({"PolicyArn": limit})).await;
    assert_eq!(refused, "DeleteConflict: Cannot delete a policy attached to entities.");
}

#[tokio::test]
async fn policies_of_aws_are_told_but_not_changed() {
    let cloud = TestCloud::new(214);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    let told = iam.ok("GetPolicy", json!({"PolicyArn": AWS})).await["Policy"].clone();
    assert_eq!(
        (&told["PolicyName"], &told["DefaultVersionId"]),
        (&json!("AdministratorAccess"), &json!("v1"))
    );
    let version = json!({"PolicyArn": AWS, "VersionId": "v1"});
    let told = iam.ok("GetPolicyVersion", version.clone()).await["PolicyVersion"].clone();
    assert_eq!(told["IsDefaultVersion"], json!(true));
    for (operation, input) in [
        ("DeletePolicy", json!({"PolicyArn": AWS})),
        ("CreatePolicyVersion", json!({"PolicyArn": AWS, "PolicyDocument": POLICY})),
        ("SetDefaultPolicyVersion", version.clone()),
        ("DeletePolicyVersion", version),
        ("TagPolicy", json!({"PolicyArn": AWS, "Tags": [{"Key": "a", "Value": "b"}]})),
        ("UntagPolicy", json!({"PolicyArn": AWS, "TagKeys": ["a"]})),
    ] {
        let refused = iam.refused(operation, input).await;
        let action = format!("is not authorized to perform: iam:{operation} on resource: policy {AWS}");
        assert!(refused.starts_with("AccessDenied: User: ") && refused.ends_with(&action), "{refused}");
    }
}

#[tokio::test]
async fn a_policy_is_of_its_account_alone_and_within_its_size() {
    let cloud = TestCloud::new(215);
    let (root, other) = (cloud.root(ACCOUNT), cloud.root(OTHER_ACCOUNT));
    let iam = Client::new(&cloud, &root);
    let arn = made(&iam, "p").await;
    let refused = Client::new(&cloud, &other).refused("GetPolicy", json!({"PolicyArn": arn})).await;
    assert!(refused.starts_with("NoSuchEntity: "), "{refused}");
    let resources: Vec<_> =
        (0..200).map(|number| format!("arn:aws:s3:::bucket-with-a-number-{number}")).collect();
    let statement = json!({"Effect": "Allow", "Action": "s3:GetObject", "Resource": resources});
    let document = json!({"Version": "2012-10-17", "Statement": statement}).to_string();
    let input = json!({"PolicyName": "long", "PolicyDocument": document});
    assert_eq!(
        iam.refused("CreatePolicy", input).await,
        "LimitExceeded: Cannot exceed quota for PolicySize: 6144"
    );
    let spaced = POLICY.replace(':', &format!(":{}", " ".repeat(2000)));
    let spaced = spaced.replace(&format!("kms:{}", " ".repeat(2000)), "kms:");
    iam.ok("CreatePolicy", json!({"PolicyName": "spaced", "PolicyDocument": spaced})).await;
}

#[tokio::test]
async fn tags_of_policies_may_differ_in_case_alone() {
    let cloud = TestCloud::new(216);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    let arn = made(&iam, "p").await;
    let tag = |key: &str| json!({"Key": key, "Value": "1"});
    iam.ok("TagPolicy", json!({"PolicyArn": arn, "Tags": [tag("a"), tag("A")]})).await;
    let tags = iam.pages("ListPolicyTags", json!({"PolicyArn": arn}), "Tags", 1).await;
    assert_eq!(each(&tags, "Key"), ["A", "a"]);
    let twice = json!({"PolicyArn": arn, "Tags": [tag("a"), tag("a")]});
    assert_eq!(iam.refused("TagPolicy", twice).await, "InvalidInput: Duplicate tag keys found.");
    iam.ok("UntagPolicy", json!({"PolicyArn": arn, "TagKeys": ["A"]})).await;
    let left = iam.ok("ListPolicyTags", json!({"PolicyArn": arn})).await["Tags"].clone();
    assert_eq!(left, json!([tag("a")]));
}
