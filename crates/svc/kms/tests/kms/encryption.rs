//! Encrypting and decrypting.

use std::collections::BTreeSet;

use alcazar_shape::Protocol;
use alcazar_testkit::TestCloud;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::client::{ACCOUNT, Client, base64, bytes};

#[tokio::test]
async fn what_is_encrypted_is_decrypted_by_every_node() {
    let cloud = TestCloud::new(40);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_key().await;
    let other = cloud.another_node();
    let context = json!({"a": "b", "empty": "", "ü": "日本"});
    for plaintext in [vec![0], vec![255; 4096], b"secret".to_vec()] {
        let input = json!({"KeyId": key_id, "Plaintext": base64(&plaintext), "EncryptionContext": context});
        let encrypted = kms.ok("Encrypt", input).await;
        assert_eq!(encrypted["KeyId"], json!(kms.arn(&key_id)));
        assert_eq!(encrypted["EncryptionAlgorithm"], json!("SYMMETRIC_DEFAULT"));
        let input = json!({"CiphertextBlob": encrypted["CiphertextBlob"], "EncryptionContext": context});
        for node in [kms, Client::new(&other, &root)] {
            let decrypted = node.ok("Decrypt", input.clone()).await;
            assert_eq!(bytes(&decrypted["Plaintext"]), plaintext);
            assert_eq!(decrypted["KeyId"], json!(kms.arn(&key_id)));
        }
    }
}

#[tokio::test]
async fn the_same_plaintext_never_gives_the_same_ciphertext() {
    let cloud = TestCloud::new(41);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_key().await;
    let mut seen = BTreeSet::new();
    for _ in 0..100 {
        assert!(seen.insert(kms.encrypt(&key_id, "x", json!({})).await));
    }
}

#[tokio::test]
async fn a_ciphertext_with_any_bit_changed_is_refused() {
    let cloud = TestCloud::new(42);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_key().await;
    let ciphertext = STANDARD.decode(kms.encrypt(&key_id, "secret", json!({})).await).unwrap();
    for bit in 0..ciphertext.len() * 8 {
        let mut changed = ciphertext.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        let blob = base64(changed);
        let error = kms.call("Decrypt", json!({"CiphertextBlob": blob})).await.unwrap_err();
        // Changed bits may name another key, which is not here.
        assert!(
            ["InvalidCiphertextException", "AccessDeniedException"].contains(&error.code.as_str()),
            "{bit}"
        );
        let error = kms.call("Decrypt", json!({"CiphertextBlob": blob, "KeyId": key_id})).await.unwrap_err();
        assert!(
            ["InvalidCiphertextException", "IncorrectKeyException"].contains(&error.code.as_str()),
            "{bit}"
        );
    }
    for length in 1..ciphertext.len() {
        let input = json!({"CiphertextBlob": base64(&ciphertext[..length])});
        kms.refused("Decrypt", input, "InvalidCiphertextException").await;
    }
}

#[tokio::test]
async fn a_context_must_be_the_one_that_was_encrypted_with() {
    let cloud = TestCloud::new(43);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_key().await;
    let contexts = [
        json!({}),
        json!({"a": "bc"}),
        json!({"ab": "c"}),
        json!({"abc": ""}),
        json!({"a": "b", "c": ""}),
        json!({"a": "b"}),
        json!({"a": "c", "b": "d"}),
        json!({"a": "d", "b": "c"}),
        json!({"b": "a"}),
        json!({"A": "b"}),
        json!({"a": "b "}),
        json!({"a": "B"}),
        json!({"a=b": ""}),
        json!({"a\u{0}": "b"}),
    ];
    for right in &contexts {
        let blob = kms.encrypt(&key_id, "x", right.clone()).await;
        for given in &contexts {
            let input = json!({"CiphertextBlob": blob, "EncryptionContext": given});
            match kms.call("Decrypt", input).await {
                Ok(_) => assert_eq!(given, right),
                Err(error) => {
                    assert_eq!(error.code, "InvalidCiphertextException");
                    assert_ne!(given, right);
                }
            }
        }
    }
}

#[tokio::test]
async fn a_ciphertext_opens_under_its_own_key_alone() {
    let cloud = TestCloud::new(44);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let (key_id, other) = (kms.new_key().await, kms.new_key().await);
    kms.ok("CreateAlias", json!({"AliasName": "alias/other", "TargetKeyId": other})).await;
    let blob = kms.encrypt(&key_id, "x", json!({})).await;
    for name in [other.as_str(), "alias/other", &kms.arn(&other)] {
        let input = json!({"CiphertextBlob": blob, "KeyId": name});
        let message = kms.refused("Decrypt", input, "IncorrectKeyException").await;
        assert_eq!(
            message,
            "The key ID in the request does not identify a CMK that can perform this operation."
        );
    }
    for name in [key_id.clone(), kms.arn(&key_id)] {
        kms.ok("Decrypt", json!({"CiphertextBlob": blob, "KeyId": name})).await;
    }
}

#[tokio::test]
async fn re_encrypting_moves_a_plaintext_to_another_key_and_context() {
    let cloud = TestCloud::new(45);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let (from, to) = (kms.new_key().await, kms.new_key().await);
    let blob = kms.encrypt(&from, "secret", json!({"v": "1"})).await;
    let mut input = json!({
        "CiphertextBlob": blob, "SourceEncryptionContext": {"v": "1"},
        "DestinationKeyId": to, "DestinationEncryptionContext": {"v": "2"},
    });
    let moved = kms.ok("ReEncrypt", input.clone()).await;
    assert_eq!((&moved["SourceKeyId"], &moved["KeyId"]), (&json!(kms.arn(&from)), &json!(kms.arn(&to))));
    let decrypt = |context| json!({"CiphertextBlob": moved["CiphertextBlob"], "EncryptionContext": context});
    assert_eq!(kms.ok("Decrypt", decrypt(json!({"v": "2"}))).await["Plaintext"], json!(base64("secret")));
    kms.refused("Decrypt", decrypt(json!({"v": "1"})), "InvalidCiphertextException").await;
    input["SourceKeyId"] = json!(to);
    kms.refused("ReEncrypt", input.clone(), "IncorrectKeyException").await;
    input["SourceKeyId"] = json!(from);
    input["SourceEncryptionContext"] = json!({});
    kms.refused("ReEncrypt", input, "InvalidCiphertextException").await;
}

#[tokio::test]
async fn a_data_key_comes_in_the_clear_and_encrypted() {
    let cloud = TestCloud::new(46);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_key().await;
    let context = json!({"a": "b"});
    for (how, size) in [
        (json!({"KeySpec": "AES_128"}), 16),
        (json!({"KeySpec": "AES_256"}), 32),
        (json!({"NumberOfBytes": 1}), 1),
        (json!({"NumberOfBytes": 1024}), 1024),
    ] {
        let mut input = json!({"KeyId": key_id, "EncryptionContext": context});
        input.as_object_mut().unwrap().extend(how.as_object().unwrap().clone());
        let made = kms.ok("GenerateDataKey", input.clone()).await;
        assert_eq!(bytes(&made["Plaintext"]).len(), size);
        let decrypt = |blob| json!({"CiphertextBlob": blob, "EncryptionContext": context});
        let decrypted = kms.ok("Decrypt", decrypt(&made["CiphertextBlob"])).await;
        assert_eq!(decrypted["Plaintext"], made["Plaintext"]);
        let without = kms.ok("GenerateDataKeyWithoutPlaintext", input).await;
        assert_eq!(without.get("Plaintext"), None);
        assert_eq!(
            bytes(&kms.ok("Decrypt", decrypt(&without["CiphertextBlob"])).await["Plaintext"]).len(),
            size
        );
    }
    for both_or_neither in
        [json!({"KeyId": key_id}), json!({"KeyId": key_id, "KeySpec": "AES_256", "NumberOfBytes": 32})]
    {
        let message = kms.refused("GenerateDataKey", both_or_neither, "ValidationException").await;
        assert_eq!(message, "Please specify either number of bytes or key spec.");
    }
}

#[tokio::test]
async fn a_dry_run_says_what_would_have_happened_and_does_nothing() {
    let cloud = TestCloud::new(47);
    let root = cloud.root(ACCOUNT);
    let user = cloud.user(ACCOUNT, "nobody").await;
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_key().await;
    let blob = kms.encrypt(&key_id, "x", json!({})).await;
    let cases = [
        ("Encrypt", json!({"KeyId": key_id, "Plaintext": base64("x")})),
        ("Decrypt", json!({"CiphertextBlob": blob})),
        ("ReEncrypt", json!({"CiphertextBlob": blob, "DestinationKeyId": key_id})),
        ("GenerateDataKey", json!({"KeyId": key_id, "KeySpec": "AES_256"})),
        ("GenerateDataKeyWithoutPlaintext", json!({"KeyId": key_id, "KeySpec": "AES_256"})),
    ];
    for (operation, mut input) in cases {
        input["DryRun"] = json!(true);
        let message = kms.refused(operation, input.clone(), "DryRunOperationException").await;
        assert_eq!(message, "The request would have succeeded, but the DryRun option is set.");
        Client::new(&cloud, &user).refused(operation, input.clone(), "AccessDeniedException").await;
        kms.ok("DisableKey", json!({"KeyId": key_id})).await;
        kms.refused(operation, input.clone(), "DisabledException").await;
        kms.ok("EnableKey", json!({"KeyId": key_id})).await;
        input["DryRun"] = json!(false);
        kms.ok(operation, input).await;
    }
    let unused = json!({"KeyId": "alias/aws/s3", "Plaintext": base64("x"), "DryRun": true});
    let records = cloud.store().records().await;
    kms.refused("Encrypt", unused, "AccessDeniedException").await;
    assert_eq!(cloud.store().records().await, records);
}

#[tokio::test]
async fn random_bytes_are_as_many_as_asked_for() {
    let cloud = TestCloud::new(48);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let one = kms.ok("GenerateRandom", json!({"NumberOfBytes": 1024})).await;
    let other = kms.ok("GenerateRandom", json!({"NumberOfBytes": 1024})).await;
    assert_eq!(bytes(&one["Plaintext"]).len(), 1024);
    assert_ne!(one, other);
    kms.refused("GenerateRandom", json!({}), "ValidationException").await;
}

#[tokio::test]
async fn an_algorithm_of_other_keys_is_refused() {
    let cloud = TestCloud::new(49);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_key().await;
    let input =
        json!({"KeyId": key_id, "Plaintext": base64("x"), "EncryptionAlgorithm": "RSAES_OAEP_SHA_256"});
    kms.refused("Encrypt", input, "InvalidKeyUsageException").await;
}

#[tokio::test]
async fn keys_whose_records_were_swapped_in_the_store_are_refused() {
    let cloud = TestCloud::new(50);
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    for _ in 0..2 {
        kms.new_key().await;
    }
    let names = cloud.store().names("kms.key").await;
    let [one, other] = names.as_slice() else { panic!("there are two keys") };
    let records = cloud.store().records().await;
    let content = |name| records.iter().find(|(found, _)| found == name).unwrap().1.clone();
    let swapped = vec![(one.clone(), Some(content(other))), (other.clone(), Some(content(one)))];
    cloud.store().write_raw(swapped).await;
    let model = alcazar_svc_kms::SERVICE.operation("DescribeKey").unwrap().model;
    for name in [one, other] {
        let key_id = String::from_utf8(name[name.len() - 37..name.len() - 1].to_vec()).unwrap();
        let input = json!({"KeyId": key_id});
        let response = cloud.send_signed(&root, Protocol::AwsJson1_1, model, &input).await;
        assert_eq!((response.status(), response.code().as_deref()), (500, Some("KMSInternalException")));
        assert_eq!(cloud.last_event().error_code.as_deref(), Some("KMSInternalException"));
    }
}
