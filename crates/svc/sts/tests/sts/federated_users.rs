//! `GetFederationToken`: sessions of those for whom a user vouches.

use alcazar_api_kms::operation::{CreateKey, CreateKeyRequest};
use alcazar_api_sts::operation::{
    GetCallerIdentity, GetCallerIdentityRequest, GetFederationToken, GetFederationTokenRequest,
};
use alcazar_api_sts::types::Tag;
use alcazar_testkit::TestCloud;

use crate::scene::{ACCOUNT, ALL, assume, list_users, request, role, told, trust};

fn named(name: &str, policy: Option<&str>) -> GetFederationTokenRequest {
    GetFederationTokenRequest {
        name: name.to_owned(),
        policy: policy.map(str::to_owned),
        ..GetFederationTokenRequest::default()
    }
}

#[tokio::test]
async fn a_federated_user_has_what_both_the_user_and_the_session_policy_allow() {
    let cloud = TestCloud::new(70);
    let user = cloud.user_with_policy(ACCOUNT, "ann", ALL).await;
    for (policy, may) in [(None, false), (Some(ALL), true)] {
        let answer = cloud.call::<GetFederationToken>(&user, named("guest", policy)).await.unwrap();
        let shown = answer.federated_user.unwrap();
        assert_eq!(shown.arn, format!("arn:aws:sts::{ACCOUNT}:federated-user/guest"));
        assert_eq!(shown.federated_user_id, format!("{ACCOUNT}:guest"));
        assert_eq!(answer.packed_policy_size, Some(if may { 3 } else { 0 }));
        let session = cloud.session(answer.credentials.unwrap());
        assert_eq!(cloud.call::<CreateKey>(&session, CreateKeyRequest::default()).await.is_ok(), may);
        let identity = cloud.call::<GetCallerIdentity>(&session, GetCallerIdentityRequest::default()).await;
        assert_eq!(identity.unwrap().user_id, Some(shown.federated_user_id));
    }
}

#[tokio::test]
async fn it_needs_a_permission_for_the_name_and_for_tags() {
    let cloud = TestCloud::new(71);
    let arn = format!("arn:aws:sts::{ACCOUNT}:federated-user/guest-*");
    let policy = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"sts:GetFederationToken","Resource":"{arn}"}}]}}"#
    );
    let user = cloud.user_with_policy(ACCOUNT, "ann", &policy).await;
    assert!(cloud.call::<GetFederationToken>(&user, named("guest-1", None)).await.is_ok());
    let (_, text) = told(cloud.call::<GetFederationToken>(&user, named("other", None)).await);
    assert!(text.contains("sts:GetFederationToken on resource"), "{text}");
    let mut tagged = named("guest-1", None);
    tagged.tags = Some(vec![Tag { key: "a".to_owned(), value: "b".to_owned() }].into());
    let (_, text) = told(cloud.call::<GetFederationToken>(&user, tagged).await);
    assert!(text.contains("sts:TagSession on resource"), "{text}");
}

#[tokio::test]
async fn a_federated_user_calls_neither_iam_nor_sts_and_a_session_makes_none() {
    let cloud = TestCloud::new(72);
    let user = cloud.user_with_policy(ACCOUNT, "ann", ALL).await;
    let arn = role(&cloud, ACCOUNT, "r", &trust(ACCOUNT, &["sts:AssumeRole"])).await;
    let answer = cloud.call::<GetFederationToken>(&user, named("guest", Some(ALL))).await.unwrap();
    let session = cloud.session(answer.credentials.unwrap());
    assert_eq!(told(list_users(&cloud, &session).await).0, "InvalidClientTokenId");
    assert_eq!(told(assume(&cloud, &session, request(&arn)).await).0, "AccessDenied");
    let text = "Cannot call GetFederationToken with session credentials";
    let refused = told(cloud.call::<GetFederationToken>(&session, named("x1", None)).await);
    assert_eq!(refused, ("AccessDenied", text.to_owned()));
    let root = cloud.call::<GetFederationToken>(&cloud.root(ACCOUNT), named("guest", None)).await.unwrap();
    let expires = root.credentials.unwrap().expiration;
    assert_eq!(expires.as_secs() - cloud.now().as_secs(), 3600);
}
