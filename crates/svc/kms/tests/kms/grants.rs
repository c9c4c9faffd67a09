//! Grants decide: which calls of whom, under which constraints.

use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client, OTHER_ACCOUNT, base64};

/// What a key is for, and with which spec.
fn kind(usage: &str) -> Json {
    let spec = match usage {
        "SIGN_VERIFY" | "KEY_AGREEMENT" => "ECC_NIST_P256",
        "GENERATE_VERIFY_MAC" => "HMAC_256",
        "ENCAPSULATE_DECAPSULATE" => "ML_KEM_768",
        _ => "SYMMETRIC_DEFAULT",
    };
    json!({"KeyUsage": usage, "KeySpec": spec})
}

/// For each operation that a grant can permit: the usage of its key, the operations that it needs, and what it takes.
fn grantable(blob: &str) -> Vec<(&'static str, &'static str, Vec<&'static str>, Json)> {
    let text = base64("message");
    let sign = json!({"Message": text, "SigningAlgorithm": "ECDSA_SHA_256"});
    let verify = json!({"Message": text, "SigningAlgorithm": "ECDSA_SHA_256", "Signature": text});
    let mac = json!({"Message": text, "MacAlgorithm": "HMAC_SHA_256"});
    let verify_mac = json!({"Message": text, "MacAlgorithm": "HMAC_SHA_256", "Mac": text});
    let agree = json!({"KeyAgreementAlgorithm": "ECDH", "PublicKey": text});
    let encapsulate = json!({"EncapsulationAlgorithm": "ML_KEM"});
    let decapsulate = json!({"EncapsulationAlgorithm": "ML_KEM", "SharedSecretCiphertextBlob": text});
    let size = json!({"NumberOfBytes": 32});
    let pair = json!({"KeyPairSpec": "ECC_NIST_P256"});
    let symmetric = "ENCRYPT_DECRYPT";
    vec![
        ("Encrypt", symmetric, vec!["Encrypt"], json!({"Plaintext": text})),
        ("Decrypt", symmetric, vec!["Decrypt"], json!({"CiphertextBlob": blob})),
        ("ReEncrypt", symmetric, vec!["ReEncryptFrom", "ReEncryptTo"], json!({"CiphertextBlob": blob})),
        ("GenerateDataKey", symmetric, vec!["GenerateDataKey"], size.clone()),
        ("GenerateDataKeyWithoutPlaintext", symmetric, vec!["GenerateDataKeyWithoutPlaintext"], size),
        ("GenerateDataKeyPair", symmetric, vec!["GenerateDataKeyPair"], pair.clone()),
        ("GenerateDataKeyPairWithoutPlaintext", symmetric, vec!["GenerateDataKeyPairWithoutPlaintext"], pair),
        ("DescribeKey", symmetric, vec!["DescribeKey"], json!({})),
        ("Sign", "SIGN_VERIFY", vec!["Sign"], sign),
        ("Verify", "SIGN_VERIFY", vec!["Verify"], verify),
        ("GetPublicKey", "SIGN_VERIFY", vec!["GetPublicKey"], json!({})),
        ("GenerateMac", "GENERATE_VERIFY_MAC", vec!["GenerateMac"], mac),
        ("VerifyMac", "GENERATE_VERIFY_MAC", vec!["VerifyMac"], verify_mac),
        ("DeriveSharedSecret", "KEY_AGREEMENT", vec!["DeriveSharedSecret"], agree),
        ("Encapsulate", "ENCAPSULATE_DECAPSULATE", vec!["Encapsulate"], encapsulate),
        ("Decapsulate", "ENCAPSULATE_DECAPSULATE", vec!["Decapsulate"], decapsulate),
    ]
}

/// The code that a call is refused with.
async fn code(kms: &Client<'_>, operation: &str, input: &Json) -> Option<String> {
    kms.call(operation, input.clone()).await.err().map(|error| error.code)
}

fn with(input: &Json, member: &str, value: &Json) -> Json {
    let mut input = input.clone();
    input[member] = value.clone();
    input
}

/// Grants `operations` to a principal, and gives back the grant's id and token.
async fn grant(kms: &Client<'_>, key_id: &str, grantee: &str, operations: &[&str]) -> (String, String) {
    let input = json!({"KeyId": key_id, "GranteePrincipal": grantee, "Operations": operations});
    let made = kms.ok("CreateGrant", input).await;
    let text = |member: &str| made[member].as_str().unwrap().to_owned();
    (text("GrantId"), text("GrantToken"))
}

#[tokio::test]
async fn each_operation_is_permitted_by_its_own_grant_and_no_other() {
    let cloud = TestCloud::new(200);
    let (root, user) = (cloud.root(ACCOUNT), cloud.user(OTHER_ACCOUNT, "bob").await);
    let (kms, users) = (Client::new(&cloud, &root), Client::new(&cloud, &user));
    let all: Vec<(&str, &str)> = grantable("")
        .iter()
        .flat_map(|(_, usage, needed, _)| needed.iter().map(|needed| (*needed, *usage)).collect::<Vec<_>>())
        .collect();
    for usage in
        ["ENCRYPT_DECRYPT", "SIGN_VERIFY", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT", "ENCAPSULATE_DECAPSULATE"]
    {
        let key = kms.ok("CreateKey", kind(usage)).await["KeyMetadata"]["Arn"].as_str().unwrap().to_owned();
        let blob =
            if usage == "ENCRYPT_DECRYPT" { kms.encrypt(&key, "x", json!({})).await } else { String::new() };
        for (operation, _, needed, input) in
            grantable(&blob).into_iter().filter(|(_, other, ..)| *other == usage)
        {
            let named = if operation == "ReEncrypt" { "DestinationKeyId" } else { "KeyId" };
            let input = with(&input, named, &json!(key));
            let denied = code(&users, operation, &input).await;
            assert_eq!(denied.as_deref(), Some("AccessDeniedException"), "{operation} without a grant");
            let others: Vec<&str> = all
                .iter()
                .filter(|(other, of)| *of == usage && !needed.contains(other))
                .map(|(other, _)| *other)
                .chain(["CreateGrant", "RetireGrant"])
                .collect();
            let (other, _) = grant(&kms, &key, user.arn(), &others).await;
            let denied = code(&users, operation, &input).await;
            assert_eq!(denied.as_deref(), Some("AccessDeniedException"), "{operation} by {others:?}");
            let (own, token) = grant(&kms, &key, user.arn(), &needed).await;
            for input in [input.clone(), with(&input, "GrantTokens", &json!([token]))] {
                let refused = code(&users, operation, &input).await;
                assert_ne!(refused.as_deref(), Some("AccessDeniedException"), "{operation} by {needed:?}");
            }
            for bad in ["token", "", &token[4..], &base64("x".repeat(200))] {
                let refused = code(&kms, operation, &with(&input, "GrantTokens", &json!([bad]))).await;
                let expected =
                    if bad.is_empty() { "ValidationException" } else { "InvalidGrantTokenException" };
                assert_eq!(refused.as_deref(), Some(expected), "{operation} {bad}");
            }
            for grant_id in [other, own] {
                kms.ok("RevokeGrant", json!({"KeyId": key, "GrantId": grant_id})).await;
            }
            let denied = code(&users, operation, &input).await;
            assert_eq!(denied.as_deref(), Some("AccessDeniedException"), "{operation} after its grant");
        }
    }
}

#[test]
fn the_table_has_every_operation_that_a_grant_can_permit() {
    let table: Json = serde_json::from_str(include_str!("data/operations.json")).unwrap();
    let listed = grantable("");
    for (operation, facts) in table["operations"].as_object().unwrap() {
        let needed: Vec<&str> =
            facts["grantable"].as_array().unwrap().iter().map(|needed| needed.as_str().unwrap()).collect();
        if needed.is_empty() || ["CreateGrant", "RetireGrant"].contains(&operation.as_str()) {
            continue;
        }
        let found = listed.iter().find(|(listed, ..)| listed == operation);
        assert_eq!(found.map(|(_, _, needed, _)| needed.clone()), Some(needed), "{operation}");
    }
}

#[tokio::test]
async fn an_explicit_deny_wins_over_a_grant() {
    let cloud = TestCloud::new(201);
    let (root, user) = (cloud.root(ACCOUNT), cloud.user(ACCOUNT, "alice").await);
    let (kms, users) = (Client::new(&cloud, &root), Client::new(&cloud, &user));
    let key_id = kms.new_key().await;
    let describe = json!({"KeyId": key_id});
    grant(&kms, &key_id, user.arn(), &["DescribeKey"]).await;
    users.ok("DescribeKey", describe.clone()).await;
    let policy = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": root.arn()}, "Action": "kms:*", "Resource": "*"},
        {"Effect": "Deny", "Principal": {"AWS": user.arn()}, "Action": "kms:DescribeKey", "Resource": "*"},
    ]});
    kms.ok("PutKeyPolicy", json!({"KeyId": key_id, "Policy": policy.to_string()})).await;
    let message = users.refused("DescribeKey", describe, "AccessDeniedException").await;
    assert!(message.ends_with("with an explicit deny in a resource-based policy"), "{message}");
}

#[tokio::test]
async fn a_grant_is_to_its_grantee_alone() {
    let cloud = TestCloud::new(202);
    let (root, alice) = (cloud.root(ACCOUNT), cloud.user(ACCOUNT, "alice").await);
    let (bob, other_root) = (cloud.user(OTHER_ACCOUNT, "bob").await, cloud.root(OTHER_ACCOUNT));
    let kms = Client::new(&cloud, &root);
    let carol = cloud.user(OTHER_ACCOUNT, "carol").await;
    // A grant to an account is to its root user, and to those whom its policies let use it; bob has none.
    for (grantee, of_alice, of_bob, of_other_root) in [
        (alice.arn(), true, false, false),
        (bob.arn(), false, true, false),
        (other_root.arn(), false, false, true),
        (OTHER_ACCOUNT, false, false, true),
        (carol.arn(), false, false, false),
    ] {
        let key = kms.arn(&kms.new_key().await);
        grant(&kms, &key, grantee, &["DescribeKey"]).await;
        for (caller, allowed) in [(&alice, of_alice), (&bob, of_bob), (&other_root, of_other_root)] {
            let answer = Client::new(&cloud, caller).call("DescribeKey", json!({"KeyId": key})).await;
            assert_eq!(answer.is_ok(), allowed, "{grantee} {}", caller.arn());
        }
    }
}

#[tokio::test]
async fn constraints_look_at_the_encryption_context() {
    let cloud = TestCloud::new(203);
    let (root, user) = (cloud.root(ACCOUNT), cloud.user(ACCOUNT, "alice").await);
    let (kms, users) = (Client::new(&cloud, &root), Client::new(&cloud, &user));
    let (a, ab) = (json!({"App": "1"}), json!({"Stage": "x", "App": "1"}));
    let (upper, value) = (json!({"APP": "1"}), json!({"App": "2"}));
    for (constraint, cases) in [
        (
            "EncryptionContextEquals",
            [(&a, true), (&upper, true), (&ab, false), (&value, false), (&json!({}), false)],
        ),
        (
            "EncryptionContextSubset",
            [(&a, true), (&upper, true), (&ab, true), (&value, false), (&json!({}), false)],
        ),
    ] {
        let key_id = kms.new_key().await;
        let input = json!({
            "KeyId": key_id, "GranteePrincipal": user.arn(), "Operations": ["Encrypt", "Decrypt", "DescribeKey"],
            "Constraints": {constraint: a},
        });
        kms.ok("CreateGrant", input).await;
        for (context, allowed) in cases {
            let encrypt = json!({"KeyId": key_id, "Plaintext": base64("x"), "EncryptionContext": context});
            assert_eq!(users.call("Encrypt", encrypt).await.is_ok(), allowed, "{constraint} {context}");
            let blob = kms.encrypt(&key_id, "x", context.clone()).await;
            let decrypt = json!({"CiphertextBlob": blob, "EncryptionContext": context});
            assert_eq!(users.call("Decrypt", decrypt).await.is_ok(), allowed, "{constraint} {context}");
        }
        // Operations without an encryption context are not constrained by it.
        users.ok("DescribeKey", json!({"KeyId": key_id})).await;
    }
}

#[tokio::test]
async fn one_of_many_grants_suffices() {
    let cloud = TestCloud::new(204);
    let (root, user) = (cloud.root(ACCOUNT), cloud.user(ACCOUNT, "alice").await);
    let (kms, users) = (Client::new(&cloud, &root), Client::new(&cloud, &user));
    let key_id = kms.new_key().await;
    for number in 0..40 {
        let pairs = json!({"tenant": "t", "volume": number.to_string()});
        let kind = if number % 2 == 0 { "EncryptionContextEquals" } else { "EncryptionContextSubset" };
        let operations = if number % 3 == 0 { json!(["Encrypt"]) } else { json!(["Encrypt", "Decrypt"]) };
        kms.ok("CreateGrant", json!({
            "KeyId": key_id, "GranteePrincipal": user.arn(), "Operations": operations, "Constraints": {kind: pairs},
        }))
        .await;
    }
    for number in 0..42 {
        let context = json!({"tenant": "t", "volume": number.to_string()});
        let encrypt = json!({"KeyId": key_id, "Plaintext": base64("x"), "EncryptionContext": context});
        assert_eq!(users.call("Encrypt", encrypt).await.is_ok(), number < 40, "{number}");
        let blob = kms.encrypt(&key_id, "x", context.clone()).await;
        let decrypt = json!({"CiphertextBlob": blob, "EncryptionContext": context});
        assert_eq!(users.call("Decrypt", decrypt).await.is_ok(), number < 40 && number % 3 != 0, "{number}");
        let more = json!({"tenant": "t", "volume": number.to_string(), "zone": "a"});
        let encrypt = json!({"KeyId": key_id, "Plaintext": base64("x"), "EncryptionContext": more});
        assert_eq!(users.call("Encrypt", encrypt).await.is_ok(), number < 40 && number % 2 == 1, "{number}");
    }
    // However many pairs a call brings, the answer is a refusal.
    let many: serde_json::Map<_, _> = (0..5000).map(|number| (format!("k{number}"), json!(""))).collect();
    let encrypt = json!({"KeyId": key_id, "Plaintext": base64("x"), "EncryptionContext": many});
    users.call("Encrypt", encrypt).await.unwrap_err();
}

#[tokio::test]
async fn a_grant_ends_with_its_revocation_at_once_on_every_node() {
    let cloud = TestCloud::new(205);
    let (root, user) = (cloud.root(ACCOUNT), cloud.user(ACCOUNT, "alice").await);
    let other = cloud.another_node();
    let (kms, users) = (Client::new(&cloud, &root), Client::new(&other, &user));
    let key_id = kms.new_key().await;
    for _ in 0..5 {
        users.refused("DescribeKey", json!({"KeyId": key_id}), "AccessDeniedException").await;
        let (grant_id, token) = grant(&kms, &key_id, user.arn(), &["DescribeKey"]).await;
        users.ok("DescribeKey", json!({"KeyId": key_id})).await;
        kms.ok("RevokeGrant", json!({"KeyId": key_id, "GrantId": grant_id})).await;
        // The token of a grant that is gone brings nothing.
        let describe = json!({"KeyId": key_id, "GrantTokens": [token]});
        users.refused("DescribeKey", describe, "AccessDeniedException").await;
    }
}

#[tokio::test]
async fn a_token_is_for_one_region() {
    let cloud = TestCloud::new(206);
    let root = cloud.root(ACCOUNT);
    let elsewhere = root.at("eu-west-1");
    let (kms, there) = (Client::new(&cloud, &root), Client::new(&cloud, &elsewhere));
    let (key_id, key_there) = (kms.new_key().await, there.new_key().await);
    let (_, token) = grant(&kms, &key_id, root.arn(), &["DescribeKey"]).await;
    let describe = json!({"KeyId": key_there, "GrantTokens": [token]});
    there.refused("DescribeKey", describe, "InvalidGrantTokenException").await;
    there.refused("RetireGrant", json!({"GrantToken": token}), "InvalidGrantTokenException").await;
    kms.ok("DescribeKey", json!({"KeyId": key_id, "GrantTokens": [token]})).await;
}

/// Numbers that follow from a seed.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    /// Some of three keys, each with one of two values.
    fn pairs(&mut self) -> serde_json::Map<String, Json> {
        let mut pairs = serde_json::Map::new();
        for key in ["a", "b", "c"] {
            if self.below(2) == 0 {
                pairs.insert(key.to_owned(), json!(self.below(2).to_string()));
            }
        }
        pairs
    }
}

#[tokio::test]
async fn decisions_are_those_of_looking_at_every_grant() {
    let cloud = TestCloud::new(207);
    let (root, user) = (cloud.root(ACCOUNT), cloud.user(OTHER_ACCOUNT, "bob").await);
    let (kms, users) = (Client::new(&cloud, &root), Client::new(&cloud, &user));
    let key = kms.arn(&kms.new_key().await);
    let mut numbers = Numbers(7);
    /// A grant: its id, operations, kind of constraint, and pairs.
    type Made = (String, Vec<&'static str>, &'static str, serde_json::Map<String, Json>);
    let mut grants: Vec<Made> = Vec::new();
    for _ in 0..400 {
        match numbers.below(4) {
            0 => {
                let operations = [&["Encrypt"][..], &["GenerateDataKey"], &["Encrypt", "GenerateDataKey"]]
                    [usize::try_from(numbers.below(3)).unwrap()]
                .to_vec();
                let kind = ["EncryptionContextEquals", "EncryptionContextSubset"]
                    [usize::from(numbers.below(3) == 0)];
                let pairs = numbers.pairs();
                let made = kms.ok("CreateGrant", json!({
                    "KeyId": key, "GranteePrincipal": user.arn(), "Operations": operations, "Constraints": {kind: pairs},
                }))
                .await;
                grants.push((made["GrantId"].as_str().unwrap().to_owned(), operations, kind, pairs));
            }
            1 if grants.len() > 3 => {
                let place = usize::try_from(numbers.below(100)).unwrap() % grants.len();
                let (grant_id, ..) = grants.swap_remove(place);
                kms.ok("RevokeGrant", json!({"KeyId": key, "GrantId": grant_id})).await;
            }
            _ => {
                let context = numbers.pairs();
                let (operation, input) = match numbers.below(2) {
                    0 => (
                        "Encrypt",
                        json!({"KeyId": key, "Plaintext": base64("x"), "EncryptionContext": context}),
                    ),
                    _ => (
                        "GenerateDataKey",
                        json!({"KeyId": key, "KeySpec": "AES_256", "EncryptionContext": context}),
                    ),
                };
                let expected = grants.iter().any(|(_, operations, kind, pairs)| {
                    let held = pairs.iter().all(|(key, value)| context.get(key) == Some(value));
                    let whole = *kind == "EncryptionContextSubset" || pairs.len() == context.len();
                    operations.contains(&operation) && held && whole
                });
                let answer = users.call(operation, input).await;
                assert_eq!(answer.is_ok(), expected, "{operation} {context:?} {grants:?}");
            }
        }
    }
}
