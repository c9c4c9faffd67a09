//! The condition keys that policies ask for, in their conditions and their variables.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetContextKeysForCustomPolicy.html>

use std::collections::BTreeMap;

use alcazar_api_iam::types::GetContextKeysForPolicyResponse;
use alcazar_policy::{PolicyDocument, PolicyKind};
use alcazar_shape::ApiError;

use crate::error::simulation as error;

/// The keys of policies, be they written for principals or for resources. Keys that differ in case alone are told once.
///
/// # Errors
/// One is no policy.
pub(crate) fn answer<'a>(
    texts: impl Iterator<Item = &'a str>,
) -> Result<GetContextKeysForPolicyResponse, ApiError> {
    let mut keys: BTreeMap<String, String> = BTreeMap::new();
    for text in texts {
        let document = PolicyDocument::parse(text, PolicyKind::Identity)
            .or_else(|error| PolicyDocument::parse(text, PolicyKind::Resource).map_err(|_| error))
            .map_err(|error| error::invalid_policy(&error.to_string()))?;
        for key in document.context_keys() {
            keys.entry(key.to_ascii_lowercase()).or_insert(key);
        }
    }
    let names: Vec<String> = keys.into_values().collect();
    Ok(GetContextKeysForPolicyResponse { context_key_names: Some(names.into()) })
}
