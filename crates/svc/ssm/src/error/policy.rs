//! What is said of parameter policies.

use alcazar_api_ssm::ErrorCode;
use alcazar_shape::ApiError;
use alcazar_shape::common_error::VALIDATION;

/// The text is no JSON array of objects.
#[must_use]
pub(crate) fn malformed(text: &str) -> ApiError {
    VALIDATION.because(format!("Invalid policies input: {text}."))
}

/// There are more policies than there may be.
#[must_use]
pub(crate) fn too_many(most: usize) -> ApiError {
    ErrorCode::PoliciesLimitExceededException
        .because(format!("Number of policies attached to a parameter cannot exceed {most}"))
}

/// There is no such type; none at all is called `null`.
#[must_use]
pub(crate) fn unknown_type(policy_type: &str) -> ApiError {
    ErrorCode::InvalidPolicyTypeException.because(format!("Policy type {policy_type} is not supported."))
}

/// There is no such version of the policy language.
#[must_use]
pub(crate) fn unknown_version() -> ApiError {
    ErrorCode::InvalidPolicyAttributeException.because("Unsupported policy version.")
}

/// A policy lacks something.
#[must_use]
pub(crate) fn missing(attribute: &str) -> ApiError {
    ErrorCode::InvalidPolicyAttributeException
        .because(format!("Mandatory policy attribute {attribute} is missing."))
}

/// An expiration does not say when.
#[must_use]
pub(crate) fn no_timestamp() -> ApiError {
    ErrorCode::InvalidPolicyAttributeException
        .because("A valid Expiration policy must have an attribute of Timestamp.")
}

/// The time of an expiration is none.
#[must_use]
pub(crate) fn timestamp() -> ApiError {
    ErrorCode::InvalidPolicyAttributeException.because("Invalid timestamp format")
}

/// A length of time is nothing or less.
#[must_use]
pub(crate) fn not_positive(attribute: &str) -> ApiError {
    ErrorCode::InvalidPolicyAttributeException
        .because(format!("Attribute {attribute} must be a positive integer."))
}

/// A length of time is no whole number, or too large.
#[must_use]
pub(crate) fn not_a_length(attribute: &str, bound: i64) -> ApiError {
    ErrorCode::InvalidPolicyAttributeException
        .because(format!("Attribute {attribute} must be a positive integer smaller than {bound} ."))
}

/// There is no such unit of time.
#[must_use]
pub(crate) fn unit() -> ApiError {
    ErrorCode::InvalidPolicyAttributeException.because("Supported time units: DAYS HOURS")
}

/// Two expirations say different things.
#[must_use]
pub(crate) fn two_expirations() -> ApiError {
    ErrorCode::IncompatiblePolicyException.because("There can be only one expiration policy")
}

/// Nothing expires that could be notified of.
#[must_use]
pub(crate) fn no_expiration() -> ApiError {
    ErrorCode::IncompatiblePolicyException
        .because("Expiration notification policies are missing expiration policy")
}
