//! `GetSessionToken`: sessions of users and root users themselves.

use alcazar_api_kms::operation::{CreateKey, CreateKeyRequest};
use alcazar_api_sts::operation::{
    DecodeAuthorizationMessage, DecodeAuthorizationMessageRequest, GetAccessKeyInfo, GetAccessKeyInfoRequest,
    GetCallerIdentity, GetCallerIdentityRequest, GetSessionToken, GetSessionTokenRequest,
};
use alcazar_testkit::{TestCaller, TestCloud};

use crate::scene::{ACCOUNT, ALL, assume, list_users, request, role, told, trust};

async fn session_of(cloud: &TestCloud, caller: &TestCaller, seconds: Option<i32>) -> TestCaller {
    let request = GetSessionTokenRequest { duration_seconds: seconds, ..GetSessionTokenRequest::default() };
    let answer = cloud.call::<GetSessionToken>(caller, request).await.unwrap();
    cloud.session(answer.credentials.unwrap())
}

fn seconds_of(cloud: &TestCloud, session: &TestCaller) -> i64 {
    session.caller.session.as_ref().unwrap().expires.as_secs() - cloud.now().as_secs()
}

#[tokio::test]
async fn users_get_half_a_day_and_root_users_an_hour_at_most() {
    let cloud = TestCloud::new(60);
    let (user, root) = (cloud.user(ACCOUNT, "ann").await, cloud.root(ACCOUNT));
    for (caller, asked, gets) in [
        (&user, None, 43200),
        (&user, Some(129_600), 129_600),
        (&user, Some(900), 900),
        (&root, None, 3600),
        (&root, Some(129_600), 3600),
        (&root, Some(900), 900),
    ] {
        let session = session_of(&cloud, caller, asked).await;
        assert_eq!(seconds_of(&cloud, &session), gets);
        assert_eq!(session.arn(), caller.arn());
    }
}

#[tokio::test]
async fn such_a_session_does_what_its_user_may_but_neither_iam_nor_most_of_sts() {
    let cloud = TestCloud::new(61);
    let user = cloud.user_with_policy(ACCOUNT, "ann", ALL).await;
    let arn = role(&cloud, ACCOUNT, "r", &trust(ACCOUNT, &["sts:AssumeRole"])).await;
    let session = session_of(&cloud, &user, None).await;
    assert!(cloud.call::<CreateKey>(&session, CreateKeyRequest::default()).await.is_ok());
    assert!(assume(&cloud, &session, request(&arn)).await.is_ok());
    let identity = cloud.call::<GetCallerIdentity>(&session, GetCallerIdentityRequest::default()).await;
    assert_eq!(identity.unwrap().arn.as_deref(), Some(user.arn()));
    let invalid =
        ("InvalidClientTokenId", "The security token included in the request is invalid.".to_owned());
    assert_eq!(told(list_users(&cloud, &session).await), invalid);
    let again = cloud.call::<GetSessionToken>(&session, GetSessionTokenRequest::default()).await;
    let text = "Cannot call GetSessionToken with session credentials";
    assert_eq!(told(again), ("AccessDenied", text.to_owned()));
    let key = GetAccessKeyInfoRequest { access_key_id: user.caller.access_key_id.clone() };
    assert_eq!(told(cloud.call::<GetAccessKeyInfo>(&session, key).await).0, "AccessDenied");
}

#[tokio::test]
async fn an_access_key_id_tells_its_account_to_whoever_may_ask() {
    let cloud = TestCloud::new(62);
    let (may, may_not) =
        (cloud.user_with_policy(ACCOUNT, "ann", ALL).await, cloud.user(ACCOUNT, "bob").await);
    let asked = |id: &str| GetAccessKeyInfoRequest { access_key_id: id.to_owned() };
    let of_other = cloud.user("444455556666", "eve").await.caller.access_key_id.clone();
    let answer = cloud.call::<GetAccessKeyInfo>(&may, asked(&of_other)).await.unwrap();
    assert_eq!(answer.account.as_deref(), Some("444455556666"));
    assert_eq!(told(cloud.call::<GetAccessKeyInfo>(&may_not, asked(&of_other)).await).0, "AccessDenied");
    assert_eq!(
        told(cloud.call::<GetAccessKeyInfo>(&may, asked("0123456789abcdef")).await).0,
        "ValidationError"
    );
}

#[tokio::test]
async fn an_authorization_message_is_decoded_in_its_own_account_for_whoever_may() {
    let cloud = TestCloud::new(63);
    let user = cloud.user_with_policy(ACCOUNT, "ann", ALL).await;
    let stranger = cloud.user_with_policy("444455556666", "eve", ALL).await;
    let details = serde_json::json!({"allowed": false});
    let message = cloud.cloud().sealed_authorization_message(user.account(), &details).unwrap();
    let asked = |message: &str| DecodeAuthorizationMessageRequest { encoded_message: message.to_owned() };
    let answer = cloud.call::<DecodeAuthorizationMessage>(&user, asked(&message)).await.unwrap();
    assert_eq!(answer.decoded_message.unwrap(), details.to_string());
    let invalid = ("InvalidAuthorizationMessageException", "Message is not valid".to_owned());
    assert_eq!(told(cloud.call::<DecodeAuthorizationMessage>(&stranger, asked(&message)).await), invalid);
    assert_eq!(told(cloud.call::<DecodeAuthorizationMessage>(&user, asked("x")).await), invalid);
}
