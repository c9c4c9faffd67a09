//! What KMS says when it refuses, each text in one place.
//!
//! The texts are AWS's, as its documentation, its SDKs' issue trackers and recorded answers show them.

pub(crate) mod custom_key_store;
pub(crate) mod encryption;
pub(crate) mod grant;
pub(crate) mod import;
pub(crate) mod multi_region;
pub(crate) mod quota;
pub(crate) mod rotation;
pub(crate) mod signing;

use alcazar_api_kms::ErrorCode;
use alcazar_shape::ApiError;
use alcazar_shape::common_error::{ACCESS_DENIED, VALIDATION};

/// No key of this ARN.
#[must_use]
pub(crate) fn key_not_found(arn: &str) -> ApiError {
    ErrorCode::NotFoundException.because(format!("Key '{arn}' does not exist"))
}

/// A text that cannot be a key id.
#[must_use]
pub(crate) fn invalid_key_id(text: &str) -> ApiError {
    ErrorCode::NotFoundException.because(format!("Invalid keyId '{}'", shown(text)))
}

/// An ARN of another region.
#[must_use]
pub(crate) fn arn_of_other_region(region: &str) -> ApiError {
    ErrorCode::NotFoundException.because(format!("Invalid arn {}", shown(region)))
}

/// An ARN that names neither a key nor, where one may stand, an alias.
#[must_use]
pub(crate) fn invalid_arn(text: &str) -> ApiError {
    ErrorCode::InvalidArnException.because(format!("Invalid arn '{}'", shown(text)))
}

/// An alias where only the key itself may be named.
#[must_use]
pub(crate) fn alias_not_accepted() -> ApiError {
    ErrorCode::InvalidArnException.because("Key Aliases are not supported for this operation.")
}

/// No alias of this ARN.
#[must_use]
pub(crate) fn alias_not_found(arn: &str) -> ApiError {
    ErrorCode::NotFoundException.because(format!("Alias {arn} is not found."))
}

/// There is an alias of this ARN already.
#[must_use]
pub(crate) fn alias_exists(arn: &str) -> ApiError {
    ErrorCode::AlreadyExistsException.because(format!("An alias with the name {arn} already exists"))
}

/// An alias name without its prefix.
#[must_use]
pub(crate) fn alias_without_prefix() -> ApiError {
    VALIDATION.because(
        "Alias must start with the prefix \"alias/\". \
         Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html",
    )
}

/// An alias name with characters that aliases do not have.
#[must_use]
pub(crate) fn alias_characters(name: &str) -> ApiError {
    VALIDATION.because(format!("{} contains invalid characters for an alias", shown(name)))
}

/// An alias name that only AWS may use.
#[must_use]
pub(crate) fn alias_reserved() -> ApiError {
    ErrorCode::InvalidAliasNameException.because("Alias name cannot begin with alias/aws/")
}

/// The key is disabled.
#[must_use]
pub(crate) fn disabled(arn: &str) -> ApiError {
    ErrorCode::DisabledException.because(format!("{arn} is disabled."))
}

/// The key waits for its deletion.
#[must_use]
pub(crate) fn pending_deletion(arn: &str) -> ApiError {
    ErrorCode::KMSInvalidStateException.because(format!("{arn} is pending deletion."))
}

/// The key waits for the deletion of its replicas.
#[must_use]
pub(crate) fn pending_replica_deletion(arn: &str) -> ApiError {
    ErrorCode::KMSInvalidStateException.because(format!("{arn} is pending replica deletion."))
}

/// The key has no material yet, or no longer.
#[must_use]
pub(crate) fn pending_import(arn: &str) -> ApiError {
    ErrorCode::KMSInvalidStateException.because(format!("{arn} is pending import."))
}

/// The key is for something else.
#[must_use]
pub(crate) fn wrong_usage(arn: &str, usage: &str, operation: &str) -> ApiError {
    ErrorCode::InvalidKeyUsageException
        .because(format!("{arn} key usage is {usage} which is not valid for {operation}."))
}

/// The key's material comes from elsewhere than the operation needs.
#[must_use]
pub(crate) fn wrong_origin(arn: &str, origin: &str) -> ApiError {
    ErrorCode::UnsupportedOperationException
        .because(format!("{arn} origin is {origin} which is not valid for this operation."))
}

/// The key does not wait for its deletion.
#[must_use]
pub(crate) fn not_pending_deletion(arn: &str) -> ApiError {
    ErrorCode::KMSInvalidStateException.because(format!("{arn} is not pending deletion."))
}

/// The ciphertext does not decrypt, whatever the reason.
#[must_use]
pub(crate) fn invalid_ciphertext() -> ApiError {
    ErrorCode::InvalidCiphertextException.bare()
}

/// The ciphertext is under another key than the request names.
#[must_use]
pub(crate) fn incorrect_key() -> ApiError {
    ErrorCode::IncorrectKeyException
        .because("The key ID in the request does not identify a CMK that can perform this operation.")
}

/// The ciphertext's key is not here, or not the caller's to use.
#[must_use]
pub(crate) fn ciphertext_of_unknown_key(caller_arn: &str, action: &str) -> ApiError {
    ACCESS_DENIED.because(format!(
        "User: {caller_arn} is not authorized to perform: {action} on the resource associated with this \
         ciphertext because the resource does not exist in this Region, no resource-based policies allow \
         access, or a resource-based policy explicitly denies access"
    ))
}

/// An operation on a key of another account that AWS offers within one account only.
#[must_use]
pub(crate) fn not_across_accounts(caller_arn: &str, action: &str, resource: &str) -> ApiError {
    ACCESS_DENIED.because(format!(
        "User: {caller_arn} is not authorized to perform: {action} on resource: {resource} \
         because no resource-based policy allows the {action} action"
    ))
}

/// Everything would have worked, but it was only a rehearsal.
#[must_use]
pub(crate) fn dry_run() -> ApiError {
    ErrorCode::DryRunOperationException
        .because("The request would have succeeded, but the DryRun option is set.")
}

/// The algorithm is not one of the key's.
#[must_use]
pub(crate) fn incompatible_algorithm(algorithm: &str, key_spec: &str) -> ApiError {
    ErrorCode::InvalidKeyUsageException
        .because(format!("Algorithm {algorithm} is incompatible with key spec {key_spec}."))
}

/// A marker that no page ended with.
#[must_use]
pub(crate) fn invalid_marker() -> ApiError {
    ErrorCode::InvalidMarkerException.because("The marker is invalid.")
}

/// There is but one policy, named `default`.
#[must_use]
pub(crate) fn no_such_policy() -> ApiError {
    ErrorCode::NotFoundException.because("No such policy exists")
}

/// The policy cannot be read as one.
#[must_use]
pub(crate) fn malformed_policy(reason: &str) -> ApiError {
    ErrorCode::MalformedPolicyDocumentException.because(reason)
}

/// The policy names someone who does not exist.
#[must_use]
pub(crate) fn policy_invalid_principals() -> ApiError {
    ErrorCode::MalformedPolicyDocumentException
        .because("Policy contains a statement with one or more invalid principals.")
}

/// The policy names someone by an ARN that is none of a principal.
#[must_use]
pub(crate) fn policy_invalid_arn() -> ApiError {
    ErrorCode::InvalidArnException.because("An ARN in the specified key policy is invalid.")
}

/// A condition of the policy lets through what lacks the very thing that it is about.
#[must_use]
pub(crate) fn policy_overly_permissive(what: &str) -> ApiError {
    ErrorCode::MalformedPolicyDocumentException.because(format!(
        "OverlyPermissiveCondition: Using the ForAllValues set operator with a single-valued condition key matches \
         requests without the specified {what} or with an unspecified {what}. To fix, remove ForAllValues."
    ))
}

/// The policy would lock its author out.
#[must_use]
pub(crate) fn policy_locks_out() -> ApiError {
    ErrorCode::MalformedPolicyDocumentException
        .because("The new key policy will not allow you to update the key policy in the future.")
}

/// Tags that cannot be.
#[must_use]
pub(crate) fn bad_tags(reason: &str) -> ApiError {
    ErrorCode::TagException.because(reason)
}

/// A value that breaks a rule beyond the model's own constraints.
#[must_use]
pub(crate) fn validation(reason: impl Into<String>) -> ApiError {
    VALIDATION.because(reason)
}

/// Something that is not offered here.
#[must_use]
pub(crate) fn unsupported(reason: impl Into<String>) -> ApiError {
    ErrorCode::UnsupportedOperationException.because(reason)
}

/// A key spec under both of its names.
#[must_use]
pub(crate) fn two_key_specs() -> ApiError {
    VALIDATION.because(
        "You cannot specify KeySpec and CustomerMasterKeySpec in the same request. \
         CustomerMasterKeySpec is deprecated.",
    )
}

/// A key spec that AWS has in other regions alone.
#[must_use]
pub(crate) fn key_spec_not_in_region(spec: &str) -> ApiError {
    ErrorCode::UnsupportedOperationException
        .because(format!("KeySpec {spec} is not supported in this region."))
}

/// A key that is not symmetric, without a usage.
#[must_use]
pub(crate) fn key_usage_missing() -> ApiError {
    VALIDATION
        .because("You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.")
}

/// A usage that keys of the spec do not have.
#[must_use]
pub(crate) fn key_usage_not_of_spec(usage: &str, spec: &str) -> ApiError {
    VALIDATION.because(format!("KeyUsage {usage} is not compatible with KeySpec {spec}"))
}

/// An origin that keys of the spec do not have.
#[must_use]
pub(crate) fn origin_not_of_spec(origin: &str, spec: &str) -> ApiError {
    ErrorCode::UnsupportedOperationException
        .because(format!("Origin {origin} is not supported for KeySpec {spec}."))
}

/// As much of a caller's text as an error shows.
fn shown(text: &str) -> &str {
    const SHOWN_LENGTH_MAX: usize = 256;
    let mut end = text.len().min(SHOWN_LENGTH_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}
