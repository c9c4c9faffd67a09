//! Session policies limit a session within what its role may do.

use alcazar_api_sts::types::PolicyDescriptorType;
use alcazar_testkit::TestCloud;

use crate::scene::{
    ACCOUNT, ALL, assume, list_users, may_list_users, mighty_role, request, role, told, trust,
};

const ASSUME: &[&str] = &["sts:AssumeRole"];
const KMS_ALONE: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kms:*","Resource":"*"}]}"#;

#[tokio::test]
async fn a_session_has_what_both_its_role_and_its_policies_allow() {
    let cloud = TestCloud::new(30);
    let user = cloud.user(ACCOUNT, "ann").await;
    let mighty = mighty_role(&cloud, ACCOUNT, "mighty", &trust(user.arn(), ASSUME)).await;
    let weak = role(&cloud, ACCOUNT, "weak", &trust(user.arn(), ASSUME)).await;
    for (arn, policy, may) in [
        (&mighty, Some(ALL), true),
        (&mighty, Some(KMS_ALONE), false),
        (&mighty, None, true),
        (&weak, Some(ALL), false),
    ] {
        let mut asked = request(arn);
        asked.policy = policy.map(str::to_owned);
        let answer = assume(&cloud, &user, asked).await.unwrap();
        assert_eq!(answer.packed_policy_size.is_some(), policy.is_some());
        let session = cloud.session(answer.credentials.unwrap());
        assert_eq!(may_list_users(&cloud, &session).await, may, "{arn} {policy:?}");
        if *arn == mighty && !may {
            let (_, text) = told(list_users(&cloud, &session).await);
            assert!(text.ends_with("because no session policy allows the iam:ListUsers action"), "{text}");
        }
    }
}

#[tokio::test]
async fn managed_policies_limit_too_and_must_be_near() {
    let cloud = TestCloud::new(31);
    let user = cloud.user(ACCOUNT, "ann").await;
    let arn = mighty_role(&cloud, ACCOUNT, "mighty", &trust(user.arn(), ASSUME)).await;
    let with = |policy_arn: &str| {
        let mut asked = request(&arn);
        asked.policy_arns = Some(vec![PolicyDescriptorType { arn: Some(policy_arn.to_owned()) }].into());
        asked
    };
    let answer = assume(&cloud, &user, with("arn:aws:iam::aws:policy/AdministratorAccess")).await.unwrap();
    assert!(may_list_users(&cloud, &cloud.session(answer.credentials.unwrap())).await);
    for unknown in ["arn:aws:iam::aws:policy/Nothing", "arn:aws:iam::444455556666:policy/theirs"] {
        let refused = told(assume(&cloud, &user, with(unknown)).await);
        assert_eq!(refused, ("ValidationError", format!("ARN {unknown} is not valid.")));
    }
}

#[tokio::test]
async fn what_is_no_policy_or_too_long_is_refused() {
    let cloud = TestCloud::new(32);
    let user = cloud.user(ACCOUNT, "ann").await;
    let arn = role(&cloud, ACCOUNT, "r", &trust(user.arn(), ASSUME)).await;
    for (policy, code) in [
        ("{}".to_owned(), "MalformedPolicyDocument"),
        ("no policy".to_owned(), "MalformedPolicyDocument"),
        (format!("{ALL}{}", " ".repeat(2048)), "ValidationError"),
    ] {
        let mut asked = request(&arn);
        asked.policy = Some(policy);
        assert_eq!(told(assume(&cloud, &user, asked).await).0, code);
    }
}
