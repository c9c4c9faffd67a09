//! What goes over the wire, to the letter, in each protocol that KMS speaks.

use std::path::Path;

use alcazar_shape::{OperationModel, Protocol};
use alcazar_testkit::{TestCloud, Transcript};
use serde_json::json;

use crate::client::{ACCOUNT, Client};

const KEY_ID: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";

async fn compare(protocol: Protocol, file: &str) {
    let cloud = TestCloud::new(1);
    let root = cloud.root(ACCOUNT);
    let made = Client::new(&cloud, &root).ok("CreateKey", json!({})).await["KeyMetadata"].clone();
    let key_id = made["KeyId"].as_str().unwrap();
    let mut transcript = Transcript::new(&cloud, protocol);
    transcript.mask(key_id, KEY_ID);
    transcript.mask(made["CurrentKeyMaterialId"].as_str().unwrap(), &"0".repeat(64));

    let model = |operation: &str| alcazar_svc_kms::SERVICE.operation(operation).unwrap().model;
    let tags = json!([{"TagKey": "Team", "TagValue": "red"}]);
    for (operation, input) in [
        ("CreateAlias", json!({"AliasName": "alias/a", "TargetKeyId": key_id})),
        ("DescribeKey", json!({"KeyId": "alias/a"})),
        ("ListAliases", json!({"KeyId": key_id})),
        ("TagResource", json!({"KeyId": key_id, "Tags": tags})),
        ("ListResourceTags", json!({"KeyId": key_id})),
        ("ScheduleKeyDeletion", json!({"KeyId": key_id, "PendingWindowInDays": 7})),
        ("EnableKey", json!({"KeyId": key_id})),
        ("Decrypt", json!({"CiphertextBlob": "AAAA"})),
        ("DescribeKey", json!({"KeyId": ""})),
        ("DescribeKey", json!({"KeyId": 1})),
    ] {
        transcript.call(model(operation), &input, Some(&root)).await;
    }
    transcript.call(model("DescribeKey"), &json!({"KeyId": key_id}), None).await;
    let unknown = OperationModel { name: "Unknown", ..*model("DescribeKey") };
    transcript.call(&unknown, &json!({}), Some(&root)).await;
    transcript.compare(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kms/transcripts").join(file));
}

#[tokio::test]
async fn json_goes_over_the_wire_as_it_did() {
    compare(Protocol::AwsJson1_1, "json_1_1.txt").await;
}

#[tokio::test]
async fn cbor_goes_over_the_wire_as_it_did() {
    compare(Protocol::RpcV2Cbor, "rpc_v2_cbor.txt").await;
}
