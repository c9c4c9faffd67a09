//! Lists in pages.
//!
//! Pages are in the order of what the list is sorted by, so the next one goes on behind the last item whatever was added
//! or deleted in between. A token is that item's place, and a keyed hash over the list and the place, so that only a
//! token that was given is taken.

use alcazar_engine::{Reads, Result};

use crate::error;

/// How many items a page has.
const ITEMS_MAX: usize = 100;

/// The length of a token's keyed hash, in bytes.
const HASH_BYTES: usize = 16;

/// The page of `items` that comes after the token, in the order of their places, which differ; and the next one's token.
/// `list` tells one list's tokens from another's.
///
/// # Errors
/// The token is none that a page of this list ended with.
pub(crate) fn of<T>(
    reads: &Reads<'_>,
    list: &str,
    token: Option<&str>,
    items: Vec<T>,
    place: impl Fn(&T) -> String,
) -> Result<(Vec<T>, Option<String>)> {
    up_to(reads, list, token, ITEMS_MAX, items, place)
}

/// As [`of`], with so many items at most.
///
/// # Errors
/// As [`of`].
pub(crate) fn up_to<T>(
    reads: &Reads<'_>,
    list: &str,
    token: Option<&str>,
    most: usize,
    mut items: Vec<T>,
    place: impl Fn(&T) -> String,
) -> Result<(Vec<T>, Option<String>)> {
    items.sort_by_cached_key(|item| place(item));
    if let Some(token) = token {
        let after = open(reads, list, token)?;
        items.retain(|item| place(item) > after);
    }
    let more = items.len() > most;
    items.truncate(most);
    let last = items.last().filter(|_| more);
    let next = last.map(|last| mark(reads, list, &place(last)));
    Ok((items, next))
}

/// The token of a place.
#[must_use]
pub(crate) fn mark(reads: &Reads<'_>, list: &str, place: &str) -> String {
    let hash = reads.keyring().blind(own(reads, list).as_bytes(), place.as_bytes());
    hex::encode([&hash[..], place.as_bytes()].concat())
}

/// The list, as nobody else's.
fn own(reads: &Reads<'_>, list: &str) -> String {
    format!("cloudtrail.{list}.{}", reads.account())
}

/// The place of a token.
///
/// # Errors
/// It is none that a page of this list ended with.
pub(crate) fn open(reads: &Reads<'_>, list: &str, token: &str) -> Result<String> {
    let list = own(reads, list);
    let bytes = hex::decode(token).map_err(|_| error::next_token())?;
    let place = match bytes.split_at_checked(HASH_BYTES) {
        Some((hash, place)) if reads.keyring().blind(list.as_bytes(), place) == *hash => place,
        _ => return Err(error::next_token().into()),
    };
    Ok(String::from_utf8(place.to_vec()).map_err(|_| error::next_token())?)
}
