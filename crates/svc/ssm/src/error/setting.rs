//! What is said of service settings.

use alcazar_api_ssm::ErrorCode;
use alcazar_shape::ApiError;
use alcazar_shape::common_error::VALIDATION;

/// There is no such setting.
#[must_use]
pub(crate) fn not_found() -> ApiError {
    ErrorCode::ServiceSettingNotFound.because(
        "The specified service setting wasn't found. Either the service name or the setting hasn't been provisioned by \
         the AWS service team.",
    )
}

/// The setting has no such value.
#[must_use]
pub(crate) fn value(setting_id: &str, value: &str, values: &[&str]) -> ApiError {
    VALIDATION.because(format!(
        "The value {value} isn't valid for the service setting {setting_id}. Valid values include: [{}].",
        values.join(", ")
    ))
}
