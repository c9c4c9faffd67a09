//! Parameters as a document: what `alcazar params` writes and reads as JSON and YAML.
//!
//! The members have AWS's names. Parameters are named below the path of the document, so that they can be put below
//! another. What always holds: reading what was written gives the same document; a name stands there once; no error
//! tells a value.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use alcazar_base::SecretString;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value as Json;
use thiserror::Error;

use super::secret_buffer::SecretBuffer;

/// A tree of parameters.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct Document {
    /// The path that the names are below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) path: Option<String>,
    /// The parameters by their names below the path.
    #[serde(deserialize_with = "unique")]
    pub(crate) parameters: BTreeMap<String, Entry>,
}

/// A parameter. What is left out says nothing of the parameter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields, default)]
pub(crate) struct Entry {
    /// Its type.
    #[serde(rename = "Type", skip_serializing_if = "Option::is_none")]
    pub(crate) kind: Option<Kind>,
    /// Its value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) value: Option<Value>,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<String>,
    /// Its tier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tier: Option<Tier>,
    /// The KMS key of a `SecureString`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) key_id: Option<String>,
    /// What the value is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) data_type: Option<String>,
    /// The regular expression that values match.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) allowed_pattern: Option<String>,
    /// Its policies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) policies: Option<Vec<Json>>,
    /// Its tags.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "unique_if_any")]
    pub(crate) tags: Option<BTreeMap<String, String>>,
}

/// A parameter's type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
pub(crate) enum Kind {
    /// A text.
    #[value(name = "String")]
    String,
    /// Texts between commas.
    #[value(name = "StringList")]
    StringList,
    /// An encrypted text.
    #[value(name = "SecureString")]
    SecureString,
}

impl Kind {
    /// As AWS has it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::String => "String",
            Self::StringList => "StringList",
            Self::SecureString => "SecureString",
        }
    }
}

/// A parameter's tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
pub(crate) enum Tier {
    /// 4 KB.
    #[value(name = "Standard")]
    Standard,
    /// 8 KB, and policies.
    #[value(name = "Advanced")]
    Advanced,
    /// Whichever of the two it takes.
    #[serde(rename = "Intelligent-Tiering")]
    #[value(name = "Intelligent-Tiering")]
    IntelligentTiering,
}

/// A parameter's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Value(pub(crate) SecretString);

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.expose())
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(SecretString::new(text)))
    }
}

/// Reads a map in which a name stands once.
fn unique<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, T>, D::Error> {
    struct Unique<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for Unique<T> {
        type Value = BTreeMap<String, T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a map")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut entries = BTreeMap::new();
            while let Some((name, entry)) = map.next_entry::<String, T>()? {
                if entries.contains_key(&name) {
                    return Err(serde::de::Error::custom(format_args!("duplicate name `{name}`")));
                }
                entries.insert(name, entry);
            }
            Ok(entries)
        }
    }

    deserializer.deserialize_map(Unique(PhantomData))
}

fn unique_if_any<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<BTreeMap<String, String>>, D::Error> {
    unique(deserializer).map(Some)
}

/// The text forms of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// JSON.
    Json,
    /// YAML.
    Yaml,
}

/// A text that is no such document, or a document that cannot be written. No value is told.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{place}{reason}")]
pub(crate) struct DocumentError {
    /// Where it is, if that is known.
    place: String,
    /// What is wrong.
    reason: String,
}

/// How messages begin that tell names alone. All others may tell what was found, a value perhaps.
const HARMLESS: [&str; 4] = ["unknown field", "unknown variant", "missing field", "duplicate"];

impl DocumentError {
    fn new(place: Option<(u64, u64)>, message: &str) -> Self {
        let place =
            place.map_or_else(String::new, |(line, column)| format!("line {line}, column {column}: "));
        let is_harmless = HARMLESS.iter().any(|beginning| message.starts_with(beginning));
        // Both libraries say the place once more.
        let message = message.split(" at line ").next().unwrap_or_default();
        let message = message.lines().next().unwrap_or_default();
        let reason = if is_harmless { message } else { "this is not the form of a document of parameters" };
        Self { place, reason: reason.to_owned() }
    }
}

impl From<serde_json::Error> for DocumentError {
    fn from(error: serde_json::Error) -> Self {
        let place = (error.line() > 0).then(|| (error.line() as u64, error.column() as u64));
        Self::new(place, &error.to_string())
    }
}

impl From<serde_saphyr::Error> for DocumentError {
    fn from(error: serde_saphyr::Error) -> Self {
        let place = error.location().map(|location| (location.line(), location.column()));
        Self::new(place, &error.without_snippet().to_string())
    }
}

impl Document {
    /// Writes the document, with a line's end after it.
    ///
    /// # Errors
    /// It cannot be written.
    pub(crate) fn write(&self, form: Form) -> Result<SecretBuffer, DocumentError> {
        let mut buffer = SecretBuffer::new();
        match form {
            Form::Json => {
                serde_json::to_writer_pretty(&mut buffer, self)?;
                buffer.push(b"\n");
            }
            Form::Yaml => serde_saphyr::to_fmt_writer(&mut buffer, self)
                .map_err(|error| DocumentError::new(None, &error.to_string()))?,
        }
        Ok(buffer)
    }

    /// Reads a document.
    ///
    /// # Errors
    /// It is none.
    pub(crate) fn read(text: &str, form: Form) -> Result<Self, DocumentError> {
        match form {
            Form::Json => Ok(serde_json::from_str(text)?),
            Form::Yaml => Ok(serde_saphyr::from_str(text)?),
        }
    }
}

#[cfg(test)]
mod tests;
