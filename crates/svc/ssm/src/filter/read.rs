//! Filters as requests say them.
//!
//! Source: <https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ParameterStringFilter.html>

use std::collections::BTreeSet;

use alcazar_api_ssm::operation::{DescribeParametersRequest, GetParametersByPathRequest};
use alcazar_api_ssm::types::{ParameterStringFilter, ParametersFilter, ParametersFilterKey};
use alcazar_shape::ApiError;

use super::{Below, Filter, Test};
use crate::error::filter as error;
use crate::name::path_of;
use crate::path;
use crate::version::{Kind, Tier};

const EQUALS: &str = "Equals";
const BEGINS_WITH: &str = "BeginsWith";
const CONTAINS: &str = "Contains";
const ONE_LEVEL: &str = "OneLevel";
const RECURSIVE: &str = "Recursive";

/// What keys of filters by tags begin with.
const TAG: &str = "tag:";

/// The keys that an operation's refusals tell of.
const DESCRIBE_KEYS: &str = "Path, Name, Type, KeyId, Tier";
const PATH_KEYS: &str = "Type, KeyId, Label";

/// The options that refusals tell of.
const OPTIONS: &str = "BeginsWith, Equals";
const PATH_OPTIONS: &str = "Recursive, OneLevel";

const KINDS: [Kind; 3] = [Kind::String, Kind::StringList, Kind::SecureString];
const KIND_NAMES: &str = "String, StringList, SecureString";
const TIERS: [Tier; 2] = [Tier::Standard, Tier::Advanced];
const TIER_NAMES: &str = "Standard, Advanced, Intelligent-Tiering";
/// What can be asked for as a tier, and is none that a parameter has.
const INTELLIGENT_TIERING: &str = "Intelligent-Tiering";

/// The filters of `DescribeParameters`, of the old kind or the new one.
///
/// # Errors
/// One is not right.
pub(crate) fn of_describe(input: &DescribeParametersRequest) -> Result<Vec<Filter>, ApiError> {
    let old = input.filters.as_deref().unwrap_or_default();
    let new = input.parameter_filters.as_deref().unwrap_or_default();
    if !old.is_empty() && !new.is_empty() {
        return Err(error::both_kinds());
    }
    let old: Vec<_> = old.iter().map(renewed).collect();
    all(if old.is_empty() { new } else { &old }, |key| key != "Label", DESCRIBE_KEYS)
}

/// The filters of `GetParametersByPath`, its path the first of them.
///
/// # Errors
/// One is not right.
pub(crate) fn of_path(input: &GetParametersByPathRequest) -> Result<Vec<Filter>, ApiError> {
    path::check(&input.path)?;
    let below = Below { paths: vec![input.path.clone()], is_recursive: input.recursive == Some(true) };
    let asked = input.parameter_filters.as_deref().unwrap_or_default();
    let filters = all(asked, |key| matches!(key, "Type" | "KeyId" | "Label"), PATH_KEYS)?;
    Ok([vec![Filter::Path(below)], filters].concat())
}

/// A filter of the old kind as one of the new kind: those by name took its beginning.
fn renewed(old: &ParametersFilter) -> ParameterStringFilter {
    let option = if old.key == ParametersFilterKey::Name { BEGINS_WITH } else { EQUALS };
    ParameterStringFilter {
        key: old.key.as_str().to_owned(),
        option: Some(option.to_owned()),
        values: Some(old.values.clone()),
    }
}

fn all(
    asked: &[ParameterStringFilter],
    is_valid: impl Fn(&str) -> bool,
    valid: &str,
) -> Result<Vec<Filter>, ApiError> {
    let mut keys = BTreeSet::new();
    let mut filters = Vec::with_capacity(asked.len());
    for filter in asked {
        let key = filter.key.as_str();
        let values = filter.values.as_deref().unwrap_or_default();
        if !is_valid(key) {
            return Err(error::key(key, valid));
        }
        if values.is_empty() && !key.starts_with(TAG) {
            return Err(error::no_values(key));
        }
        if !keys.insert(key) {
            return Err(error::duplicate(key));
        }
        let read = one(key, filter.option.as_deref(), values)?;
        filters.push(read.ok_or_else(|| error::key(key, valid))?);
    }
    Ok(filters)
}

/// One filter, if there are any of its key.
fn one(key: &str, option: Option<&str>, values: &[String]) -> Result<Option<Filter>, ApiError> {
    Ok(Some(match key {
        "Name" => Filter::Name(name(option, values)?),
        "Path" => Filter::Path(below(option, values)?),
        "Type" => Filter::Kind(kinds(option, values)?),
        "Tier" => Filter::Tier(tiers(option, values)?),
        "KeyId" => Filter::KeyId(text(option, values)?),
        "DataType" => Filter::DataType(text(option, values)?),
        "Label" => Filter::Label(label(option, values)?),
        _ => match key.strip_prefix(TAG) {
            Some(tag) => {
                let test = text(option, values)?;
                let tag = tag.to_owned();
                if values.is_empty() { Filter::TagKey(tag) } else { Filter::Tag(tag, test) }
            }
            None => return Ok(None),
        },
    }))
}

/// A test by `Equals`, which stands where no option does, or `BeginsWith`.
fn text(option: Option<&str>, values: &[String]) -> Result<Test, ApiError> {
    match option.unwrap_or(EQUALS) {
        EQUALS => Ok(Test::Equals(values.to_vec())),
        BEGINS_WITH => Ok(Test::BeginsWith(values.to_vec())),
        other => Err(error::option(other, OPTIONS)),
    }
}

/// A test of names, which can ask for a part of them too. Names at the top are tested with their slash.
fn name(option: Option<&str>, values: &[String]) -> Result<Test, ApiError> {
    if option == Some(CONTAINS) {
        return Ok(Test::Contains(values.to_vec()));
    }
    let paths: Vec<_> = values.iter().map(|value| path_of(value)).collect();
    text(option, &paths)
}

fn below(option: Option<&str>, values: &[String]) -> Result<Below, ApiError> {
    let is_recursive = match option.unwrap_or(ONE_LEVEL) {
        ONE_LEVEL => false,
        RECURSIVE => true,
        other => return Err(error::option(other, PATH_OPTIONS)),
    };
    values.iter().try_for_each(|value| path::check_filter(value))?;
    Ok(Below { paths: values.to_vec(), is_recursive })
}

fn kinds(option: Option<&str>, values: &[String]) -> Result<Vec<Kind>, ApiError> {
    let is_kind = |value: &&String| KINDS.iter().any(|kind| kind.shown().as_str() == value.as_str());
    if let Some(other) = values.iter().find(|value| !is_kind(value)) {
        return Err(error::value(other, KIND_NAMES));
    }
    let test = text(option, values)?;
    Ok(KINDS.into_iter().filter(|kind| test.passes(kind.shown().as_str())).collect())
}

fn tiers(option: Option<&str>, values: &[String]) -> Result<Vec<Tier>, ApiError> {
    let is_tier = |value: &&String| {
        *value == INTELLIGENT_TIERING || TIERS.iter().any(|tier| tier.shown().as_str() == value.as_str())
    };
    if let Some(other) = values.iter().find(|value| !is_tier(value)) {
        return Err(error::value(other, TIER_NAMES));
    }
    let test = text(option, values)?;
    Ok(TIERS.into_iter().filter(|tier| test.passes(tier.shown().as_str())).collect())
}

fn label(option: Option<&str>, values: &[String]) -> Result<String, ApiError> {
    match (option.unwrap_or(EQUALS), values) {
        (EQUALS, [label]) => Ok(label.clone()),
        (EQUALS, _) => Err(error::several_values("Label")),
        (other, _) => Err(error::option(other, EQUALS)),
    }
}
