//! Lists in pages.

pub(crate) use alcazar_engine::page::{Asked, in_order, read};

use crate::error;

/// What a request says of its page by `Marker` and `Limit`, where there are so many items by default and at most.
#[must_use]
pub(crate) fn asked(marker: Option<&str>, limit: Option<i32>, default: usize, max: usize) -> Asked<'_> {
    Asked::new(marker, limit, default, max, error::invalid_marker)
}
