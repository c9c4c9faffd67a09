//! Secrets that are encapsulated for an ML-KEM key.

use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client, base64, bytes};

fn encapsulate(key_id: &str) -> Json {
    json!({"KeyId": key_id, "EncapsulationAlgorithm": "ML_KEM"})
}

fn decapsulate(key_id: &str, blob: &Json) -> Json {
    json!({"KeyId": key_id, "EncapsulationAlgorithm": "ML_KEM", "SharedSecretCiphertextBlob": blob})
}

#[tokio::test]
async fn what_is_encapsulated_is_decapsulated_for_each_spec() {
    let cloud = TestCloud::new(440);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let table: Json = serde_json::from_str(include_str!("data/algorithms.json")).unwrap();
    let mut specs = 0;
    for (spec, facts) in table["specs"].as_object().unwrap() {
        let Some(usage) = facts["usages"].get("ENCAPSULATE_DECAPSULATE") else { continue };
        specs += 1;
        let facts = &usage["algorithms"]["ML_KEM"];
        let key_id = kms.new_key_of(spec, "ENCAPSULATE_DECAPSULATE").await;
        let made = kms.ok("Encapsulate", encapsulate(&key_id)).await;
        let blob = &made["SharedSecretCiphertextBlob"];
        assert_eq!(Some(bytes(blob).len() as u64), facts["ciphertext_length"].as_u64());
        assert_eq!(Some(bytes(&made["SharedSecret"]).len() as u64), facts["secret_length"].as_u64());
        assert_eq!(
            (&made["KeyId"], &made["EncapsulationAlgorithm"]),
            (&json!(kms.arn(&key_id)), &json!("ML_KEM"))
        );
        let node = cloud.another_node();
        let found = Client::new(&node, &root).ok("Decapsulate", decapsulate(&key_id, blob)).await;
        assert_eq!(found["SharedSecret"], made["SharedSecret"]);
        assert_eq!(found["KeyId"], json!(kms.arn(&key_id)));
        assert_ne!(kms.ok("Encapsulate", encapsulate(&key_id)).await["SharedSecret"], made["SharedSecret"]);
    }
    assert_eq!(specs, 3);
}

#[tokio::test]
async fn a_ciphertext_of_another_key_gives_another_secret_and_one_of_another_length_none() {
    let cloud = TestCloud::new(441);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_key_of("ML_KEM_768", "ENCAPSULATE_DECAPSULATE").await;
    let other = kms.new_key_of("ML_KEM_768", "ENCAPSULATE_DECAPSULATE").await;
    let made = kms.ok("Encapsulate", encapsulate(&key_id)).await;
    let blob = &made["SharedSecretCiphertextBlob"];
    let rejected = kms.ok("Decapsulate", decapsulate(&other, blob)).await;
    assert_eq!(bytes(&rejected["SharedSecret"]).len(), 32);
    assert_ne!(rejected["SharedSecret"], made["SharedSecret"]);
    assert_eq!(
        kms.ok("Decapsulate", decapsulate(&other, blob)).await["SharedSecret"],
        rejected["SharedSecret"]
    );
    for length in [1, 768, 1087, 1089] {
        let blob = json!(base64(vec![1; length]));
        assert_eq!(
            kms.refused("Decapsulate", decapsulate(&key_id, &blob), "InvalidCiphertextException").await,
            ""
        );
    }
}

#[tokio::test]
async fn keys_of_other_usages_and_states_are_refused() {
    let cloud = TestCloud::new(442);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let nobody = cloud.user(ACCOUNT, "nobody").await;
    let key_id = kms.new_key_of("ML_KEM_512", "ENCAPSULATE_DECAPSULATE").await;
    let symmetric = kms.new_key().await;
    let blob = kms.ok("Encapsulate", encapsulate(&key_id)).await["SharedSecretCiphertextBlob"].clone();
    let input = |operation: &str, key_id: &str| match operation {
        "Encapsulate" => encapsulate(key_id),
        _ => decapsulate(key_id, &blob),
    };
    for operation in ["Encapsulate", "Decapsulate"] {
        let message = kms.refused(operation, input(operation, &symmetric), "InvalidKeyUsageException").await;
        let arn = kms.arn(&symmetric);
        assert_eq!(
            message,
            format!("{arn} key usage is ENCRYPT_DECRYPT which is not valid for {operation}.")
        );
        let mut rehearsal = input(operation, &key_id);
        rehearsal["DryRun"] = json!(true);
        kms.refused(operation, rehearsal, "DryRunOperationException").await;
        let user = Client::new(&cloud, &nobody);
        user.refused(operation, input(operation, &key_id), "AccessDeniedException").await;
        let grant = json!({"KeyId": key_id, "GranteePrincipal": nobody.arn(), "Operations": [operation]});
        kms.ok("CreateGrant", grant).await;
        user.ok(operation, input(operation, &key_id)).await;
        kms.ok("DisableKey", json!({"KeyId": key_id})).await;
        kms.refused(operation, input(operation, &key_id), "DisabledException").await;
        kms.ok("EnableKey", json!({"KeyId": key_id})).await;
    }
}
