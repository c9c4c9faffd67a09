//! Resource control policies: what they limit.

use alcazar_testkit::{TestCaller, TestCloud};
use serde_json::json;

use crate::client::{
    MANAGEMENT, OTHER, RCP, attach, detach, enable, join, organization, policy, refused, root_id, text,
};

const OUTSIDE: &str = "777788889999";

/// A key of the caller's, which another account may use too.
async fn key(cloud: &TestCloud, owner: &TestCaller) -> String {
    let policy = json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"AWS": [owner.account().to_string(), OUTSIDE]}, "Action": "kms:*",
        "Resource": "*",
    }]});
    let key = cloud.ask(owner, "kms", "CreateKey", &json!({"Policy": policy.to_string()})).await.unwrap();
    text(&key["KeyMetadata"]["Arn"])
}

/// What describes a key is told: nothing if it may.
async fn told(cloud: &TestCloud, caller: &TestCaller, key: &str) -> Option<String> {
    let answer = cloud.ask(caller, "kms", "DescribeKey", &json!({"KeyId": key})).await;
    answer.err().map(|error| error.to_string())
}

#[tokio::test]
async fn they_limit_whoever_uses_what_members_own_but_not_what_is_awss_or_the_management_accounts() {
    let cloud = TestCloud::new(75);
    let management = organization(&cloud).await;
    let root_id = root_id(&cloud, &management).await;
    let member = join(&cloud, &management, OTHER).await;
    let outside = cloud.root(OUTSIDE);
    let (of_member, of_management) = (key(&cloud, &member).await, key(&cloud, &management).await);
    enable(&cloud, &management, &root_id, RCP).await;
    for caller in [&member, &outside] {
        assert_eq!(told(&cloud, caller, &of_member).await, None, "{}", caller.arn());
    }
    let deny = json!({"Effect": "Deny", "Principal": "*", "Action": "kms:DescribeKey", "Resource": "*"});
    let denied = policy(&cloud, &management, RCP, "deny", deny).await;
    for target in [root_id.as_str(), OTHER] {
        attach(&cloud, &management, &denied, target).await;
        for caller in [&member, &outside] {
            let told = told(&cloud, caller, &of_member).await.unwrap();
            assert!(told.contains("with an explicit deny in a resource control policy"), "{told}");
        }
        assert_eq!(told(&cloud, &member, "alias/aws/ssm").await, None);
        for caller in [&management, &outside] {
            assert_eq!(told(&cloud, caller, &of_management).await, None, "{}", caller.arn());
        }
        detach(&cloud, &management, &denied, target).await;
        assert_eq!(told(&cloud, &outside, &of_member).await, None);
    }
}

#[tokio::test]
async fn the_one_of_awss_own_stays_attached() {
    let cloud = TestCloud::new(76);
    let management = organization(&cloud).await;
    let root_id = root_id(&cloud, &management).await;
    enable(&cloud, &management, &root_id, RCP).await;
    for target in [root_id.as_str(), MANAGEMENT] {
        let detached = json!({"PolicyId": "p-RCPFullAWSAccess", "TargetId": target});
        let told = refused(&cloud, &management, "DetachPolicy", detached).await;
        assert_eq!(
            told,
            "InvalidInputException (NON_DETACHABLE_POLICY): You can't detach this AWS Managed Policy."
        );
    }
}
