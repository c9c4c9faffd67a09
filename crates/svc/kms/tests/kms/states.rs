//! Which operations a key's state allows: AWS's table, cell by cell.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html>

use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client};
use crate::samples::{ABROAD, Sample, is_on_imports, kind, table};

/// The states of AWS's table that a key is never in here.
const NEVER: [(&str, &str); 3] = [
    ("Creating", "a replica is ready with the answer to ReplicateKey"),
    ("Updating", "the primary key moves within UpdatePrimaryRegion"),
    ("Unavailable", "no key is in a custom key store"),
];

/// The states that a key is tried in.
const STATES: [&str; 5] =
    ["Enabled", "Disabled", "PendingDeletion", "PendingReplicaDeletion", "PendingImport"];

/// Why an operation's key cannot be in a state, if it cannot.
fn impossible(operation: &str, state: &str) -> Option<&'static str> {
    match state {
        "PendingImport" if kind(operation).1 == "ENCAPSULATE_DECAPSULATE" => {
            Some("material of ML-KEM keys cannot be imported")
        }
        _ => None,
    }
}

/// Makes a key for an operation, and brings it into a state.
async fn sample_in(kms: &Client<'_>, operation: &'static str, state: &str) -> Sample {
    let how = match state {
        "PendingReplicaDeletion" => json!({"MultiRegion": true}),
        "PendingImport" => json!({"Origin": "EXTERNAL"}),
        _ => json!({}),
    };
    let sample = Sample::new(kms, operation, &how).await;
    let has_replica = match operation {
        // A primary key that has replicas does not wait for its own deletion.
        "UpdatePrimaryRegion" => state != "PendingDeletion",
        _ => state == "PendingReplicaDeletion",
    };
    if has_replica {
        sample.replicate(kms).await;
    }
    let steps: &[&str] = match state {
        "Disabled" => &["DisableKey"],
        "PendingDeletion" | "PendingReplicaDeletion" => &["ScheduleKeyDeletion"],
        "PendingImport" => &["DeleteImportedKeyMaterial"],
        _ => &[],
    };
    for step in steps {
        kms.ok(step, json!({"KeyId": sample.key_id})).await;
    }
    let metadata = kms.ok("DescribeKey", json!({"KeyId": sample.key_id})).await["KeyMetadata"].clone();
    assert_eq!(metadata["KeyState"], json!(state), "{operation}");
    assert_eq!(metadata["Enabled"], json!(state == "Enabled"), "{operation}, {state}");
    sample
}

/// What AWS says where the state does not allow the operation.
fn refusal(table: &Json, operation: &str, state: &str, code: &str, arn: &str) -> String {
    if code == "UnsupportedOperationException" {
        return format!("{arn} origin is EXTERNAL which is not valid for this operation.");
    }
    let of_operation = table["texts_of_operations"].get(operation);
    let text = of_operation.unwrap_or(&table["texts"][state]);
    text.as_str().unwrap().replace("{arn}", arn)
}

/// Tries every operation on a key of its own in a state.
async fn check_column(seed: u64, state: &str) {
    let table = table!("key_states.json");
    let cloud = TestCloud::new(seed);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let mut tried = 0;
    for entry in alcazar_svc_kms::SERVICE.operations {
        let operation = entry.model.name;
        let Some(cell) = table["operations"].get(operation) else { continue };
        if impossible(operation, state).is_some() {
            continue;
        }
        let code = cell[state].as_str().unwrap();
        let sample = sample_in(&kms, operation, state).await;
        let arn = kms.arn(&sample.key_id);
        tried += 1;
        match (code, kms.call(operation, sample.input(&arn)).await) {
            ("ok", told) => _ = told.unwrap_or_else(|error| panic!("{operation}, {state}: {error:?}")),
            (code, Ok(told)) => panic!("{operation}, {state}: {code} is missing: {told}"),
            (code, Err(error)) => {
                assert_eq!(error.code, code, "{operation}, {state}: {}", error.message);
                let said = refusal(&table, operation, state, code, &arn);
                assert_eq!(error.message, said, "{operation}, {state}");
            }
        }
    }
    assert!(tried >= 44, "only {tried} operations were tried");
}

#[tokio::test]
async fn an_enabled_key_takes_what_aws_says() {
    check_column(20, "Enabled").await;
}

#[tokio::test]
async fn a_disabled_key_takes_what_aws_says() {
    check_column(21, "Disabled").await;
}

#[tokio::test]
async fn a_key_that_is_pending_deletion_takes_what_aws_says() {
    check_column(22, "PendingDeletion").await;
}

#[tokio::test]
async fn a_key_that_is_pending_its_replicas_deletion_takes_what_aws_says() {
    check_column(23, "PendingReplicaDeletion").await;
}

#[tokio::test]
async fn a_key_that_is_pending_import_takes_what_aws_says() {
    check_column(24, "PendingImport").await;
}

#[test]
fn the_table_has_every_operation_and_every_state() {
    let table = table!("key_states.json");
    let without_key = table["without_key"].as_array().unwrap();
    for entry in alcazar_svc_kms::SERVICE.operations {
        let name = entry.model.name;
        let known = match table["operations"].get(name) {
            Some(cells) => {
                let states: Vec<_> = cells.as_object().unwrap().keys().map(String::as_str).collect();
                states.len() == STATES.len() + NEVER.len()
                    && STATES.into_iter().chain(NEVER.map(|(state, _)| state)).all(|s| states.contains(&s))
            }
            None => without_key.contains(&json!(name)),
        };
        assert!(known, "what do key states mean to {name}?");
    }
    let listed = table["operations"].as_object().unwrap().len() + without_key.len();
    assert_eq!(listed, alcazar_svc_kms::SERVICE.operations.len());
    assert_eq!(listed, 56);
}

#[tokio::test]
async fn a_key_of_the_wrong_kind_is_told_so_unless_its_state_is_told_first() {
    let table = table!("key_states.json");
    let cloud = TestCloud::new(25);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    for (operation, code) in table["kinds"].as_object().unwrap() {
        let entry = alcazar_svc_kms::SERVICE.operation(operation).unwrap();
        let sample = Sample::new(&kms, entry.model.name, &json!({})).await;
        let key_id = match operation.as_str() {
            of_rotation if of_rotation.contains("Rot") => {
                kms.new_key_of("HMAC_256", "GENERATE_VERIFY_MAC").await
            }
            _ => kms.new_key().await,
        };
        kms.refused(operation, sample.input(&key_id), code.as_str().unwrap()).await;
        kms.ok("DisableKey", json!({"KeyId": key_id})).await;
        let code = if is_on_imports(operation) { code.as_str().unwrap() } else { "DisabledException" };
        kms.refused(operation, sample.input(&key_id), code).await;
    }
}

#[tokio::test]
async fn an_alias_may_leave_a_key_that_is_pending_deletion_and_not_come_to_one() {
    let cloud = TestCloud::new(26);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let (leaving, other) = (kms.new_key().await, kms.new_key().await);
    kms.ok("CreateAlias", json!({"AliasName": "alias/a", "TargetKeyId": leaving})).await;
    kms.ok("ScheduleKeyDeletion", json!({"KeyId": leaving})).await;
    kms.ok("UpdateAlias", json!({"AliasName": "alias/a", "TargetKeyId": other})).await;
    let back = json!({"AliasName": "alias/a", "TargetKeyId": leaving});
    kms.refused("UpdateAlias", back, "KMSInvalidStateException").await;
}

#[tokio::test]
async fn a_key_of_which_one_copy_cannot_be_used_keeps_its_primary_region() {
    let cloud = TestCloud::new(27);
    let root = cloud.root(ACCOUNT);
    let there = root.at(ABROAD);
    let (kms, abroad) = (Client::new(&cloud, &root), Client::new(&cloud, &there));
    let sample = Sample::new(&kms, "UpdatePrimaryRegion", &json!({})).await;
    sample.replicate(&kms).await;
    abroad.ok("DisableKey", json!({"KeyId": sample.key_id})).await;
    let said = kms.refused("UpdatePrimaryRegion", sample.input(&sample.key_id), "DisabledException").await;
    assert_eq!(said, format!("{} is disabled.", abroad.arn(&sample.key_id)));
}

#[tokio::test]
async fn a_key_whose_deletion_is_cancelled_is_disabled() {
    let cloud = TestCloud::new(28);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_key().await;
    kms.ok("ScheduleKeyDeletion", json!({"KeyId": key_id})).await;
    assert_eq!(kms.ok("CancelKeyDeletion", json!({"KeyId": key_id})).await["KeyId"], json!(kms.arn(&key_id)));
    let metadata = kms.ok("DescribeKey", json!({"KeyId": key_id})).await["KeyMetadata"].clone();
    assert_eq!((&metadata["KeyState"], metadata.get("DeletionDate")), (&json!("Disabled"), None));
    kms.ok("EnableKey", json!({"KeyId": key_id})).await;
    kms.encrypt(&key_id, "x", json!({})).await;
}
