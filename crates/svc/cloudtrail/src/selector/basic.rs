//! Basic event selectors: management events, and data events of three services.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventSelector.html>

use alcazar_api_cloudtrail::types;
use alcazar_engine::audit::AuditEvent;
use alcazar_shape::ApiError;
use minicbor::{Decode, Encode};

use super::SELECTORS_MAX;
use crate::error::selector as error;

/// The most resources of all selectors of a trail together.
const RESOURCES_MAX: usize = 250;

/// The sources whose management events may be left out.
pub(crate) const EXCLUDABLE: &[&str] = &["kms.amazonaws.com", "rdsdata.amazonaws.com"];

/// The types of resources whose data events are logged, and what each one's ARNs begin with.
const TYPES: [(&str, &str); 3] = [
    ("AWS::DynamoDB::Table", "arn:aws:dynamodb"),
    ("AWS::Lambda::Function", "arn:aws:lambda"),
    ("AWS::S3::Object", "arn:aws:s3"),
];

/// A basic event selector. Field numbers never change their meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct BasicSelector {
    /// `All`, `ReadOnly` or `WriteOnly`.
    #[n(0)]
    pub(crate) read_write_type: String,
    /// Whether management events are selected.
    #[n(1)]
    pub(crate) include_management_events: bool,
    /// The resources whose data events are.
    #[n(2)]
    pub(crate) data_resources: Vec<DataResource>,
    /// The sources whose management events are not.
    #[n(3)]
    pub(crate) excluded_sources: Vec<String>,
}

/// Resources of one type.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct DataResource {
    /// The type, e.g. `AWS::S3::Object`.
    #[n(0)]
    pub(crate) kind: String,
    /// Their ARNs, or what those begin with.
    #[n(1)]
    pub(crate) values: Vec<String>,
}

impl BasicSelector {
    /// The selector of every management event.
    #[must_use]
    pub(crate) fn all_management_events() -> Self {
        Self {
            read_write_type: types::ReadWriteType::All.as_str().to_owned(),
            include_management_events: true,
            data_resources: Vec::new(),
            excluded_sources: Vec::new(),
        }
    }

    /// Whether an event is to be logged.
    #[must_use]
    pub(crate) fn selects(&self, event: &AuditEvent) -> bool {
        let reads_or_writes = match self.read_write_type.as_str() {
            "ReadOnly" => event.read_only,
            "WriteOnly" => !event.read_only,
            _ => true,
        };
        let is_meant = if event.data_event {
            event.resources.iter().any(|resource| {
                self.data_resources.iter().filter(|given| given.kind == resource.kind).any(|given| {
                    given.values.iter().any(|value| match given.kind.as_str() {
                        "AWS::S3::Object" => resource.arn.starts_with(value.as_str()),
                        // ARNs of functions and tables are exact, but for the one that stands for all.
                        _ => resource.arn == *value || value.matches(':').count() == 2,
                    })
                })
            })
        } else {
            self.include_management_events && !self.excluded_sources.contains(&event.event_source)
        };
        reads_or_writes && is_meant
    }

    /// It as answers have it.
    #[must_use]
    pub(crate) fn shown(&self) -> types::EventSelector {
        let resources: Vec<types::DataResource> = self
            .data_resources
            .iter()
            .map(|resource| types::DataResource {
                r#type: Some(resource.kind.clone()),
                values: Some(resource.values.clone().into()),
            })
            .collect();
        types::EventSelector {
            read_write_type: self.read_write_type.parse().ok(),
            include_management_events: Some(self.include_management_events),
            data_resources: Some(resources.into()),
            exclude_management_event_sources: Some(self.excluded_sources.clone().into()),
        }
    }
}

/// Reads the selectors that somebody gives.
///
/// # Errors
/// There are too many, or one names what cannot be.
pub(crate) fn read(given: &[types::EventSelector]) -> Result<Vec<BasicSelector>, ApiError> {
    if given.is_empty() || given.len() > SELECTORS_MAX {
        return Err(error::selector_count(SELECTORS_MAX));
    }
    let read: Vec<BasicSelector> = given.iter().map(read_one).collect::<Result<_, _>>()?;
    let resources: usize =
        read.iter().flat_map(|selector| &selector.data_resources).map(|resource| resource.values.len()).sum();
    if resources > RESOURCES_MAX {
        return Err(error::resource_count(RESOURCES_MAX));
    }
    Ok(read)
}

fn read_one(given: &types::EventSelector) -> Result<BasicSelector, ApiError> {
    let excluded_sources =
        given.exclude_management_event_sources.as_ref().map(|list| list.0.clone()).unwrap_or_default();
    if let Some(source) = excluded_sources.iter().find(|source| !EXCLUDABLE.contains(&source.as_str())) {
        return Err(error::excluded_source(source, EXCLUDABLE));
    }
    let include_management_events = given.include_management_events.unwrap_or(true);
    let data_resources = given.data_resources.iter().flat_map(|list| list.iter());
    let data_resources: Vec<DataResource> = data_resources.map(read_resource).collect::<Result<_, _>>()?;
    if !include_management_events && data_resources.is_empty() {
        return Err(error::nothing_selected());
    }
    let read_write_type = given.read_write_type.unwrap_or(types::ReadWriteType::All);
    Ok(BasicSelector {
        read_write_type: read_write_type.as_str().to_owned(),
        include_management_events,
        data_resources,
        excluded_sources,
    })
}

fn read_resource(given: &types::DataResource) -> Result<DataResource, ApiError> {
    let kind = given.r#type.clone().unwrap_or_default();
    let known = TYPES.iter().find(|(known, _)| *known == kind);
    let Some((_, prefix)) = known else {
        return Err(error::resource_type(&kind, &TYPES.map(|(known, _)| known)));
    };
    let values = given.values.as_ref().map(|list| list.0.clone()).unwrap_or_default();
    for value in &values {
        // A prefix stands for all of the type; anything else names a bucket, table or function.
        let rest = value.strip_prefix(prefix).ok_or_else(|| error::resource_value(value))?;
        if rest.contains('*') {
            return Err(error::resource_value(value));
        }
        let names_all = rest.is_empty() || rest == ":";
        if kind == "AWS::S3::Object" && !names_all {
            let object = rest.strip_prefix(":::").ok_or_else(|| error::resource_value(value))?;
            let bucket = object.split_once('/').map(|(bucket, _)| bucket);
            if !bucket.is_some_and(crate::trail::bucket::is_name) && !object.is_empty() {
                return Err(error::s3_arn(value));
            }
        } else if !names_all && rest.split(':').count() < 4 {
            return Err(error::resource_value(value));
        }
    }
    Ok(DataResource { kind, values })
}

#[cfg(test)]
mod tests;
