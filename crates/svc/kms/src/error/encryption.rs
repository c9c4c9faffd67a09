//! What KMS says about encryption, key agreement, encapsulation and data keys.

use alcazar_api_kms::ErrorCode;
use alcazar_shape::ApiError;
use alcazar_shape::common_error::VALIDATION;

/// More plaintext than fits under a key.
#[must_use]
pub(crate) fn plaintext_too_long(algorithm: &str, spec: &str, bytes_max: usize) -> ApiError {
    VALIDATION.because(format!(
        "Algorithm {algorithm} and key spec {spec} cannot encrypt data larger than {bytes_max} bytes."
    ))
}

/// An encryption context where the key's algorithm has no place for one.
#[must_use]
pub(crate) fn context_with_asymmetric_key() -> ApiError {
    VALIDATION.because("EncryptionContext is not supported when encrypting/decrypting with asymmetric CMKs.")
}

/// Nothing to decrypt.
#[must_use]
pub(crate) fn ciphertext_missing() -> ApiError {
    VALIDATION.because("CiphertextBlob is required.")
}

/// A ciphertext that does not say what key it is under, or none, and no key named.
#[must_use]
pub(crate) fn key_id_missing() -> ApiError {
    VALIDATION.because("KeyId must not be null")
}

/// Neither or both of what says how long a data key is to be.
#[must_use]
pub(crate) fn data_key_length() -> ApiError {
    VALIDATION.because("Please specify either number of bytes or key spec.")
}

/// A data key under a key that is none for symmetric encryption.
#[must_use]
pub(crate) fn data_key_under_asymmetric_key() -> ApiError {
    ErrorCode::InvalidKeyUsageException.because("You cannot generate a data key with an asymmetric CMK")
}

/// A data key pair of a spec that AWS has in its China Regions alone.
#[must_use]
pub(crate) fn key_pair_spec_not_in_region(spec: &str) -> ApiError {
    ErrorCode::UnsupportedOperationException
        .because(format!("KeyPairSpec {spec} is not supported in this region."))
}

/// A peer's public key that is none of the key's curve.
#[must_use]
pub(crate) fn invalid_public_key(spec: &str) -> ApiError {
    VALIDATION
        .because(format!("The public key is not a valid DER-encoded X.509 public key of key spec {spec}."))
}

/// An attestation document that is not believed, or that nothing can be encrypted for.
#[must_use]
pub(crate) fn invalid_attestation_document(reason: &str) -> ApiError {
    VALIDATION.because(format!("Recipient is invalid: {reason}."))
}

/// A recipient without a part of what says who it is.
#[must_use]
pub(crate) fn recipient_member_missing(member: &str) -> ApiError {
    VALIDATION.because(format!("Recipient.{member} is required."))
}
