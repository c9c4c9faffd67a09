//! Answers for attested callers.

use std::time::Duration;

use alcazar_crypto::{BackingKeyId, EncryptionAlgorithm, KeyMaterial, KeySpec, Material};
use alcazar_engine::Service;
use alcazar_testkit::TestCloud;
use serde_json::{Value as Json, json};

use crate::client::{ACCOUNT, Client, base64, bytes};

/// What `testdata/attestation/make.py` of the crate `crypto` made, all of it valid from the test clouds' start on.
macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!("../../../../crypto/testdata/attestation/", $name)).as_slice()
    };
}

pub(crate) const ENCLAVE: &[u8] = fixture!("enclave.cose");
const TPM: &[u8] = fixture!("tpm.cose");

/// The measurements that the documents hold: SHA-384 of the register's number.
pub(crate) const PCR0: &str =
    "bec021b4f368e3069134e012c2b4307083d3a9bdd206e24e5f0d86e13d6636655933ec2b413465966817a9c208a11717";

async fn cloud(seed: u64) -> TestCloud {
    trusting_cloud(seed, &[]).await
}

/// A cloud that trusts the documents here, with services of a test's own.
pub(crate) async fn trusting_cloud(seed: u64, services: &[&'static Service]) -> TestCloud {
    let builder = TestCloud::builder(seed).attestation_root(fixture!("root.der"));
    let cloud = services.iter().fold(builder, |builder, service| builder.service(service)).build();
    cloud.advance(Duration::from_secs(120)).await;
    cloud
}

/// A recipient by its attestation document.
pub(crate) fn recipient(document: &[u8]) -> Json {
    json!({"KeyEncryptionAlgorithm": "RSAES_OAEP_SHA_256", "AttestationDocument": base64(document)})
}

/// Checks that an answer is encrypted to the document's key: the content's key opens by it.
fn check_sealed(sealed: &Json) {
    let sealed = bytes(sealed);
    let key =
        KeyMaterial::import(KeySpec::Rsa2048, BackingKeyId([0; 16]), fixture!("recipient.pkcs8")).unwrap();
    let Material::Rsa(key) = key.material() else { panic!("it is an RSA key") };
    let encrypted_key = sealed.windows(4).position(|window| window == [4, 0x82, 1, 0]).unwrap() + 4;
    let content_key = &sealed[encrypted_key..encrypted_key + 256];
    let content_key = key.decrypt(EncryptionAlgorithm::RsaesOaepSha256, content_key).unwrap();
    assert_eq!(content_key.expose().len(), 32);
}

#[tokio::test]
async fn an_attested_caller_gets_no_plaintext() {
    let cloud = cloud(450).await;
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let key_id = kms.new_key().await;
    let agreement = kms.new_key_of("ECC_NIST_P256", "KEY_AGREEMENT").await;
    let public_key = kms.ok("GetPublicKey", json!({"KeyId": agreement})).await["PublicKey"].clone();
    let blob = kms.encrypt(&key_id, "secret", json!({})).await;
    let cases = [
        ("Decrypt", json!({"CiphertextBlob": blob}), "Plaintext"),
        ("GenerateDataKey", json!({"KeyId": key_id, "KeySpec": "AES_256"}), "Plaintext"),
        (
            "GenerateDataKeyPair",
            json!({"KeyId": key_id, "KeyPairSpec": "ECC_NIST_P256"}),
            "PrivateKeyPlaintext",
        ),
        ("GenerateRandom", json!({"NumberOfBytes": 32}), "Plaintext"),
        (
            "DeriveSharedSecret",
            json!({"KeyId": agreement, "KeyAgreementAlgorithm": "ECDH", "PublicKey": public_key}),
            "SharedSecret",
        ),
    ];
    for (operation, mut input, secret) in cases {
        let plain = kms.ok(operation, input.clone()).await;
        assert!(plain[secret].is_string() && plain.get("CiphertextForRecipient").is_none(), "{operation}");
        for document in [ENCLAVE, TPM] {
            input["Recipient"] = recipient(document);
            let answer = kms.ok(operation, input.clone()).await;
            assert_eq!(answer.get(secret), None, "{operation}");
            check_sealed(&answer["CiphertextForRecipient"]);
            let is_pair = operation == "GenerateDataKeyPair";
            assert_eq!(answer.get("KeyMaterialId").is_some(), is_pair, "{operation}");
        }
    }
}

#[tokio::test]
async fn a_document_that_is_not_believed_is_refused() {
    let cloud = cloud(451).await;
    let root = cloud.root(ACCOUNT);
    let kms = Client::new(&cloud, &root);
    let mut changed = ENCLAVE.to_vec();
    *changed.last_mut().unwrap() ^= 1;
    let refused = |recipient: Json| {
        let input = json!({"NumberOfBytes": 32, "Recipient": recipient});
        async move { kms.refused("GenerateRandom", input, "ValidationException").await }
    };
    for (document, reason) in [
        (b"none".as_slice(), "is malformed"),
        (&changed, "'s signature does not verify"),
        (fixture!("without_public_key.cose"), " has no public key"),
    ] {
        let message = refused(recipient(document)).await;
        assert_eq!(
            message,
            format!(
                "Recipient is invalid: the attestation document{}{}.",
                if reason.starts_with('i') { " " } else { "" },
                reason
            )
        );
    }
    let message = refused(json!({"KeyEncryptionAlgorithm": "RSAES_OAEP_SHA_256"})).await;
    assert_eq!(message, "Recipient.AttestationDocument is required.");
    // AWS's root alone does not vouch for it.
    let stranger = TestCloud::new(452);
    stranger.advance(Duration::from_secs(120)).await;
    let root = stranger.root(ACCOUNT);
    let input = json!({"NumberOfBytes": 32, "Recipient": recipient(ENCLAVE)});
    let message = Client::new(&stranger, &root).refused("GenerateRandom", input, "ValidationException").await;
    assert_eq!(message, "Recipient is invalid: the attestation document's certificate is not trusted.");
}

#[tokio::test]
async fn policies_see_the_measurements_of_the_platform() {
    let cloud = cloud(453).await;
    let root = cloud.root(ACCOUNT);
    let user = cloud.user(ACCOUNT, "user").await;
    let (kms, user_kms) = (Client::new(&cloud, &root), Client::new(&cloud, &user));
    for (name, of_enclave, of_tpm) in [
        ("kms:RecipientAttestation:ImageSha384", true, false),
        ("kms:RecipientAttestation:PCR0", true, false),
        ("kms:RecipientAttestation:PCR1", false, false),
        ("kms:RecipientAttestation:NitroTPMPCR0", false, true),
    ] {
        let policy = json!({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": root.arn()}, "Action": "kms:*", "Resource": "*"},
            {"Effect": "Allow", "Principal": {"AWS": user.arn()}, "Action": "kms:GenerateDataKey",
             "Resource": "*", "Condition": {"StringEqualsIgnoreCase": {name: PCR0}}},
        ]});
        let key_id = kms.new_key_with_policy(&policy).await;
        let mut input = json!({"KeyId": key_id, "KeySpec": "AES_256"});
        user_kms.refused("GenerateDataKey", input.clone(), "AccessDeniedException").await;
        for (document, allowed) in [(ENCLAVE, of_enclave), (TPM, of_tpm)] {
            input["Recipient"] = recipient(document);
            match user_kms.call("GenerateDataKey", input.clone()).await {
                Ok(_) => assert!(allowed, "{name}"),
                Err(error) => {
                    assert_eq!((allowed, error.code.as_str()), (false, "AccessDeniedException"), "{name}")
                }
            }
        }
    }
}
