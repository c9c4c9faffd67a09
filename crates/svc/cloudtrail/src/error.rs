//! What AWS CloudTrail says when it refuses, each text in one place.
#![allow(dead_code, reason = "the operations that say it come next")]

use alcazar_api_cloudtrail::ErrorCode;
use alcazar_shape::ApiError;

/// No trail of this name or ARN.
#[must_use]
pub(crate) fn trail_not_found(name: &str, account: &str) -> ApiError {
    ErrorCode::TrailNotFoundException.because(format!("Unknown trail: {name} for the user: {account}"))
}
