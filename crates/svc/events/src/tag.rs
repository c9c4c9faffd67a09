//! Tags of buses and rules.
//!
//! Source: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-tagging.html>

use std::collections::BTreeSet;

use alcazar_api_events::types;
use alcazar_engine::Reads;
pub(crate) use alcazar_identity::tag::Tag;
use alcazar_identity::tag::merged_cased;
use alcazar_shape::ApiError;

use crate::{error, quota};

/// Reads the tags of a request.
///
/// # Errors
/// Two have the same key, or one has a key that only AWS may use.
pub(crate) fn read(tags: &[types::Tag]) -> Result<Vec<Tag>, ApiError> {
    let mut keys = BTreeSet::new();
    for tag in tags {
        if tag.key.get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case("aws:")) {
            return Err(error::reserved_tag());
        }
        if !keys.insert(&tag.key) {
            return Err(error::duplicate_tags());
        }
    }
    Ok(tags.iter().map(|tag| Tag { key: tag.key.clone(), value: tag.value.clone() }).collect())
}

/// The tags that something has after new ones were put on it, in the order of their keys.
///
/// # Errors
/// There would be more than it may have.
pub(crate) fn merge(reads: &Reads<'_>, old: &[Tag], new: Vec<Tag>) -> Result<Vec<Tag>, ApiError> {
    let tags = merged_cased(old, new);
    match reads.quota(&quota::TAGS) {
        Some(most) if tags.len() as u64 > most => Err(error::too_many_tags()),
        _ => Ok(tags),
    }
}

/// The tags that a request brings, as pairs.
pub(crate) fn pairs(tags: &[types::Tag]) -> impl Iterator<Item = (&str, &str)> {
    tags.iter().map(|tag| (tag.key.as_str(), tag.value.as_str()))
}

/// Tags as they are told.
#[must_use]
pub(crate) fn shown(tags: &[Tag]) -> Vec<types::Tag> {
    tags.iter().map(|tag| types::Tag { key: tag.key.clone(), value: tag.value.clone() }).collect()
}
