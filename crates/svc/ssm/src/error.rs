//! What Parameter Store says when it refuses, each text in one place.
//!
//! The texts are AWS's, as its documentation, its SDKs' issue trackers and recorded answers show them.

pub(crate) mod data_type;
pub(crate) mod filter;
pub(crate) mod kms;
pub(crate) mod name;
pub(crate) mod path;
pub(crate) mod policy;
pub(crate) mod put;
pub(crate) mod resource_policy;
pub(crate) mod setting;
pub(crate) mod version;

use alcazar_api_ssm::ErrorCode;
use alcazar_shape::ApiError;
use alcazar_shape::common_error::VALIDATION;

/// No parameter of this name. AWS says no more than that.
#[must_use]
pub(crate) fn parameter_not_found() -> ApiError {
    ErrorCode::ParameterNotFound.model().bare()
}

/// What is to be tagged is not there. AWS says no more than that.
#[must_use]
pub(crate) fn invalid_resource_id() -> ApiError {
    ErrorCode::InvalidResourceId.model().bare()
}

/// What is to be tagged is of a kind that is not here.
#[must_use]
pub(crate) fn invalid_resource_type() -> ApiError {
    ErrorCode::InvalidResourceType.model().bare()
}

/// There would be more tags than there may be.
#[must_use]
pub(crate) fn too_many_tags() -> ApiError {
    ErrorCode::TooManyTagsError.model().bare()
}

/// Two tags have the same key.
#[must_use]
pub(crate) fn duplicate_tags() -> ApiError {
    VALIDATION.because("Duplicate tag keys found. Please use unique keys for tags.")
}

/// A tag has a key that only AWS gives.
#[must_use]
pub(crate) fn reserved_tag() -> ApiError {
    VALIDATION.because("aws: prefixed tag key names are not allowed for external use.")
}

/// The token is none that a page ended with.
#[must_use]
pub(crate) fn next_token(token: &str) -> ApiError {
    ErrorCode::InvalidNextToken.because(format!("The following token is invalid: {token}."))
}
