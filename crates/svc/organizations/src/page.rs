//! Lists in pages.
//!
//! Pages are in the order of what the list is sorted by, so the next one goes on behind the last item whatever was
//! added or deleted in between. A token is that item's place, and a keyed hash over the list and the place, so that
//! only a token that was given is taken. Lists are read whole: quotas bound them, and [`RECORDS_MAX`].
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccounts.html>

use std::sync::Arc;

use alcazar_engine::port::store::NameRange;
use alcazar_engine::{Reads, Record, Result};
use alcazar_shape::convert::List;

use crate::error;

/// The most records that a list is read from.
pub(crate) const RECORDS_MAX: usize = 20_000;

/// How many items a page has at most, and unless the caller says otherwise.
const ITEMS_MAX: usize = 20;

/// The length of a token's keyed hash, in bytes.
const HASH_BYTES: usize = 16;

/// One page of a list.
#[derive(Debug)]
pub(crate) struct Page<T> {
    /// The items.
    pub(crate) items: Vec<T>,
    /// What the next page goes on after, if there is one.
    pub(crate) next_token: Option<String>,
}

impl<T> Page<T> {
    /// What answers have: the items in another form, and the token.
    pub(crate) fn into_parts<U>(self, shown: impl FnMut(T) -> U) -> (Option<List<U>>, Option<String>) {
        let items: Vec<U> = self.items.into_iter().map(shown).collect();
        (Some(items.into()), self.next_token)
    }
}

/// What a request says of its page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    /// `NextToken`
    pub(crate) next_token: Option<&'a str>,
    /// `MaxResults`
    pub(crate) max_results: Option<i32>,
}

/// All records of a range.
///
/// # Errors
/// The store failed.
pub(crate) async fn all<R: Record>(reads: &mut Reads<'_>, range: &NameRange) -> Result<Vec<Arc<R>>> {
    let found = reads.scan::<R>(range, RECORDS_MAX).await?;
    Ok(found.into_iter().map(|(_, record)| record).collect())
}

/// The page of `items` that comes after the token, in the order of their places, which differ. `list` tells one list's
/// tokens from another's.
///
/// # Errors
/// The token is none that a page of this list ended with.
pub(crate) fn of<T>(
    reads: &Reads<'_>,
    list: &str,
    asked: Asked<'_>,
    mut items: Vec<T>,
    place: impl Fn(&T) -> String,
) -> Result<Page<T>> {
    let after = asked.next_token.map(|token| open(reads, list, token)).transpose()?;
    items.sort_by_cached_key(|item| place(item));
    if let Some(after) = after {
        items.retain(|item| place(item) > after);
    }
    let most = asked.max_results.and_then(|most| usize::try_from(most).ok()).unwrap_or(ITEMS_MAX);
    let most = most.clamp(1, ITEMS_MAX);
    let more = items.len() > most;
    items.truncate(most);
    let last = items.last().filter(|_| more);
    let next_token = last.map(|last| mark(reads, list, &place(last)));
    Ok(Page { items, next_token })
}

fn mark(reads: &Reads<'_>, list: &str, place: &str) -> String {
    let hash = reads.keyring().blind(list.as_bytes(), place.as_bytes());
    hex::encode([&hash[..], place.as_bytes()].concat())
}

fn open(reads: &Reads<'_>, list: &str, token: &str) -> Result<String> {
    let bytes = hex::decode(token).map_err(|_| error::input::next_token())?;
    let place = match bytes.split_at_checked(HASH_BYTES) {
        Some((hash, place)) if reads.keyring().blind(list.as_bytes(), place) == *hash => place,
        _ => return Err(error::input::next_token().into()),
    };
    Ok(String::from_utf8(place.to_vec()).map_err(|_| error::input::next_token())?)
}
