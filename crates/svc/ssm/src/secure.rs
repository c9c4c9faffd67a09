//! Secure strings: encrypted by KMS for the caller, under a context that names the parameter.
//!
//! KMS encrypts a value of the standard tier itself. A value of the advanced tier is a message of the AWS Encryption SDK,
//! under a data key of its own; the suite is one that commits to its key and does not sign, so the context that KMS sees
//! is the documented one alone.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html>

use std::collections::BTreeMap;

use alcazar_api_kms::operation::{
    Decrypt, DecryptRequest, Encrypt, EncryptRequest, GenerateDataKey, GenerateDataKeyRequest,
};
use alcazar_api_kms::types::DataKeySpec;
use alcazar_base::{SecretBytes, SecretString};
use alcazar_crypto::encryption_sdk::{self, EncryptedDataKey, Message};
use alcazar_engine::{Cx, Error, Result};

use crate::error;
use crate::version::{Tier, Value};

/// The service by which KMS is asked.
const VIA: &str = "ssm";

/// Encrypts a value under a KMS key that the caller may use.
///
/// # Errors
/// KMS refuses it.
pub(crate) async fn seal(
    cx: &mut Cx<'_>,
    arn: &str,
    tier: Tier,
    key_id: &str,
    value: &SecretString,
) -> Result<Value> {
    let (key_id, plaintext) = (key_id.to_owned(), value.expose().as_bytes());
    let blob = match tier {
        Tier::Standard => encrypt(cx, arn, key_id, plaintext).await?,
        Tier::Advanced => encrypt_message(cx, arn, key_id, plaintext).await?,
    };
    Ok(Value::Encrypted(blob))
}

async fn encrypt(cx: &mut Cx<'_>, arn: &str, key_id: String, plaintext: &[u8]) -> Result<Vec<u8>> {
    let request = EncryptRequest {
        key_id,
        plaintext: SecretBytes::new(plaintext.to_vec()),
        encryption_context: Some(context(arn)),
        ..EncryptRequest::default()
    };
    let answer = cx.invoke::<Encrypt>(VIA, request).await.map_err(|error| refused(cx, error))?;
    answer.ciphertext_blob.ok_or_else(|| Error::invariant("KMS gave no ciphertext"))
}

async fn encrypt_message(cx: &mut Cx<'_>, arn: &str, key_id: String, plaintext: &[u8]) -> Result<Vec<u8>> {
    let request = GenerateDataKeyRequest {
        key_id,
        encryption_context: Some(context(arn)),
        key_spec: Some(DataKeySpec::Aes256),
        ..GenerateDataKeyRequest::default()
    };
    let answer = cx.invoke::<GenerateDataKey>(VIA, request).await.map_err(|error| refused(cx, error))?;
    let (Some(key_arn), Some(data_key), Some(encrypted)) =
        (answer.key_id, answer.plaintext, answer.ciphertext_blob)
    else {
        return Err(Error::invariant("KMS gave no data key"));
    };
    let encrypted = EncryptedDataKey::aws_kms(&key_arn, encrypted);
    Ok(encryption_sdk::encrypt(cx.entropy(), &data_key, &encrypted, &context(arn), plaintext)?)
}

/// Decrypts a value, if the caller may.
///
/// # Errors
/// KMS refuses it.
pub(crate) async fn open(cx: &mut Cx<'_>, arn: &str, tier: Tier, value: &[u8]) -> Result<SecretString> {
    let plaintext = match tier {
        Tier::Standard => decrypt(cx, arn, value.to_vec()).await?,
        Tier::Advanced => {
            let message = Message::parse(value).map_err(not_ours)?;
            let encrypted = message.encrypted_data_keys().first();
            let encrypted = encrypted.ok_or_else(|| Error::invariant("a message has no data key"))?;
            let data_key = decrypt(cx, arn, encrypted.ciphertext.clone()).await?;
            message.decrypt(&data_key, &context(arn)).map_err(not_ours)?
        }
    };
    let text = std::str::from_utf8(plaintext.expose());
    text.map(|text| SecretString::new(text.to_owned())).map_err(not_ours)
}

async fn decrypt(cx: &mut Cx<'_>, arn: &str, blob: Vec<u8>) -> Result<SecretBytes> {
    let request = DecryptRequest {
        ciphertext_blob: Some(blob),
        encryption_context: Some(context(arn)),
        ..DecryptRequest::default()
    };
    let answer = cx.invoke::<Decrypt>(VIA, request).await.map_err(|error| refused(cx, error))?;
    answer.plaintext.ok_or_else(|| Error::invariant("KMS gave no plaintext"))
}

fn not_ours(error: impl std::fmt::Display) -> Error {
    Error::invariant(format!("a secure string is not as it was written: {error}"))
}

fn context(arn: &str) -> BTreeMap<String, String> {
    BTreeMap::from([("PARAMETER_ARN".to_owned(), arn.to_owned())])
}

fn refused(cx: &Cx<'_>, error: Error) -> Error {
    match error {
        Error::Api(error) => error::kms::refused(&error, &cx.call().request_id).into(),
        error => error,
    }
}
