//! Keys in several regions.

use std::time::Duration;

use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client, base64};
use crate::deletion::{LEFT_OF_A_KEY, tables_with};

const DAY: Duration = Duration::from_secs(86_400);
const HERE: &str = "eu-west-1";
const THERE: &str = "us-east-1";
const ELSEWHERE: &str = "ap-southeast-2";

async fn new_primary(kms: &Client<'_>) -> String {
    let made = kms.ok("CreateKey", json!({"MultiRegion": true})).await;
    made["KeyMetadata"]["KeyId"].as_str().unwrap().to_owned()
}

async fn metadata(kms: &Client<'_>, key_id: &str) -> Json {
    kms.ok("DescribeKey", json!({"KeyId": key_id})).await["KeyMetadata"].clone()
}

async fn replicate(kms: &Client<'_>, key_id: &str, region: &str) -> Json {
    kms.ok("ReplicateKey", json!({"KeyId": key_id, "ReplicaRegion": region})).await
}

#[tokio::test]
async fn a_replica_shares_material_and_has_the_rest_of_its_own() {
    let cloud = TestCloud::new(500);
    let root = cloud.root(ACCOUNT).at(HERE);
    let (there, elsewhere) = (root.at(THERE), root.at(ELSEWHERE));
    let (kms, abroad, far) =
        (Client::new(&cloud, &root), Client::new(&cloud, &there), Client::new(&cloud, &elsewhere));
    let key_id = new_primary(&kms).await;
    assert!(key_id.starts_with("mrk-"));
    kms.ok("TagResource", json!({"KeyId": key_id, "Tags": [{"TagKey": "a", "TagValue": "b"}]})).await;
    let blob = kms.encrypt(&key_id, "x", json!({"a": "b"})).await;
    let input = json!({
        "KeyId": key_id, "ReplicaRegion": THERE, "Description": "abroad",
        "Tags": [{"TagKey": "where", "TagValue": "there"}],
    });
    let told = kms.ok("ReplicateKey", input).await;
    let replica = &told["ReplicaKeyMetadata"];
    assert_eq!((&replica["KeyState"], &replica["KeyId"]), (&json!("Creating"), &json!(key_id)));
    assert_eq!(replica["Arn"], json!(abroad.arn(&key_id)));
    assert_eq!(told["ReplicaTags"], json!([{"TagKey": "where", "TagValue": "there"}]));
    assert!(told["ReplicaPolicy"].as_str().unwrap().contains("key-default-1"));
    replicate(&kms, &key_id, ELSEWHERE).await;

    let regions = json!({
        "MultiRegionKeyType": "REPLICA",
        "PrimaryKey": {"Arn": kms.arn(&key_id), "Region": HERE},
        "ReplicaKeys": [
            {"Arn": abroad.arn(&key_id), "Region": THERE},
            {"Arn": far.arn(&key_id), "Region": ELSEWHERE},
        ],
    });
    let described = metadata(&abroad, &key_id).await;
    assert_eq!((&described["KeyState"], &described["Description"]), (&json!("Enabled"), &json!("abroad")));
    assert_eq!(described["MultiRegionConfiguration"], regions);
    let primary = metadata(&kms, &key_id).await;
    assert_eq!(primary["MultiRegionConfiguration"]["MultiRegionKeyType"], json!("PRIMARY"));
    assert_eq!(primary["CurrentKeyMaterialId"], described["CurrentKeyMaterialId"]);
    let tags = abroad.ok("ListResourceTags", json!({"KeyId": key_id})).await["Tags"].clone();
    assert_eq!(tags, json!([{"TagKey": "where", "TagValue": "there"}]));

    let input = json!({"CiphertextBlob": blob, "EncryptionContext": {"a": "b"}});
    let opened = abroad.ok("Decrypt", input).await;
    assert_eq!((&opened["Plaintext"], &opened["KeyId"]), (&json!(base64("x")), &json!(abroad.arn(&key_id))));
    let back = far.encrypt(&key_id, "y", json!({})).await;
    assert_eq!(kms.ok("Decrypt", json!({"CiphertextBlob": back})).await["Plaintext"], json!(base64("y")));

    abroad.ok("DisableKey", json!({"KeyId": key_id})).await;
    assert_eq!(metadata(&kms, &key_id).await["KeyState"], json!("Enabled"));
    abroad.refused("Decrypt", json!({"CiphertextBlob": back}), "DisabledException").await;
    let created = cloud.events().into_iter().rfind(|event| event.event_name == "CreateKey").unwrap();
    assert_eq!(created.region, ELSEWHERE);
}

#[tokio::test]
async fn rotation_is_the_primary_s_and_reaches_every_copy() {
    let cloud = TestCloud::new(501);
    let root = cloud.root(ACCOUNT).at(HERE);
    let there = root.at(THERE);
    let (kms, abroad) = (Client::new(&cloud, &root), Client::new(&cloud, &there));
    let key_id = new_primary(&kms).await;
    replicate(&kms, &key_id, THERE).await;
    for operation in ["EnableKeyRotation", "DisableKeyRotation", "RotateKeyOnDemand"] {
        let said = abroad.refused(operation, json!({"KeyId": key_id}), "UnsupportedOperationException").await;
        assert_eq!(said, format!("{} is not a multi-Region primary key.", abroad.arn(&key_id)));
    }
    kms.ok("EnableKeyRotation", json!({"KeyId": key_id})).await;
    let status = abroad.ok("GetKeyRotationStatus", json!({"KeyId": key_id})).await;
    assert_eq!(status["KeyRotationEnabled"], json!(true));
    kms.ok("RotateKeyOnDemand", json!({"KeyId": key_id})).await;
    cloud.advance(365 * DAY).await;
    let (one, other) = (metadata(&kms, &key_id).await, metadata(&abroad, &key_id).await);
    assert_eq!(one["CurrentKeyMaterialId"], other["CurrentKeyMaterialId"]);
    let blob = kms.encrypt(&key_id, "x", json!({})).await;
    assert_eq!(abroad.ok("Decrypt", json!({"CiphertextBlob": blob})).await["Plaintext"], json!(base64("x")));
    let listed = abroad.ok("ListKeyRotations", json!({"KeyId": key_id})).await;
    assert_eq!(listed, kms.ok("ListKeyRotations", json!({"KeyId": key_id})).await);
    assert_eq!(listed["Rotations"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn the_primary_can_move_and_takes_the_rotation_along() {
    let cloud = TestCloud::new(502);
    let root = cloud.root(ACCOUNT).at(HERE);
    let there = root.at(THERE);
    let (kms, abroad) = (Client::new(&cloud, &root), Client::new(&cloud, &there));
    let key_id = new_primary(&kms).await;
    let to = |region: &str| json!({"KeyId": key_id, "PrimaryRegion": region});
    kms.refused("UpdatePrimaryRegion", to(THERE), "NotFoundException").await;
    replicate(&kms, &key_id, THERE).await;
    kms.ok("EnableKeyRotation", json!({"KeyId": key_id})).await;
    kms.refused("UpdatePrimaryRegion", to(HERE), "UnsupportedOperationException").await;
    abroad.refused("UpdatePrimaryRegion", to(HERE), "UnsupportedOperationException").await;
    assert_eq!(kms.ok("UpdatePrimaryRegion", to(THERE)).await, Json::Null);
    for client in [&kms, &abroad] {
        let regions = metadata(client, &key_id).await["MultiRegionConfiguration"].clone();
        assert_eq!(regions["PrimaryKey"]["Region"], json!(THERE));
        assert_eq!(regions["ReplicaKeys"], json!([{"Arn": kms.arn(&key_id), "Region": HERE}]));
    }
    let input = json!({"KeyId": key_id, "ReplicaRegion": ELSEWHERE});
    kms.refused("ReplicateKey", input.clone(), "UnsupportedOperationException").await;
    abroad.ok("ReplicateKey", input).await;
    assert_eq!(cloud.advance(365 * DAY).await, 1);
    let listed = kms.ok("ListKeyRotations", json!({"KeyId": key_id})).await;
    assert_eq!(listed["Rotations"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_primary_is_deleted_after_its_last_replica() {
    let cloud = TestCloud::new(503);
    let root = cloud.root(ACCOUNT).at(HERE);
    let (there, elsewhere) = (root.at(THERE), root.at(ELSEWHERE));
    let (kms, abroad, far) =
        (Client::new(&cloud, &root), Client::new(&cloud, &there), Client::new(&cloud, &elsewhere));
    let key_id = new_primary(&kms).await;
    replicate(&kms, &key_id, THERE).await;
    replicate(&kms, &key_id, ELSEWHERE).await;
    let schedule = json!({"KeyId": key_id, "PendingWindowInDays": 7});
    let told = kms.ok("ScheduleKeyDeletion", schedule.clone()).await;
    assert_eq!((&told["KeyState"], told.get("DeletionDate")), (&json!("PendingReplicaDeletion"), None));
    let described = metadata(&kms, &key_id).await;
    assert_eq!(described["PendingDeletionWindowInDays"], json!(7));
    kms.refused("RotateKeyOnDemand", json!({"KeyId": key_id}), "KMSInvalidStateException").await;
    kms.ok("CancelKeyDeletion", json!({"KeyId": key_id})).await;
    assert_eq!(metadata(&kms, &key_id).await["KeyState"], json!("Disabled"));
    kms.ok("ScheduleKeyDeletion", schedule.clone()).await;

    abroad.ok("ScheduleKeyDeletion", schedule.clone()).await;
    let again = json!({"KeyId": key_id, "ReplicaRegion": THERE});
    kms.refused("ReplicateKey", again, "KMSInvalidStateException").await;
    cloud.advance(7 * DAY).await;
    abroad.refused("DescribeKey", json!({"KeyId": key_id}), "NotFoundException").await;
    assert_eq!(metadata(&kms, &key_id).await["KeyState"], json!("PendingReplicaDeletion"));
    assert_eq!(metadata(&far, &key_id).await["KeyState"], json!("Enabled"));
    far.ok("ScheduleKeyDeletion", schedule).await;
    cloud.advance(7 * DAY).await;
    assert_eq!(metadata(&kms, &key_id).await["KeyState"], json!("PendingDeletion"));
    cloud.advance(7 * DAY).await;
    kms.refused("DescribeKey", json!({"KeyId": key_id}), "NotFoundException").await;
    let left = tables_with(&cloud, &key_id).await;
    assert_eq!(left, LEFT_OF_A_KEY.repeat(3));
}

#[tokio::test]
async fn what_cannot_be_replicated_is_refused() {
    let cloud = TestCloud::new(504);
    let root = cloud.root(ACCOUNT).at(HERE);
    let kms = Client::new(&cloud, &root);
    let (single, primary) = (kms.new_key().await, new_primary(&kms).await);
    let to = |key_id: &str, region: &str| json!({"KeyId": key_id, "ReplicaRegion": region});
    kms.refused("ReplicateKey", to(&single, THERE), "UnsupportedOperationException").await;
    for region in ["cn-north-1", "us-gov-west-1"] {
        kms.refused("ReplicateKey", to(&primary, region), "ValidationException").await;
    }
    kms.refused("ReplicateKey", to(&primary, HERE), "AlreadyExistsException").await;
    replicate(&kms, &primary, THERE).await;
    let said = kms.refused("ReplicateKey", to(&primary, THERE), "AlreadyExistsException").await;
    assert_eq!(said, "You can create only one replica of each primary key in each AWS Region.");
    kms.ok("DisableKey", json!({"KeyId": primary})).await;
    kms.refused("ReplicateKey", to(&primary, ELSEWHERE), "DisabledException").await;
}

#[tokio::test]
async fn signing_keys_and_hmac_keys_give_the_same_answers_in_every_region() {
    let cloud = TestCloud::new(505);
    let root = cloud.root(ACCOUNT).at(HERE);
    let there = root.at(THERE);
    let (kms, abroad) = (Client::new(&cloud, &root), Client::new(&cloud, &there));
    let made = kms
        .ok(
            "CreateKey",
            json!({"MultiRegion": true, "KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC"}),
        )
        .await;
    let key_id = made["KeyMetadata"]["KeyId"].as_str().unwrap();
    replicate(&kms, key_id, THERE).await;
    let input = json!({"KeyId": key_id, "Message": base64("m"), "MacAlgorithm": "HMAC_SHA_256"});
    assert_eq!(
        kms.ok("GenerateMac", input.clone()).await["Mac"],
        abroad.ok("GenerateMac", input).await["Mac"]
    );
}
