//! What KMS says about grants.

use alcazar_api_kms::ErrorCode;
use alcazar_shape::ApiError;
use alcazar_shape::common_error::{ACCESS_DENIED, VALIDATION};

use super::shown;

/// A text that names no principal.
#[must_use]
pub(crate) fn invalid_principal(text: &str) -> ApiError {
    ErrorCode::InvalidArnException
        .because(format!("ARN does not refer to a valid principal: {}", shown(text)))
}

/// A text that is no grant's id.
#[must_use]
pub(crate) fn invalid_grant_id() -> ApiError {
    ErrorCode::InvalidGrantIdException.because("The grant ID is not valid.")
}

/// A text that is no grant token, or is one of another region.
#[must_use]
pub(crate) fn invalid_grant_token() -> ApiError {
    ErrorCode::InvalidGrantTokenException.because("The grant token is not valid.")
}

/// No grant of this id on the key.
#[must_use]
pub(crate) fn grant_not_found() -> ApiError {
    ErrorCode::NotFoundException.because("Grant does not exist")
}

/// No operation at all, in the words of a broken constraint.
#[must_use]
pub(crate) fn no_operations() -> ApiError {
    VALIDATION.because(
        "1 validation error detected: Value '[]' at 'operations' failed to satisfy constraint: \
         Member must have length greater than or equal to 1",
    )
}

/// Nothing is granted but to grant.
#[must_use]
pub(crate) fn only_create_grant() -> ApiError {
    VALIDATION.because("Grants must not contain only the CreateGrant operation.")
}

/// An operation that keys of this kind do not have.
#[must_use]
pub(crate) fn operation_not_of_key(operation: &str, usage: &str, spec: &str) -> ApiError {
    VALIDATION.because(format!(
        "The operation {operation} is not valid for grants on a KMS key with key usage {usage} and key spec {spec}."
    ))
}

/// Two principals for one place, or none.
#[must_use]
pub(crate) fn one_principal(kind: &str) -> ApiError {
    VALIDATION
        .because(format!("You must specify either {kind}Principal or {kind}ServicePrincipal, but not both."))
}

/// Two retiring principals, where there need not be any.
#[must_use]
pub(crate) fn two_retiring_principals() -> ApiError {
    VALIDATION.because("You can specify either RetiringPrincipal or RetiringServicePrincipal, but not both.")
}

/// A service as the grantee without what such a grant must have.
#[must_use]
pub(crate) fn service_grantee_needs(what: &str) -> ApiError {
    VALIDATION.because(format!("When you specify a GranteeServicePrincipal, you must also specify {what}."))
}

/// A filter that only services may use.
#[must_use]
pub(crate) fn only_services_filter() -> ApiError {
    VALIDATION.because("RetiringServicePrincipal can be used only by service principals.")
}

/// Both kinds of encryption context constraints.
#[must_use]
pub(crate) fn two_context_constraints() -> ApiError {
    VALIDATION.because(
        "You can specify either EncryptionContextEquals or EncryptionContextSubset as a grant constraint, but not both.",
    )
}

/// An encryption context constraint on a key whose operations take no encryption context.
#[must_use]
pub(crate) fn context_constraint_not_of_key(spec: &str) -> ApiError {
    VALIDATION.because(format!(
        "Encryption context grant constraints are not valid for a KMS key with key spec {spec}."
    ))
}

/// A constraint of more pairs than it may have.
#[must_use]
pub(crate) fn constraint_pairs(most: usize) -> ApiError {
    ErrorCode::LimitExceededException
        .because(format!("A grant constraint cannot have more than {most} encryption context pairs."))
}

/// A constraint with a value that is too long.
#[must_use]
pub(crate) fn constraint_length(most: usize) -> ApiError {
    ErrorCode::LimitExceededException.because(format!(
        "The encryption context value in a grant constraint cannot exceed {most} characters."
    ))
}

/// Neither a token nor a key with a grant's id, or both.
#[must_use]
pub(crate) fn one_way_to_name_a_grant() -> ApiError {
    VALIDATION.because("You must specify either a GrantToken, or both a KeyId and a GrantId, but not both.")
}

/// A principal of another account, whose grants are not the caller's to list.
#[must_use]
pub(crate) fn retiring_principal_of_other_account(caller_arn: &str) -> ApiError {
    ACCESS_DENIED.because(format!(
        "User: {caller_arn} is not authorized to perform: kms:ListRetirableGrants \
         for a principal of another account"
    ))
}
