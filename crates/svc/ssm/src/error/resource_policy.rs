//! What is said of resource policies.

use alcazar_api_ssm::ErrorCode;
use alcazar_shape::ApiError;

/// There is no such parameter.
#[must_use]
pub(crate) fn parameter_not_found(arn: &str) -> ApiError {
    ErrorCode::ResourceNotFoundException.because(format!("Parameter {arn} not found"))
}

/// What has the ARN can have no policy here.
#[must_use]
pub(crate) fn resource(arn: &str) -> ApiError {
    invalid(format!("The resource {arn} doesn't support resource policies. Specify the ARN of a parameter."))
}

/// Parameters of the standard tier cannot be shared.
#[must_use]
pub(crate) fn standard_tier(arn: &str) -> ApiError {
    invalid(format!(
        "The parameter {arn} can't be shared. To share a parameter, it must be in the advanced-parameter tier."
    ))
}

/// What AWS's own key encrypts cannot be shared.
#[must_use]
pub(crate) fn managed_key(arn: &str) -> ApiError {
    invalid(format!(
        "The parameter {arn} can't be shared. To share a SecureString parameter, it must be encrypted with a customer \
         managed key."
    ))
}

/// One of id and hash is given, and not the other.
#[must_use]
pub(crate) fn id_without_hash() -> ApiError {
    invalid("To update a policy, you must specify PolicyId and PolicyHash.".to_owned())
}

/// The token is none that a page ended with.
#[must_use]
pub(crate) fn next_token(token: &str) -> ApiError {
    invalid(format!("The following token is invalid: {token}."))
}

/// There is no policy of this id.
#[must_use]
pub(crate) fn not_found() -> ApiError {
    ErrorCode::ResourcePolicyNotFoundException
        .because("No policies with the specified policy ID and hash could be found.")
}

/// The policy has changed since the caller read it.
#[must_use]
pub(crate) fn conflict() -> ApiError {
    ErrorCode::ResourcePolicyConflictException.because(
        "The hash provided in the call doesn't match the stored hash. This exception is thrown when trying to update an \
         obsolete policy version or when multiple requests to update a policy are sent.",
    )
}

/// The policy is too long.
#[must_use]
pub(crate) fn too_long(most: u64) -> ApiError {
    ErrorCode::ResourcePolicyLimitExceededException
        .because(format!("A policy can't be greater than {most} bytes in size."))
}

/// The parameter has a policy.
#[must_use]
pub(crate) fn too_many() -> ApiError {
    ErrorCode::ResourcePolicyLimitExceededException.because(
        "Only one policy can be attached to a parameter. To update it, specify its PolicyId and PolicyHash.",
    )
}

/// The text is no policy that a parameter may have.
#[must_use]
pub(crate) fn malformed(why: &str) -> ApiError {
    ErrorCode::MalformedResourcePolicyDocumentException
        .because(format!("The specified policy document is malformed or invalid: {why}."))
}

fn invalid(message: String) -> ApiError {
    ErrorCode::ResourcePolicyInvalidParameterException.because(message)
}
