//! What KMS says about quotas.

use alcazar_api_kms::ErrorCode;
use alcazar_engine::Full;
use alcazar_shape::ApiError;

/// The account has as many keys in the region as it may.
#[must_use]
pub(crate) fn keys(full: Full) -> ApiError {
    exceeded("Key", full)
}

/// The key has as many aliases as it may.
#[must_use]
pub(crate) fn aliases_per_key(full: Full) -> ApiError {
    exceeded("Aliases per key", full)
}

/// The key has as many grants as it may.
#[must_use]
pub(crate) fn grants_per_key(full: Full) -> ApiError {
    exceeded("Grants per key", full)
}

/// The key policy is longer than it may be.
#[must_use]
pub(crate) fn policy_bytes(quota: u64) -> ApiError {
    ErrorCode::LimitExceededException
        .because(format!("The key policy exceeds the maximum size of {quota} bytes."))
}

/// The words that AWS has for every quota of resources.
pub(crate) fn exceeded(what: &str, full: Full) -> ApiError {
    let Full { quota, usage } = full;
    ErrorCode::LimitExceededException.because(format!(
        "{what} quota for this account in this region is {quota}, current usage is {usage}."
    ))
}
