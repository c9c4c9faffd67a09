//! Tags of queues.
//!
//! Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-tags.html>

use std::collections::BTreeMap;

use alcazar_engine::{Reads, Result};
use alcazar_identity::tag::{Tag, merged_cased};

use crate::{error, quota};

const KEY_CHARACTERS_MAX: usize = 128;
const VALUE_CHARACTERS_MAX: usize = 256;
const RESERVED_PREFIX: &str = "aws:";

/// A queue's tags after new ones were put on.
///
/// # Errors
/// A tag cannot be so, or there are more than a queue may have.
pub(crate) fn put_on(
    reads: &Reads<'_>,
    queue: &str,
    old: &[Tag],
    new: &BTreeMap<String, String>,
) -> Result<Vec<Tag>> {
    for (key, value) in new {
        check_key(key)?;
        if value.chars().count() > VALUE_CHARACTERS_MAX {
            return Err(error::tag_value().into());
        }
    }
    let new = new.iter().map(|(key, value)| Tag { key: key.clone(), value: value.clone() });
    let tags = merged_cased(old, new.collect());
    if reads.quota(&quota::TAGS_PER_QUEUE).is_some_and(|most| tags.len() as u64 > most) {
        return Err(error::too_many_tags(queue).into());
    }
    Ok(tags)
}

/// Passes if a tag may have this key.
///
/// # Errors
/// It may not.
pub(crate) fn check_key(key: &str) -> Result<()> {
    if !(1..=KEY_CHARACTERS_MAX).contains(&key.chars().count()) {
        return Err(error::tag_key().into());
    }
    let reserved =
        key.get(..RESERVED_PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(RESERVED_PREFIX));
    if reserved { Err(error::tag_key_reserved().into()) } else { Ok(()) }
}
