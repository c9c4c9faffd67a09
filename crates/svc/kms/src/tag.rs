//! Tags: their rules, and changing a key's.
//!
//! Source: <https://docs.aws.amazon.com/kms/latest/developerguide/tagging-keys.html>

use std::collections::BTreeSet;

use alcazar_api_kms::types;
use alcazar_shape::ApiError;

use crate::error;
use crate::key::Tag;

/// The most tags that a key may have.
const TAGS_MAX: usize = 50;

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
pub(crate) fn merge(old: &[Tag], new: Vec<Tag>) -> Result<Vec<Tag>, ApiError> {
    let mut tags = new;
    for tag in old {
        if !tags.iter().any(|newer| newer.key == tag.key) {
            tags.push(tag.clone());
        }
    }
    if tags.len() > TAGS_MAX {
        return Err(error::bad_tags("Too many tags"));
    }
    tags.sort_by(|one, other| one.key.cmp(&other.key));
    Ok(tags)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(key: &str, value: &str) -> Tag {
        Tag { key: key.into(), value: value.into() }
    }

    #[test]
    fn a_newer_value_replaces_an_older_one() {
        let merged = merge(&[tag("a", "1"), tag("c", "3")], vec![tag("c", "4"), tag("b", "2")]).unwrap();
        assert_eq!(merged, [tag("a", "1"), tag("b", "2"), tag("c", "4")]);
    }

    #[test]
    fn no_key_has_more_tags_than_the_limit() {
        let many: Vec<_> = (0..50).map(|i| tag(&i.to_string(), "")).collect();
        assert!(merge(&[], many.clone()).is_ok());
        assert_eq!(merge(&[tag("x", "")], many).unwrap_err().model().name, "TagException");
    }
}
