//! Service control policies: whom they limit, and from where.

use alcazar_testkit::{TestCaller, TestCloud};
use serde_json::{Value as Json, json};

use crate::client::{
    MANAGEMENT, OTHER, SCP, attach, detach, enable, join, ok, organization, policy, refused, root_id, text,
    unit,
};

const EVERYTHING: &str =
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;

fn statement(effect: &str, action: &str) -> Json {
    json!({"Effect": effect, "Action": action, "Resource": "*"})
}

/// What lists keys is told: nothing if it may.
async fn told(cloud: &TestCloud, caller: &TestCaller, operation: &str) -> Option<String> {
    let answer = cloud.ask(caller, "kms", operation, &json!({})).await;
    answer.err().map(|error| error.to_string())
}

async fn may(cloud: &TestCloud, caller: &TestCaller) -> bool {
    told(cloud, caller, "ListKeys").await.is_none()
}

/// A session of a role that may do everything.
async fn role_session(cloud: &TestCloud, user: &TestCaller) -> TestCaller {
    let root = cloud.root(OTHER);
    let trust = json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"AWS": OTHER}, "Action": "sts:AssumeRole",
    }]});
    let role = json!({"RoleName": "role", "AssumeRolePolicyDocument": trust.to_string()});
    let role = cloud.ask(&root, "iam", "CreateRole", &role).await.unwrap();
    let may = json!({"RoleName": "role", "PolicyName": "all", "PolicyDocument": EVERYTHING});
    cloud.ask(&root, "iam", "PutRolePolicy", &may).await.unwrap();
    cloud.assume_role(user, &text(&role["Role"]["Arn"]), "session").await
}

#[tokio::test]
async fn they_limit_users_sessions_and_root_of_members_and_nobody_of_the_management_account() {
    let cloud = TestCloud::new(70);
    let management = organization(&cloud).await;
    let root_id = root_id(&cloud, &management).await;
    let root = join(&cloud, &management, OTHER).await;
    let user = cloud.user_with_policy(OTHER, "user", EVERYTHING).await;
    let session = role_session(&cloud, &user).await;
    enable(&cloud, &management, &root_id, SCP).await;
    for caller in [&root, &user, &session] {
        assert!(may(&cloud, caller).await, "{}", caller.arn());
    }
    let denied = policy(&cloud, &management, SCP, "deny", statement("Deny", "kms:ListKeys")).await;
    attach(&cloud, &management, &denied, &root_id).await;
    for caller in [&root, &user, &session] {
        let told = told(&cloud, caller, "ListKeys").await.unwrap();
        assert!(told.contains("with an explicit deny in a service control policy"), "{told}");
    }
    let own = cloud.user_with_policy(MANAGEMENT, "user", EVERYTHING).await;
    attach(&cloud, &management, &denied, MANAGEMENT).await;
    assert!(may(&cloud, &management).await && may(&cloud, &own).await);
}

#[tokio::test]
async fn they_count_at_once_on_every_level_and_for_who_moves_below_them() {
    let cloud = TestCloud::new(71);
    let management = organization(&cloud).await;
    let root_id = root_id(&cloud, &management).await;
    join(&cloud, &management, OTHER).await;
    let user = cloud.user_with_policy(OTHER, "user", EVERYTHING).await;
    enable(&cloud, &management, &root_id, SCP).await;
    let outer = unit(&cloud, &management, &root_id, "outer").await;
    let inner = unit(&cloud, &management, &outer, "inner").await;
    let denied = policy(&cloud, &management, SCP, "deny", statement("Deny", "kms:List*")).await;
    let moved = json!({"AccountId": OTHER, "SourceParentId": root_id, "DestinationParentId": inner});
    ok(&cloud, &management, "MoveAccount", moved).await;
    for target in [root_id.as_str(), &outer, &inner, OTHER] {
        assert!(may(&cloud, &user).await, "before {target}");
        attach(&cloud, &management, &denied, target).await;
        assert!(!may(&cloud, &user).await, "{target}");
        detach(&cloud, &management, &denied, target).await;
    }
    attach(&cloud, &management, &denied, &outer).await;
    for (source, destination, allowed) in [(&inner, &root_id, true), (&root_id, &outer, false)] {
        let moved = json!({"AccountId": OTHER, "SourceParentId": source, "DestinationParentId": destination});
        ok(&cloud, &management, "MoveAccount", moved).await;
        assert_eq!(may(&cloud, &user).await, allowed, "{destination}");
    }
    let changed = json!({"Version": "2012-10-17", "Statement": [statement("Deny", "kms:CreateKey")]});
    let changed = json!({"PolicyId": denied, "Content": changed.to_string()});
    ok(&cloud, &management, "UpdatePolicy", changed).await;
    assert!(may(&cloud, &user).await);
    ok(&cloud, &management, "DisablePolicyType", json!({"RootId": root_id, "PolicyType": SCP})).await;
    assert!(cloud.ask(&user, "kms", "CreateKey", &json!({})).await.is_ok());
}

#[tokio::test]
async fn what_no_policy_of_a_level_allows_is_denied_below_it() {
    let cloud = TestCloud::new(72);
    let management = organization(&cloud).await;
    let root_id = root_id(&cloud, &management).await;
    let root = join(&cloud, &management, OTHER).await;
    enable(&cloud, &management, &root_id, SCP).await;
    let outer = unit(&cloud, &management, &root_id, "outer").await;
    let inner = unit(&cloud, &management, &outer, "inner").await;
    let moved = json!({"AccountId": OTHER, "SourceParentId": root_id, "DestinationParentId": inner});
    ok(&cloud, &management, "MoveAccount", moved).await;
    let last = json!({"PolicyId": "p-FullAWSAccess", "TargetId": outer});
    let last = refused(&cloud, &management, "DetachPolicy", last).await;
    assert!(
        last.starts_with("ConstraintViolationException (MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED)"),
        "{last}"
    );
    let some = policy(&cloud, &management, SCP, "some", statement("Allow", "kms:ListKeys")).await;
    attach(&cloud, &management, &some, &outer).await;
    detach(&cloud, &management, "p-FullAWSAccess", &outer).await;
    assert!(may(&cloud, &root).await);
    let told = told(&cloud, &root, "ListAliases").await.unwrap();
    assert!(told.contains("because no service control policy allows the kms:ListAliases action"), "{told}");
}
