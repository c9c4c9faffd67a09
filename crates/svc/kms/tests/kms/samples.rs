//! For each operation on a key: a key of the kind that it takes, and an input with which it succeeds on it.

use serde_json::{Value as Json, json};

use crate::client::{Client, base64};
use crate::wrapping::{Parameters, material};

/// The region that sample keys are replicated to.
pub(crate) const ABROAD: &str = "eu-west-1";
/// One that they are not replicated to.
pub(crate) const NOWHERE: &str = "ap-southeast-2";

/// A table of the directory `data`.
macro_rules! table {
    ($name:literal) => {
        serde_json::from_str::<serde_json::Value>(include_str!(concat!("data/", $name))).unwrap()
    };
}
pub(crate) use table;

/// The spec and the usage of the key that an operation is tried on.
pub(crate) fn kind(operation: &str) -> (&'static str, &'static str) {
    match operation {
        "Sign" | "Verify" | "GetPublicKey" => ("ECC_NIST_P256", "SIGN_VERIFY"),
        "DeriveSharedSecret" => ("ECC_NIST_P256", "KEY_AGREEMENT"),
        "GenerateMac" | "VerifyMac" => ("HMAC_256", "GENERATE_VERIFY_MAC"),
        "Encapsulate" | "Decapsulate" => ("ML_KEM_768", "ENCAPSULATE_DECAPSULATE"),
        _ => ("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"),
    }
}

/// Whether the operation is one on imported material.
pub(crate) fn is_on_imports(operation: &str) -> bool {
    ["GetParametersForImport", "ImportKeyMaterial", "DeleteImportedKeyMaterial"].contains(&operation)
}

/// Whether the operation is one on multi-Region keys.
pub(crate) fn is_on_regions(operation: &str) -> bool {
    ["ReplicateKey", "UpdatePrimaryRegion"].contains(&operation)
}

/// Whether an input for the operation can be made only while the key has material. To import some takes long.
fn needs_material(operation: &str) -> bool {
    let of_material = ["Decrypt", "ReEncrypt", "Verify", "VerifyMac", "DeriveSharedSecret"];
    let of_grant = ["RetireGrant", "RevokeGrant"];
    is_on_imports(operation) || of_material.contains(&operation) || of_grant.contains(&operation)
}

/// A key, and what was made for the sake of calls on it while it was enabled.
pub(crate) struct Sample {
    pub(crate) operation: &'static str,
    pub(crate) key_id: String,
    /// An alias that the key has.
    pub(crate) alias: String,
    /// What the operation takes, but for the members that name the key.
    rest: Json,
}

impl Sample {
    /// Makes a key for an operation, with `how` in the input of CreateKey. It is enabled, unless its material is imported
    /// and the operation needs none.
    pub(crate) async fn new(kms: &Client<'_>, operation: &'static str, how: &Json) -> Self {
        let (spec, usage) = kind(operation);
        let mut input = json!({"KeySpec": spec, "KeyUsage": usage});
        if is_on_imports(operation) {
            input["Origin"] = json!("EXTERNAL");
        }
        if is_on_regions(operation) {
            input["MultiRegion"] = json!(true);
        }
        input.as_object_mut().unwrap().extend(how.as_object().unwrap().clone());
        let made = kms.ok("CreateKey", input.clone()).await;
        let key_id = made["KeyMetadata"]["KeyId"].as_str().unwrap().to_owned();
        let alias = format!("alias/{key_id}");
        kms.ok("CreateAlias", json!({"AliasName": alias, "TargetKeyId": key_id})).await;
        let rest = match input["Origin"] == "EXTERNAL" && needs_material(operation) {
            true => {
                let parameters = kms.parameters(&key_id, "RSAES_OAEP_SHA_256", "RSA_2048").await;
                import(kms, operation, &key_id, &parameters).await
            }
            false => rest(kms, operation, &key_id).await,
        };
        Self { operation, key_id, alias, rest }
    }

    /// The operation's input, with the key named by `name`: its id, its ARN, or its alias where one may stand.
    pub(crate) fn input(&self, name: &str) -> Json {
        let mut input = self.rest.clone();
        let members: &[&str] = match self.operation {
            "CreateAlias" | "UpdateAlias" => &["TargetKeyId"],
            "DeleteAlias" => &[],
            "ReEncrypt" => &["SourceKeyId", "DestinationKeyId"],
            _ => &["KeyId"],
        };
        for member in members {
            input[*member] = json!(name);
        }
        match self.operation {
            "CreateAlias" => input["AliasName"] = json!(format!("{}/new", self.alias)),
            "UpdateAlias" | "DeleteAlias" => input["AliasName"] = json!(self.alias),
            _ => {}
        }
        input
    }

    /// Makes a copy of the key in [`ABROAD`].
    pub(crate) async fn replicate(&self, kms: &Client<'_>) {
        kms.ok("ReplicateKey", json!({"KeyId": self.key_id, "ReplicaRegion": ABROAD})).await;
    }
}

/// Imports material into a key, and prepares for the operation on it.
async fn import(kms: &Client<'_>, operation: &str, key_id: &str, parameters: &Parameters) -> Json {
    let input = parameters.input(key_id, &material(kind(operation).0), &json!({}));
    kms.ok("ImportKeyMaterial", input.clone()).await;
    if operation == "ImportKeyMaterial" { input } else { rest(kms, operation, key_id).await }
}

/// What an operation takes beside the key's name, made on the key where it has to be of it.
async fn rest(kms: &Client<'_>, operation: &str, key_id: &str) -> Json {
    let text = base64("message");
    let sign = json!({"Message": text, "SigningAlgorithm": "ECDSA_SHA_256"});
    let mac = json!({"Message": text, "MacAlgorithm": "HMAC_SHA_256"});
    let of_key = |mut input: Json| {
        input["KeyId"] = json!(key_id);
        input
    };
    match operation {
        "Encrypt" => json!({"Plaintext": text}),
        "Decrypt" | "ReEncrypt" => {
            let context = json!({"Team": "red"});
            let blob = kms.encrypt(key_id, "x", context.clone()).await;
            let member = if operation == "Decrypt" { "EncryptionContext" } else { "SourceEncryptionContext" };
            json!({"CiphertextBlob": blob, member: context})
        }
        "GenerateDataKey" | "GenerateDataKeyWithoutPlaintext" => json!({"KeySpec": "AES_256"}),
        "GenerateDataKeyPair" | "GenerateDataKeyPairWithoutPlaintext" => {
            json!({"KeyPairSpec": "ECC_NIST_P256"})
        }
        "Sign" => sign,
        "Verify" => {
            let signature = kms.ok("Sign", of_key(sign.clone())).await["Signature"].clone();
            with(sign, "Signature", signature)
        }
        "GenerateMac" => mac,
        "VerifyMac" => {
            let made = kms.ok("GenerateMac", of_key(mac.clone())).await["Mac"].clone();
            with(mac, "Mac", made)
        }
        "DeriveSharedSecret" => {
            let public_key = kms.ok("GetPublicKey", of_key(json!({}))).await["PublicKey"].clone();
            json!({"KeyAgreementAlgorithm": "ECDH", "PublicKey": public_key})
        }
        "Encapsulate" => json!({"EncapsulationAlgorithm": "ML_KEM"}),
        "Decapsulate" => {
            let input = json!({"EncapsulationAlgorithm": "ML_KEM"});
            let made = kms.ok("Encapsulate", of_key(input.clone())).await;
            with(input, "SharedSecretCiphertextBlob", made["SharedSecretCiphertextBlob"].clone())
        }
        "CreateGrant" => json!({"GranteePrincipal": kms.caller.arn(), "Operations": ["DescribeKey"]}),
        "RetireGrant" | "RevokeGrant" => {
            let input = json!({"GranteePrincipal": kms.caller.arn(), "Operations": ["DescribeKey"]});
            let made = kms.ok("CreateGrant", of_key(input)).await;
            json!({"GrantId": made["GrantId"]})
        }
        "GetParametersForImport" => {
            json!({"WrappingAlgorithm": "RSAES_OAEP_SHA_256", "WrappingKeySpec": "RSA_2048"})
        }
        "PutKeyPolicy" => {
            let policy = kms.ok("GetKeyPolicy", of_key(json!({}))).await["Policy"].clone();
            json!({"Policy": policy})
        }
        "TagResource" => json!({"Tags": [{"TagKey": "Stage", "TagValue": "test"}]}),
        "UntagResource" => json!({"TagKeys": ["Stage"]}),
        "UpdateKeyDescription" => json!({"Description": "x"}),
        "ReplicateKey" => json!({"ReplicaRegion": NOWHERE}),
        "UpdatePrimaryRegion" => json!({"PrimaryRegion": ABROAD}),
        _ => json!({}),
    }
}

fn with(mut input: Json, member: &str, value: Json) -> Json {
    input[member] = value;
    input
}
