//! Samples of KMS.
//!
//! The keys have what condition keys tell of a key: a tag, an alias, and whether it is a multi-Region key's primary.

mod import;
mod store;

use std::collections::BTreeMap;

use alcazar_api_kms::operation::{CreateAlias, CreateKey, CreateKeyRequest, Encrypt, EncryptRequest};
use alcazar_api_kms::operation::{CreateAliasRequest, ScheduleKeyDeletion, ScheduleKeyDeletionRequest};
use alcazar_api_kms::operation::{CreateGrant, CreateGrantRequest, GenerateMac, GenerateMacRequest};
use alcazar_api_kms::operation::{Encapsulate, EncapsulateRequest, GetPublicKey, GetPublicKeyRequest};
use alcazar_api_kms::operation::{ReplicateKey, ReplicateKeyRequest, Sign, SignRequest};
use alcazar_api_kms::types::{EncapsulationAlgorithmSpec, GrantConstraints, KeyMetadata, Tag};
use alcazar_api_kms::types::{GrantOperation, KeySpec, KeyUsageType, MacAlgorithmSpec, SigningAlgorithmSpec};
use alcazar_shape::convert::List;
use alcazar_testkit::{TestCaller, TestCloud};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};

use self::import::Import;
use self::store::Stores;
use super::CANARY;

const POLICY: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*"}}"#;

/// What the samples name.
pub(super) struct Things {
    key_id: String,
    pending_key_id: String,
    alias: String,
    ciphertext: String,
    signing_key_id: String,
    signature: String,
    mac_key_id: String,
    mac: String,
    principal: String,
    grant_id: String,
    grant_token: String,
    multi_region_key_id: String,
    agreement_key_id: String,
    public_key: String,
    encapsulation_key_id: String,
    encapsulated: String,
    import: Import,
    stores: Stores,
}

/// Until when imported material is valid, in seconds: the year 2027.
const VALID_TO: i64 = 1_798_761_600;

/// Where the samples' multi-Region key has a replica.
const REPLICA_REGION: &str = "us-west-2";

impl Things {
    /// New things of the caller's own.
    pub(super) async fn new(cloud: &TestCloud, caller: &TestCaller) -> Self {
        let key_id = new_key(cloud, caller).await;
        let alias = alias_of(&key_id);
        let pending_key_id = new_key(cloud, caller).await;
        let deletion = ScheduleKeyDeletionRequest {
            key_id: pending_key_id.clone(),
            ..ScheduleKeyDeletionRequest::default()
        };
        cloud.call::<ScheduleKeyDeletion>(caller, deletion).await.unwrap();
        let request = EncryptRequest {
            key_id: key_id.clone(),
            plaintext: CANARY.as_bytes().to_vec().into(),
            encryption_context: Some(pairs()),
            ..EncryptRequest::default()
        };
        let encrypted = cloud.call::<Encrypt>(caller, request).await.unwrap();
        let principal = format!("arn:aws:iam::{}:root", caller.account());
        let (grant_id, grant_token) = grant(cloud, caller, &key_id, &principal).await;
        let signing_key_id = new_key_of(cloud, caller, KeySpec::EccNistP256, KeyUsageType::SignVerify).await;
        let mac_key_id = new_key_of(cloud, caller, KeySpec::Hmac256, KeyUsageType::GenerateVerifyMac).await;
        let agreement_key_id =
            new_key_of(cloud, caller, KeySpec::EccNistP256, KeyUsageType::KeyAgreement).await;
        let encapsulation_key_id =
            new_key_of(cloud, caller, KeySpec::MlKem512, KeyUsageType::EncapsulateDecapsulate).await;
        Self {
            stores: Stores::new(cloud, caller, &key_id).await,
            public_key: public_key(cloud, caller, &agreement_key_id).await,
            agreement_key_id,
            encapsulated: encapsulated(cloud, caller, &encapsulation_key_id).await,
            encapsulation_key_id,
            key_id,
            pending_key_id,
            alias,
            ciphertext: STANDARD.encode(encrypted.ciphertext_blob.unwrap()),
            signature: signature(cloud, caller, &signing_key_id).await,
            signing_key_id,
            mac: mac(cloud, caller, &mac_key_id).await,
            mac_key_id,
            principal,
            grant_id,
            grant_token,
            multi_region_key_id: multi_region_key(cloud, caller).await,
            import: Import::new(cloud, caller).await,
        }
    }
}

async fn multi_region_key(cloud: &TestCloud, caller: &TestCaller) -> String {
    let key_id = new_key(cloud, caller).await;
    let request = ReplicateKeyRequest {
        key_id: key_id.clone(),
        replica_region: REPLICA_REGION.to_owned(),
        tags: Some(tags()),
        ..ReplicateKeyRequest::default()
    };
    cloud.call::<ReplicateKey>(caller, request).await.unwrap();
    name(cloud, &caller.at(REPLICA_REGION), &key_id).await;
    key_id
}

async fn grant(cloud: &TestCloud, caller: &TestCaller, key_id: &str, principal: &str) -> (String, String) {
    let request = CreateGrantRequest {
        key_id: key_id.to_owned(),
        grantee_principal: Some(principal.to_owned()),
        retiring_principal: Some(principal.to_owned()),
        operations: vec![GrantOperation::Decrypt].into(),
        constraints: Some(GrantConstraints {
            encryption_context_subset: Some(pairs()),
            ..GrantConstraints::default()
        }),
        ..CreateGrantRequest::default()
    };
    let made = cloud.call::<CreateGrant>(caller, request).await.unwrap();
    (made.grant_id.unwrap(), made.grant_token.unwrap())
}

async fn public_key(cloud: &TestCloud, caller: &TestCaller, key_id: &str) -> String {
    let request = GetPublicKeyRequest { key_id: key_id.to_owned(), ..GetPublicKeyRequest::default() };
    STANDARD.encode(cloud.call::<GetPublicKey>(caller, request).await.unwrap().public_key.unwrap())
}

async fn encapsulated(cloud: &TestCloud, caller: &TestCaller, key_id: &str) -> String {
    let request = EncapsulateRequest {
        key_id: key_id.to_owned(),
        encapsulation_algorithm: EncapsulationAlgorithmSpec::MlKem,
        grant_tokens: None,
        dry_run: None,
    };
    let made = cloud.call::<Encapsulate>(caller, request).await.unwrap();
    STANDARD.encode(made.shared_secret_ciphertext_blob.unwrap())
}

/// What the samples sign.
fn message() -> Vec<u8> {
    CANARY.repeat(4).into_bytes()
}

async fn signature(cloud: &TestCloud, caller: &TestCaller, key_id: &str) -> String {
    let request = SignRequest {
        key_id: key_id.to_owned(),
        message: message().into(),
        signing_algorithm: SigningAlgorithmSpec::EcdsaSha256,
        message_type: None,
        grant_tokens: None,
        dry_run: None,
    };
    STANDARD.encode(cloud.call::<Sign>(caller, request).await.unwrap().signature.unwrap())
}

async fn mac(cloud: &TestCloud, caller: &TestCaller, key_id: &str) -> String {
    let request = GenerateMacRequest {
        key_id: key_id.to_owned(),
        message: message().into(),
        mac_algorithm: MacAlgorithmSpec::HmacSha256,
        grant_tokens: None,
        dry_run: None,
    };
    STANDARD.encode(cloud.call::<GenerateMac>(caller, request).await.unwrap().mac.unwrap())
}

async fn new_key(cloud: &TestCloud, caller: &TestCaller) -> String {
    new_key_of(cloud, caller, KeySpec::SymmetricDefault, KeyUsageType::EncryptDecrypt).await
}

async fn new_key_of(
    cloud: &TestCloud,
    caller: &TestCaller,
    key_spec: KeySpec,
    key_usage: KeyUsageType,
) -> String {
    let (key_spec, key_usage) = (Some(key_spec), Some(key_usage));
    make(cloud, caller, CreateKeyRequest { key_spec, key_usage, ..CreateKeyRequest::default() }).await.key_id
}

/// Makes a key with all that condition keys tell of one.
async fn make(cloud: &TestCloud, caller: &TestCaller, request: CreateKeyRequest) -> KeyMetadata {
    let request = CreateKeyRequest { multi_region: Some(true), tags: Some(tags()), ..request };
    let made = cloud.call::<CreateKey>(caller, request).await.unwrap().key_metadata.unwrap();
    name(cloud, caller, &made.key_id).await;
    made
}

fn tags() -> List<Tag> {
    vec![Tag { tag_key: "Team".to_owned(), tag_value: "red".to_owned() }].into()
}

/// Gives a key its alias.
async fn name(cloud: &TestCloud, caller: &TestCaller, key_id: &str) {
    let request = CreateAliasRequest { alias_name: alias_of(key_id), target_key_id: key_id.to_owned() };
    cloud.call::<CreateAlias>(caller, request).await.unwrap();
}

/// The alias of a key that was made here.
fn alias_of(key_id: &str) -> String {
    format!("alias/of-{key_id}")
}

/// A valid input.
pub(super) fn sample(operation: &str, things: &Things) -> Json {
    let Things { key_id, pending_key_id, alias, principal, grant_id, grant_token, .. } = things;
    let key = json!({"KeyId": key_id});
    match operation {
        "CreateKey" => json!({
            "Description": "a key", "KeyUsage": "ENCRYPT_DECRYPT", "KeySpec": "SYMMETRIC_DEFAULT",
            "Origin": "AWS_KMS", "MultiRegion": true, "BypassPolicyLockoutSafetyCheck": true,
            "Tags": [{"TagKey": "Team", "TagValue": "red"}],
            "Policy": POLICY,
        }),
        "DescribeKey" => json!({"KeyId": alias, "GrantTokens": []}),
        "ListKeys" => json!({"Limit": 10}),
        "UpdateKeyDescription" => json!({"KeyId": key_id, "Description": "another"}),
        "EnableKeyRotation" => json!({"KeyId": key_id, "RotationPeriodInDays": 100}),
        "ListKeyRotations" => json!({"KeyId": key_id, "IncludeKeyMaterial": "ALL_KEY_MATERIAL"}),
        "DisableKeyRotation" | "GetKeyLastUsage" | "GetKeyRotationStatus" | "RotateKeyOnDemand" => key,
        "ReplicateKey" => json!({
            "KeyId": things.multi_region_key_id, "ReplicaRegion": "sa-east-1", "Description": "a replica",
            "Tags": [{"TagKey": "Team", "TagValue": "red"}], "Policy": POLICY,
            "BypassPolicyLockoutSafetyCheck": true,
        }),
        "UpdatePrimaryRegion" => {
            json!({"KeyId": things.multi_region_key_id, "PrimaryRegion": REPLICA_REGION})
        }
        "EnableKey" | "DisableKey" | "ListKeyPolicies" => key,
        "ScheduleKeyDeletion" => json!({"KeyId": key_id, "PendingWindowInDays": 7}),
        "CancelKeyDeletion" => json!({"KeyId": pending_key_id}),
        "CreateAlias" => json!({"AliasName": format!("{alias}/new"), "TargetKeyId": key_id}),
        "UpdateAlias" => json!({"AliasName": alias, "TargetKeyId": key_id}),
        "DeleteAlias" => json!({"AliasName": alias}),
        "ListAliases" => json!({"KeyId": key_id, "Limit": 10}),
        "TagResource" => json!({"KeyId": key_id, "Tags": [{"TagKey": "Team", "TagValue": "blue"}]}),
        "UntagResource" => json!({"KeyId": key_id, "TagKeys": ["Team"]}),
        "ListResourceTags" => json!({"KeyId": key_id, "Limit": 10}),
        "GetKeyPolicy" => json!({"KeyId": key_id, "PolicyName": "default"}),
        "PutKeyPolicy" => json!({
            "KeyId": key_id, "PolicyName": "default", "BypassPolicyLockoutSafetyCheck": true,
            "Policy": POLICY,
        }),
        "CreateGrant" => json!({
            "KeyId": key_id, "GranteePrincipal": principal, "RetiringPrincipal": principal, "Name": "sample",
            "Operations": ["Encrypt", "Decrypt"], "Constraints": {"EncryptionContextSubset": context()},
            "GrantTokens": [grant_token], "DryRun": false,
        }),
        "ListGrants" => json!({"KeyId": key_id, "Limit": 10}),
        "ListRetirableGrants" => json!({"RetiringPrincipal": principal, "Limit": 10}),
        "RetireGrant" => json!({"GrantToken": grant_token}),
        "RevokeGrant" => json!({"KeyId": key_id, "GrantId": grant_id}),
        "GetParametersForImport" => json!({
            "KeyId": things.import.key_id, "WrappingAlgorithm": "RSAES_OAEP_SHA_256",
            "WrappingKeySpec": "RSA_2048",
        }),
        "ImportKeyMaterial" => json!({
            "KeyId": things.import.key_id, "ImportToken": things.import.token,
            "EncryptedKeyMaterial": things.import.encrypted, "ImportType": "NEW_KEY_MATERIAL",
            "ExpirationModel": "KEY_MATERIAL_EXPIRES", "ValidTo": VALID_TO, "KeyMaterialDescription": "mine",
        }),
        "DeleteImportedKeyMaterial" => json!({"KeyId": things.import.key_id}),
        operation if operation.contains("CustomKeyStore") => things.stores.sample(operation, key_id),
        operation => cryptographic(operation, things),
    }
}

fn context() -> Json {
    json!(pairs())
}

fn pairs() -> BTreeMap<String, String> {
    [("Purpose", "test"), ("Empty", "")].map(|(key, value)| (key.to_owned(), value.to_owned())).into()
}

fn cryptographic(operation: &str, things: &Things) -> Json {
    let Things { alias, ciphertext, signing_key_id, signature, mac_key_id, mac, .. } = things;
    let Things { agreement_key_id, public_key, encapsulation_key_id, encapsulated, .. } = things;
    let canary = STANDARD.encode(CANARY.repeat(4));
    let context = context();
    match operation {
        "Encrypt" => json!({
            "KeyId": alias, "Plaintext": canary, "EncryptionContext": context, "GrantTokens": [],
            "EncryptionAlgorithm": "SYMMETRIC_DEFAULT", "DryRun": false,
        }),
        "Decrypt" => json!({
            "KeyId": alias, "CiphertextBlob": ciphertext, "EncryptionAlgorithm": "SYMMETRIC_DEFAULT",
            "EncryptionContext": context,
        }),
        "ReEncrypt" => json!({
            "CiphertextBlob": ciphertext, "SourceKeyId": alias, "SourceEncryptionContext": context,
            "DestinationKeyId": alias, "DestinationEncryptionContext": context,
        }),
        "GenerateDataKey" | "GenerateDataKeyWithoutPlaintext" => {
            json!({"KeyId": alias, "EncryptionContext": context, "NumberOfBytes": 64})
        }
        "GenerateDataKeyPair" | "GenerateDataKeyPairWithoutPlaintext" => {
            json!({"KeyId": alias, "EncryptionContext": context, "KeyPairSpec": "ECC_NIST_P256"})
        }
        "DeriveSharedSecret" => json!({
            "KeyId": alias_of(agreement_key_id), "KeyAgreementAlgorithm": "ECDH", "PublicKey": public_key,
        }),
        "Encapsulate" => json!({"KeyId": alias_of(encapsulation_key_id), "EncapsulationAlgorithm": "ML_KEM"}),
        "Decapsulate" => json!({
            "KeyId": alias_of(encapsulation_key_id), "EncapsulationAlgorithm": "ML_KEM",
            "SharedSecretCiphertextBlob": encapsulated,
        }),
        "GetPublicKey" => json!({"KeyId": alias_of(signing_key_id)}),
        "Sign" => json!({
            "KeyId": alias_of(signing_key_id), "Message": canary, "SigningAlgorithm": "ECDSA_SHA_256",
        }),
        "Verify" => json!({
            "KeyId": alias_of(signing_key_id), "Message": canary, "SigningAlgorithm": "ECDSA_SHA_256",
            "Signature": signature,
        }),
        "VerifyMac" => json!({
            "KeyId": alias_of(mac_key_id), "Message": canary, "MacAlgorithm": "HMAC_SHA_256", "Mac": mac,
        }),
        "GenerateMac" => {
            json!({"KeyId": alias_of(mac_key_id), "Message": canary, "MacAlgorithm": "HMAC_SHA_256"})
        }
        "GenerateRandom" => json!({"NumberOfBytes": 64}),
        operation => panic!("give {operation} a sample"),
    }
}
