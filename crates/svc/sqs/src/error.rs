//! What Amazon Simple Queue Service says when it refuses, each text in one place.
#![allow(dead_code, reason = "the operations that say it come next")]

use alcazar_api_sqs::ErrorCode;
use alcazar_shape::ApiError;

/// No queue of this name or URL.
#[must_use]
pub(crate) fn queue_does_not_exist() -> ApiError {
    ErrorCode::QueueDoesNotExist.because("The specified queue does not exist.")
}
