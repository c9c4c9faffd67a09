//! Lists in pages.

use alcazar_engine::page::{self, Asked};
pub(crate) use alcazar_engine::page::{mark, of};
use alcazar_engine::{Reads, Result};

use crate::error;

/// How many items a page has unless the operation says otherwise.
pub(crate) const ITEMS_MAX: usize = 100;

/// What a request says of its page by `NextToken` and `MaxResults`, where there are at most so many items.
#[must_use]
pub(crate) fn asked(next_token: Option<&str>, max_results: Option<i32>, max: usize) -> Asked<'_> {
    Asked::new(next_token, max_results, max, max, error::next_token)
}

/// The place of a token.
///
/// # Errors
/// It is none that a page of this list ended with.
pub(crate) fn open(reads: &Reads<'_>, list: &str, token: &str) -> Result<String> {
    Ok(page::open(reads, list, token).ok_or_else(error::next_token)?)
}
