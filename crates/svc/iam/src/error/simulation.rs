//! What IAM says to simulations that it cannot make.

use alcazar_api_iam::ErrorCode;
use alcazar_shape::ApiError;

fn invalid(message: impl Into<String>) -> ApiError {
    ErrorCode::InvalidInputException.because(message)
}

/// An ARN that is none of a user, group or role.
#[must_use]
pub(crate) fn invalid_entity(arn: &str) -> ApiError {
    invalid(format!("Invalid Entity Arn: {arn} does not clearly define entity type and name."))
}

/// A caller that is no user, group or role.
#[must_use]
pub(crate) fn invalid_caller() -> ApiError {
    invalid("Invalid caller - Caller must be an IAM user, role or group in this context.")
}

/// A resource's policy without a caller that it could name.
#[must_use]
pub(crate) fn caller_needed() -> ApiError {
    invalid("Invalid caller - Caller cannot be null or empty.")
}

/// An owner that is no account.
#[must_use]
pub(crate) fn invalid_owner() -> ApiError {
    invalid("Invalid Resource Owner.")
}

/// An action that is not named whole.
#[must_use]
pub(crate) fn invalid_action(action: &str) -> ApiError {
    invalid(format!("Invalid Action Name: {action}"))
}

/// A resource that is no ARN.
#[must_use]
pub(crate) fn invalid_resource(arn: &str) -> ApiError {
    invalid(format!("ResourceNames are not in a valid ARN format: {arn}."))
}

/// A text that is no policy.
#[must_use]
pub(crate) fn invalid_policy(reason: &str) -> ApiError {
    invalid(format!("Invalid Policy: {reason}"))
}

/// More than one permissions boundary.
#[must_use]
pub(crate) fn several_boundaries() -> ApiError {
    invalid("Only one permissions boundary policy can be simulated at a time.")
}

/// A context entry without a key.
#[must_use]
pub(crate) fn context_key_needed() -> ApiError {
    invalid("A context entry must have a ContextKeyName.")
}

/// A condition key's value that is none of its type.
#[must_use]
pub(crate) fn invalid_context_value(key: &str, value: &str) -> ApiError {
    invalid(format!("Invalid value for context key {key}: {value}"))
}

/// An identifier of policies that cannot be one.
#[must_use]
pub(crate) fn invalid_identifier(text: &str) -> ApiError {
    invalid(format!("Invalid policy identifier: {text}"))
}

/// No such way to handle resources.
#[must_use]
pub(crate) fn invalid_handling(option: &str) -> ApiError {
    invalid(format!("Invalid ResourceHandlingOption: {option}"))
}

/// A resource that this way needs.
#[must_use]
pub(crate) fn resource_needed(option: &str, kind: &str) -> ApiError {
    invalid(format!("ResourceHandlingOption {option} requires a resource of type {kind}."))
}

/// More requests than are simulated at a time.
#[must_use]
pub(crate) fn too_many_requests(most: usize) -> ApiError {
    invalid(format!("Actions and resources make more than {most} requests. Ask for smaller pages."))
}
