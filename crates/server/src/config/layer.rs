//! The layers that settings come from: each says of a value what set it.

use std::path::Path;

use figment::providers::{Format, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Metadata, Profile, Provider};

use super::ConfigError;
use super::quotas;
use super::setting::{self, SETTINGS};

/// Settings as texts, from the command line or the environment.
pub(crate) struct Texts {
    name: &'static str,
    values: Dict,
}

pub(crate) const COMMAND_LINE: &str = "the command line";
pub(crate) const ENVIRONMENT: &str = "the environment";

/// Names of the log level that other programs use too.
const LOG_LEVEL_VARIABLES: [&str; 2] = ["ALCAZAR_LOG", "RUST_LOG"];

impl Texts {
    /// What the command line set.
    pub(crate) fn command_line(flags: Vec<(&'static str, String)>) -> Self {
        let values = flags.into_iter().map(|(key, text)| (key.to_owned(), value(key, text))).collect();
        Self { name: COMMAND_LINE, values }
    }

    /// What the environment sets. An empty variable sets nothing.
    pub(crate) fn environment(variable: &dyn Fn(&str) -> Option<String>) -> Self {
        let read = |name: &str| variable(name).filter(|text| !text.is_empty());
        let mut values: Dict = SETTINGS
            .iter()
            .filter_map(|setting| {
                Some((setting.key.to_owned(), value(setting.key, read(&setting.variable())?)))
            })
            .collect();
        if !values.contains_key("log_level") {
            // Filters of other programs are more than a level, so only what is a level counts.
            let level = LOG_LEVEL_VARIABLES.iter().filter_map(|name| read(name)).find(|text| is_level(text));
            values.extend(level.map(|level| ("log_level".to_owned(), Value::from(level))));
        }
        Self { name: ENVIRONMENT, values }
    }
}

/// The value of a setting that is given as a text. Quotas are many values in one.
fn value(key: &str, text: String) -> Value {
    if key == quotas::KEY { Value::from(quotas::of_text(&text)) } else { Value::from(text) }
}

fn is_level(text: &str) -> bool {
    ["off", "error", "warn", "info", "debug", "trace"].contains(&text.to_ascii_lowercase().as_str())
}

impl Provider for Texts {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.name)
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Ok(Profile::Default.collect(self.values.clone()))
    }
}

/// The configuration file, whose every key must be a setting.
pub(crate) struct File {
    name: String,
    values: Dict,
}

impl File {
    /// Reads the file.
    pub(crate) fn read(path: &Path) -> Result<Self, ConfigError> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|error| ConfigError::File { file: name.clone(), what: error.to_string() })?;
        let mut values: Dict = Toml::from_str(&text)
            .map_err(|error| ConfigError::File { file: name.clone(), what: error.to_string() })?;
        if let Some(given) = values.remove(quotas::KEY) {
            values.insert(quotas::KEY.to_owned(), quotas::of_file(given));
        }
        match values.keys().find(|key| setting::find(key).is_none()) {
            Some(key) => Err(ConfigError::UnknownKey { key: key.clone(), file: name }),
            None => Ok(Self { name, values }),
        }
    }
}

impl Provider for File {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.name.clone())
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Ok(Profile::Default.collect(self.values.clone()))
    }
}

/// Names a setting as its user knows it, from the layer that set it.
pub(crate) fn name_in(layer: &str, key: &str) -> String {
    let Some(setting) = setting::find(key) else { return format!("`{key}` in {layer}") };
    match layer {
        COMMAND_LINE => setting.flag(),
        ENVIRONMENT => format!("{} in the environment", setting.variable()),
        file => format!("`{key}` in {file}"),
    }
}
