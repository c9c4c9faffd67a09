//! The rotation of key material.

use std::time::Duration;

use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client, OTHER_ACCOUNT, base64};

const DAY: Duration = Duration::from_secs(86_400);

async fn rotations(kms: &Client<'_>, key_id: &str) -> Vec<Json> {
    kms.ok("ListKeyRotations", json!({"KeyId": key_id})).await["Rotations"].as_array().unwrap().clone()
}

async fn material_id(kms: &Client<'_>, key_id: &str) -> String {
    let told = kms.ok("DescribeKey", json!({"KeyId": key_id})).await;
    told["KeyMetadata"]["CurrentKeyMaterialId"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_key_is_rotated_each_time_its_period_has_passed() {
    let cloud = TestCloud::new(400);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_key().await;
    assert_eq!(
        kms.ok("GetKeyRotationStatus", json!({"KeyId": key_id})).await,
        json!({"KeyId": key_id, "KeyRotationEnabled": false})
    );
    kms.ok("EnableKeyRotation", json!({"KeyId": key_id, "RotationPeriodInDays": 90})).await;
    let status = kms.ok("GetKeyRotationStatus", json!({"KeyId": key_id})).await;
    assert_eq!((&status["KeyRotationEnabled"], &status["RotationPeriodInDays"]), (&json!(true), &json!(90)));
    let blob = kms.encrypt(&key_id, "before", json!({})).await;
    let first = material_id(&kms, &key_id).await;

    assert_eq!(cloud.advance(90 * DAY - Duration::from_secs(1)).await, 0);
    assert_eq!(rotations(&kms, &key_id).await, Vec::<Json>::new());
    assert_eq!(cloud.advance(Duration::from_secs(1)).await, 1);
    let second = material_id(&kms, &key_id).await;
    assert_ne!(first, second);
    let listed = rotations(&kms, &key_id).await;
    assert_eq!(listed.len(), 1);
    assert_eq!((&listed[0]["KeyMaterialId"], &listed[0]["KeyId"]), (&json!(second), &json!(key_id)));
    assert_eq!(
        (&listed[0]["RotationType"], &listed[0]["KeyMaterialState"]),
        (&json!("AUTOMATIC"), &json!("CURRENT"))
    );
    let opened = kms.ok("Decrypt", json!({"CiphertextBlob": blob})).await;
    assert_eq!((&opened["Plaintext"], &opened["KeyMaterialId"]), (&json!(base64("before")), &json!(first)));
    let newer = kms.encrypt(&key_id, "after", json!({})).await;
    assert_eq!(kms.ok("Decrypt", json!({"CiphertextBlob": newer})).await["KeyMaterialId"], json!(second));

    cloud.advance(275 * DAY).await;
    assert_eq!(rotations(&kms, &key_id).await.len(), 4);
    assert_eq!(
        kms.ok("Decrypt", json!({"CiphertextBlob": blob})).await["Plaintext"],
        json!(base64("before"))
    );
    let events: Vec<_> = cloud.events().into_iter().filter(|event| event.event_name == "RotateKey").collect();
    assert_eq!(events.len(), 4);
    let details: Json = serde_json::from_str(events[0].service_event_details.as_ref().unwrap()).unwrap();
    assert_eq!(
        (&details["rotationType"], &details["currentKeyMaterialId"]),
        (&json!("AUTOMATIC"), &json!(second))
    );
    assert_eq!(
        (events[0].service_event, events[0].resources[0].arn.as_str()),
        (true, kms.arn(&key_id).as_str())
    );
}

#[tokio::test]
async fn a_rotation_that_is_turned_off_does_not_happen() {
    let cloud = TestCloud::new(401);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_key().await;
    kms.ok("EnableKeyRotation", json!({"KeyId": key_id})).await;
    cloud.advance(364 * DAY).await;
    kms.ok("EnableKeyRotation", json!({"KeyId": key_id})).await;
    kms.ok("DisableKeyRotation", json!({"KeyId": key_id})).await;
    kms.ok("DisableKeyRotation", json!({"KeyId": key_id})).await;
    assert_eq!(cloud.advance(400 * DAY).await, 0);
    assert_eq!(rotations(&kms, &key_id).await.len(), 0);
    kms.ok("EnableKeyRotation", json!({"KeyId": key_id, "RotationPeriodInDays": 2560})).await;
    kms.ok("EnableKeyRotation", json!({"KeyId": key_id, "RotationPeriodInDays": 100})).await;
    assert_eq!(cloud.advance(100 * DAY).await, 1);
    for days in [89, 2561] {
        let input = json!({"KeyId": key_id, "RotationPeriodInDays": days});
        kms.refused("EnableKeyRotation", input, "ValidationException").await;
    }
}

#[tokio::test]
async fn a_disabled_key_is_rotated_when_it_is_enabled_and_once() {
    let cloud = TestCloud::new(402);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_key().await;
    kms.ok("EnableKeyRotation", json!({"KeyId": key_id, "RotationPeriodInDays": 90})).await;
    kms.ok("DisableKey", json!({"KeyId": key_id})).await;
    cloud.advance(300 * DAY).await;
    assert_eq!(rotations(&kms, &key_id).await.len(), 0);
    kms.ok("EnableKey", json!({"KeyId": key_id})).await;
    assert_eq!(rotations(&kms, &key_id).await.len(), 1);
    assert_eq!(cloud.advance(90 * DAY).await, 1);
    assert_eq!(rotations(&kms, &key_id).await.len(), 2);

    kms.ok("ScheduleKeyDeletion", json!({"KeyId": key_id})).await;
    let status = kms.ok("GetKeyRotationStatus", json!({"KeyId": key_id})).await;
    assert_eq!(status["KeyRotationEnabled"], json!(false));
    kms.ok("CancelKeyDeletion", json!({"KeyId": key_id})).await;
    let status = kms.ok("GetKeyRotationStatus", json!({"KeyId": key_id})).await;
    assert_eq!(status["KeyRotationEnabled"], json!(true));
}

#[tokio::test]
async fn a_key_is_rotated_on_demand_25_times_in_its_life() {
    let cloud = TestCloud::new(403);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_key().await;
    let blob = kms.encrypt(&key_id, "x", json!({})).await;
    for _ in 0..25 {
        let told = kms.ok("RotateKeyOnDemand", json!({"KeyId": key_id})).await;
        assert_eq!(told, json!({"KeyId": key_id}));
    }
    let said = kms.refused("RotateKeyOnDemand", json!({"KeyId": key_id}), "LimitExceededException").await;
    assert!(said.ends_with(&kms.arn(&key_id)), "{said}");
    let all = json!({"KeyId": key_id, "IncludeKeyMaterial": "ALL_KEY_MATERIAL", "Limit": 10});
    let mut listed = Vec::new();
    let mut input = all.clone();
    loop {
        let page = kms.ok("ListKeyRotations", input.clone()).await;
        listed.extend(page["Rotations"].as_array().unwrap().clone());
        match page.get("NextMarker") {
            Some(marker) => input["Marker"] = marker.clone(),
            None => break,
        }
    }
    assert_eq!(listed.len(), 26);
    assert!(listed[0].get("RotationDate").is_none());
    assert!(listed[1..].iter().all(|entry| entry["RotationType"] == json!("ON_DEMAND")));
    let current: Vec<_> =
        listed.iter().filter(|entry| entry["KeyMaterialState"] == json!("CURRENT")).collect();
    assert_eq!((current.len(), &current[0]["KeyMaterialId"]), (1, &listed[25]["KeyMaterialId"]));
    assert_eq!(kms.ok("Decrypt", json!({"CiphertextBlob": blob})).await["Plaintext"], json!(base64("x")));
}

#[tokio::test]
async fn a_rotation_on_demand_keeps_away_from_one_by_schedule() {
    let cloud = TestCloud::new(404);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_key().await;
    kms.ok("EnableKeyRotation", json!({"KeyId": key_id})).await;
    let next = kms.ok("GetKeyRotationStatus", json!({"KeyId": key_id})).await["NextRotationDate"].clone();
    kms.ok("RotateKeyOnDemand", json!({"KeyId": key_id})).await;
    let after = kms.ok("GetKeyRotationStatus", json!({"KeyId": key_id})).await["NextRotationDate"].clone();
    assert_eq!(next, after);
    cloud.advance(365 * DAY - Duration::from_mins(19)).await;
    kms.refused("RotateKeyOnDemand", json!({"KeyId": key_id}), "ConflictException").await;
}

#[tokio::test]
async fn keys_of_other_kinds_are_not_rotated() {
    let cloud = TestCloud::new(405);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    for input in [
        json!({"KeySpec": "ECC_NIST_P256", "KeyUsage": "SIGN_VERIFY"}),
        json!({"KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC"}),
    ] {
        let made = kms.ok("CreateKey", input).await["KeyMetadata"].clone();
        let named = json!({"KeyId": made["KeyId"]});
        for operation in ["EnableKeyRotation", "DisableKeyRotation", "RotateKeyOnDemand", "ListKeyRotations"]
        {
            kms.refused(operation, named.clone(), "UnsupportedOperationException").await;
        }
        let status = kms.ok("GetKeyRotationStatus", named).await;
        assert_eq!(status["KeyRotationEnabled"], json!(false));
    }
    let external = kms.ok("CreateKey", json!({"Origin": "EXTERNAL"})).await["KeyMetadata"].clone();
    let named = json!({"KeyId": external["KeyId"]});
    let said = kms.refused("EnableKeyRotation", named.clone(), "UnsupportedOperationException").await;
    assert!(said.ends_with("origin is EXTERNAL which is not valid for this operation."), "{said}");
    kms.refused("RotateKeyOnDemand", named, "KMSInvalidStateException").await;
}

#[tokio::test]
async fn managed_keys_are_rotated_every_year_and_by_nobody_else() {
    let cloud = TestCloud::new(406);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let told = kms.ok("DescribeKey", json!({"KeyId": "alias/aws/ssm"})).await;
    let key_id = told["KeyMetadata"]["KeyId"].as_str().unwrap().to_owned();
    let status = kms.ok("GetKeyRotationStatus", json!({"KeyId": key_id})).await;
    assert_eq!((&status["KeyRotationEnabled"], &status["RotationPeriodInDays"]), (&json!(true), &json!(365)));
    kms.refused("DisableKeyRotation", json!({"KeyId": key_id}), "AccessDeniedException").await;
    cloud.advance(366 * DAY).await;
    assert_eq!(rotations(&kms, &key_id).await.len(), 1);
}

#[tokio::test]
async fn another_account_reads_the_status_where_the_key_policy_lets_it() {
    let cloud = TestCloud::new(407);
    let (root, other) = (cloud.root(ACCOUNT), cloud.root(OTHER_ACCOUNT));
    let (kms, stranger) = (Client::new(&cloud, &root), Client::new(&cloud, &other));
    let policy = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": [ACCOUNT, OTHER_ACCOUNT]}, "Action": "kms:*", "Resource": "*"},
    ]});
    let arn = kms.arn(&kms.new_key_with_policy(&policy).await);
    stranger.ok("GetKeyRotationStatus", json!({"KeyId": arn})).await;
    for operation in ["EnableKeyRotation", "DisableKeyRotation", "RotateKeyOnDemand", "ListKeyRotations"] {
        stranger.refused(operation, json!({"KeyId": arn}), "AccessDeniedException").await;
    }
}
