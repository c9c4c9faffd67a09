//! What answers tell of parameters.

use std::sync::Arc;

use alcazar_api_ssm::types;
use alcazar_base::SecretString;
use alcazar_engine::{Cx, Result};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::parameter::Parameter;
use crate::secure;
use crate::version::{Value, Version};

/// A version as it is read, under the name that was asked for.
///
/// # Errors
/// KMS refuses to decrypt the value.
pub(crate) async fn parameter(
    cx: &mut Cx<'_>,
    name: &str,
    parameter: &Arc<Parameter>,
    version: &Version,
    with_decryption: bool,
) -> Result<types::Parameter> {
    let arn = parameter.arn();
    Ok(types::Parameter {
        name: Some(name.to_owned()),
        r#type: Some(version.kind.shown()),
        value: Some(value(cx, &arn, version, with_decryption).await?),
        version: i64::try_from(version.number).ok(),
        selector: None,
        source_result: None,
        last_modified_date: Some(version.modified),
        arn: Some(arn),
        data_type: Some(version.data_type.clone()),
    })
}

/// A version's value, or what encrypts it if it is not to be decrypted.
///
/// # Errors
/// KMS refuses to decrypt it.
pub(crate) async fn value(
    cx: &mut Cx<'_>,
    arn: &str,
    version: &Version,
    with_decryption: bool,
) -> Result<SecretString> {
    match &version.value {
        Value::Plain(text) => Ok(text.clone()),
        Value::Encrypted(blob) if with_decryption => secure::open(cx, arn, version.tier, blob).await,
        Value::Encrypted(blob) => Ok(SecretString::new(BASE64.encode(blob))),
    }
}
