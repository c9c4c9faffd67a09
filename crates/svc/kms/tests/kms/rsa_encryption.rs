//! Encrypting with RSA keys, and what goes with what.

use alcazar_crypto::EncryptionAlgorithm;
use alcazar_crypto::rsa::RsaPublicKey;
use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client, base64, bytes};

const OAEP_256: &str = "RSAES_OAEP_SHA_256";

#[tokio::test]
async fn each_key_encrypts_with_its_own_algorithms_up_to_their_lengths() {
    let cloud = TestCloud::new(400);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let table: Json = serde_json::from_str(include_str!("data/algorithms.json")).unwrap();
    let mut keys = 0;
    for (spec, facts) in table["specs"].as_object().unwrap() {
        let Some(usage) = facts["usages"].get("ENCRYPT_DECRYPT").filter(|_| spec != "SM2") else { continue };
        keys += 1;
        let key_id = kms.new_key_of(spec, "ENCRYPT_DECRYPT").await;
        for algorithm in ["SYMMETRIC_DEFAULT", "RSAES_OAEP_SHA_1", OAEP_256, "SM2PKE"] {
            let input = |length| json!({"KeyId": key_id, "EncryptionAlgorithm": algorithm, "Plaintext": base64(vec![7; length])});
            let Some(facts) = usage["algorithms"].get(algorithm) else {
                let message = kms.refused("Encrypt", input(1), "InvalidKeyUsageException").await;
                assert_eq!(message, format!("Algorithm {algorithm} is incompatible with key spec {spec}."));
                continue;
            };
            let length_max = usize::try_from(facts["plaintext_max"].as_u64().unwrap()).unwrap();
            for length in [1, length_max] {
                let encrypted = kms.ok("Encrypt", input(length)).await;
                assert_eq!(
                    (&encrypted["KeyId"], &encrypted["EncryptionAlgorithm"]),
                    (&json!(kms.arn(&key_id)), &json!(algorithm))
                );
                let blob = &encrypted["CiphertextBlob"];
                if let Some(ciphertext_length) = facts["ciphertext_length"].as_u64() {
                    assert_eq!(bytes(blob).len() as u64, ciphertext_length);
                }
                let decrypt =
                    json!({"KeyId": key_id, "EncryptionAlgorithm": algorithm, "CiphertextBlob": blob});
                let decrypted = kms.ok("Decrypt", decrypt).await;
                assert_eq!(bytes(&decrypted["Plaintext"]), vec![7; length]);
                assert_eq!(decrypted["EncryptionAlgorithm"], json!(algorithm));
                assert_eq!(decrypted.get("KeyMaterialId").is_some(), algorithm == "SYMMETRIC_DEFAULT");
            }
            if spec != "SYMMETRIC_DEFAULT" {
                let message = kms.refused("Encrypt", input(length_max + 1), "ValidationException").await;
                let expected = format!(
                    "Algorithm {algorithm} and key spec {spec} cannot encrypt data larger than {length_max} bytes."
                );
                assert_eq!(message, expected);
            }
        }
    }
    assert_eq!(keys, 4);
}

#[tokio::test]
async fn what_was_encrypted_outside_with_the_public_key_is_decrypted() {
    let cloud = TestCloud::new(401);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_key_of("RSA_2048", "ENCRYPT_DECRYPT").await;
    let public_key = bytes(&kms.ok("GetPublicKey", json!({"KeyId": key_id})).await["PublicKey"]);
    let public_key = RsaPublicKey::from_spki(&public_key).unwrap();
    let blob = base64(public_key.encrypt(EncryptionAlgorithm::RsaesOaepSha256, b"made outside").unwrap());
    let input = json!({"KeyId": key_id, "CiphertextBlob": blob, "EncryptionAlgorithm": OAEP_256});
    assert_eq!(kms.ok("Decrypt", input).await["Plaintext"], json!(base64("made outside")));
}

const NO_CONTEXT: &str =
    "EncryptionContext is not supported when encrypting/decrypting with asymmetric CMKs.";
const NOT_SYMMETRIC: &str = "Algorithm SYMMETRIC_DEFAULT is incompatible with key spec RSA_2048.";
const NOT_RSA: &str = "Algorithm RSAES_OAEP_SHA_256 is incompatible with key spec SYMMETRIC_DEFAULT.";
const NOT_ITS_KEY: &str =
    "The key ID in the request does not identify a CMK that can perform this operation.";

/// Keys of several kinds, and what they encrypted.
struct Things {
    rsa: String,
    signing: String,
    symmetric: String,
    plaintext: String,
    blob: Json,
    of_symmetric: String,
    context: Json,
}

impl Things {
    async fn new(kms: &Client<'_>) -> Self {
        let rsa = kms.new_key_of("RSA_2048", "ENCRYPT_DECRYPT").await;
        let symmetric = kms.new_key().await;
        let plaintext = base64("x");
        let encrypted = json!({"KeyId": rsa, "Plaintext": plaintext, "EncryptionAlgorithm": OAEP_256});
        Self {
            blob: kms.ok("Encrypt", encrypted).await["CiphertextBlob"].clone(),
            signing: kms.new_key_of("RSA_2048", "SIGN_VERIFY").await,
            of_symmetric: kms.encrypt(&symmetric, "x", json!({})).await,
            rsa,
            symmetric,
            plaintext,
            context: json!({"a": "b"}),
        }
    }

    fn usage(&self, kms: &Client<'_>, operation: &str) -> String {
        format!("{} key usage is SIGN_VERIFY which is not valid for {operation}.", kms.arn(&self.signing))
    }
}

/// Calls that must be refused, each with its code and text.
async fn all_refused(kms: &Client<'_>, cases: &[(&str, Json, &str, &str)]) {
    for (operation, input, code, expected) in cases {
        assert_eq!(kms.refused(operation, input.clone(), code).await, *expected, "{operation} {input}");
    }
}

#[tokio::test]
async fn an_encryption_that_cannot_be_is_refused_in_aws_words() {
    let cloud = TestCloud::new(402);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let things = Things::new(&kms).await;
    let Things { rsa, signing, plaintext, context, .. } = &things;
    let cases = [
        ("Encrypt", json!({"KeyId": rsa, "Plaintext": plaintext}), "InvalidKeyUsageException", NOT_SYMMETRIC),
        (
            "Encrypt",
            json!({"KeyId": rsa, "Plaintext": plaintext, "EncryptionAlgorithm": OAEP_256, "EncryptionContext": context}),
            "ValidationException",
            NO_CONTEXT,
        ),
        (
            "Encrypt",
            json!({"KeyId": signing, "Plaintext": plaintext, "EncryptionAlgorithm": OAEP_256}),
            "InvalidKeyUsageException",
            &things.usage(&kms, "Encrypt"),
        ),
    ];
    all_refused(&kms, &cases).await;
}

#[tokio::test]
async fn a_decryption_that_cannot_be_is_refused_in_aws_words() {
    let cloud = TestCloud::new(412);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let things = Things::new(&kms).await;
    let Things { rsa, signing, symmetric, plaintext, blob, of_symmetric, context, .. } = &things;
    let other_rsa = kms.new_key_of("RSA_2048", "ENCRYPT_DECRYPT").await;
    let cases = [
        (
            "Decrypt",
            json!({"CiphertextBlob": blob, "EncryptionAlgorithm": OAEP_256}),
            "ValidationException",
            "KeyId must not be null",
        ),
        // Without the algorithm it is read as a symmetric ciphertext, before the key is looked at.
        ("Decrypt", json!({"KeyId": rsa, "CiphertextBlob": blob}), "InvalidCiphertextException", ""),
        ("Decrypt", json!({"CiphertextBlob": blob}), "InvalidCiphertextException", ""),
        (
            "Decrypt",
            json!({"KeyId": rsa, "CiphertextBlob": of_symmetric}),
            "IncorrectKeyException",
            NOT_ITS_KEY,
        ),
        (
            "Decrypt",
            json!({"KeyId": signing, "CiphertextBlob": of_symmetric}),
            "IncorrectKeyException",
            NOT_ITS_KEY,
        ),
        (
            "Decrypt",
            json!({"KeyId": symmetric, "CiphertextBlob": of_symmetric, "EncryptionAlgorithm": OAEP_256}),
            "InvalidKeyUsageException",
            NOT_RSA,
        ),
        (
            "Decrypt",
            json!({"KeyId": signing, "CiphertextBlob": blob, "EncryptionAlgorithm": OAEP_256}),
            "InvalidKeyUsageException",
            &things.usage(&kms, "Decrypt"),
        ),
        (
            "Decrypt",
            json!({"KeyId": rsa, "CiphertextBlob": blob, "EncryptionAlgorithm": OAEP_256, "EncryptionContext": context}),
            "ValidationException",
            NO_CONTEXT,
        ),
        (
            "Decrypt",
            json!({"KeyId": rsa, "CiphertextBlob": blob, "EncryptionAlgorithm": "RSAES_OAEP_SHA_1"}),
            "InvalidCiphertextException",
            "",
        ),
        (
            "Decrypt",
            json!({"KeyId": other_rsa, "CiphertextBlob": blob, "EncryptionAlgorithm": OAEP_256}),
            "InvalidCiphertextException",
            "",
        ),
        (
            "Decrypt",
            json!({"KeyId": rsa, "CiphertextBlob": plaintext, "EncryptionAlgorithm": OAEP_256}),
            "InvalidCiphertextException",
            "",
        ),
    ];
    all_refused(&kms, &cases).await;
}

#[tokio::test]
async fn a_re_encryption_or_data_key_that_cannot_be_is_refused_in_aws_words() {
    let cloud = TestCloud::new(422);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let things = Things::new(&kms).await;
    let Things { rsa, signing, symmetric, blob, of_symmetric, context, .. } = &things;
    let cases = [
        (
            "ReEncrypt",
            json!({"CiphertextBlob": blob, "SourceEncryptionAlgorithm": OAEP_256, "DestinationKeyId": symmetric}),
            "ValidationException",
            "KeyId must not be null",
        ),
        (
            "ReEncrypt",
            json!({"CiphertextBlob": of_symmetric, "DestinationKeyId": rsa}),
            "InvalidKeyUsageException",
            NOT_SYMMETRIC,
        ),
        (
            "ReEncrypt",
            json!({"CiphertextBlob": of_symmetric, "DestinationKeyId": rsa, "DestinationEncryptionAlgorithm": OAEP_256, "DestinationEncryptionContext": context}),
            "ValidationException",
            NO_CONTEXT,
        ),
        (
            "GenerateDataKey",
            json!({"KeyId": rsa, "KeySpec": "AES_256"}),
            "InvalidKeyUsageException",
            "You cannot generate a data key with an asymmetric CMK",
        ),
        (
            "GenerateDataKey",
            json!({"KeyId": signing, "KeySpec": "AES_256"}),
            "InvalidKeyUsageException",
            &things.usage(&kms, "GenerateDataKey"),
        ),
        (
            "GenerateDataKey",
            json!({"KeyId": signing}),
            "ValidationException",
            "Please specify either number of bytes or key spec.",
        ),
        (
            "GenerateDataKeyWithoutPlaintext",
            json!({"KeyId": rsa, "KeySpec": "AES_256"}),
            "InvalidKeyUsageException",
            "You cannot generate a data key with an asymmetric CMK",
        ),
        (
            "GenerateDataKeyWithoutPlaintext",
            json!({"KeyId": signing, "KeySpec": "AES_256"}),
            "InvalidKeyUsageException",
            &things.usage(&kms, "GenerateDataKeyWithoutPlaintext"),
        ),
    ];
    all_refused(&kms, &cases).await;
}

#[tokio::test]
async fn the_state_is_told_before_all_else_of_a_key() {
    let cloud = TestCloud::new(450);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let Things { rsa, plaintext, .. } = &Things::new(&kms).await;
    kms.ok("DisableKey", json!({"KeyId": rsa})).await;
    for (operation, input) in [
        ("Encrypt", json!({"KeyId": rsa, "Plaintext": plaintext})),
        ("Decrypt", json!({"KeyId": rsa, "CiphertextBlob": plaintext, "EncryptionAlgorithm": OAEP_256})),
        ("GenerateDataKey", json!({"KeyId": rsa, "KeySpec": "AES_256"})),
    ] {
        let message = kms.refused(operation, input, "DisabledException").await;
        assert_eq!(message, format!("{} is disabled.", kms.arn(rsa)));
    }
}

#[tokio::test]
async fn re_encrypting_goes_between_kinds_of_keys() {
    let cloud = TestCloud::new(403);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let (symmetric, rsa) = (kms.new_key().await, kms.new_key_of("RSA_2048", "ENCRYPT_DECRYPT").await);
    let blob = kms.encrypt(&symmetric, "secret", json!({"a": "b"})).await;
    let to_rsa = json!({
        "CiphertextBlob": blob, "SourceEncryptionContext": {"a": "b"}, "DestinationKeyId": rsa,
        "DestinationEncryptionAlgorithm": OAEP_256,
    });
    let moved = kms.ok("ReEncrypt", to_rsa.clone()).await;
    assert_eq!(moved["SourceEncryptionAlgorithm"], json!("SYMMETRIC_DEFAULT"));
    assert_eq!(moved["DestinationEncryptionAlgorithm"], json!(OAEP_256));
    assert!(moved["SourceKeyMaterialId"].is_string() && moved.get("DestinationKeyMaterialId").is_none());
    let back = json!({
        "CiphertextBlob": moved["CiphertextBlob"], "SourceKeyId": rsa, "SourceEncryptionAlgorithm": OAEP_256,
        "DestinationKeyId": symmetric,
    });
    let back = kms.ok("ReEncrypt", back).await;
    assert!(back.get("SourceKeyMaterialId").is_none() && back["DestinationKeyMaterialId"].is_string());
    let decrypted = kms.ok("Decrypt", json!({"CiphertextBlob": back["CiphertextBlob"]})).await;
    assert_eq!(decrypted["Plaintext"], json!(base64("secret")));
    // What fits under a symmetric key may not fit under one of RSA.
    let long = kms.encrypt(&symmetric, &"x".repeat(191), json!({})).await;
    let input =
        json!({"CiphertextBlob": long, "DestinationKeyId": rsa, "DestinationEncryptionAlgorithm": OAEP_256});
    kms.refused("ReEncrypt", input, "ValidationException").await;
}

#[tokio::test]
async fn a_dry_run_may_leave_the_ciphertext_out() {
    let cloud = TestCloud::new(404);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let nobody = cloud.user(ACCOUNT, "nobody").await;
    let nobody = Client::new(&cloud, &nobody);
    let (key_id, rsa) = (kms.new_key().await, kms.new_key_of("RSA_2048", "ENCRYPT_DECRYPT").await);
    let ignoring = |mut input: Json| {
        input["DryRunModifiers"] = json!(["IGNORE_CIPHERTEXT"]);
        input["DryRun"] = json!(true);
        input
    };
    for (operation, input) in [
        ("Decrypt", json!({"KeyId": key_id})),
        ("Decrypt", json!({"KeyId": key_id, "CiphertextBlob": base64("none")})),
        ("Decrypt", json!({"KeyId": rsa, "EncryptionAlgorithm": OAEP_256})),
        ("ReEncrypt", json!({"SourceKeyId": key_id, "DestinationKeyId": key_id})),
    ] {
        kms.refused(operation, ignoring(input.clone()), "DryRunOperationException").await;
        nobody.refused(operation, ignoring(input), "AccessDeniedException").await;
    }
    let message = kms.refused("Decrypt", ignoring(json!({})), "ValidationException").await;
    assert_eq!(message, "KeyId must not be null");
    // Without a dry run the modifier means nothing.
    let input = json!({"KeyId": key_id, "DryRunModifiers": ["IGNORE_CIPHERTEXT"]});
    assert_eq!(kms.refused("Decrypt", input, "ValidationException").await, "CiphertextBlob is required.");
    kms.ok("DisableKey", json!({"KeyId": key_id})).await;
    kms.refused("Decrypt", ignoring(json!({"KeyId": key_id})), "DisabledException").await;
}

#[tokio::test]
async fn policies_see_the_algorithm() {
    let cloud = TestCloud::new(405);
    let root = cloud.root(ACCOUNT);
    let user = cloud.user(ACCOUNT, "user").await;
    let allowed = json!({"Effect": "Allow", "Principal": {"AWS": user.arn()}, "Resource": "*",
        "Action": ["kms:Encrypt", "kms:Decrypt"],
        "Condition": {"StringEquals": {"kms:EncryptionAlgorithm": OAEP_256}}});
    let policy = json!({"Version": "2012-10-17", "Statement": [allowed]}).to_string();
    let input = json!({"KeySpec": "RSA_2048", "KeyUsage": "ENCRYPT_DECRYPT", "Policy": policy, "BypassPolicyLockoutSafetyCheck": true});
    let made = Client::new(&cloud, &root).ok("CreateKey", input).await;
    let kms = Client::new(&cloud, &user);
    let input = |algorithm: &str| json!({"KeyId": made["KeyMetadata"]["Arn"], "Plaintext": base64("x"), "EncryptionAlgorithm": algorithm});
    let blob = &kms.ok("Encrypt", input(OAEP_256)).await["CiphertextBlob"];
    kms.refused("Encrypt", input("RSAES_OAEP_SHA_1"), "AccessDeniedException").await;
    let mut input =
        json!({"KeyId": made["KeyMetadata"]["Arn"], "CiphertextBlob": blob, "EncryptionAlgorithm": OAEP_256});
    kms.ok("Decrypt", input.clone()).await;
    input["EncryptionAlgorithm"] = json!("RSAES_OAEP_SHA_1");
    kms.refused("Decrypt", input, "AccessDeniedException").await;
}
