//! Lists in pages.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUsers.html>

pub(crate) use alcazar_engine::page::{Asked, Page, all, in_order, of};

use crate::error;

/// How many items a page has unless the caller says otherwise, and at most.
const ITEMS_DEFAULT: usize = 100;
const ITEMS_MAX: usize = 1000;

/// What a request says of its page by `Marker` and `MaxItems`.
#[must_use]
pub(crate) fn asked(marker: Option<&str>, max_items: Option<i32>) -> Asked<'_> {
    Asked::new(marker, max_items, ITEMS_DEFAULT, ITEMS_MAX, error::invalid_marker)
}
