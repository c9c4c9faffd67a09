//! Tags of topics: their rules.
//!
//! Source: <https://docs.aws.amazon.com/sns/latest/dg/sns-tags.html>

use std::collections::BTreeSet;

use alcazar_api_sns::types;
use alcazar_engine::{Reads, Result};
use alcazar_identity::tag::Tag;
use alcazar_shape::ApiError;

use crate::error;
use crate::quota;

/// What keys begin with that AWS alone gives.
const RESERVED: &str = "aws:";

/// Reads the tags of a request, in the order of their keys.
///
/// # Errors
/// Two have the same key, or AWS alone gives one.
pub(crate) fn read(tags: &[types::Tag]) -> Result<Vec<Tag>, ApiError> {
    let mut keys = BTreeSet::new();
    for tag in tags {
        check_key(&tag.key)?;
        if !keys.insert(&tag.key) {
            return Err(error::topic::duplicate_tags());
        }
    }
    let mut read: Vec<Tag> =
        tags.iter().map(|tag| Tag { key: tag.key.clone(), value: tag.value.clone() }).collect();
    read.sort_by(|one, other| one.key.cmp(&other.key));
    Ok(read)
}

/// Checks a tag's key.
///
/// # Errors
/// AWS alone gives it.
pub(crate) fn check_key(key: &str) -> Result<(), ApiError> {
    match key.get(..RESERVED.len()) {
        Some(start) if start.eq_ignore_ascii_case(RESERVED) => Err(error::topic::reserved_tag()),
        _ => Ok(()),
    }
}

/// The tags that a topic has after new ones were put on it.
///
/// # Errors
/// There would be more than a topic may have.
pub(crate) fn merged(reads: &Reads<'_>, old: &[Tag], new: Vec<Tag>) -> Result<Vec<Tag>> {
    let tags = alcazar_identity::tag::merged_cased(old, new);
    match reads.quota(&quota::TAGS) {
        Some(most) if tags.len() as u64 > most => Err(error::topic::tag_limit().into()),
        _ => Ok(tags),
    }
}

/// The tags that a request brings, as pairs.
pub(crate) fn pairs(tags: &[types::Tag]) -> impl Iterator<Item = (&str, &str)> {
    tags.iter().map(|tag| (tag.key.as_str(), tag.value.as_str()))
}

/// Tags as answers have them.
pub(crate) fn shown(tags: &[Tag]) -> Vec<types::Tag> {
    tags.iter().map(|tag| types::Tag { key: tag.key.clone(), value: tag.value.clone() }).collect()
}
