//! Quotas among the settings: many values under one key, each of which a higher layer may replace.
//!
//! In the file they are the table `[quotas]`; on the command line and in the environment they are a text like
//! `kms.keys=10,kms.grants-per-key=unlimited`.

use std::collections::BTreeMap;

use alcazar_engine::{Limit, Quota};
use figment::Figment;
use figment::value::{Dict, Value};

use super::{ConfigError, layer};
use crate::serve::assembly;

/// The key that they stand under.
pub(crate) const KEY: &str = "quotas";

/// Reads a text like `kms.keys=10,kms.grants-per-key=unlimited`.
pub(crate) fn of_text(text: &str) -> Dict {
    let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
    let pair = |entry: &str| {
        let (name, value) = entry.split_once('=').unwrap_or((entry, ""));
        (name.trim().to_owned(), Value::from(value.trim()))
    };
    entries.map(pair).collect()
}

/// Reads the file's table. TOML takes an unquoted `kms.keys` for a table in a table.
pub(crate) fn of_file(given: Value) -> Value {
    let Value::Dict(tag, entries) = given else { return given };
    let mut flat = Dict::new();
    for (name, value) in entries {
        match of_file(value) {
            Value::Dict(_, inner) => {
                flat.extend(inner.into_iter().map(|(rest, value)| (format!("{name}.{rest}"), value)));
            }
            value => {
                flat.insert(name, value);
            }
        }
    }
    Value::Dict(tag, flat)
}

/// The quotas that are set, each checked.
///
/// # Errors
/// One is none that there is, or its value cannot be.
pub(crate) fn limits(layers: &Figment) -> Result<BTreeMap<&'static str, Limit>, ConfigError> {
    let Ok(given) = layers.find_value(KEY) else { return Ok(BTreeMap::new()) };
    let invalid = |value: &Value, what: String| {
        let source = layers.get_metadata(value.tag()).map(|metadata| layer::name_in(&metadata.name, KEY));
        ConfigError::Value { name: source.unwrap_or_else(|| KEY.to_owned()), what }
    };
    let Value::Dict(_, entries) = &given else {
        return Err(invalid(&given, "it is to be a table of names and values".to_owned()));
    };
    let mut limits = BTreeMap::new();
    for (name, value) in entries {
        let Some(quota) = quotas().find(|quota| quota.name == name) else {
            let names: Vec<_> = quotas().map(|quota| quota.name).collect();
            return Err(invalid(value, format!("{name:?} is no quota; there are {}", names.join(", "))));
        };
        let text = text_of(value);
        let limit = quota.parse(&text).map_err(|expected| {
            invalid(value, format!("{text:?} is no value of the quota {name}, which takes {expected}"))
        })?;
        limits.insert(quota.name, limit);
    }
    Ok(limits)
}

/// All quotas that there are.
pub(crate) fn quotas() -> impl Iterator<Item = &'static Quota> {
    assembly::services().into_iter().flat_map(|service| service.quotas)
}

/// A value as a text, as the other layers give it.
fn text_of(value: &Value) -> String {
    match value {
        Value::String(_, text) => text.clone(),
        Value::Num(_, number) => match (number.to_u128(), number.to_i128(), number.to_f64()) {
            (Some(number), ..) => number.to_string(),
            (None, Some(number), _) => number.to_string(),
            (None, None, Some(number)) => number.to_string(),
            (None, None, None) => String::new(),
        },
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::path::Path;

    use alcazar_engine::QuotaKind;

    use super::*;

    /// The documentation's table, from the services' own.
    fn table() -> String {
        let mut table = String::from("| Name | AWS's name | AWS's code | Default |\n|---|---|---|---|\n");
        for Quota { name, title, code, kind } in quotas() {
            let code = code.map_or_else(|| "not known".to_owned(), |code| format!("`{code}`"));
            let default = match kind {
                QuotaKind::Resource(default) => default.to_string(),
                QuotaKind::RequestRate { default, in_regions, .. } => {
                    let mut text = format!("{default} a second");
                    for (region, rate) in *in_regions {
                        write!(text, "; {region} {rate}").unwrap();
                    }
                    text
                }
            };
            writeln!(table, "| `{name}` | {title} | {code} | {default} |").unwrap();
        }
        table
    }

    #[test]
    fn the_documentation_has_the_table_of_quotas_as_it_is() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/QUOTAS.md");
        let text = std::fs::read_to_string(path).unwrap();
        assert!(text.contains(&table()), "docs/QUOTAS.md should have this table:\n{}", table());
    }
}
