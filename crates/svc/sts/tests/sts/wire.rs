//! Sessions' tokens over the wire.

use alcazar_api_sts::operation::{GetCallerIdentity, GetCallerIdentityRequest};
use alcazar_base::SecretString;
use alcazar_shape::{ApiOperation as _, Protocol};
use alcazar_testkit::{TestCaller, TestCloud};
use serde_json::json;

use crate::scene::{ACCOUNT, role, trust};

async fn code(cloud: &TestCloud, session: &TestCaller) -> Option<String> {
    let answer = cloud.send_signed(session, Protocol::AwsQuery, GetCallerIdentity::MODEL, &json!({})).await;
    answer.code()
}

#[tokio::test]
async fn a_token_counts_with_its_own_access_key_and_secret_alone() {
    let cloud = TestCloud::new(80);
    let user = cloud.user(ACCOUNT, "ann").await;
    let arn = role(&cloud, ACCOUNT, "r", &trust(user.arn(), &["sts:AssumeRole"])).await;
    let session = cloud.assume_role(&user, &arn, "s1").await;
    let other = cloud.assume_role(&user, &arn, "s2").await;
    assert_eq!(code(&cloud, &session).await, None);
    let told = cloud.call::<GetCallerIdentity>(&session, GetCallerIdentityRequest::default()).await.unwrap();
    assert!(told.arn.unwrap().ends_with("assumed-role/r/s1"));
    let invalid = Some("InvalidClientTokenId".to_owned());
    let without = TestCaller { session_token: None, ..session.clone() };
    let foreign = TestCaller { session_token: other.session_token.clone(), ..session.clone() };
    let nonsense = TestCaller { session_token: Some(SecretString::new("x".into())), ..session.clone() };
    for caller in [without, foreign, nonsense] {
        assert_eq!(code(&cloud, &caller).await, invalid);
    }
    let wrong = session.with_wrong_secret();
    assert_eq!(code(&cloud, &wrong).await.as_deref(), Some("SignatureDoesNotMatch"));
    cloud.advance(std::time::Duration::from_secs(3600)).await;
    assert_eq!(code(&cloud, &session).await.as_deref(), Some("ExpiredToken"));
}
