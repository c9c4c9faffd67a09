//! What CloudTrail says of tags, and of what has them.

use alcazar_api_cloudtrail::ErrorCode;
use alcazar_shape::ApiError;

/// More tags than one thing may have.
#[must_use]
pub(crate) fn too_many(most: usize) -> ApiError {
    ErrorCode::TagsLimitExceededException.because(format!(
        "The number of tags per trail, event data store, dashboard, or channel has exceeded the permitted amount. \
         Currently, the limit is {most}."
    ))
}

/// Tags that cannot be.
#[must_use]
pub(crate) fn invalid(text: &str) -> ApiError {
    ErrorCode::InvalidTagParameterException.because(text.to_owned())
}

/// Nothing of this ARN has tags.
#[must_use]
pub(crate) fn resource_not_found(arn: &str) -> ApiError {
    ErrorCode::ResourceNotFoundException.because(format!("Resource not found: {arn}"))
}

/// What should be an ARN is none of CloudTrail's.
#[must_use]
pub(crate) fn resource_arn(text: &str) -> ApiError {
    ErrorCode::CloudTrailARNInvalidException.because(format!("Invalid ARN: {text}"))
}

/// Of this type nothing has tags.
#[must_use]
pub(crate) fn resource_type(text: &str) -> ApiError {
    ErrorCode::ResourceTypeNotSupportedException
        .because(format!("The specified resource type is not supported by CloudTrail: {text}"))
}

/// Too many ARNs in one request.
#[must_use]
pub(crate) fn too_many_resources(most: usize) -> ApiError {
    ErrorCode::InvalidParameterException.because(format!("The list has a limit of {most} ARNs."))
}
