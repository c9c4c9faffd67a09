//! A client of KMS that speaks AWS JSON.

use alcazar_shape::Protocol;
use alcazar_testkit::{TestCaller, TestCloud};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};

/// The account that most tests call from.
pub(crate) const ACCOUNT: &str = "111122223333";
/// Another account.
pub(crate) const OTHER_ACCOUNT: &str = "444455556666";

/// An error as a client sees it.
#[derive(Debug, PartialEq)]
pub(crate) struct Refusal {
    pub(crate) code: String,
    pub(crate) message: String,
}

/// A client: a cloud and who calls.
#[derive(Clone, Copy)]
pub(crate) struct Client<'a> {
    pub(crate) cloud: &'a TestCloud,
    pub(crate) caller: &'a TestCaller,
}

impl<'a> Client<'a> {
    pub(crate) fn new(cloud: &'a TestCloud, caller: &'a TestCaller) -> Self {
        Self { cloud, caller }
    }

    /// Calls an operation.
    pub(crate) async fn call(&self, operation: &str, input: Json) -> Result<Json, Refusal> {
        let model = alcazar_svc_kms::SERVICE.operation(operation).unwrap().model;
        let response = self.cloud.send_signed(self.caller, Protocol::AwsJson1_1, model, &input).await;
        let body = if response.encoded.body.is_empty() { Json::Null } else { response.json() };
        assert!(response.status() < 500, "{operation}: {body}");
        if response.status() == 200 {
            return Ok(body);
        }
        let message =
            body.get("message").or(body.get("Message")).and_then(Json::as_str).unwrap_or_default().to_owned();
        Err(Refusal { code: response.code().unwrap(), message })
    }

    /// Calls an operation that must succeed.
    pub(crate) async fn ok(&self, operation: &str, input: Json) -> Json {
        self.call(operation, input.clone())
            .await
            .unwrap_or_else(|error| panic!("{operation} {input}: {error:?}"))
    }

    /// Calls an operation that must be refused with this code, and gives back the message.
    pub(crate) async fn refused(&self, operation: &str, input: Json, code: &str) -> String {
        match self.call(operation, input.clone()).await {
            Ok(output) => panic!("{operation} {input} must be refused with {code}, but: {output}"),
            Err(error) => {
                assert_eq!(error.code, code, "{operation} {input}: {}", error.message);
                error.message
            }
        }
    }

    /// Makes a key and gives back its id.
    pub(crate) async fn new_key(&self) -> String {
        self.ok("CreateKey", json!({})).await["KeyMetadata"]["KeyId"].as_str().unwrap().to_owned()
    }

    /// Makes a key of a spec and usage, and gives back its id.
    pub(crate) async fn new_key_of(&self, spec: &str, usage: &str) -> String {
        let made = self.ok("CreateKey", json!({"KeySpec": spec, "KeyUsage": usage})).await;
        made["KeyMetadata"]["KeyId"].as_str().unwrap().to_owned()
    }

    /// Makes a key with a policy, and gives back its id.
    pub(crate) async fn new_key_with_policy(&self, policy: &Json) -> String {
        let input = json!({"Policy": policy.to_string(), "BypassPolicyLockoutSafetyCheck": true});
        self.ok("CreateKey", input).await["KeyMetadata"]["KeyId"].as_str().unwrap().to_owned()
    }

    /// Encrypts a text, and gives back the ciphertext in base64.
    pub(crate) async fn encrypt(&self, key_id: &str, text: &str, context: Json) -> String {
        let input = json!({"KeyId": key_id, "Plaintext": base64(text), "EncryptionContext": context});
        self.ok("Encrypt", input).await["CiphertextBlob"].as_str().unwrap().to_owned()
    }

    /// The ARN of a key of the caller's own.
    pub(crate) fn arn(&self, key_id: &str) -> String {
        format!("arn:aws:kms:{}:{}:key/{key_id}", self.caller.region, self.caller.account())
    }
}

/// A text in base64.
pub(crate) fn base64(text: impl AsRef<[u8]>) -> String {
    STANDARD.encode(text)
}

/// Base64 as bytes.
pub(crate) fn bytes(base64: &Json) -> Vec<u8> {
    STANDARD.decode(base64.as_str().unwrap()).unwrap()
}
