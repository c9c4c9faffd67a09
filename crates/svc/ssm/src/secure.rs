//! Secure strings: encrypted by KMS for the caller, under a context that names the parameter.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html>

use std::collections::BTreeMap;

use alcazar_api_kms::operation::{Decrypt, DecryptRequest, Encrypt, EncryptRequest};
use alcazar_base::{SecretBytes, SecretString};
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
    _tier: Tier,
    key_id: &str,
    value: &SecretString,
) -> Result<Value> {
    let request = EncryptRequest {
        key_id: key_id.to_owned(),
        plaintext: SecretBytes::new(value.expose().as_bytes().to_vec()),
        encryption_context: context(arn),
        ..EncryptRequest::default()
    };
    let answer = cx.invoke::<Encrypt>(VIA, request).await.map_err(|error| refused(cx, error))?;
    let blob = answer.ciphertext_blob.ok_or_else(|| Error::invariant("KMS gave no ciphertext"))?;
    Ok(Value::Encrypted(blob))
}

/// Decrypts a value, if the caller may.
///
/// # Errors
/// KMS refuses it.
pub(crate) async fn open(cx: &mut Cx<'_>, arn: &str, _tier: Tier, value: &[u8]) -> Result<SecretString> {
    let request = DecryptRequest {
        ciphertext_blob: Some(value.to_vec()),
        encryption_context: context(arn),
        ..DecryptRequest::default()
    };
    let answer = cx.invoke::<Decrypt>(VIA, request).await.map_err(|error| refused(cx, error))?;
    let plaintext = answer.plaintext.ok_or_else(|| Error::invariant("KMS gave no plaintext"))?;
    let text = std::str::from_utf8(plaintext.expose());
    text.map(|text| SecretString::new(text.to_owned())).map_err(|_| Error::invariant("a secure string is no text"))
}

fn context(arn: &str) -> Option<BTreeMap<String, String>> {
    Some(BTreeMap::from([("PARAMETER_ARN".to_owned(), arn.to_owned())]))
}

fn refused(cx: &Cx<'_>, error: Error) -> Error {
    match error {
        Error::Api(error) => error::kms::refused(&error, &cx.call().request_id).into(),
        error => error,
    }
}
