//! Material that is destroyed: no record that is left opens what it sealed, not even with the server's own keys.

use std::time::Duration;

use alcazar_crypto::{CiphertextHeader, Domain, KeyMaterial, KeySpec};
use alcazar_testkit::TestCloud;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::client::{ACCOUNT, Client};

const DAY: Duration = Duration::from_secs(86_400);
/// A symmetric key's wrapped material, whose first bytes are its id.
const WRAPPED_BYTES: usize = 97;

/// How many places of the store's records, all opened, hold material that opens the ciphertext.
async fn places_that_open(cloud: &TestCloud, blob: &str) -> usize {
    let blob = STANDARD.decode(blob).unwrap();
    let header = CiphertextHeader::parse(&blob).unwrap();
    let keyring = cloud.cloud().keyring();
    let mut places = 0;
    for (name, sealed) in cloud.store().records().await {
        let record = keyring.open(Domain::Store, &name, &sealed).unwrap();
        for window in record.expose().windows(WRAPPED_BYTES) {
            if !window.starts_with(&header.backing_key_id.0) {
                continue;
            }
            let material =
                KeyMaterial::unwrap(&keyring, header.key_id, KeySpec::SymmetricDefault, window).ok();
            let backing_key = material.as_ref().and_then(KeyMaterial::symmetric);
            if backing_key.is_some_and(|key| key.decrypt(&[].into(), &blob).is_ok()) {
                places += 1;
            }
        }
    }
    places
}

#[tokio::test]
async fn material_that_was_deleted_is_nowhere_in_the_store() {
    let cloud = TestCloud::new(530);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_imported_key("SYMMETRIC_DEFAULT", &[7; 32]).await;
    let blob = kms.encrypt(&key_id, "secret", json!({})).await;
    assert_eq!(places_that_open(&cloud, &blob).await, 1);
    kms.ok("DeleteImportedKeyMaterial", json!({"KeyId": key_id})).await;
    assert_eq!(places_that_open(&cloud, &blob).await, 0);
}

#[tokio::test]
async fn material_that_expired_is_nowhere_in_the_store() {
    let cloud = TestCloud::new(531);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_external_key("SYMMETRIC_DEFAULT").await;
    let parameters = kms.parameters_for(&key_id, "SYMMETRIC_DEFAULT").await;
    let expires = json!({"ValidTo": 1_767_225_600 + 86_400});
    kms.ok("ImportKeyMaterial", parameters.input(&key_id, &[7; 32], &expires)).await;
    let blob = kms.encrypt(&key_id, "secret", json!({})).await;
    assert_eq!(places_that_open(&cloud, &blob).await, 1);
    cloud.advance(DAY).await;
    assert_eq!(places_that_open(&cloud, &blob).await, 0);
}

#[tokio::test]
async fn the_material_of_a_deleted_key_is_nowhere_in_the_store() {
    let cloud = TestCloud::new(532);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let imported = kms.new_imported_key("SYMMETRIC_DEFAULT", &[7; 32]).await;
    for key_id in [kms.new_key().await, imported] {
        let blob = kms.encrypt(&key_id, "secret", json!({})).await;
        kms.ok("ScheduleKeyDeletion", json!({"KeyId": key_id, "PendingWindowInDays": 7})).await;
        assert_eq!(places_that_open(&cloud, &blob).await, 1);
        cloud.advance(7 * DAY).await;
        assert_eq!(places_that_open(&cloud, &blob).await, 0);
    }
}

#[tokio::test]
async fn the_audit_log_holds_neither_tokens_nor_material() {
    let cloud = TestCloud::new(533);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_external_key("SYMMETRIC_DEFAULT").await;
    let parameters = kms.parameters_for(&key_id, "SYMMETRIC_DEFAULT").await;
    let input = parameters.input(&key_id, &[7; 32], &json!({}));
    kms.ok("ImportKeyMaterial", input.clone()).await;
    let events = cloud.events();
    for name in ["GetParametersForImport", "ImportKeyMaterial"] {
        assert!(events.iter().any(|event| event.event_name == name));
    }
    for secret in ["ImportToken", "EncryptedKeyMaterial"] {
        let secret = &input[secret].as_str().unwrap()[40..100];
        let shown = events.iter().any(|event| {
            let texts = [&event.request_parameters, &event.response_elements];
            texts.into_iter().flatten().any(|text| text.contains(secret))
        });
        assert!(!shown);
    }
}
