//! What is said of the policies of buses.

use alcazar_api_events::ErrorCode;
use alcazar_shape::ApiError;
use alcazar_shape::common_error::VALIDATION;

/// A parameter that goes with the others is missing.
#[must_use]
pub(crate) fn parameter_missing(parameter: &str) -> ApiError {
    VALIDATION.because(format!("Parameter {parameter} must be specified."))
}

/// The action is one that others cannot be given this way.
#[must_use]
pub(crate) fn action_not_supported() -> ApiError {
    VALIDATION.because("Provided value in parameter 'action' is not supported.")
}

/// A condition limits everyone, not one account.
#[must_use]
pub(crate) fn condition_without_everyone() -> ApiError {
    VALIDATION
        .because("Value of the parameter 'principal' must be '*' when the parameter 'condition' is set.")
}

/// The condition is of a kind that there is not.
#[must_use]
pub(crate) fn condition_not_supported(parameter: &str) -> ApiError {
    VALIDATION.because(format!("Provided value in parameter '{parameter}' is not supported."))
}

/// The text is no policy.
#[must_use]
pub(crate) fn invalid_policy() -> ApiError {
    VALIDATION.because("This policy contains invalid Json")
}

/// The policy says something that a bus's policy cannot say.
#[must_use]
pub(crate) fn malformed_policy(reason: &str) -> ApiError {
    VALIDATION.because(format!("This policy is not valid: {reason}"))
}

/// The policy is too long.
#[must_use]
pub(crate) fn policy_length() -> ApiError {
    ErrorCode::PolicyLengthExceededException.because("The policy length exceeds the maximum allowed.")
}

/// No statement has this id.
#[must_use]
pub(crate) fn statement_not_found() -> ApiError {
    ErrorCode::ResourceNotFoundException.because("Statement with the provided id does not exist.")
}

/// The call does not say which statement is to go.
#[must_use]
pub(crate) fn statement_id_required() -> ApiError {
    VALIDATION.because("Parameter StatementId is required.")
}
