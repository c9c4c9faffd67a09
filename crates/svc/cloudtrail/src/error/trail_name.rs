//! What CloudTrail says of names that no trail may have.

use alcazar_api_cloudtrail::ErrorCode;
use alcazar_shape::ApiError;

fn refused(text: impl Into<String>) -> ApiError {
    ErrorCode::InvalidTrailNameException.because(text.into())
}

/// Nothing but blanks.
#[must_use]
pub(crate) fn blank() -> ApiError {
    refused("Trail name cannot be blank!")
}

/// Too short.
#[must_use]
pub(crate) fn too_short(least: usize, length: usize) -> ApiError {
    refused(format!(
        "Trail name too short. Minimum allowed length: {least} characters. Specified name length: {length} characters."
    ))
}

/// Too long.
#[must_use]
pub(crate) fn too_long(most: usize, length: usize) -> ApiError {
    refused(format!(
        "Trail name too long. Maximum allowed length: {most} characters. Specified name length: {length} characters."
    ))
}

/// Wrong at its start.
#[must_use]
pub(crate) fn starts_wrong() -> ApiError {
    refused("Trail name must starts with a letter or number.")
}

/// Wrong at its end.
#[must_use]
pub(crate) fn ends_wrong() -> ApiError {
    refused("Trail name must ends with a letter or number.")
}

/// Wrong within.
#[must_use]
pub(crate) fn characters() -> ApiError {
    refused(
        "Trail name or ARN can only contain uppercase letters, lowercase letters, numbers, periods (.), hyphens (-), \
         and underscores (_).",
    )
}

/// Two marks beside each other.
#[must_use]
pub(crate) fn adjacent_marks() -> ApiError {
    refused("Trail name must not have adjacent periods, underscores or dashes.")
}

/// An address.
#[must_use]
pub(crate) fn ip_address() -> ApiError {
    refused("Trail name must not be in IP address format.")
}
