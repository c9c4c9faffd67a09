//! Tags: their rules.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AddTags.html>

use std::collections::BTreeSet;

use alcazar_api_cloudtrail::types;
use alcazar_identity::tag::{self, Tag};
use alcazar_shape::ApiError;

use crate::error;

/// The most tags that one thing has.
pub(crate) const TAGS_MAX: usize = 50;

/// What keys begin with that AWS alone gives.
const RESERVED_PREFIX: &str = "aws:";

/// Reads the tags of a request.
///
/// # Errors
/// Two have the same key, or a key or value has what none may have.
pub(crate) fn read(tags: &[types::Tag]) -> Result<Vec<Tag>, ApiError> {
    let mut keys = BTreeSet::new();
    let mut read = Vec::new();
    for given in tags {
        check_key(&given.key)?;
        let value = given.value.clone().unwrap_or_default();
        if !value.chars().all(is_allowed) {
            return Err(error::tag::invalid("Tag value has invalid characters."));
        }
        if !keys.insert(&given.key) {
            return Err(error::tag::invalid("Duplicate tag keys are specified."));
        }
        read.push(Tag { key: given.key.clone(), value });
    }
    Ok(read)
}

fn check_key(key: &str) -> Result<(), ApiError> {
    if key.get(..RESERVED_PREFIX.len()).is_some_and(|prefix| prefix.eq_ignore_ascii_case(RESERVED_PREFIX)) {
        return Err(error::tag::invalid("Tag keys starting with aws: are reserved for system use."));
    }
    if key.chars().all(is_allowed) {
        Ok(())
    } else {
        Err(error::tag::invalid("Tag key has invalid characters."))
    }
}

/// Whether tags may have this character, as AWS's services in common say.
///
/// Source: <https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html>
fn is_allowed(character: char) -> bool {
    character.is_alphanumeric() || character == ' ' || "_.:/=+-@".contains(character)
}

/// The tags after new ones were put on.
///
/// # Errors
/// There would be too many.
pub(crate) fn merged(old: &[Tag], new: Vec<Tag>) -> Result<Vec<Tag>, ApiError> {
    let tags = tag::merged_cased(old, new);
    if tags.len() > TAGS_MAX { Err(error::tag::too_many(TAGS_MAX)) } else { Ok(tags) }
}

/// Keys and values of a request, for the condition keys.
pub(crate) fn pairs(tags: &[types::Tag]) -> impl Iterator<Item = (&str, &str)> {
    tags.iter().map(|tag| (tag.key.as_str(), tag.value.as_deref().unwrap_or_default()))
}

/// Tags as answers have them.
#[must_use]
pub(crate) fn shown(tags: &[Tag]) -> Vec<types::Tag> {
    tags.iter().map(|tag| types::Tag { key: tag.key.clone(), value: Some(tag.value.clone()) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_that_cannot_be_are_refused() {
        let tag = |key: &str, value: &str| types::Tag { key: key.into(), value: Some(value.into()) };
        read(&[tag("Team", "red"), tag("team", "ré d+=._:/@-")]).unwrap();
        for bad in [
            vec![tag("aws:x", "")],
            vec![tag("AWS:x", "")],
            vec![tag("a", "1"), tag("a", "2")],
            vec![tag("a<b", "")],
            vec![tag("a", "1;2")],
        ] {
            read(&bad).unwrap_err();
        }
        let many =
            |count: usize| (0..count).map(|n| Tag { key: n.to_string(), value: String::new() }).collect();
        merged(&[], many(50)).unwrap();
        merged(&[], many(51)).unwrap_err();
    }
}
