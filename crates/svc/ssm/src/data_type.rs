//! Data types: what a value must be like beside its type.
//!
//! Source: <https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-data-types.html>

use alcazar_shape::ApiError;

use crate::error;
use crate::version::{Kind, Version};

/// What a value is if nothing else is said.
pub(crate) const DEFAULT: &str = "text";

/// Whether only advanced parameters have a data type.
#[must_use]
pub(crate) fn is_advanced(_data_type: &str) -> bool {
    false
}

/// Checks a value by its data type.
///
/// # Errors
/// There is no such data type, it does not go with the type, or the value is not like it.
pub(crate) fn check(
    data_type: &str,
    _kind: Kind,
    _name: &str,
    _value: &str,
    _latest: Option<&Version>,
) -> Result<(), ApiError> {
    if data_type == DEFAULT { Ok(()) } else { Err(error::put::data_type(data_type)) }
}
