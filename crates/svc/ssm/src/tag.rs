//! Tags of parameters: their rules.
//!
//! Source: <https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-tag.html>

use std::collections::BTreeSet;

use alcazar_api_ssm::types;
use alcazar_engine::{Reads, Result};
use alcazar_identity::tag::Tag;

use crate::{error, quota};

/// What keys begin with that AWS alone gives.
const RESERVED: &str = "aws:";

/// The tags that there are after those of a request were put on.
///
/// # Errors
/// Two of them have the same key, AWS alone gives one, or there would be more than there may be.
pub(crate) fn put_on(reads: &Reads<'_>, old: &[Tag], new: &[types::Tag]) -> Result<Vec<Tag>> {
    let mut keys = BTreeSet::new();
    for tag in new {
        if tag.key.get(..RESERVED.len()).is_some_and(|start| start.eq_ignore_ascii_case(RESERVED)) {
            return Err(error::reserved_tag().into());
        }
        if !keys.insert(&tag.key) {
            return Err(error::duplicate_tags().into());
        }
    }
    let mut tags = old.to_vec();
    for types::Tag { key, value } in new {
        match tags.iter_mut().find(|tag| tag.key == *key) {
            Some(tag) => tag.value.clone_from(value),
            None => tags.push(Tag { key: key.clone(), value: value.clone() }),
        }
    }
    match reads.quota(&quota::TAGS) {
        Some(most) if tags.len() as u64 > most => Err(error::too_many_tags().into()),
        _ => Ok(tags),
    }
}

/// Tags as answers have them.
#[must_use]
pub(crate) fn shown(tags: &[Tag]) -> Vec<types::Tag> {
    tags.iter().map(|tag| types::Tag { key: tag.key.clone(), value: tag.value.clone() }).collect()
}
