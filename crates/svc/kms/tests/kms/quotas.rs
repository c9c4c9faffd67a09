//! Quotas: of resources at their edge, and request rates.

use std::time::Duration;

use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client, OTHER_ACCOUNT, base64};

const LIMIT: &str = "LimitExceededException";
const THROTTLED: &str = "ThrottlingException";
const THROTTLING: &str =
    "You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.";

fn tags(count: usize) -> Json {
    (0..count).map(|n| json!({"TagKey": n.to_string(), "TagValue": ""})).collect()
}

/// A policy of exactly so many bytes.
fn policy(bytes: usize) -> String {
    let allowed = json!({"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:*", "Resource": "*"});
    let text = json!({"Version": "2012-10-17", "Statement": [allowed]}).to_string();
    format!("{text}{}", " ".repeat(bytes - text.len()))
}

#[tokio::test]
async fn an_account_has_no_more_keys_in_a_region_than_its_quota() {
    let cloud = TestCloud::builder(500).quota("kms.keys", "3").build();
    let (root, other) = (cloud.root(ACCOUNT), cloud.root(OTHER_ACCOUNT));
    let elsewhere = cloud.root(ACCOUNT).at("ap-south-1");
    let kms = Client::new(&cloud, &root);
    // AWS managed keys do not count, and disabled ones do.
    kms.ok("DescribeKey", json!({"KeyId": "alias/aws/ssm"})).await;
    let first = kms.new_key().await;
    kms.ok("DisableKey", json!({"KeyId": first})).await;
    kms.new_key().await;
    kms.new_key().await;
    let message = kms.refused("CreateKey", json!({}), LIMIT).await;
    assert_eq!(message, "Key quota for this account in this region is 3, current usage is 3.");
    for caller in [&other, &elsewhere] {
        Client::new(&cloud, caller).new_key().await;
    }
    // A key that waits for its deletion counts until it is gone.
    kms.ok("ScheduleKeyDeletion", json!({"KeyId": first, "PendingWindowInDays": 7})).await;
    kms.refused("CreateKey", json!({}), LIMIT).await;
    cloud.advance(Duration::from_secs(8 * 24 * 3600)).await;
    kms.new_key().await;
    kms.refused("CreateKey", json!({}), LIMIT).await;
}

#[tokio::test]
async fn what_failed_takes_no_room() {
    let cloud = TestCloud::builder(501).quota("kms.keys", "1").build();
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    for _ in 0..3 {
        kms.refused("CreateKey", json!({"Policy": "{}"}), "MalformedPolicyDocumentException").await;
    }
    kms.new_key().await;
    kms.refused("CreateKey", json!({}), LIMIT).await;
}

#[tokio::test]
async fn keys_that_another_node_made_count() {
    let cloud = TestCloud::builder(502).quota("kms.keys", "4").build();
    let other = cloud.another_node();
    let root = cloud.root(ACCOUNT);
    let (here, there) = (Client::new(&cloud, &root), Client::new(&other, &root));
    for _ in 0..2 {
        here.new_key().await;
        there.new_key().await;
    }
    here.refused("CreateKey", json!({}), LIMIT).await;
    there.refused("CreateKey", json!({}), LIMIT).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn keys_made_at_once_do_not_go_beyond_the_quota_together() {
    let cloud = std::sync::Arc::new(TestCloud::builder(503).quota("kms.keys", "5").build());
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let cloud = cloud.clone();
        tasks.spawn(async move {
            let root = cloud.root(ACCOUNT);
            Client::new(&cloud, &root).call("CreateKey", json!({})).await
        });
    }
    let made = tasks.join_all().await;
    assert!(made.iter().all(|made| made.as_ref().err().is_none_or(|refusal| refusal.code == LIMIT)));
    assert_eq!(made.iter().filter(|made| made.is_ok()).count(), 5);
}

#[tokio::test]
async fn no_quota_is_no_limit() {
    let cloud = TestCloud::builder(504)
        .quota("kms.keys", "unlimited")
        .quota("kms.aliases-per-key", "unlimited")
        .quota("kms.tags-per-key", "unlimited")
        .quota("kms.policy-bytes", "unlimited")
        .build();
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_key().await;
    for n in 0..51 {
        kms.ok("CreateAlias", json!({"AliasName": format!("alias/{n}"), "TargetKeyId": key_id})).await;
    }
    kms.ok("TagResource", json!({"KeyId": key_id, "Tags": tags(51)})).await;
    kms.ok("PutKeyPolicy", json!({"KeyId": key_id, "Policy": policy(32 * 1024 + 1)})).await;
}

#[tokio::test]
async fn a_key_has_no_more_aliases_than_the_quota() {
    let cloud = TestCloud::new(505);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let (key_id, other) = (kms.new_key().await, kms.new_key().await);
    let alias =
        |name: &str, key_id: &str| json!({"AliasName": format!("alias/{name}"), "TargetKeyId": key_id});
    for n in 0..50 {
        kms.ok("CreateAlias", alias(&n.to_string(), &key_id)).await;
    }
    let message = kms.refused("CreateAlias", alias("more", &key_id), LIMIT).await;
    assert_eq!(message, "Aliases per key quota for this account in this region is 50, current usage is 50.");
    kms.ok("CreateAlias", alias("more", &other)).await;
    kms.refused("UpdateAlias", alias("more", &key_id), LIMIT).await;
    // One that stays at its key needs no more room.
    kms.ok("UpdateAlias", alias("0", &key_id)).await;
    kms.ok("DeleteAlias", json!({"AliasName": "alias/1"})).await;
    kms.ok("UpdateAlias", alias("more", &key_id)).await;
    kms.refused("CreateAlias", alias("1", &key_id), LIMIT).await;
}

#[tokio::test]
async fn tags_and_policies_end_at_their_quotas() {
    for (cloud, tags_max, bytes_max) in [
        (TestCloud::new(506), 50, 32 * 1024),
        (
            TestCloud::builder(507).quota("kms.tags-per-key", "2").quota("kms.policy-bytes", "500").build(),
            2,
            500,
        ),
    ] {
        let root = cloud.root(ACCOUNT);
        let kms = Client::new(&cloud, &root);
        let key_id = kms.new_key().await;
        kms.refused("TagResource", json!({"KeyId": key_id, "Tags": tags(tags_max + 1)}), "TagException")
            .await;
        kms.ok("TagResource", json!({"KeyId": key_id, "Tags": tags(tags_max)})).await;
        let policy = |bytes| json!({"KeyId": key_id, "Policy": policy(bytes)});
        kms.refused("PutKeyPolicy", policy(bytes_max + 1), LIMIT).await;
        kms.ok("PutKeyPolicy", policy(bytes_max)).await;
    }
}

#[tokio::test]
async fn a_request_rate_throttles_after_a_burst_and_refills_with_the_clock() {
    let cloud = TestCloud::builder(508).request_rates().build();
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    for _ in 0..5 {
        kms.new_key().await;
    }
    assert_eq!(kms.refused("CreateKey", json!({}), THROTTLED).await, THROTTLING);
    let event = cloud.last_event();
    assert_eq!((event.event_name.as_str(), event.error_code.as_deref()), ("CreateKey", Some(THROTTLED)));
    // Each rate is its own, and so is each account's and region's.
    kms.ok("ListKeys", json!({})).await;
    let (other, elsewhere) = (cloud.root(OTHER_ACCOUNT), cloud.root(ACCOUNT).at("ap-south-1"));
    Client::new(&cloud, &other).new_key().await;
    Client::new(&cloud, &elsewhere).new_key().await;
    cloud.advance(Duration::from_millis(200)).await;
    kms.new_key().await;
    kms.refused("CreateKey", json!({}), THROTTLED).await;
}

#[tokio::test]
async fn cryptographic_operations_share_a_rate_that_the_key_decides() {
    let cloud = TestCloud::builder(509).quota("kms.rate.cryptographic-operations-symmetric", "4").build();
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_key().await;
    let blob = kms.encrypt(&key_id, "text", json!({})).await;
    kms.ok("Decrypt", json!({"CiphertextBlob": blob})).await;
    kms.ok("ReEncrypt", json!({"CiphertextBlob": blob, "DestinationKeyId": key_id})).await;
    kms.ok("GenerateRandom", json!({"NumberOfBytes": 1})).await;
    let plaintext = json!({"KeyId": key_id, "Plaintext": base64("text")});
    for (operation, input) in [
        ("Encrypt", plaintext),
        ("GenerateDataKey", json!({"KeyId": key_id, "KeySpec": "AES_256"})),
        ("GenerateRandom", json!({"NumberOfBytes": 1})),
    ] {
        assert_eq!(kms.refused(operation, input, THROTTLED).await, THROTTLING);
    }
    // Rates that nobody set do not hold.
    for _ in 0..10 {
        kms.new_key().await;
    }
}

#[tokio::test]
async fn the_account_that_asks_is_throttled_and_not_the_key_s() {
    let cloud = TestCloud::builder(510).quota("kms.rate.cryptographic-operations-symmetric", "1").build();
    let (root, other) = (cloud.root(ACCOUNT), cloud.root(OTHER_ACCOUNT));
    let (kms, guest) = (Client::new(&cloud, &root), Client::new(&cloud, &other));
    let key_id = kms.new_key().await;
    kms.ok("PutKeyPolicy", json!({"KeyId": key_id, "Policy": policy(500)})).await;
    let input = json!({"KeyId": kms.arn(&key_id), "Plaintext": base64("text")});
    guest.ok("Encrypt", input.clone()).await;
    guest.refused("Encrypt", input.clone(), THROTTLED).await;
    kms.ok("Encrypt", input).await;
}

#[test]
fn every_operation_draws_from_a_rate_that_aws_documents() {
    use alcazar_engine::QuotaKind;
    // These draw by the key or by the spec of the pair. AWS documents no rate for the last two.
    const BY_TARGET: [&str; 14] = [
        "Encrypt",
        "Decrypt",
        "ReEncrypt",
        "Sign",
        "Verify",
        "DeriveSharedSecret",
        "GenerateDataKey",
        "GenerateDataKeyWithoutPlaintext",
        "GenerateMac",
        "VerifyMac",
        "GenerateDataKeyPair",
        "GenerateDataKeyPairWithoutPlaintext",
        "Encapsulate",
        "Decapsulate",
    ];
    let service = &alcazar_svc_kms::SERVICE;
    let drawing = |name: &str| {
        let draws = |kind: &QuotaKind| matches!(kind, QuotaKind::RequestRate { operations, .. } if operations.contains(&name));
        service.quotas.iter().filter(|quota| draws(&quota.kind)).count()
    };
    for entry in service.operations {
        let name = entry.model.name;
        assert_eq!(drawing(name), usize::from(!BY_TARGET.contains(&name)), "{name}");
    }
    let mut names: Vec<_> = service.quotas.iter().map(|quota| quota.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), service.quotas.len());
}
