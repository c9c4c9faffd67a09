//! An API model as the generator reads it: `models/<service>.json` with our corrections applied.

use std::path::Path;

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::error::{Error, Result};
use crate::files;
use crate::json::{Json, Ordered};

/// A service's model.
#[derive(Debug, Deserialize)]
pub(crate) struct Model {
    pub(crate) metadata: Metadata,
    pub(crate) operations: Ordered<Operation>,
    pub(crate) shapes: Ordered<Shape>,
}

/// What is said of the service as a whole. `shapeName`, `eventSource` and `urlMember` are ours, from corrections.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Metadata {
    pub(crate) api_version: String,
    pub(crate) endpoint_prefix: String,
    pub(crate) service_full_name: String,
    pub(crate) protocol: String,
    #[serde(default)]
    pub(crate) protocols: Vec<String>,
    pub(crate) json_version: Option<String>,
    pub(crate) signing_name: Option<String>,
    pub(crate) target_prefix: Option<String>,
    pub(crate) xml_namespace: Option<String>,
    pub(crate) shape_name: Option<String>,
    pub(crate) event_source: Option<String>,
    pub(crate) aws_query_compatible: Option<IgnoredAny>,
    pub(crate) url_member: Option<String>,
}

/// An operation.
#[derive(Debug, Deserialize)]
pub(crate) struct Operation {
    pub(crate) input: Option<Reference>,
    pub(crate) output: Option<Reference>,
    #[serde(default)]
    pub(crate) errors: Vec<Reference>,
}

/// A use of a shape.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Reference {
    pub(crate) shape: String,
    pub(crate) location_name: Option<String>,
    pub(crate) location: Option<String>,
    pub(crate) timestamp_format: Option<String>,
    pub(crate) result_wrapper: Option<String>,
    #[serde(default)]
    pub(crate) flattened: bool,
    #[serde(default)]
    pub(crate) deprecated: bool,
}

/// A shape.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Shape {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) members: Ordered<Reference>,
    #[serde(default)]
    pub(crate) required: Vec<String>,
    pub(crate) member: Option<Reference>,
    pub(crate) key: Option<Reference>,
    pub(crate) value: Option<Reference>,
    #[serde(default, rename = "enum")]
    pub(crate) values: Vec<String>,
    pub(crate) min: Option<f64>,
    pub(crate) max: Option<f64>,
    pub(crate) pattern: Option<String>,
    #[serde(default)]
    pub(crate) sensitive: bool,
    #[serde(default)]
    pub(crate) flattened: bool,
    #[serde(default)]
    pub(crate) union: bool,
    #[serde(default)]
    pub(crate) document: bool,
    #[serde(default)]
    pub(crate) fault: bool,
    pub(crate) timestamp_format: Option<String>,
    pub(crate) error: Option<ErrorTrait>,
}

/// What an error's shape says of its code and status.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ErrorTrait {
    pub(crate) code: Option<String>,
    pub(crate) http_status_code: Option<u16>,
    pub(crate) sender_fault: Option<bool>,
}

/// A file of corrections.
#[derive(Debug, Deserialize)]
struct Corrections {
    corrections: Vec<Correction>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Correction {
    reason: String,
    patch: Json,
}

impl Model {
    /// Reads a service's model from the directory of models, and corrects it.
    pub(crate) fn read(models: &Path, service: &str) -> Result<Self> {
        let path = models.join(format!("{service}.json"));
        let mut json: Json =
            serde_json::from_str(&files::read(&path)?).map_err(|cause| Error::at(&path, cause))?;
        let ours = models.join("corrections").join(format!("{service}.json"));
        if let Some(text) = files::read_if_present(&ours)? {
            let file: Corrections = serde_json::from_str(&text).map_err(|cause| Error::at(&ours, cause))?;
            for correction in &file.corrections {
                if correction.reason.trim().is_empty() {
                    return Err(Error::at(&ours, "a correction gives no reason"));
                }
                json.merge(&correction.patch);
            }
        }
        Self::from_json(&json).map_err(|cause| Error::at(&path, cause))
    }

    /// Reads a model that is JSON already.
    pub(crate) fn from_json(json: &Json) -> Result<Self> {
        serde_json::to_string(json)
            .and_then(|text| serde_json::from_str(&text))
            .map_err(|cause| Error::new(cause.to_string()))
    }

    /// The shape of that name.
    pub(crate) fn shape(&self, name: &str) -> Result<&Shape> {
        self.shapes.get(name).ok_or_else(|| Error::new(format!("the model has no shape {name}")))
    }
}

impl Shape {
    /// Every use of another shape in this one.
    pub(crate) fn references(&self) -> impl Iterator<Item = &Reference> {
        self.members
            .iter()
            .map(|(_, reference)| reference)
            .chain(&self.member)
            .chain(&self.key)
            .chain(&self.value)
    }

    /// A structure without members.
    pub(crate) fn empty_structure() -> Result<Self> {
        serde_json::from_str(r#"{"type":"structure"}"#).map_err(|cause| Error::new(cause.to_string()))
    }

    pub(crate) fn is_enum(&self) -> bool {
        self.kind == "string" && !self.values.is_empty()
    }

    pub(crate) fn is_structure(&self) -> bool {
        self.kind == "structure"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_correction_needs_a_reason() {
        let directory = tempfile::tempdir().unwrap();
        let model = r#"{"metadata":{"apiVersion":"1","endpointPrefix":"x","serviceFullName":"X","protocol":"json"},
            "operations":{},"shapes":{"A":{"type":"string"}}}"#;
        std::fs::write(directory.path().join("x.json"), model).unwrap();
        assert!(Model::read(directory.path(), "x").unwrap().shape("A").unwrap().max.is_none());

        let corrections = directory.path().join("corrections");
        std::fs::create_dir(&corrections).unwrap();
        let write = |reason: &str| {
            let patch = r#"{"shapes":{"A":{"max":3}}}"#;
            let text = format!(r#"{{"corrections":[{{"reason":"{reason}","patch":{patch}}}]}}"#);
            std::fs::write(corrections.join("x.json"), text).unwrap();
        };
        write("AWS refuses four");
        assert_eq!(Model::read(directory.path(), "x").unwrap().shape("A").unwrap().max, Some(3.0));
        write(" ");
        assert!(Model::read(directory.path(), "x").is_err());
    }
}
