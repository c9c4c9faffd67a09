//! What is said where KMS refuses a key of a topic: KMS's own words, under SNS's codes.
//!
//! Source: <https://docs.aws.amazon.com/sns/latest/api/API_Publish.html#API_Publish_Errors>

use alcazar_api_kms::ErrorCode as Kms;
use alcazar_api_sns::ErrorCode;
use alcazar_shape::ApiError;
use alcazar_shape::common_error::{ACCESS_DENIED, THROTTLING};

/// What SNS says of an error of KMS; one that is none of the caller's stays as it is.
#[must_use]
pub(crate) fn of(error: ApiError) -> ApiError {
    let model = error.model();
    let is = |code: Kms| model == code.model();
    let code = if model == &ACCESS_DENIED {
        ErrorCode::KMSAccessDeniedException
    } else if model == &THROTTLING {
        ErrorCode::KMSThrottlingException
    } else if is(Kms::NotFoundException) {
        ErrorCode::KMSNotFoundException
    } else if is(Kms::DisabledException) {
        ErrorCode::KMSDisabledException
    } else if model.sender_fault {
        ErrorCode::KMSInvalidStateException
    } else {
        return error;
    };
    let message = error.message().unwrap_or_default().to_owned();
    code.because(format!(
        "{message} (Service: AWSKMS; Status Code: {}; Error Code: {})",
        model.status, model.name
    ))
}
