//! Policies in and attached to users and groups.

use alcazar_testkit::TestCloud;
use serde_json::json;

use crate::client::{ACCOUNT, Client, POLICY, each};

const KINDS: [(&str, &str); 2] = [("User", "UserName"), ("Group", "GroupName")];

#[tokio::test]
async fn policies_are_put_told_listed_and_deleted() {
    let cloud = TestCloud::new(100);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    for (kind, member) in KINDS {
        iam.ok(&format!("Create{kind}"), json!({member: "x"})).await;
        for name in ["b", "a"] {
            let input = json!({member: "x", "PolicyName": name, "PolicyDocument": POLICY});
            iam.ok(&format!("Put{kind}Policy"), input).await;
        }
        let list = format!("List{kind}Policies");
        let pages = iam.pages(&list, json!({member: "x"}), "PolicyNames", 1).await;
        assert_eq!(json!(pages), json!(["a", "b"]));
        let named = json!({member: "x", "PolicyName": "a"});
        let told = iam.ok(&format!("Get{kind}Policy"), named.clone()).await;
        assert_eq!((&told[member], &told["PolicyName"]), (&json!("x"), &json!("a")));
        assert!(told["PolicyDocument"].as_str().unwrap().starts_with("%7B%22Version"));
        iam.ok(&format!("Delete{kind}Policy"), named.clone()).await;
        let gone = iam.refused(&format!("Get{kind}Policy"), named).await;
        let kind = kind.to_lowercase();
        assert_eq!(gone, format!("NoSuchEntity: The {kind} policy with name a cannot be found."));
    }
}

#[tokio::test]
async fn managed_policies_are_attached_listed_by_path_and_detached() {
    let cloud = TestCloud::new(101);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    let policy = json!({"PolicyName": "own", "Path": "/team/", "PolicyDocument": POLICY});
    let own = iam.ok("CreatePolicy", policy).await["Policy"]["Arn"].clone();
    let aws = json!("arn:aws:iam::aws:policy/ReadOnlyAccess");
    for (kind, member) in KINDS {
        iam.ok(&format!("Create{kind}"), json!({member: "x"})).await;
        for arn in [&own, &aws, &aws] {
            iam.ok(&format!("Attach{kind}Policy"), json!({member: "x", "PolicyArn": arn})).await;
        }
        let list = format!("ListAttached{kind}Policies");
        let all = iam.pages(&list, json!({member: "x"}), "AttachedPolicies", 1).await;
        let names = each(&all, "PolicyName");
        assert_eq!(names.len(), 2, "{names:?}");
        let under = json!({member: "x", "PathPrefix": "/team/"});
        let under = iam.ok(&list, under).await["AttachedPolicies"].clone();
        assert_eq!(under, json!([{"PolicyName": "own", "PolicyArn": own}]));
        let detach = format!("Detach{kind}Policy");
        iam.ok(&detach, json!({member: "x", "PolicyArn": own})).await;
        let again = iam.refused(&detach, json!({member: "x", "PolicyArn": own})).await;
        assert_eq!(again, format!("NoSuchEntity: Policy {} was not found.", own.as_str().unwrap()));
    }
}

#[tokio::test]
async fn a_boundary_limits_a_user_until_it_is_taken_away() {
    let cloud = TestCloud::new(102);
    let root = cloud.root(ACCOUNT);
    let iam = Client::new(&cloud, &root);
    let all = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
    let bob = cloud.user_with_policy(ACCOUNT, "bob", all).await;
    let boundary =
        json!({"UserName": "bob", "PermissionsBoundary": "arn:aws:iam::aws:policy/job-function/x"});
    let missing = iam.refused("PutUserPermissionsBoundary", boundary).await;
    let said = "Scope ARN: arn:aws:iam::aws:policy/job-function/x does not exist or is not attachable.";
    assert_eq!(missing, format!("NoSuchEntity: {said}"));
    let own = json!({"PolicyName": "own", "PolicyDocument": POLICY});
    let own = iam.ok("CreatePolicy", own).await["Policy"]["Arn"].clone();
    iam.ok("PutUserPermissionsBoundary", json!({"UserName": "bob", "PermissionsBoundary": own})).await;
    assert!(cloud.ask(&bob, "kms", "ListKeys", &json!({})).await.is_ok());
    let denied = cloud.ask(&bob, "kms", "ListAliases", &json!({})).await.unwrap_err();
    assert!(denied.message().unwrap().contains("no permissions boundary allows"), "{denied:?}");
    iam.ok("DeleteUserPermissionsBoundary", json!({"UserName": "bob"})).await;
    assert!(cloud.ask(&bob, "kms", "ListAliases", &json!({})).await.is_ok());
}
