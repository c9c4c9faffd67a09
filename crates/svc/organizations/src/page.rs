//! Lists in pages.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccounts.html>

pub(crate) use alcazar_engine::page::{Asked, all, of};

use crate::error;

/// How many items a page has at most, and unless the caller says otherwise.
const ITEMS_MAX: usize = 20;

/// What a request says of its page by `NextToken` and `MaxResults`.
#[must_use]
pub(crate) fn asked(next_token: Option<&str>, max_results: Option<i32>) -> Asked<'_> {
    Asked::new(next_token, max_results, ITEMS_MAX, ITEMS_MAX, error::input::next_token)
}
