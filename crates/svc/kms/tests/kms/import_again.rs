//! Material that is imported once more: the same again, and more for a symmetric key's rotation.

use std::time::Duration;

use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client};
use crate::wrapping::material;

const SYMMETRIC: &str = "SYMMETRIC_DEFAULT";
const DAY: Duration = Duration::from_secs(86_400);
/// Where the test's clock begins.
const START: u64 = 1_767_225_600;

async fn import(kms: &Client<'_>, key_id: &str, spec: &str, plaintext: &[u8], more: Json) -> Json {
    let parameters = kms.parameters_for(key_id, spec).await;
    kms.ok("ImportKeyMaterial", parameters.input(key_id, plaintext, &more)).await
}

async fn refused(kms: &Client<'_>, key_id: &str, spec: &str, plaintext: &[u8], more: Json) {
    let parameters = kms.parameters_for(key_id, spec).await;
    let input = parameters.input(key_id, plaintext, &more);
    kms.refused("ImportKeyMaterial", input, "IncorrectKeyMaterialException").await;
}

async fn metadata(kms: &Client<'_>, key_id: &str) -> Json {
    kms.ok("DescribeKey", json!({"KeyId": key_id})).await["KeyMetadata"].clone()
}

#[tokio::test]
async fn only_the_same_material_comes_back_whatever_the_spec() {
    let cloud = TestCloud::new(520);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    for spec in [SYMMETRIC, "HMAC_512", "ECC_NIST_P384", "ECC_NIST_EDWARDS25519", "RSA_2048", "ML_DSA_44"] {
        let (own, other) = (material(spec), material(spec));
        let key_id = kms.new_imported_key(spec, &own).await;
        let other_key = kms.new_imported_key(spec, &other).await;
        refused(&kms, &key_id, spec, &other, json!({})).await;
        assert_eq!(kms.state(&key_id).await, "Enabled", "{spec}");
        import(&kms, &key_id, spec, &own, json!({})).await;
        kms.ok("DeleteImportedKeyMaterial", json!({"KeyId": key_id})).await;
        refused(&kms, &key_id, spec, &other, json!({})).await;
        assert_eq!(kms.state(&key_id).await, "PendingImport", "{spec}");
        import(&kms, &key_id, spec, &own, json!({})).await;
        assert_eq!(kms.state(&key_id).await, "Enabled", "{spec}");
        assert_eq!(kms.state(&other_key).await, "Enabled", "{spec}");
    }
}

#[tokio::test]
async fn ciphertexts_open_again_once_the_same_material_is_back() {
    let cloud = TestCloud::new(521);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_imported_key(SYMMETRIC, &[7; 32]).await;
    let id = metadata(&kms, &key_id).await["CurrentKeyMaterialId"].clone();
    let blob = kms.encrypt(&key_id, "secret", json!({"a": "b"})).await;
    let decrypt = json!({"CiphertextBlob": blob, "EncryptionContext": {"a": "b"}});
    let deleted = kms.ok("DeleteImportedKeyMaterial", json!({"KeyId": key_id})).await;
    assert_eq!(deleted, json!({"KeyId": kms.arn(&key_id), "KeyMaterialId": id}));
    let told = kms.refused("Decrypt", decrypt.clone(), "KMSInvalidStateException").await;
    assert_eq!(told, format!("{} is pending import.", kms.arn(&key_id)));
    let described = metadata(&kms, &key_id).await;
    assert_eq!((&described["KeyState"], &described["Enabled"]), (&json!("PendingImport"), &json!(false)));
    assert_eq!((described.get("ExpirationModel"), described.get("ValidTo")), (None, None));
    let imported = import(&kms, &key_id, SYMMETRIC, &[7; 32], json!({"KeyMaterialId": id})).await;
    assert_eq!(imported["KeyMaterialId"], id);
    assert_eq!(kms.ok("Decrypt", decrypt).await["KeyMaterialId"], id);

    // The same material in another key is other material.
    let other = kms.new_imported_key(SYMMETRIC, &[7; 32]).await;
    assert_ne!(metadata(&kms, &other).await["CurrentKeyMaterialId"], id);
    refused(&kms, &other, SYMMETRIC, &[7; 32], json!({"KeyMaterialId": id})).await;
}

#[tokio::test]
async fn material_expires_at_its_time_and_comes_back() {
    let cloud = TestCloud::new(522);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_external_key(SYMMETRIC).await;
    let valid_to = START + 10 * 86_400;
    let imported = import(&kms, &key_id, SYMMETRIC, &[7; 32], json!({"ValidTo": valid_to})).await;
    let described = metadata(&kms, &key_id).await;
    assert_eq!(described["ExpirationModel"], "KEY_MATERIAL_EXPIRES");
    let told = described["ValidTo"].as_f64().map(|time| format!("{time:.3}"));
    assert_eq!(told, Some(format!("{valid_to}.000")));
    let blob = kms.encrypt(&key_id, "x", json!({})).await;
    cloud.advance(10 * DAY - Duration::from_secs(1)).await;
    kms.ok("Decrypt", json!({"CiphertextBlob": blob})).await;
    // Another node does it, as after a restart.
    let cloud = cloud.another_node();
    let kms = Client::new(&cloud, &root);
    assert_eq!(cloud.advance(Duration::from_secs(1)).await, 1);
    assert_eq!(kms.state(&key_id).await, "PendingImport");
    kms.refused("Decrypt", json!({"CiphertextBlob": blob}), "KMSInvalidStateException").await;
    let event = cloud.events().into_iter().find(|event| event.event_name == "DeleteExpiredKeyMaterial");
    let event = event.unwrap();
    assert!(event.service_event);
    assert_eq!(event.resources[0].arn, kms.arn(&key_id));
    let details: Json = serde_json::from_str(event.service_event_details.as_ref().unwrap()).unwrap();
    assert_eq!(details, json!({"keyId": key_id, "keyMaterialId": imported["KeyMaterialId"]}));
    refused(&kms, &key_id, SYMMETRIC, &[8; 32], json!({})).await;
    import(&kms, &key_id, SYMMETRIC, &[7; 32], json!({})).await;
    kms.ok("Decrypt", json!({"CiphertextBlob": blob})).await;
    assert_eq!(cloud.advance(400 * DAY).await, 0);
}

#[tokio::test]
async fn an_import_sets_the_expiry_anew() {
    let cloud = TestCloud::new(523);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_external_key(SYMMETRIC).await;
    let valid_to = |days: u64| json!({"ValidTo": START + days * 86_400});
    import(&kms, &key_id, SYMMETRIC, &[7; 32], valid_to(2)).await;
    import(&kms, &key_id, SYMMETRIC, &[7; 32], valid_to(4)).await;
    assert_eq!(cloud.advance(3 * DAY).await, 0);
    assert_eq!(kms.state(&key_id).await, "Enabled");
    import(&kms, &key_id, SYMMETRIC, &[7; 32], json!({})).await;
    assert_eq!(cloud.advance(3 * DAY).await, 0);
    assert!(metadata(&kms, &key_id).await.get("ValidTo").is_none());
    import(&kms, &key_id, SYMMETRIC, &[7; 32], valid_to(9)).await;
    import(&kms, &key_id, SYMMETRIC, &[7; 32], valid_to(8)).await;
    import(&kms, &key_id, SYMMETRIC, &[7; 32], valid_to(8)).await;
    assert_eq!(cloud.advance(2 * DAY).await, 1);
    assert_eq!(kms.state(&key_id).await, "PendingImport");
    assert_eq!(cloud.advance(2 * DAY).await, 0);
    // What was deleted does not expire any more.
    import(&kms, &key_id, SYMMETRIC, &[7; 32], valid_to(20)).await;
    kms.ok("DeleteImportedKeyMaterial", json!({"KeyId": key_id})).await;
    assert_eq!(cloud.advance(20 * DAY).await, 0);
}

#[tokio::test]
async fn a_symmetric_key_takes_one_more_material_for_its_rotation() {
    let cloud = TestCloud::new(524);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_imported_key(SYMMETRIC, &[1; 32]).await;
    let new = json!({"ImportType": "NEW_KEY_MATERIAL"});
    refused(&kms, &key_id, SYMMETRIC, &[1; 32], new.clone()).await;
    let current = metadata(&kms, &key_id).await["CurrentKeyMaterialId"].clone();
    let second = import(&kms, &key_id, SYMMETRIC, &[2; 32], new.clone()).await["KeyMaterialId"].clone();
    assert_ne!(second, current);
    assert_eq!(metadata(&kms, &key_id).await["CurrentKeyMaterialId"], current);
    let parameters = kms.parameters_for(&key_id, SYMMETRIC).await;
    let input = parameters.input(&key_id, &[3; 32], &new);
    let told = kms.refused("ImportKeyMaterial", input, "KMSInvalidStateException").await;
    let (arn, pending) = (kms.arn(&key_id), second.as_str().unwrap());
    assert!(told.starts_with("New key material (id: "), "{told}");
    assert!(
        told.ends_with(&format!(
            ") cannot be imported into KMS key {arn}, because another key material (id: {pending}) is pending rotation."
        )),
        "{told}"
    );
    // What is pending is not needed, and leaves nothing behind.
    kms.ok("DeleteImportedKeyMaterial", json!({"KeyId": key_id, "KeyMaterialId": second})).await;
    assert_eq!(kms.state(&key_id).await, "Enabled");
    refused(&kms, &key_id, SYMMETRIC, &[2; 32], json!({})).await;
    let input = json!({"KeyId": key_id, "KeyMaterialId": second});
    kms.refused("DeleteImportedKeyMaterial", input, "NotFoundException").await;
    let third = json!({"ImportType": "NEW_KEY_MATERIAL", "ValidTo": START + 86_400});
    import(&kms, &key_id, SYMMETRIC, &[3; 32], third).await;
    assert_eq!(cloud.advance(DAY).await, 1);
    assert_eq!(kms.state(&key_id).await, "Enabled");
    refused(&kms, &key_id, SYMMETRIC, &[3; 32], json!({})).await;
}

#[tokio::test]
async fn each_state_takes_material_as_aws_says() {
    let cloud = TestCloud::new(525);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_imported_key(SYMMETRIC, &[1; 32]).await;
    let key = json!({"KeyId": key_id});
    kms.ok("DisableKey", key.clone()).await;
    import(&kms, &key_id, SYMMETRIC, &[1; 32], json!({})).await;
    assert_eq!(kms.state(&key_id).await, "Disabled");
    kms.ok("DeleteImportedKeyMaterial", key.clone()).await;
    assert_eq!(kms.state(&key_id).await, "PendingImport");
    let again = kms.ok("DeleteImportedKeyMaterial", key.clone()).await;
    assert_eq!(again["KeyId"], json!(kms.arn(&key_id)));
    for operation in ["EnableKey", "DisableKey"] {
        let told = kms.refused(operation, key.clone(), "KMSInvalidStateException").await;
        assert_eq!(told, format!("{} is pending import.", kms.arn(&key_id)));
    }
    let parameters = kms.parameters_for(&key_id, SYMMETRIC).await;
    import(&kms, &key_id, SYMMETRIC, &[1; 32], json!({"ValidTo": START + 86_400})).await;
    kms.ok("ScheduleKeyDeletion", key.clone()).await;
    let input = parameters.input(&key_id, &[1; 32], &json!({}));
    let told = kms.refused("ImportKeyMaterial", input, "KMSInvalidStateException").await;
    assert_eq!(told, format!("{} is pending deletion.", kms.arn(&key_id)));
    let input =
        json!({"KeyId": key_id, "WrappingAlgorithm": "RSAES_OAEP_SHA_256", "WrappingKeySpec": "RSA_2048"});
    kms.refused("GetParametersForImport", input, "KMSInvalidStateException").await;
    // It expires all the same, and is missing when the deletion is taken back.
    assert_eq!(cloud.advance(DAY).await, 1);
    assert_eq!(kms.state(&key_id).await, "PendingDeletion");
    kms.ok("DeleteImportedKeyMaterial", key.clone()).await;
    assert_eq!(kms.state(&key_id).await, "PendingDeletion");
    kms.ok("CancelKeyDeletion", key.clone()).await;
    assert_eq!(kms.state(&key_id).await, "PendingImport");
    import(&kms, &key_id, SYMMETRIC, &[1; 32], json!({})).await;
    kms.ok("ScheduleKeyDeletion", key.clone()).await;
    kms.ok("CancelKeyDeletion", key).await;
    assert_eq!(kms.state(&key_id).await, "Disabled");
}

#[tokio::test]
async fn imported_material_is_rotated_to_and_every_piece_is_needed() {
    let cloud = TestCloud::new(526);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_imported_key(SYMMETRIC, &[1; 32]).await;
    let old = kms.encrypt(&key_id, "old", json!({})).await;
    let new = json!({"ImportType": "NEW_KEY_MATERIAL", "KeyMaterialDescription": "the second"});
    let second = import(&kms, &key_id, SYMMETRIC, &[2; 32], new).await["KeyMaterialId"].clone();
    kms.ok("RotateKeyOnDemand", json!({"KeyId": key_id})).await;
    assert_eq!(metadata(&kms, &key_id).await["CurrentKeyMaterialId"], second);
    let blob = kms.encrypt(&key_id, "new", json!({})).await;
    let first = kms.ok("Decrypt", json!({"CiphertextBlob": old})).await["KeyMaterialId"].clone();
    assert_ne!(first, second);
    // Without the first one, the key cannot be used at all.
    kms.ok("DeleteImportedKeyMaterial", json!({"KeyId": key_id, "KeyMaterialId": first})).await;
    kms.refused("Decrypt", json!({"CiphertextBlob": blob}), "KMSInvalidStateException").await;
    kms.ok("DeleteImportedKeyMaterial", json!({"KeyId": key_id})).await;
    let listed = json!({"KeyId": key_id, "IncludeKeyMaterial": "ALL_KEY_MATERIAL"});
    let rotations = kms.ok("ListKeyRotations", listed).await["Rotations"].clone();
    let states = rotations.as_array().unwrap().iter().map(|entry| entry["ImportState"].clone());
    assert_eq!(states.collect::<Vec<_>>(), [json!("PENDING_IMPORT"), json!("PENDING_IMPORT")]);
    import(&kms, &key_id, SYMMETRIC, &[2; 32], json!({})).await;
    assert_eq!(kms.state(&key_id).await, "PendingImport");
    import(&kms, &key_id, SYMMETRIC, &[1; 32], json!({"KeyMaterialId": first})).await;
    assert_eq!(kms.state(&key_id).await, "Enabled");
    for blob in [old, blob] {
        kms.ok("Decrypt", json!({"CiphertextBlob": blob})).await;
    }
}

#[tokio::test]
async fn each_copy_of_a_multi_region_key_is_given_the_same_material() {
    let cloud = TestCloud::new(527);
    let here = cloud.root(ACCOUNT);
    let there = here.at("eu-west-1");
    let (kms, abroad) = (Client::new(&cloud, &here), Client::new(&cloud, &there));
    let input = json!({"Origin": "EXTERNAL", "MultiRegion": true});
    let key_id = kms.ok("CreateKey", input).await["KeyMetadata"]["KeyId"].as_str().unwrap().to_owned();
    import(&kms, &key_id, SYMMETRIC, &[1; 32], json!({})).await;
    let old = kms.encrypt(&key_id, "old", json!({})).await;
    kms.ok("ReplicateKey", json!({"KeyId": key_id, "ReplicaRegion": "eu-west-1"})).await;
    cloud.advance(DAY).await;
    assert_eq!(abroad.state(&key_id).await, "PendingImport");
    refused(&abroad, &key_id, SYMMETRIC, &[2; 32], json!({})).await;
    import(&abroad, &key_id, SYMMETRIC, &[1; 32], json!({})).await;
    assert_eq!(abroad.state(&key_id).await, "Enabled");
    abroad.ok("Decrypt", json!({"CiphertextBlob": old})).await;

    // New material comes to the primary first, then to the replica, and is rotated to when both have it.
    let new = json!({"ImportType": "NEW_KEY_MATERIAL"});
    let parameters = abroad.parameters_for(&key_id, SYMMETRIC).await;
    let input = parameters.input(&key_id, &[2; 32], &new);
    abroad.refused("ImportKeyMaterial", input, "UnsupportedOperationException").await;
    import(&kms, &key_id, SYMMETRIC, &[2; 32], new).await;
    kms.refused("RotateKeyOnDemand", json!({"KeyId": key_id}), "KMSInvalidStateException").await;
    import(&abroad, &key_id, SYMMETRIC, &[2; 32], json!({"ImportType": "EXISTING_KEY_MATERIAL"})).await;
    kms.ok("RotateKeyOnDemand", json!({"KeyId": key_id})).await;
    let blob = abroad.encrypt(&key_id, "new", json!({})).await;
    kms.ok("Decrypt", json!({"CiphertextBlob": blob})).await;

    // What a copy loses is its own loss.
    abroad.ok("DeleteImportedKeyMaterial", json!({"KeyId": key_id})).await;
    assert_eq!(abroad.state(&key_id).await, "PendingImport");
    kms.ok("Decrypt", json!({"CiphertextBlob": blob})).await;
    // Pending material that the primary loses is lost everywhere.
    import(&abroad, &key_id, SYMMETRIC, &[2; 32], json!({})).await;
    let new = json!({"ImportType": "NEW_KEY_MATERIAL"});
    let third = import(&kms, &key_id, SYMMETRIC, &[3; 32], new).await["KeyMaterialId"].clone();
    import(&abroad, &key_id, SYMMETRIC, &[3; 32], json!({})).await;
    kms.ok("DeleteImportedKeyMaterial", json!({"KeyId": key_id, "KeyMaterialId": third})).await;
    refused(&abroad, &key_id, SYMMETRIC, &[3; 32], json!({})).await;
    assert_eq!((kms.state(&key_id).await, abroad.state(&key_id).await), ("Enabled".into(), "Enabled".into()));
}
