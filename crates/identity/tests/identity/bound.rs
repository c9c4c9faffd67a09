//! A policy means by an ARN whoever had it when it was written.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>

use alcazar_api_iam::operation::{DeleteRole, DeleteRolePolicy, DeleteRolePolicyRequest, DeleteRoleRequest};
use alcazar_api_kms::operation::{GetKeyPolicy, GetKeyPolicyRequest};
use alcazar_testkit::TestCloud;

use crate::{ACCOUNT, describe, key, policy, role};

#[tokio::test]
async fn a_role_made_anew_is_not_the_one_that_a_key_policy_names() {
    let cloud = TestCloud::new(1);
    let root = cloud.root(ACCOUNT);
    let nothing = policy("Deny", "s3:*");
    let arn = role(&cloud, "deploy", &nothing).await;
    let key_policy = format!(
        r#"{{"Version": "2012-10-17", "Statement": [
            {{"Effect": "Allow", "Principal": {{"AWS": "{arn}"}}, "Action": "kms:*", "Resource": "*"}},
            {{"Effect": "Allow", "Principal": {{"AWS": "{ACCOUNT}"}}, "Action": "kms:*", "Resource": "*"}}]}}"#
    );
    let key_id = key(&cloud, Some(&key_policy)).await;
    let alice = cloud.user_with_policy(ACCOUNT, "alice", &policy("Allow", "sts:AssumeRole")).await;
    let session = cloud.assume_role(&alice, &arn, "s1").await;
    assert_eq!(describe(&cloud, &session, &key_id).await, Ok(()));
    assert_eq!(told(&cloud, &key_id).await, key_policy);

    let (role_name, policy_name) = ("deploy".to_owned(), "policy".to_owned());
    let request = DeleteRolePolicyRequest { role_name: role_name.clone(), policy_name };
    cloud.call::<DeleteRolePolicy>(&root, request).await.unwrap();
    cloud.call::<DeleteRole>(&root, DeleteRoleRequest { role_name }).await.unwrap();
    assert_eq!(role(&cloud, "deploy", &nothing).await, arn);
    let session = cloud.assume_role(&alice, &arn, "s2").await;
    let denied = describe(&cloud, &session, &key_id).await.unwrap_err();
    assert!(denied.contains("because no identity-based policy allows"), "{denied}");
    let told = told(&cloud, &key_id).await;
    assert!(told.contains(r#"{"AWS": "AROA"#) && !told.contains(&arn), "{told}");
}

async fn told(cloud: &TestCloud, key_id: &str) -> String {
    let request = GetKeyPolicyRequest { key_id: key_id.to_owned(), ..GetKeyPolicyRequest::default() };
    cloud.call::<GetKeyPolicy>(&cloud.root(ACCOUNT), request).await.unwrap().policy.unwrap()
}
