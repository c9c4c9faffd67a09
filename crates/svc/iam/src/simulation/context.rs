//! The condition keys of a simulation: those that the request gives, and those that follow from who calls.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ContextEntry.html>

use std::net::IpAddr;

use alcazar_api_iam::types::{ContextEntry, ContextKeyTypeEnum};
use alcazar_base::Timestamp;
use alcazar_identity::entity::name_of;
use alcazar_policy::{Context, Principal, PrincipalKind, Value};
use alcazar_shape::ApiError;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::error::simulation as error;

/// Reads the entries of a request.
///
/// # Errors
/// A value is none of its type, or there is none where one has to be.
pub(super) fn read(entries: &[ContextEntry]) -> Result<Context, ApiError> {
    let mut context = Context::new();
    for entry in entries {
        let Some(key) = &entry.context_key_name else { return Err(error::context_key_needed()) };
        let kind = entry.context_key_type.unwrap_or(ContextKeyTypeEnum::String);
        for text in entry.context_key_values.iter().flat_map(|values| values.iter()) {
            let value = value(kind, text).ok_or_else(|| error::invalid_context_value(key, text))?;
            context.insert(key.clone(), value);
        }
    }
    Ok(context)
}

fn value(kind: ContextKeyTypeEnum, text: &str) -> Option<Value> {
    Some(match kind {
        ContextKeyTypeEnum::String | ContextKeyTypeEnum::StringList => Value::from(text.to_owned()),
        ContextKeyTypeEnum::Numeric | ContextKeyTypeEnum::NumericList => match text.parse::<i64>() {
            Ok(number) => Value::from(number),
            // A text is compared as a number where a policy does so.
            Err(_) => text.parse::<f64>().ok().map(|_| Value::from(text.to_owned()))?,
        },
        ContextKeyTypeEnum::Boolean | ContextKeyTypeEnum::BooleanList => {
            Value::from(text.to_ascii_lowercase().parse::<bool>().ok()?)
        }
        ContextKeyTypeEnum::Ip | ContextKeyTypeEnum::IpList => Value::from(text.parse::<IpAddr>().ok()?),
        ContextKeyTypeEnum::Binary | ContextKeyTypeEnum::BinaryList => {
            Value::from(STANDARD.decode(text).ok()?)
        }
        ContextKeyTypeEnum::Date | ContextKeyTypeEnum::DateList => Value::from(match text.parse::<i64>() {
            Ok(seconds) => Timestamp::from_secs(seconds),
            Err(_) => Timestamp::parse_iso8601(text).ok()?,
        }),
    })
}

/// Adds what is known of the caller, as far as the request says nothing else.
pub(super) fn add_caller(principal: &Principal, context: &mut Context) {
    let mut add = |key: &'static str, value: String| {
        if context.values(key).next().is_none() {
            context.insert(key, value);
        }
    };
    add("aws:PrincipalArn", principal.arn.clone());
    add("aws:PrincipalAccount", principal.account.to_string());
    if principal.kind == PrincipalKind::User && principal.arn.contains(":user/") {
        add("aws:username", name_of(&principal.arn).to_owned());
    }
}
