//! Tags: their rules.
//!
//! Keys of the tags of users and roles differ in more than case; those of everything else may differ in case alone.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html>

use std::collections::BTreeSet;

use alcazar_api_iam::types;
use alcazar_engine::{Reads, Result};
use alcazar_identity::tag::{self, Tag};
use alcazar_shape::ApiError;

use crate::error;
use crate::page::{self, Asked, Page};

/// How many tags something has at most.
const TAGS_MAX: usize = 50;

/// What keys begin with that AWS alone gives.
const RESERVED: &str = "aws:";

/// Reads the tags of a request, whose keys must differ in more than case.
///
/// # Errors
/// Two have the same key, or AWS alone gives one.
pub(crate) fn read(tags: Option<&[types::Tag]>) -> Result<Vec<Tag>, ApiError> {
    let key = |tag: &types::Tag| tag.key.to_lowercase();
    checked(tags.unwrap_or_default(), key, error::duplicate_tag_keys)
}

/// Reads the tags of a request for something whose tags may differ in case alone.
///
/// # Errors
/// Two have the same key, or AWS alone gives one.
pub(crate) fn read_cased(tags: Option<&[types::Tag]>) -> Result<Vec<Tag>, ApiError> {
    let key = |tag: &types::Tag| tag.key.clone();
    let mut tags = checked(tags.unwrap_or_default(), key, error::duplicate_cased_tag_keys)?;
    tags.sort_by(|one, other| one.key.cmp(&other.key));
    Ok(tags)
}

fn checked(
    tags: &[types::Tag],
    key: impl Fn(&types::Tag) -> String,
    duplicate: fn() -> ApiError,
) -> Result<Vec<Tag>, ApiError> {
    let mut keys = BTreeSet::new();
    let mut read = Vec::new();
    for tag in tags {
        if tag.key.get(..RESERVED.len()).is_some_and(|start| start.eq_ignore_ascii_case(RESERVED)) {
            return Err(error::reserved_tag_key());
        }
        if !keys.insert(key(tag)) {
            return Err(duplicate());
        }
        read.push(Tag { key: tag.key.clone(), value: tag.value.clone() });
    }
    Ok(read)
}

/// The tags of a user or role after those of a request were put on.
///
/// # Errors
/// As [`read`], or there would be too many.
pub(crate) fn added(old: &[Tag], new: &[types::Tag]) -> Result<Vec<Tag>, ApiError> {
    limited(tag::merged(old, read(Some(new))?))
}

/// The same of anything else.
///
/// # Errors
/// As [`read_cased`], or there would be too many.
pub(crate) fn added_cased(old: &[Tag], new: &[types::Tag]) -> Result<Vec<Tag>, ApiError> {
    limited(tag::merged_cased(old, read_cased(Some(new))?))
}

fn limited(tags: Vec<Tag>) -> Result<Vec<Tag>, ApiError> {
    if tags.len() > TAGS_MAX { Err(error::too_many_tags()) } else { Ok(tags) }
}

/// A page of tags, in the order of their keys.
///
/// # Errors
/// The marker is none that a page of tags ended with.
pub(crate) fn page(reads: &Reads<'_>, asked: Asked<'_>, tags: &[Tag]) -> Result<Page<types::Tag>> {
    let mut tags: Vec<&Tag> = tags.iter().collect();
    tags.sort_by(|one, other| one.key.cmp(&other.key));
    // Keys may be longer than a marker, so a tag's place is its number.
    Ok(page::in_order(reads, "tags", asked, tags)?.map(one))
}

/// The keys and values of a request's tags, for its condition keys.
pub(crate) fn pairs(tags: Option<&[types::Tag]>) -> impl Iterator<Item = (&str, &str)> {
    tags.unwrap_or_default().iter().map(|tag| (tag.key.as_str(), tag.value.as_str()))
}

/// Tags as answers have them; none if there are none.
#[must_use]
pub(crate) fn shown(tags: &[Tag]) -> Option<Vec<types::Tag>> {
    (!tags.is_empty()).then(|| all(tags))
}

/// Tags as answers have them that have a list also where it is empty.
#[must_use]
pub(crate) fn all(tags: &[Tag]) -> Vec<types::Tag> {
    tags.iter().map(one).collect()
}

fn one(tag: &Tag) -> types::Tag {
    types::Tag { key: tag.key.clone(), value: tag.value.clone() }
}
