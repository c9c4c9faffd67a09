//! Lists in pages of a hundred.
//!
//! A list goes through records in the order of their names, so that pages cost the same however many records there
//! are. A token is the last record's name, and a keyed hash over the list and that name, so that only a token that was
//! given is taken.
//!
//! Source: <https://docs.aws.amazon.com/sns/latest/api/API_ListTopics.html>

use std::sync::Arc;

use alcazar_engine::port::store::NameRange;
use alcazar_engine::{Reads, Record, Result};

use crate::error;

/// How many items a page has.
pub(crate) const ITEMS: usize = 100;

/// The length of a token's keyed hash, in bytes.
const HASH_BYTES: usize = 16;

/// One page of a list.
#[derive(Debug)]
pub(crate) struct Page<T> {
    /// The items.
    pub(crate) items: Vec<Arc<T>>,
    /// What the next page goes on after, if there is one.
    pub(crate) next_token: Option<String>,
}

/// The page of the records in `range` that comes after the token.
///
/// # Errors
/// The token is none that a page of this list ended with, or the store failed.
pub(crate) async fn of<T: Record>(
    reads: &mut Reads<'_>,
    range: NameRange,
    token: Option<&str>,
) -> Result<Page<T>> {
    let list = range.clone();
    let range = match token.filter(|token| !token.is_empty()) {
        Some(token) => range.after(&open(reads, &list, token)?),
        None => range,
    };
    let mut found = reads.scan::<T>(&range, ITEMS + 1).await?;
    let more = found.len() > ITEMS;
    found.truncate(ITEMS);
    let last = found.last().filter(|_| more);
    let next_token = last.map(|(name, _)| {
        let hash = reads.keyring().blind(b"sns-page", name.as_bytes());
        hex::encode([&hash[..], name.as_bytes()].concat())
    });
    Ok(Page { items: found.into_iter().map(|(_, item)| item).collect(), next_token })
}

fn open(reads: &Reads<'_>, list: &NameRange, token: &str) -> Result<Vec<u8>> {
    let bytes = hex::decode(token).map_err(|_| error::next_token())?;
    match bytes.split_at_checked(HASH_BYTES) {
        Some((hash, name)) if list.contains(name) && reads.keyring().blind(b"sns-page", name) == *hash => {
            Ok(name.to_vec())
        }
        _ => Err(error::next_token().into()),
    }
}
