//! Lists in pages, in the order of names.

pub(crate) use alcazar_engine::page::{Asked, of};

use crate::error;

/// How many entries a page has at most, and unless fewer are asked for.
const PAGE_MAX: usize = 100;

/// What a request says of its page by `NextToken` and `Limit`.
#[must_use]
pub(crate) fn asked(next_token: Option<&str>, limit: Option<i32>) -> Asked<'_> {
    Asked::new(next_token, limit, PAGE_MAX, PAGE_MAX, error::invalid_token)
}
