//! What is below a path: values, and whatever else there is to know of parameters.

use std::collections::BTreeMap;
use std::sync::Arc;

use alcazar_api_ssm::operation::{
    DescribeParameters, DescribeParametersRequest, GetParametersByPath, GetParametersByPathRequest,
    ListTagsForResource, ListTagsForResourceRequest,
};
use alcazar_api_ssm::types::{
    Parameter, ParameterMetadata, ParameterStringFilter, ParameterTier, ParameterType, ResourceTypeForTagging,
};
use alcazar_base::SecretString;
use tokio::task::JoinSet;

use super::client::{CallError, Client};
use super::document::{Entry, Kind, Tier, Value};
use super::path::Path;

/// How many parameters are asked for at a time, by value and without: AWS's most.
const VALUES_PER_PAGE: i32 = 10;
const METADATA_PER_PAGE: i32 = 50;

/// How many pages are read. An account has 110,000 parameters in a region at most.
const PAGES_MAX: usize = 100_000;

/// How many calls go at once.
pub(super) const CALLS_MAX: usize = 8;

/// The data type that parameters have unless they say otherwise.
const USUAL_DATA_TYPE: &str = "text";

/// A parameter's name below the path, its type and its value.
pub(crate) struct Found {
    /// The name below the path.
    pub(crate) name: String,
    /// The type.
    pub(crate) kind: Kind,
    /// The value, if it is in the clear.
    pub(crate) value: Option<SecretString>,
    data_type: Option<String>,
}

#[cfg(test)]
impl Found {
    /// One that was made up.
    pub(crate) fn new(name: &str, kind: Kind, value: Option<SecretString>) -> Self {
        Self { name: name.to_owned(), kind, value, data_type: None }
    }
}

/// What is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading {
    /// All levels below the path, and not the next alone.
    pub(crate) recursive: bool,
    /// The values of SecureStrings, in the clear.
    pub(crate) decrypt: bool,
}

impl From<ParameterType> for Kind {
    fn from(kind: ParameterType) -> Self {
        match kind {
            ParameterType::String => Self::String,
            ParameterType::StringList => Self::StringList,
            ParameterType::SecureString => Self::SecureString,
        }
    }
}

impl From<ParameterTier> for Tier {
    fn from(tier: ParameterTier) -> Self {
        match tier {
            ParameterTier::Standard => Self::Standard,
            ParameterTier::Advanced => Self::Advanced,
            ParameterTier::IntelligentTiering => Self::IntelligentTiering,
        }
    }
}

impl From<Tier> for ParameterTier {
    fn from(tier: Tier) -> Self {
        match tier {
            Tier::Standard => Self::Standard,
            Tier::Advanced => Self::Advanced,
            Tier::IntelligentTiering => Self::IntelligentTiering,
        }
    }
}

impl From<Kind> for ParameterType {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::String => Self::String,
            Kind::StringList => Self::StringList,
            Kind::SecureString => Self::SecureString,
        }
    }
}

/// The parameters below a path with their values.
///
/// # Errors
/// A call did not succeed.
pub(crate) async fn values(client: &Client, path: &Path, reading: Reading) -> Result<Vec<Found>, CallError> {
    let mut found = Vec::new();
    let mut next_token = None;
    for _ in 0..PAGES_MAX {
        let input = GetParametersByPathRequest {
            path: path.as_str().to_owned(),
            recursive: Some(reading.recursive),
            with_decryption: Some(reading.decrypt),
            max_results: Some(VALUES_PER_PAGE),
            next_token,
            ..Default::default()
        };
        let page = client.call::<GetParametersByPath>(input).await?;
        let parameters = page.parameters.map(|list| list.0).unwrap_or_default();
        found.extend(parameters.into_iter().filter_map(|parameter| found_of(parameter, path, reading)));
        next_token = page.next_token.filter(|token| !token.is_empty());
        if next_token.is_none() {
            break;
        }
    }
    Ok(found)
}

fn found_of(parameter: Parameter, path: &Path, reading: Reading) -> Option<Found> {
    let kind = Kind::from(parameter.r#type?);
    let is_clear = kind != Kind::SecureString || reading.decrypt;
    Some(Found {
        name: path.below(&parameter.name?)?.to_owned(),
        kind,
        value: parameter.value.filter(|_| is_clear),
        data_type: parameter.data_type,
    })
}

/// The parameters below a path with all that there is to know of them, by their names below it.
///
/// # Errors
/// A call did not succeed.
pub(crate) async fn read(
    client: &Arc<Client>,
    path: &Path,
    reading: Reading,
) -> Result<BTreeMap<String, Entry>, CallError> {
    let mut entries: BTreeMap<String, Entry> = values(client, path, reading)
        .await?
        .into_iter()
        .map(|Found { name, kind, value, data_type }| {
            let data_type = data_type.filter(|data_type| data_type != USUAL_DATA_TYPE);
            (name, Entry { kind: Some(kind), value: value.map(Value), data_type, ..Entry::default() })
        })
        .collect();
    describe(client, path, reading, &mut entries).await?;
    add_tags(client, path, &mut entries).await?;
    Ok(entries)
}

async fn describe(
    client: &Client,
    path: &Path,
    reading: Reading,
    entries: &mut BTreeMap<String, Entry>,
) -> Result<(), CallError> {
    let depth = if reading.recursive { "Recursive" } else { "OneLevel" };
    let filter = ParameterStringFilter {
        key: "Path".to_owned(),
        option: Some(depth.to_owned()),
        values: Some(vec![path.as_str().to_owned()].into()),
    };
    let mut next_token = None;
    for _ in 0..PAGES_MAX {
        let input = DescribeParametersRequest {
            parameter_filters: Some(vec![filter.clone()].into()),
            max_results: Some(METADATA_PER_PAGE),
            next_token,
            ..Default::default()
        };
        let page = client.call::<DescribeParameters>(input).await?;
        for metadata in page.parameters.map(|list| list.0).unwrap_or_default() {
            let name = metadata.name.as_deref().and_then(|name| path.below(name));
            if let Some(entry) = name.and_then(|name| entries.get_mut(name)) {
                add_metadata(entry, metadata);
            }
        }
        next_token = page.next_token.filter(|token| !token.is_empty());
        if next_token.is_none() {
            break;
        }
    }
    Ok(())
}

fn add_metadata(entry: &mut Entry, metadata: ParameterMetadata) {
    let told = |text: Option<String>| text.filter(|text| !text.is_empty());
    entry.description = told(metadata.description);
    entry.allowed_pattern = told(metadata.allowed_pattern);
    entry.key_id = told(metadata.key_id).filter(|_| entry.kind == Some(Kind::SecureString));
    entry.tier = metadata.tier.map(Tier::from);
    let policies = metadata.policies.map(|list| list.0).unwrap_or_default();
    let policies = policies.into_iter().filter_map(|policy| policy.policy_text);
    let policies: Vec<_> = policies.filter_map(|text| serde_json::from_str(&text).ok()).collect();
    entry.policies = (!policies.is_empty()).then_some(policies);
}

async fn add_tags(
    client: &Arc<Client>,
    path: &Path,
    entries: &mut BTreeMap<String, Entry>,
) -> Result<(), CallError> {
    let mut left: Vec<String> = entries.keys().rev().cloned().collect();
    let mut calls = JoinSet::new();
    loop {
        while calls.len() < CALLS_MAX
            && let Some(name) = left.pop()
        {
            let (client, parameter) = (client.clone(), path.parameter(&name));
            calls.spawn(async move { tags(&client, parameter).await.map(|tags| (name, tags)) });
        }
        let Some(done) = calls.join_next().await else { break };
        let Ok(done) = done else { continue };
        let (name, tags) = done?;
        if let Some(entry) = entries.get_mut(&name) {
            entry.tags = (!tags.is_empty()).then_some(tags);
        }
    }
    Ok(())
}

/// A parameter's tags, without those that AWS itself puts on.
async fn tags(client: &Client, parameter: String) -> Result<BTreeMap<String, String>, CallError> {
    let input = ListTagsForResourceRequest {
        resource_type: ResourceTypeForTagging::Parameter,
        resource_id: parameter,
    };
    let tags = client.call::<ListTagsForResource>(input).await;
    let tags = match tags {
        // It has been deleted meanwhile.
        Err(CallError::Service { code, .. }) if code == "InvalidResourceId" => return Ok(BTreeMap::new()),
        tags => tags?.tag_list.map(|list| list.0).unwrap_or_default(),
    };
    let tags = tags.into_iter().filter(|tag| !tag.key.starts_with("aws:"));
    Ok(tags.map(|tag| (tag.key, tag.value)).collect())
}
