//! What Amazon Simple Notification Service says when it refuses, each text in one place.
#![allow(dead_code, reason = "the operations that say it come next")]

use alcazar_api_sns::ErrorCode;
use alcazar_shape::ApiError;

/// No topic of this ARN.
#[must_use]
pub(crate) fn topic_not_found() -> ApiError {
    ErrorCode::NotFoundException.because("Topic does not exist")
}

/// No subscription of this ARN.
#[must_use]
pub(crate) fn subscription_not_found() -> ApiError {
    ErrorCode::NotFoundException.because("Subscription does not exist")
}

/// A parameter is not right.
#[must_use]
pub(crate) fn invalid_parameter(what: &str) -> ApiError {
    ErrorCode::InvalidParameterException.because(format!("Invalid parameter: {what}"))
}
