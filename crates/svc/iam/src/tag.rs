//! Tags: their rules.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html>

use std::collections::BTreeSet;

use alcazar_api_iam::types;
use alcazar_identity::tag::Tag;
use alcazar_shape::ApiError;

use crate::error;

/// Reads the tags of a request, whose keys must differ in more than case.
///
/// # Errors
/// Two have the same key.
pub(crate) fn read(tags: Option<&[types::Tag]>) -> Result<Vec<Tag>, ApiError> {
    let mut keys = BTreeSet::new();
    let mut read = Vec::new();
    for tag in tags.unwrap_or_default() {
        if !keys.insert(tag.key.to_lowercase()) {
            return Err(error::duplicate_tag_keys());
        }
        read.push(Tag { key: tag.key.clone(), value: tag.value.clone() });
    }
    Ok(read)
}

/// Reads the tags of a request for something whose tags may differ in case alone: everything but users and roles.
///
/// # Errors
/// Two have the same key.
pub(crate) fn read_cased(tags: Option<&[types::Tag]>) -> Result<Vec<Tag>, ApiError> {
    let mut keys = BTreeSet::new();
    let mut read = Vec::new();
    for tag in tags.unwrap_or_default() {
        if !keys.insert(&tag.key) {
            return Err(error::duplicate_cased_tag_keys());
        }
        read.push(Tag { key: tag.key.clone(), value: tag.value.clone() });
    }
    read.sort_by(|one, other| one.key.cmp(&other.key));
    Ok(read)
}

/// The keys and values of a request's tags, for its condition keys.
pub(crate) fn pairs(tags: Option<&[types::Tag]>) -> impl Iterator<Item = (&str, &str)> {
    tags.unwrap_or_default().iter().map(|tag| (tag.key.as_str(), tag.value.as_str()))
}

/// Tags as answers have them; none if there are none.
#[must_use]
pub(crate) fn shown(tags: &[Tag]) -> Option<Vec<types::Tag>> {
    let shown = |tag: &Tag| types::Tag { key: tag.key.clone(), value: tag.value.clone() };
    (!tags.is_empty()).then(|| tags.iter().map(shown).collect())
}
