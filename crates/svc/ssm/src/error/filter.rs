//! What is said of filters.

use alcazar_api_ssm::ErrorCode;
use alcazar_shape::ApiError;
use alcazar_shape::common_error::VALIDATION;

/// A request has filters of the old kind and of the new one.
#[must_use]
pub(crate) fn both_kinds() -> ApiError {
    VALIDATION.because("You can use either Filters or ParameterFilters in a single request.")
}

/// The operation has no filters of this key.
#[must_use]
pub(crate) fn key(key: &str, valid: &str) -> ApiError {
    ErrorCode::InvalidFilterKey.because(format!(
        "The following filter key is not valid: {key}. Valid filter keys include: [{valid}]."
    ))
}

/// Two filters have the same key.
#[must_use]
pub(crate) fn duplicate(key: &str) -> ApiError {
    ErrorCode::InvalidFilterKey.because(format!(
        "The following filter is duplicated in the request: {key}. A request can contain only one occurrence of a \
         specific filter."
    ))
}

/// A filter has no values.
#[must_use]
pub(crate) fn no_values(key: &str) -> ApiError {
    ErrorCode::InvalidFilterValue
        .because(format!("The following filter values are missing : null for filter key {key}."))
}

/// A filter has several values, and can have one.
#[must_use]
pub(crate) fn several_values(key: &str) -> ApiError {
    ErrorCode::InvalidFilterValue.because(format!("The following filter {key} can have only one value"))
}

/// Filters of this key have no such option.
#[must_use]
pub(crate) fn option(option: &str, valid: &str) -> ApiError {
    ErrorCode::InvalidFilterOption.because(format!(
        "The following filter option is not valid: {option}. Valid options include: [{valid}]."
    ))
}

/// Filters of this key have no such value.
#[must_use]
pub(crate) fn value(value: &str, valid: &str) -> ApiError {
    ErrorCode::InvalidFilterOption.because(format!(
        "The following filter value is not valid: {value}. Valid values include: [{valid}]."
    ))
}
