//! What KMS says about the rotation of key material.

use alcazar_api_kms::ErrorCode;
use alcazar_shape::ApiError;

/// A key of a kind that has one material for its whole life. AWS gives no reason.
#[must_use]
pub(crate) fn not_of_this_kind() -> ApiError {
    ErrorCode::UnsupportedOperationException.bare()
}

/// The key was rotated on demand as often as a key may be.
#[must_use]
pub(crate) fn on_demand_limit(arn: &str) -> ApiError {
    ErrorCode::LimitExceededException.because(format!(
        "The on-demand rotations limit has been reached for the given keyId. \
         No more on-demand rotations can be performed for this key: {arn}"
    ))
}

/// An automatic rotation runs, or will so soon.
#[must_use]
pub(crate) fn automatic_rotation_is_near(arn: &str) -> ApiError {
    ErrorCode::ConflictException
        .because(format!("An automatic rotation of {arn} is in progress or scheduled within 20 minutes."))
}

/// No material was imported to rotate to.
#[must_use]
pub(crate) fn nothing_pending(arn: &str) -> ApiError {
    ErrorCode::KMSInvalidStateException
        .because(format!("No available key material pending rotation for the key: {arn}."))
}
