//! Secrets that two keys share.

use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client, base64, bytes};

async fn public_key(kms: &Client<'_>, key_id: &str) -> Json {
    kms.ok("GetPublicKey", json!({"KeyId": key_id})).await["PublicKey"].clone()
}

fn derive(key_id: &str, public_key: &Json) -> Json {
    json!({"KeyId": key_id, "KeyAgreementAlgorithm": "ECDH", "PublicKey": public_key})
}

#[tokio::test]
async fn both_sides_derive_the_same_secret_on_each_curve() {
    let cloud = TestCloud::new(430);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let table: Json = serde_json::from_str(include_str!("data/algorithms.json")).unwrap();
    let mut curves = 0;
    for (spec, facts) in table["specs"].as_object().unwrap() {
        let Some(usage) = facts["usages"].get("KEY_AGREEMENT").filter(|_| spec != "SM2") else { continue };
        curves += 1;
        let alice = kms.new_key_of(spec, "KEY_AGREEMENT").await;
        let bob = kms.new_key_of(spec, "KEY_AGREEMENT").await;
        let one = kms.ok("DeriveSharedSecret", derive(&alice, &public_key(&kms, &bob).await)).await;
        let other = kms.ok("DeriveSharedSecret", derive(&bob, &public_key(&kms, &alice).await)).await;
        assert_eq!(one["SharedSecret"], other["SharedSecret"]);
        let length = usage["algorithms"]["ECDH"]["secret_length"].as_u64().unwrap();
        assert_eq!(bytes(&one["SharedSecret"]).len() as u64, length);
        assert_eq!((&one["KeyId"], &one["KeyOrigin"]), (&json!(kms.arn(&alice)), &json!("AWS_KMS")));
        assert_eq!(one["KeyAgreementAlgorithm"], json!("ECDH"));
    }
    assert_eq!(curves, 3);
}

#[tokio::test]
async fn a_public_key_that_is_none_of_the_curve_is_refused() {
    let cloud = TestCloud::new(431);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_key_of("ECC_NIST_P256", "KEY_AGREEMENT").await;
    let own = public_key(&kms, &key_id).await;
    let other_curve = kms.new_key_of("ECC_NIST_P384", "KEY_AGREEMENT").await;
    let mut off_the_curve = bytes(&own);
    *off_the_curve.last_mut().unwrap() ^= 1;
    let shortened = &bytes(&own)[..90];
    let bad = [
        json!(base64("none")),
        public_key(&kms, &other_curve).await,
        json!(base64(off_the_curve)),
        json!(base64(shortened)),
    ];
    for public_key in &bad {
        let message =
            kms.refused("DeriveSharedSecret", derive(&key_id, public_key), "ValidationException").await;
        assert_eq!(
            message,
            "The public key is not a valid DER-encoded X.509 public key of key spec ECC_NIST_P256."
        );
    }
}

#[tokio::test]
async fn keys_of_other_usages_and_states_are_refused() {
    let cloud = TestCloud::new(432);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_key_of("ECC_NIST_P256", "KEY_AGREEMENT").await;
    let signing = kms.new_key_of("ECC_NIST_P256", "SIGN_VERIFY").await;
    let peer = public_key(&kms, &signing).await;
    let message =
        kms.refused("DeriveSharedSecret", derive(&signing, &peer), "InvalidKeyUsageException").await;
    let arn = kms.arn(&signing);
    assert_eq!(message, format!("{arn} key usage is SIGN_VERIFY which is not valid for DeriveSharedSecret."));
    let mut rehearsal = derive(&key_id, &peer);
    rehearsal["DryRun"] = json!(true);
    kms.refused("DeriveSharedSecret", rehearsal, "DryRunOperationException").await;
    kms.ok("DisableKey", json!({"KeyId": key_id})).await;
    kms.refused("DeriveSharedSecret", derive(&key_id, &peer), "DisabledException").await;
}

#[tokio::test]
async fn policies_see_the_algorithm_and_grants_allow_it() {
    let cloud = TestCloud::new(433);
    let root = cloud.root(ACCOUNT);
    let user = cloud.user(ACCOUNT, "user").await;
    let (kms, user_kms) = (Client::new(&cloud, &root), Client::new(&cloud, &user));
    let statement = |algorithm: &str| {
        json!({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": root.arn()}, "Action": "kms:*", "Resource": "*"},
            {"Effect": "Allow", "Principal": {"AWS": user.arn()}, "Action": "kms:DeriveSharedSecret",
             "Resource": "*", "Condition": {"StringEquals": {"kms:KeyAgreementAlgorithm": algorithm}}},
        ]})
        .to_string()
    };
    let key_id = kms.new_key_of("ECC_NIST_P256", "KEY_AGREEMENT").await;
    let peer = public_key(&kms, &key_id).await;
    let put = |policy: String| json!({"KeyId": key_id, "Policy": policy});
    kms.ok("PutKeyPolicy", put(statement("ECDH"))).await;
    user_kms.ok("DeriveSharedSecret", derive(&key_id, &peer)).await;
    kms.ok("PutKeyPolicy", put(statement("OTHER"))).await;
    user_kms.refused("DeriveSharedSecret", derive(&key_id, &peer), "AccessDeniedException").await;
    let grant =
        json!({"KeyId": key_id, "GranteePrincipal": user.arn(), "Operations": ["DeriveSharedSecret"]});
    kms.ok("CreateGrant", grant).await;
    user_kms.ok("DeriveSharedSecret", derive(&key_id, &peer)).await;
}
