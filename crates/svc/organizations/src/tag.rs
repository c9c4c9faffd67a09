//! Tags: their rules.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_tagging.html>

use std::collections::BTreeSet;

use alcazar_api_organizations::types;
use alcazar_identity::tag::Tag;
use alcazar_shape::ApiError;

use crate::error;

/// The most tags that one thing has.
pub(crate) const TAGS_MAX: usize = 50;

/// What keys begin with that AWS alone gives.
const RESERVED_PREFIX: &str = "aws:";

/// Reads the tags of a request.
///
/// # Errors
/// Two have the same key, a key is reserved, or there are too many.
pub(crate) fn read(tags: Option<&[types::Tag]>) -> Result<Vec<Tag>, ApiError> {
    let mut keys = BTreeSet::new();
    let mut read = Vec::new();
    for tag in tags.unwrap_or_default() {
        if is_reserved(&tag.key) {
            return Err(error::input::system_tag());
        }
        if !keys.insert(tag.key.as_str()) {
            return Err(error::input::duplicate_tag_key());
        }
        read.push(Tag { key: tag.key.clone(), value: tag.value.clone() });
    }
    if read.len() > TAGS_MAX {
        return Err(error::constraint::too_many_tags());
    }
    Ok(read)
}

/// Passes if none of the keys is reserved.
///
/// # Errors
/// One is.
pub(crate) fn check_keys(keys: &[String]) -> Result<(), ApiError> {
    if keys.iter().any(|key| is_reserved(key)) { Err(error::input::system_tag()) } else { Ok(()) }
}

fn is_reserved(key: &str) -> bool {
    key.to_ascii_lowercase().starts_with(RESERVED_PREFIX)
}

/// The keys and values of a request's tags, for its condition keys.
pub(crate) fn pairs(tags: Option<&[types::Tag]>) -> impl Iterator<Item = (&str, &str)> {
    tags.unwrap_or_default().iter().map(|tag| (tag.key.as_str(), tag.value.as_str()))
}

/// The tags after new ones were put on.
///
/// # Errors
/// There would be too many.
pub(crate) fn merged(old: &[Tag], new: Vec<Tag>) -> Result<Vec<Tag>, ApiError> {
    let mut tags: Vec<Tag> =
        old.iter().filter(|tag| !new.iter().any(|newer| newer.key == tag.key)).cloned().collect();
    tags.extend(new);
    if tags.len() > TAGS_MAX { Err(error::constraint::too_many_tags()) } else { Ok(tags) }
}
