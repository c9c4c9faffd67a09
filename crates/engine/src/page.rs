//! Lists in pages.
//!
//! A list has an order: that of the places its items say, or of the names of its records. A token is the place of a
//! page's last item, so the next page goes on behind it whatever was added or deleted in between, and a keyed hash over
//! the account, the list and the place, so that only a token that was given is taken.

use std::ops::Bound;
use std::sync::Arc;

use alcazar_shape::ApiError;
use alcazar_shape::convert::List;
use data_encoding::HEXLOWER;

use crate::context::Reads;
use crate::error::{Error, Result};
use crate::name::Name;
use crate::port::store::NameRange;
use crate::record::Record;

/// The most records that a list is read from at once, beyond what quotas let an account have.
const RECORDS_MAX: usize = 20_000;

/// The length of a token's keyed hash, in bytes.
const HASH_BYTES: usize = 16;

/// What a request says of its page.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The token that the page before ended with.
    pub token: Option<&'a str>,
    /// How many items the page has at most.
    pub most: usize,
    /// What is said where the token is none that a page of this list ended with.
    pub refusal: fn() -> ApiError,
}

impl<'a> Asked<'a> {
    /// A page of as many items as a caller wants, at least one and at most `max`; of `default` where they do not say.
    #[must_use]
    pub fn new(
        token: Option<&'a str>,
        wanted: Option<i32>,
        default: usize,
        max: usize,
        refusal: fn() -> ApiError,
    ) -> Self {
        let most = wanted.and_then(|wanted| usize::try_from(wanted).ok()).unwrap_or(default).clamp(1, max);
        Self { token, most, refusal }
    }
}

/// One page of a list.
#[derive(Debug)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// What the next page goes on after, if there is one.
    pub next_token: Option<String>,
}

impl<T> Page<T> {
    /// The same page, its items in another form.
    pub fn map<U>(self, shown: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(shown).collect(), next_token: self.next_token }
    }

    /// What answers have: the items in another form, whether there are more, and the token.
    pub fn into_parts<U>(self, shown: impl FnMut(T) -> U) -> (List<U>, Option<bool>, Option<String>) {
        let Page { items, next_token } = self.map(shown);
        (items.into(), Some(next_token.is_some()), next_token)
    }
}

/// The page of `items` that comes after the token, in the order of their places, which differ. `list` tells one list's
/// tokens from another's.
///
/// # Errors
/// The token is none that a page of this list ended with.
pub fn of<T>(
    reads: &Reads<'_>,
    list: &str,
    asked: Asked<'_>,
    mut items: Vec<T>,
    place: impl Fn(&T) -> String,
) -> Result<Page<T>> {
    items.sort_by_cached_key(|item| place(item));
    if let Some(token) = asked.token {
        let after = open(reads, list, token).ok_or_else(asked.refusal)?;
        items.retain(|item| place(item) > after);
    }
    let more = items.len() > asked.most;
    items.truncate(asked.most);
    let last = items.last().filter(|_| more);
    let next_token = last.map(|last| mark(reads, list, &place(last)));
    Ok(Page { items, next_token })
}

/// The page of `items` that comes after the token, in the order in which they stand.
///
/// # Errors
/// The token is none that a page of this list ended with.
pub fn in_order<T>(
    reads: &Reads<'_>,
    list: &str,
    asked: Asked<'_>,
    items: impl IntoIterator<Item = T>,
) -> Result<Page<T>> {
    let numbered = items.into_iter().enumerate().collect();
    let page = of(reads, list, asked, numbered, |(number, _): &(usize, T)| format!("{number:08}"))?;
    Ok(page.map(|(_, item)| item))
}

/// The page of the records of a range that comes after the token, in the order of their names.
///
/// # Errors
/// As [`rest`], or the store failed.
pub async fn read<R: Record>(
    reads: &mut Reads<'_>,
    range: &NameRange,
    asked: Asked<'_>,
) -> Result<Page<Arc<R>>> {
    let rest = rest(reads, range, asked)?;
    let mut found = reads.scan::<R>(&rest, asked.most.saturating_add(1)).await?;
    let more = found.len() > asked.most;
    found.truncate(asked.most);
    let next_token = match found.last().filter(|_| more) {
        Some((last, _)) => Some(behind(reads, range, last)?),
        None => None,
    };
    Ok(Page { items: found.into_iter().map(|(_, record)| record).collect(), next_token })
}

/// What of a range comes after the token; all of it without one.
///
/// # Errors
/// The token is none that a page of this range ended with.
pub fn rest(reads: &Reads<'_>, range: &NameRange, asked: Asked<'_>) -> Result<NameRange> {
    let Some(token) = asked.token else { return Ok(range.clone()) };
    let prefix = prefix(range)?;
    let place = open_bytes(reads, prefix, token).ok_or_else(asked.refusal)?;
    Ok(range.clone().after(&[prefix, &place].concat()))
}

/// The token of a page of a range that ended with the record of this name.
///
/// # Errors
/// The range is not one of all names that begin alike.
pub fn behind(reads: &Reads<'_>, range: &NameRange, last: &Name) -> Result<String> {
    let prefix = prefix(range)?;
    Ok(mark_bytes(reads, prefix, last.as_bytes().strip_prefix(prefix).unwrap_or_default()))
}

/// All records of a range, which a quota bounds.
///
/// # Errors
/// The store failed.
pub async fn all<R: Record>(reads: &mut Reads<'_>, range: &NameRange) -> Result<Vec<Arc<R>>> {
    let found = reads.scan::<R>(range, RECORDS_MAX).await?;
    Ok(found.into_iter().map(|(_, record)| record).collect())
}

/// The token of a place in a list.
#[must_use]
pub fn mark(reads: &Reads<'_>, list: &str, place: &str) -> String {
    mark_bytes(reads, list.as_bytes(), place.as_bytes())
}

/// The place of a token, if a page of this list ended with it.
#[must_use]
pub fn open(reads: &Reads<'_>, list: &str, token: &str) -> Option<String> {
    String::from_utf8(open_bytes(reads, list.as_bytes(), token)?).ok()
}

fn mark_bytes(reads: &Reads<'_>, list: &[u8], place: &[u8]) -> String {
    HEXLOWER.encode(&[&hash(reads, list, place)[..], place].concat())
}

fn open_bytes(reads: &Reads<'_>, list: &[u8], token: &str) -> Option<Vec<u8>> {
    let bytes = HEXLOWER.decode(token.as_bytes()).ok()?;
    let (said, place) = bytes.split_at_checked(HASH_BYTES)?;
    (hash(reads, list, place) == *said).then(|| place.to_vec())
}

fn hash(reads: &Reads<'_>, list: &[u8], place: &[u8]) -> [u8; HASH_BYTES] {
    let account = reads.account().to_string();
    reads.keyring().blind(&[b"page\0", account.as_bytes(), b"\0", list].concat(), place)
}

/// What all names of a range begin with.
fn prefix(range: &NameRange) -> Result<&[u8]> {
    match &range.start {
        Bound::Included(prefix) => Ok(prefix),
        Bound::Excluded(_) | Bound::Unbounded => Err(Error::invariant("a list is not a range of one prefix")),
    }
}
