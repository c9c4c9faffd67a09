//! What KMS says about imported key material.

use alcazar_api_kms::ErrorCode;
use alcazar_shape::ApiError;
use alcazar_shape::common_error::VALIDATION;

/// A way to wrap that AWS has in other regions alone, or no longer.
#[must_use]
pub(crate) fn wrapping_not_supported(name: &str) -> ApiError {
    ErrorCode::UnsupportedOperationException.because(format!("{name} is not supported in this region."))
}

/// Material of the spec cannot be wrapped like this.
#[must_use]
pub(crate) fn wrapping_not_of_spec(algorithm: &str, wrapping_key: &str, spec: &str) -> ApiError {
    ErrorCode::UnsupportedOperationException.because(format!(
        "The wrapping algorithm {algorithm} with the wrapping key spec {wrapping_key} is not supported for key \
         spec {spec}."
    ))
}

/// Expiring material without a date.
#[must_use]
pub(crate) fn valid_to_missing() -> ApiError {
    VALIDATION.because("A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES")
}

/// A date for material that does not expire.
#[must_use]
pub(crate) fn valid_to_not_allowed() -> ApiError {
    VALIDATION
        .because("A validTo date must not be set if the ExpirationModel is KEY_MATERIAL_DOES_NOT_EXPIRE")
}

/// A date that has passed, or lies too far ahead.
#[must_use]
pub(crate) fn valid_to_out_of_range(days_max: u64) -> ApiError {
    VALIDATION.because(format!("The validTo date must be in the future and at most {days_max} days from now"))
}

/// A parameter that symmetric encryption keys alone have.
#[must_use]
pub(crate) fn only_for_symmetric_keys(parameter: &str) -> ApiError {
    VALIDATION.because(format!("{parameter} is supported only for symmetric encryption keys"))
}

/// The id of material that is said to be new.
#[must_use]
pub(crate) fn id_of_new_material() -> ApiError {
    VALIDATION.because("KeyMaterialId cannot be specified if the ImportType is NEW_KEY_MATERIAL")
}

/// The token is none, was changed, or is another key's.
#[must_use]
pub(crate) fn invalid_token() -> ApiError {
    ErrorCode::InvalidImportTokenException.bare()
}

/// The token's time is over.
#[must_use]
pub(crate) fn expired_token() -> ApiError {
    ErrorCode::ExpiredImportTokenException.bare()
}

/// What is wrapped has another length than the wrapping algorithm makes.
#[must_use]
pub(crate) fn wrong_length() -> ApiError {
    VALIDATION.because("Invalid encrypted key size.")
}

/// The material is none for the key, or not that which is expected.
#[must_use]
pub(crate) fn incorrect_material() -> ApiError {
    ErrorCode::IncorrectKeyMaterialException.bare()
}

/// There is new material already, which waits for the key's rotation.
#[must_use]
pub(crate) fn other_material_pending(arn: &str, id: &str, pending_id: &str) -> ApiError {
    ErrorCode::KMSInvalidStateException.because(format!(
        "New key material (id: {id}) cannot be imported into KMS key {arn}, because another key material \
         (id: {pending_id}) is pending rotation."
    ))
}

/// The key has no material of this id.
#[must_use]
pub(crate) fn no_such_material(arn: &str, id: &str) -> ApiError {
    ErrorCode::NotFoundException.because(format!("Key material '{id}' of key '{arn}' does not exist"))
}
