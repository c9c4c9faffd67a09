//! What KMS says about multi-Region keys.

use alcazar_api_kms::ErrorCode;
use alcazar_shape::ApiError;
use alcazar_shape::common_error::VALIDATION;

/// The key is none that has replicas.
#[must_use]
pub(crate) fn not_primary(arn: &str) -> ApiError {
    ErrorCode::UnsupportedOperationException.because(format!("{arn} is not a multi-Region primary key."))
}

/// The region has the key already.
#[must_use]
pub(crate) fn replica_exists() -> ApiError {
    ErrorCode::AlreadyExistsException
        .because("You can create only one replica of each primary key in each AWS Region.")
}

/// The region is none, or of another partition.
#[must_use]
pub(crate) fn no_such_region(region: &str) -> ApiError {
    VALIDATION.because(format!("Invalid replica region {region}."))
}

/// The key has no replica in the region that is to be the primary's.
#[must_use]
pub(crate) fn no_replica(arn: &str, region: &str) -> ApiError {
    ErrorCode::NotFoundException.because(format!("{arn} has no replica key in Region {region}."))
}

/// The region is the primary's already.
#[must_use]
pub(crate) fn already_primary(arn: &str, region: &str) -> ApiError {
    ErrorCode::UnsupportedOperationException
        .because(format!("{arn} already has its primary key in Region {region}."))
}
