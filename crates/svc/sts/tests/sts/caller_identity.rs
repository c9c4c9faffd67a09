//! `GetCallerIdentity`, in each protocol.

use std::path::Path;

use alcazar_api_sts::operation::{GetCallerIdentity, GetCallerIdentityRequest};
use alcazar_shape::{ApiOperation as _, OperationModel, Protocol};
use alcazar_testkit::{TestCloud, Transcript};
use serde_json::json;

const ACCOUNT: &str = "111122223333";

#[tokio::test]
async fn everyone_is_told_who_they_are() {
    let cloud = TestCloud::new(1);
    let root = cloud.root(ACCOUNT);
    let user = cloud.user(ACCOUNT, "deployer").await;
    for (caller, arn) in [
        (&root, format!("arn:aws:iam::{ACCOUNT}:root")),
        (&user, format!("arn:aws:iam::{ACCOUNT}:user/deployer")),
    ] {
        let told =
            cloud.call::<GetCallerIdentity>(caller, GetCallerIdentityRequest::default()).await.unwrap();
        assert_eq!(told.arn.unwrap(), arn);
        assert_eq!(told.account.as_deref(), Some(ACCOUNT));
        assert_eq!(told.user_id.as_deref(), Some(caller.caller.principal_id.as_str()));
    }
}

async fn compare(protocol: Protocol, file: &str) {
    let cloud = TestCloud::new(2);
    let root = cloud.root(ACCOUNT);
    let user = cloud.user(ACCOUNT, "deployer").await;
    let model = GetCallerIdentity::MODEL;
    let mut transcript = Transcript::new(&cloud, protocol);
    transcript.call(model, &json!({}), Some(&root)).await;
    transcript.call(model, &json!({}), Some(&user.at("eu-west-1"))).await;
    transcript.call(model, &json!({}), Some(&root.with_wrong_secret())).await;
    transcript.call(model, &json!({}), None).await;
    let unknown = OperationModel { name: "Unknown", ..*model };
    transcript.call(&unknown, &json!({}), Some(&root)).await;
    transcript.compare(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transcripts").join(file));
}

#[tokio::test]
async fn query_goes_over_the_wire_as_it_did() {
    compare(Protocol::AwsQuery, "query.txt").await;
}

#[tokio::test]
async fn cbor_goes_over_the_wire_as_it_did() {
    compare(Protocol::RpcV2Cbor, "rpc_v2_cbor.txt").await;
}
