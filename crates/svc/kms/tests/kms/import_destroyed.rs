//! Material that is destroyed: no record that is left opens what it sealed, not even with the server's own keys.

use std::fs;
use std::io::Read;
use std::path::Path;
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

/// Whether any file under a directory has these bytes within its first megabytes.
fn is_in_a_file(directory: &Path, bytes: &[u8]) -> bool {
    const READ_MAX: u64 = 4 * 1024 * 1024;
    fs::read_dir(directory).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return is_in_a_file(&path, bytes);
        }
        let mut read = Vec::new();
        fs::File::open(path).unwrap().take(READ_MAX).read_to_end(&mut read).unwrap();
        read.windows(bytes.len()).any(|window| window == bytes)
    })
}

#[tokio::test]
async fn what_was_destroyed_is_in_no_file_of_the_data_directory() {
    let home = tempfile::tempdir().unwrap();
    let cloud = TestCloud::builder(534).build_in(home.path());
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_with_lost_material = kms.new_imported_key("SYMMETRIC_DEFAULT", &[7; 32]).await;
    let (deleted_key, kept_key) = (kms.new_key().await, kms.new_key().await);
    let records = cloud.store().records().await;
    let sealed = |key_id: &str| {
        let end = format!("{key_id}\0");
        let is_key = |name: &[u8]| name.starts_with(b"kms.key\0") && name.ends_with(end.as_bytes());
        records.iter().find(|(name, _)| is_key(name)).unwrap().1.clone()
    };
    let old_records = [&key_with_lost_material, &deleted_key].map(|key_id| sealed(key_id));
    let kept_record = sealed(&kept_key);
    kms.ok("DeleteImportedKeyMaterial", json!({"KeyId": key_with_lost_material})).await;
    kms.ok("ScheduleKeyDeletion", json!({"KeyId": deleted_key, "PendingWindowInDays": 7})).await;
    for record in &old_records {
        assert!(is_in_a_file(home.path(), record));
    }
    cloud.advance(7 * DAY).await;
    assert!(!cloud.cloud().is_purge_due().await.unwrap());
    for record in &old_records {
        assert!(!is_in_a_file(home.path(), record));
    }
    assert!(is_in_a_file(home.path(), &kept_record));
    kms.ok("DescribeKey", json!({"KeyId": kept_key})).await;
}

#[tokio::test]
async fn a_destruction_is_remembered_until_its_purge() {
    let cloud = TestCloud::new(535);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_imported_key("SYMMETRIC_DEFAULT", &[7; 32]).await;
    assert!(!cloud.cloud().is_purge_due().await.unwrap());
    kms.ok("DeleteImportedKeyMaterial", json!({"KeyId": key_id})).await;
    let after_a_restart = cloud.another_node();
    assert!(after_a_restart.cloud().is_purge_due().await.unwrap());
    after_a_restart.cloud().purge().await.unwrap();
    assert!(!after_a_restart.cloud().is_purge_due().await.unwrap());
    // There was nothing left to destroy.
    kms.ok("DeleteImportedKeyMaterial", json!({"KeyId": key_id})).await;
    assert!(!cloud.cloud().is_purge_due().await.unwrap());
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
