//! Lists in pages of a hundred.
//!
//! Source: <https://docs.aws.amazon.com/sns/latest/api/API_ListTopics.html>

pub(crate) use alcazar_engine::page::{Asked, read};

use crate::error;

/// How many items a page has.
pub(crate) const ITEMS: usize = 100;

/// What a request says of its page by `NextToken`; an empty one is none.
#[must_use]
pub(crate) fn asked(next_token: Option<&str>) -> Asked<'_> {
    let token = next_token.filter(|token| !token.is_empty());
    Asked { token, most: ITEMS, refusal: error::next_token }
}
