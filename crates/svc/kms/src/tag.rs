//! Tags: their rules, and changing a key's.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/developerguide/tagging-keys.html>

use std::collections::BTreeSet;

use alcazar_api_kms::types;
use alcazar_engine::Reads;
use alcazar_shape::ApiError;

use crate::key::Tag;
use crate::{error, quota};

/// Reads the tags of a request.
///
/// # Errors
/// Two have the same key, or one has a key that only AWS may use.
pub(crate) fn read(tags: &[types::Tag]) -> Result<Vec<Tag>, ApiError> {
    let mut keys = BTreeSet::new();
    for tag in tags {
        check_key(&tag.tag_key)?;
        if !keys.insert(&tag.tag_key) {
            return Err(error::bad_tags("Duplicate tag keys"));
        }
    }
    Ok(tags.iter().map(|tag| Tag { key: tag.tag_key.clone(), value: tag.tag_value.clone() }).collect())
}

/// The tags that a request brings, as pairs.
pub(crate) fn pairs(tags: &[types::Tag]) -> impl Iterator<Item = (&str, &str)> {
    tags.iter().map(|tag| (tag.tag_key.as_str(), tag.tag_value.as_str()))
}

/// Checks a tag's key.
///
/// # Errors
/// Only AWS may use it.
pub(crate) fn check_key(key: &str) -> Result<(), ApiError> {
    if key.get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case("aws:")) {
        return Err(error::bad_tags("Tag keys starting with 'aws:' are reserved for system use"));
    }
    Ok(())
}

/// The tags that a key has after new ones were put on it, in the order of their keys.
///
/// # Errors
/// There would be more than a key may have.
pub(crate) fn merge(reads: &Reads<'_>, old: &[Tag], new: Vec<Tag>) -> Result<Vec<Tag>, ApiError> {
    let tags = merged(old, new);
    match reads.quota(&quota::TAGS_PER_KEY) {
        Some(most) if tags.len() as u64 > most => Err(error::bad_tags("Too many tags")),
        _ => Ok(tags),
    }
}

fn merged(old: &[Tag], new: Vec<Tag>) -> Vec<Tag> {
    let mut tags = new;
    for tag in old {
        if !tags.iter().any(|newer| newer.key == tag.key) {
            tags.push(tag.clone());
        }
    }
    tags.sort_by(|one, other| one.key.cmp(&other.key));
    tags
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(key: &str, value: &str) -> Tag {
        Tag { key: key.into(), value: value.into() }
    }

    #[test]
    fn a_newer_value_replaces_an_older_one() {
        let merged = merged(&[tag("a", "1"), tag("c", "3")], vec![tag("c", "4"), tag("b", "2")]);
        assert_eq!(merged, [tag("a", "1"), tag("b", "2"), tag("c", "4")]);
    }
}
