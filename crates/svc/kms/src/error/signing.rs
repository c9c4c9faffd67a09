//! What KMS says about signatures and message authentication codes.

use alcazar_api_kms::ErrorCode;
use alcazar_shape::ApiError;
use alcazar_shape::common_error::VALIDATION;

/// The signature is none of the message under the key. AWS gives no reason.
#[must_use]
pub(crate) fn invalid_signature() -> ApiError {
    ErrorCode::KMSInvalidSignatureException.bare()
}

/// The authentication code is not the message's under the key. AWS gives no reason.
#[must_use]
pub(crate) fn invalid_mac() -> ApiError {
    ErrorCode::KMSInvalidMacException.bare()
}

/// A digest, or an external mu, of another length than the algorithm's.
#[must_use]
pub(crate) fn digest_length(algorithm: &str) -> ApiError {
    VALIDATION.because(format!("Digest is invalid length for algorithm {algorithm}."))
}

/// A message type that keys of the spec do not take.
#[must_use]
pub(crate) fn message_type_of_spec(message_type: &str, key_spec: &str) -> ApiError {
    VALIDATION.because(format!("Message type {message_type} is incompatible with key spec {key_spec}."))
}

/// A message type that the algorithm does not take.
#[must_use]
pub(crate) fn message_type_of_algorithm(message_type: &str, algorithm: &str) -> ApiError {
    VALIDATION.because(format!("Message type {message_type} is incompatible with algorithm {algorithm}."))
}

/// A key that has no public half.
#[must_use]
pub(crate) fn no_public_key(arn: &str, key_spec: &str) -> ApiError {
    ErrorCode::UnsupportedOperationException
        .because(format!("{arn} key spec is {key_spec} which is not valid for GetPublicKey."))
}
