//! What is said of KMS's refusals: KMS's own words, as the SDK that Parameter Store uses writes them.

use alcazar_api_ssm::ErrorCode;
use alcazar_shape::ApiError;
use alcazar_shape::common_error::ACCESS_DENIED;

/// A refusal of KMS's: a denial stays one, and everything else is about the key.
#[must_use]
pub(crate) fn refused(error: &ApiError, request_id: &str) -> ApiError {
    let code = error.model().name;
    let told = format!(
        "{} (Service: AWSKMS; Status Code: {}; Error Code: {code}; Request ID: {request_id}; Proxy: null)",
        error.message().unwrap_or("null"),
        error.model().status,
    );
    if code == ACCESS_DENIED.name {
        ACCESS_DENIED.because(told)
    } else {
        ErrorCode::InvalidKeyId.because(told)
    }
}
