//! The source identity, which stays the same along a chain.

use alcazar_api_sts::operation::AssumeRoleRequest;
use alcazar_testkit::TestCloud;
use serde_json::json;

use crate::scene::{ACCOUNT, assume, mighty_role, request, role, told, trust, trust_if};

const BOTH: &[&str] = &["sts:AssumeRole", "sts:SetSourceIdentity"];

fn of(arn: &str, source_identity: &str) -> AssumeRoleRequest {
    AssumeRoleRequest { source_identity: Some(source_identity.to_owned()), ..request(arn) }
}

#[tokio::test]
async fn it_stays_along_the_chain_and_stands_in_every_event() {
    let cloud = TestCloud::new(50);
    let user = cloud.user(ACCOUNT, "ann").await;
    let first = mighty_role(&cloud, ACCOUNT, "first", &trust(user.arn(), BOTH)).await;
    let second = role(&cloud, ACCOUNT, "second", &trust(&first, BOTH)).await;
    let closed = role(&cloud, ACCOUNT, "closed", &trust(&first, &["sts:AssumeRole"])).await;
    let answer = assume(&cloud, &user, of(&first, "ann@corp")).await.unwrap();
    assert_eq!(answer.source_identity.as_deref(), Some("ann@corp"));
    let session = cloud.session(answer.credentials.unwrap());
    let inherited = assume(&cloud, &session, request(&second)).await.unwrap();
    assert_eq!(inherited.source_identity.as_deref(), Some("ann@corp"));
    let context = cloud.last_event().identity.unwrap().session.unwrap();
    assert_eq!(context.source_identity.as_deref(), Some("ann@corp"));
    assert!(assume(&cloud, &session, of(&second, "ann@corp")).await.is_ok());
    let refused = told(assume(&cloud, &session, of(&second, "bob@corp")).await);
    assert_eq!(
        refused,
        ("ValidationError", "The source identity is already set for this assume role session".to_owned())
    );
    let (_, text) = told(assume(&cloud, &session, request(&closed)).await);
    assert!(text.contains("is not authorized to perform: sts:SetSourceIdentity on resource"), "{text}");
}

#[tokio::test]
async fn a_role_can_ask_for_it() {
    let cloud = TestCloud::new(51);
    let user = cloud.user(ACCOUNT, "ann").await;
    let condition = json!({"StringEquals": {"sts:SourceIdentity": ["ann"]}});
    let arn = role(&cloud, ACCOUNT, "r", &trust_if(user.arn(), BOTH, &condition)).await;
    assert!(assume(&cloud, &user, of(&arn, "ann")).await.is_ok());
    assert!(assume(&cloud, &user, of(&arn, "bob")).await.is_err());
    assert!(assume(&cloud, &user, request(&arn)).await.is_err());
}
