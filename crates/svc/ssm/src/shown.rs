//! What answers tell of parameters.

use std::sync::Arc;

use alcazar_api_ssm::types;
use alcazar_base::{SecretString, Timestamp};
use alcazar_engine::{Cx, Result};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::access::Target;
use crate::billing;
use crate::parameter::Parameter;
use crate::version::{Value, Version};
use crate::{policy, secure};

/// A version as it is read, under the name that was asked for; it counts as an interaction.
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
    billing::interaction(cx, parameter).await?;
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

/// What a request names, as it is read under the name that was asked for; nothing if the parameter or the version is not
/// there.
///
/// # Errors
/// KMS refuses to decrypt the value, or the store failed.
pub(crate) async fn selected(
    cx: &mut Cx<'_>,
    target: &Target,
    with_decryption: bool,
) -> Result<Option<types::Parameter>> {
    let Target { reference, parameter: Some(named), .. } = target else { return Ok(None) };
    let selector = reference.selector.as_ref();
    let version = match named.number_of(selector) {
        Some(number) => named.version(cx, number).await?,
        None => None,
    };
    let Some(version) = version else { return Ok(None) };
    let mut read = parameter(cx, &reference.name, named, &version, with_decryption).await?;
    read.selector = selector.map(|selector| selector.spelled.clone());
    Ok(Some(read))
}

/// A version in a parameter's history, under the name that was asked for.
///
/// # Errors
/// KMS refuses to decrypt the value.
pub(crate) async fn history(
    cx: &mut Cx<'_>,
    name: &str,
    parameter: &Parameter,
    version: &Version,
    with_decryption: bool,
) -> Result<types::ParameterHistory> {
    let labels: Vec<_> = parameter.labels_of(version.number).map(str::to_owned).collect();
    Ok(types::ParameterHistory {
        name: Some(name.to_owned()),
        r#type: Some(version.kind.shown()),
        key_id: version.key_id.clone(),
        last_modified_date: Some(version.modified),
        last_modified_user: Some(version.modified_by.clone()),
        description: version.description.clone(),
        value: Some(value(cx, &parameter.arn(), version, with_decryption).await?),
        allowed_pattern: version.allowed_pattern.clone(),
        version: i64::try_from(version.number).ok(),
        labels: Some(labels.into()),
        tier: Some(version.tier.shown()),
        policies: Some(policy::shown_in_history(version)),
        data_type: Some(version.data_type.clone()),
    })
}

/// What is told of a parameter beside its value.
#[must_use]
pub(crate) fn metadata(parameter: &Parameter, now: Timestamp) -> types::ParameterMetadata {
    let latest = &parameter.latest;
    types::ParameterMetadata {
        name: Some(parameter.name.clone()),
        arn: Some(parameter.arn()),
        r#type: Some(latest.kind.shown()),
        key_id: latest.key_id.clone(),
        last_modified_date: Some(latest.modified),
        last_modified_user: Some(latest.modified_by.clone()),
        description: latest.description.clone(),
        allowed_pattern: latest.allowed_pattern.clone(),
        version: i64::try_from(latest.number).ok(),
        tier: Some(latest.tier.shown()),
        policies: Some(policy::shown(latest, now)),
        data_type: Some(latest.data_type.clone()),
    }
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
