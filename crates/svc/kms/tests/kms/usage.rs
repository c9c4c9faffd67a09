//! The last use of a key, and what a month costs.

use std::time::Duration;

use alcazar_base::Month;
use alcazar_engine::cost::Cost;
use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client, base64};

const HOUR: Duration = Duration::from_secs(3600);

async fn costs(cloud: &TestCloud, month: &str) -> Vec<Cost> {
    let month: Month = month.parse().unwrap();
    let mut found = Vec::new();
    for mut billed in cloud.cloud().costs(month).await.unwrap() {
        while let Some(cost) = billed.costs.next().await.unwrap() {
            found.push(cost);
        }
    }
    found
}

/// The hours of a key, what they cost, and its requests.
fn of_key(costs: &[Cost], arn: &str) -> (u64, String, Vec<(String, u64, String)>) {
    let cost = costs.iter().find(|cost| cost.resource == arn).unwrap();
    let requests = cost.requests.iter().map(|one| (one.class.clone(), one.count, one.cost.to_string()));
    (cost.hours, cost.hours_cost.to_string(), requests.collect())
}

#[tokio::test]
async fn the_last_use_of_a_key_is_told() {
    let cloud = TestCloud::new(900);
    let root = cloud.root(ACCOUNT);
    let client = Client::new(&cloud, &root);
    let key = client.new_key().await;
    let never = client.ok("GetKeyLastUsage", json!({"KeyId": key})).await;
    assert_eq!((&never["KeyId"], &never["KeyLastUsage"]), (&json!(key), &json!({})));
    assert_eq!(never["TrackingStartDate"], never["KeyCreationDate"]);
    cloud.advance(HOUR).await;
    let blob = client.encrypt(&key, "text", json!({})).await;
    client.ok("Decrypt", json!({"CiphertextBlob": blob})).await;
    let event = cloud.last_event();
    let used = client.ok("GetKeyLastUsage", json!({"KeyId": client.arn(&key)})).await;
    let last = &used["KeyLastUsage"];
    assert_eq!(last["Operation"], "Decrypt");
    assert_eq!(last["CloudTrailEventId"], event.event_id.as_str());
    assert_eq!(last["KmsRequestId"], event.request_id.as_str());
    let hour_later = used["KeyCreationDate"].as_f64().unwrap() + 3600.0;
    assert!((last["Timestamp"].as_f64().unwrap() - hour_later).abs() < 1.0);
    // What fails, rehearses or manages is no use.
    let rehearsal = json!({"KeyId": key, "Plaintext": base64("x"), "DryRun": true});
    client.refused("Encrypt", rehearsal, "DryRunOperationException").await;
    client.ok("DescribeKey", json!({"KeyId": key})).await;
    assert_eq!(client.ok("GetKeyLastUsage", json!({"KeyId": key})).await["KeyLastUsage"], *last);
}

#[tokio::test]
async fn both_keys_of_a_re_encryption_were_used() {
    let cloud = TestCloud::new(901);
    let root = cloud.root(ACCOUNT);
    let client = Client::new(&cloud, &root);
    let (one, other) = (client.new_key().await, client.new_key().await);
    let blob = client.encrypt(&one, "text", json!({})).await;
    client.ok("ReEncrypt", json!({"CiphertextBlob": blob, "DestinationKeyId": other})).await;
    for key in [&one, &other] {
        let used = client.ok("GetKeyLastUsage", json!({"KeyId": key})).await;
        assert_eq!(used["KeyLastUsage"]["Operation"], "ReEncrypt");
    }
}

#[tokio::test]
async fn a_key_of_another_account_or_an_alias_is_not_told_of() {
    let cloud = TestCloud::new(902);
    let (root, other) = (cloud.root(ACCOUNT), cloud.root("444455556666"));
    let client = Client::new(&cloud, &root);
    let key = client.new_key().await;
    client.ok("CreateAlias", json!({"AliasName": "alias/a", "TargetKeyId": key})).await;
    client.refused("GetKeyLastUsage", json!({"KeyId": "alias/a"}), "InvalidArnException").await;
    let input = json!({"KeyId": client.arn(&key)});
    Client::new(&cloud, &other).refused("GetKeyLastUsage", input, "AccessDeniedException").await;
}

#[tokio::test]
async fn a_month_costs_its_hours_and_its_requests() {
    let cloud = TestCloud::new(903);
    let root = cloud.root(ACCOUNT);
    let client = Client::new(&cloud, &root);
    let key = client.new_key().await;
    for _ in 0..7 {
        client.encrypt(&key, "text", json!({})).await;
    }
    cloud.advance(HOUR * 12).await;
    let late = client.new_key().await;
    cloud.advance(HOUR * 24 * 20).await;
    client.ok("ScheduleKeyDeletion", json!({"KeyId": late, "PendingWindowInDays": 7})).await;
    cloud.advance(HOUR * 24 * 20).await;
    client.refused("DescribeKey", json!({"KeyId": late}), "NotFoundException").await;
    client.encrypt(&key, "text", json!({})).await;

    let january = costs(&cloud, "2026-01").await;
    let requests = |count: u64, cost: &str| vec![("KMS-Requests".to_owned(), count, cost.to_owned())];
    let whole = (744, "1.000000000".to_owned(), requests(7, "0.000021000"));
    assert_eq!(of_key(&january, &client.arn(&key)), whole);
    // 20 of 31 days, though it is deleted by now; and the call that scheduled its deletion.
    let part = (480, "0.645161290".to_owned(), requests(1, "0.000003000"));
    assert_eq!(of_key(&january, &client.arn(&late)), part);
    let made = january.iter().find(|cost| cost.resource.is_empty()).unwrap();
    assert_eq!((made.hours, made.requests[0].count), (0, 2));

    let february = costs(&cloud, "2026-02").await;
    // The present month, as far as it has passed: from the 1st to the 10th at noon.
    let (hours, cost, used) = of_key(&february, &client.arn(&key));
    assert_eq!((hours, cost.as_str(), used[0].1), (228, "0.339285714", 1));
    assert!(february.iter().all(|cost| cost.resource != client.arn(&late)));
}

#[tokio::test]
async fn a_deletion_that_is_cancelled_never_was_and_managed_keys_cost_their_requests() {
    let cloud = TestCloud::new(904);
    let root = cloud.root(ACCOUNT);
    let client = Client::new(&cloud, &root);
    let key = client.new_key().await;
    client.ok("ScheduleKeyDeletion", json!({"KeyId": key, "PendingWindowInDays": 7})).await;
    // It is made when it is first asked for.
    client.ok("DescribeKey", json!({"KeyId": "alias/aws/ssm"})).await;
    cloud.advance(HOUR * 100).await;
    assert_eq!(of_key(&costs(&cloud, "2026-01").await, &client.arn(&key)).0, 0);
    client.ok("CancelKeyDeletion", json!({"KeyId": key})).await;
    let costs = costs(&cloud, "2026-01").await;
    assert_eq!(of_key(&costs, &client.arn(&key)).0, 100);
    let managed: Json = client.ok("DescribeKey", json!({"KeyId": "alias/aws/ssm"})).await;
    let (hours, cost, requests) = of_key(&costs, managed["KeyMetadata"]["Arn"].as_str().unwrap());
    assert_eq!((hours, cost.as_str(), requests.len()), (0, "0.000000000", 1));
}
