//! A change counts at once, on every node, for whoever is calling already.

use alcazar_api_iam::operation::{
    CreateUser, CreateUserRequest, DeleteRole, DeleteRolePolicy, DeleteRolePolicyRequest, DeleteRoleRequest,
};
use alcazar_testkit::TestCloud;

use crate::{ACCOUNT, describe, key, policy, put_role_policy, role};

#[tokio::test]
async fn a_policy_that_is_changed_counts_at_once_on_every_node() {
    let cloud = TestCloud::new(1);
    let other = cloud.another_node();
    let key_id = key(&cloud, None).await;
    let alice = cloud.user_with_policy(ACCOUNT, "alice", &policy("Allow", "kms:*")).await;
    for _ in 0..3 {
        cloud.put_user_policy(&cloud.root(ACCOUNT), "alice", &policy("Allow", "kms:*")).await;
        assert_eq!(describe(&cloud, &alice, &key_id).await, Ok(()));
        assert_eq!(describe(&other, &alice, &key_id).await, Ok(()));
        cloud.put_user_policy(&cloud.root(ACCOUNT), "alice", &policy("Deny", "kms:*")).await;
        let denied = describe(&other, &alice, &key_id).await.unwrap_err();
        assert!(denied.ends_with("with an explicit deny in an identity-based policy"), "{denied}");
        assert_eq!(describe(&cloud, &alice, &key_id).await, Err(denied));
    }
}

#[tokio::test]
async fn a_session_may_what_its_role_may_now_and_ends_with_it() {
    let cloud = TestCloud::new(1);
    let other = cloud.another_node();
    let key_id = key(&cloud, None).await;
    let arn = role(&cloud, "deploy", &policy("Allow", "kms:*")).await;
    let alice = cloud.user_with_policy(ACCOUNT, "alice", &policy("Allow", "sts:AssumeRole")).await;
    let session = cloud.assume_role(&alice, &arn, "s1").await;
    assert_eq!(describe(&other, &session, &key_id).await, Ok(()));
    put_role_policy(&cloud, "deploy", &policy("Allow", "s3:*")).await;
    let denied = describe(&other, &session, &key_id).await.unwrap_err();
    assert!(
        denied.ends_with("because no identity-based policy allows the kms:DescribeKey action"),
        "{denied}"
    );

    let root = cloud.root(ACCOUNT);
    let (role_name, policy_name) = ("deploy".to_owned(), "policy".to_owned());
    let request = DeleteRolePolicyRequest { role_name: role_name.clone(), policy_name };
    cloud.call::<DeleteRolePolicy>(&root, request).await.unwrap();
    cloud.call::<DeleteRole>(&root, DeleteRoleRequest { role_name }).await.unwrap();
    let gone = Err("The security token included in the request is invalid.".to_owned());
    assert_eq!(describe(&other, &session, &key_id).await, gone);
    // Whoever gets the name is another role, and the old session is not its own.
    role(&cloud, "deploy", &policy("Allow", "kms:*")).await;
    assert_eq!(describe(&cloud, &session, &key_id).await, gone);
}

#[tokio::test]
async fn names_differ_in_more_than_case() {
    let cloud = TestCloud::new(1);
    cloud.user(ACCOUNT, "alice").await;
    let request = CreateUserRequest { user_name: "Alice".to_owned(), ..CreateUserRequest::default() };
    let refused = cloud.call::<CreateUser>(&cloud.root(ACCOUNT), request).await.unwrap_err();
    assert_eq!(refused.message(), Some("User with name alice already exists."));
}
