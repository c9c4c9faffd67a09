//! Lists in pages, in the order of names.
//!
//! A token is the name that the page before ended with, and a keyed hash over the list and that name: the next page
//! goes on there whatever was added or deleted in between, and only a token that was given is taken.

use alcazar_engine::{Reads, Result};

use crate::error;

/// How many entries a page has at most, and unless fewer are asked for.
const PAGE_MAX: usize = 100;

/// The length of a token's keyed hash, in bytes.
const HASH_BYTES: usize = 16;

/// The page of what stands in the order of its names, and the token of the next page.
///
/// # Errors
/// The token is none that a page of this list ended with.
pub(crate) fn of<T>(
    reads: &Reads<'_>,
    list: &str,
    sorted: Vec<T>,
    name: impl Fn(&T) -> &str,
    limit: Option<i32>,
    token: Option<&str>,
) -> Result<(Vec<T>, Option<String>)> {
    let limit = limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(PAGE_MAX).clamp(1, PAGE_MAX);
    let after = token.map(|token| open(reads, list, token)).transpose()?;
    let mut rest = sorted
        .into_iter()
        .skip_while(|entry| after.as_deref().is_some_and(|after| name(entry) <= after))
        .peekable();
    let page: Vec<T> = rest.by_ref().take(limit).collect();
    let more = rest.peek().is_some();
    let token = page.last().filter(|_| more).map(|last| mark(reads, list, name(last)));
    Ok((page, token))
}

fn mark(reads: &Reads<'_>, list: &str, name: &str) -> String {
    let hash = reads.keyring().blind(list.as_bytes(), name.as_bytes());
    hex::encode([&hash[..], name.as_bytes()].concat())
}

fn open(reads: &Reads<'_>, list: &str, token: &str) -> Result<String> {
    let bytes = hex::decode(token).map_err(|_| error::invalid_token())?;
    match bytes.split_at_checked(HASH_BYTES) {
        Some((hash, name)) if reads.keyring().blind(list.as_bytes(), name) == *hash => {
            Ok(String::from_utf8(name.to_vec()).map_err(|_| error::invalid_token())?)
        }
        _ => Err(error::invalid_token().into()),
    }
}
