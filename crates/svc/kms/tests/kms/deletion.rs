//! Keys that are deleted when their time comes.

use std::time::Duration;

use alcazar_testkit::TestCloud;
use serde_json::json;

use crate::client::{ACCOUNT, Client};

const DAY: Duration = Duration::from_secs(86_400);

/// What a deleted key leaves in the store: that it was there, for the month's cost.
pub(crate) const LEFT_OF_A_KEY: [&str; 1] = ["kms.retired_key"];

/// The tables that have records of a key.
pub(crate) async fn tables_with(cloud: &TestCloud, key_id: &str) -> Vec<String> {
    let records = cloud.store().records().await;
    let of_key = records.iter().filter(|(name, _)| {
        name.windows(key_id.len()).any(|part| part == key_id.as_bytes()) && !name.starts_with(b"usage.")
    });
    let table =
        |name: &[u8]| String::from_utf8_lossy(name.split(|byte| *byte == 0).next().unwrap()).into_owned();
    of_key.map(|(name, _)| table(name)).collect()
}

#[tokio::test]
async fn a_key_is_deleted_at_its_time_with_its_material_aliases_and_place_in_the_list() {
    let cloud = TestCloud::new(100);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let (key_id, kept) = (kms.new_key().await, kms.new_key().await);
    for alias in ["alias/a", "alias/b"] {
        kms.ok("CreateAlias", json!({"AliasName": alias, "TargetKeyId": key_id})).await;
    }
    let blob = kms.encrypt(&key_id, "x", json!({})).await;
    let told = kms.ok("ScheduleKeyDeletion", json!({"KeyId": key_id, "PendingWindowInDays": 7})).await;
    assert_eq!(told["KeyId"], json!(kms.arn(&key_id)));
    assert_eq!((&told["KeyState"], &told["PendingWindowInDays"]), (&json!("PendingDeletion"), &json!(7)));
    let due = told["DeletionDate"].as_f64().unwrap();
    assert!((due - (1_767_225_600.0 + 7.0 * 86_400.0)).abs() < 0.001, "{due}");

    cloud.advance(7 * DAY - Duration::from_secs(1)).await;
    kms.ok("DescribeKey", json!({"KeyId": "alias/a"})).await;
    assert_eq!(cloud.advance(Duration::from_secs(1)).await, 1);
    kms.refused("DescribeKey", json!({"KeyId": key_id}), "NotFoundException").await;
    kms.refused("DescribeKey", json!({"KeyId": "alias/a"}), "NotFoundException").await;
    kms.refused("Decrypt", json!({"CiphertextBlob": blob}), "AccessDeniedException").await;
    kms.refused("CancelKeyDeletion", json!({"KeyId": key_id}), "NotFoundException").await;
    let keys = kms.ok("ListKeys", json!({})).await["Keys"].clone();
    assert_eq!(keys, json!([{"KeyId": kept, "KeyArn": kms.arn(&kept)}]));
    assert_eq!(kms.ok("ListAliases", json!({})).await["Aliases"], json!([]));

    assert_eq!(tables_with(&cloud, &key_id).await, LEFT_OF_A_KEY);
    let event = cloud.events().into_iter().find(|event| event.event_name == "DeleteKey").unwrap();
    assert!(event.service_event);
    assert_eq!(event.resources[0].arn, kms.arn(&key_id));
}

#[tokio::test]
async fn a_deletion_that_was_cancelled_does_not_happen_though_another_is_scheduled_later() {
    let cloud = TestCloud::new(101);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_key().await;
    kms.ok("ScheduleKeyDeletion", json!({"KeyId": key_id, "PendingWindowInDays": 7})).await;
    cloud.advance(6 * DAY).await;
    kms.ok("CancelKeyDeletion", json!({"KeyId": key_id})).await;
    assert_eq!(cloud.advance(30 * DAY).await, 0);
    kms.ok("EnableKey", json!({"KeyId": key_id})).await;
    kms.ok("ScheduleKeyDeletion", json!({"KeyId": key_id})).await;
    cloud.advance(29 * DAY).await;
    kms.ok("DescribeKey", json!({"KeyId": key_id})).await;
    assert_eq!(cloud.advance(DAY).await, 1);
    kms.refused("DescribeKey", json!({"KeyId": key_id}), "NotFoundException").await;
}

#[tokio::test]
async fn a_deletion_that_fell_due_while_nobody_ran_is_done_after_the_restart() {
    let cloud = TestCloud::new(102);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_key().await;
    kms.ok("ScheduleKeyDeletion", json!({"KeyId": key_id, "PendingWindowInDays": 7})).await;
    let cloud = cloud.another_node();
    cloud.advance(365 * DAY).await;
    Client::new(&cloud, &root).refused("DescribeKey", json!({"KeyId": key_id}), "NotFoundException").await;
}

#[tokio::test]
async fn a_window_is_7_to_30_days() {
    let cloud = TestCloud::new(103);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_key().await;
    for days in [-1, 0, 6, 31, 366] {
        let input = json!({"KeyId": key_id, "PendingWindowInDays": days});
        kms.refused("ScheduleKeyDeletion", input, "ValidationException").await;
    }
    let told = kms.ok("ScheduleKeyDeletion", json!({"KeyId": key_id})).await;
    assert_eq!(told["PendingWindowInDays"], json!(30));
}
