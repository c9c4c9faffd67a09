//! What CloudTrail says of organizations.

use alcazar_api_cloudtrail::ErrorCode;
use alcazar_shape::ApiError;

/// The caller's account is in none.
#[must_use]
pub(crate) fn not_in_use() -> ApiError {
    ErrorCode::OrganizationsNotInUseException.because(
        "The request is made from an AWS account that is not a member of an organization. To make this request, sign in \
         using the credentials of an account that belongs to an organization.",
    )
}

/// The caller's account does not manage it.
#[must_use]
pub(crate) fn not_management_account() -> ApiError {
    ErrorCode::NotOrganizationMasterAccountException.because(
        "The AWS account making the request to create or update an organization trail or event data store is not the \
         management account for an organization in AWS Organizations.",
    )
}

/// It has not all features.
#[must_use]
pub(crate) fn not_all_features() -> ApiError {
    ErrorCode::OrganizationNotInAllFeaturesModeException.because(
        "AWS Organizations is not configured to support all features. All features must be enabled in AWS Organizations \
         to support creating an organization trail or event data store.",
    )
}

/// It does not let CloudTrail work in it.
#[must_use]
pub(crate) fn access_not_enabled() -> ApiError {
    ErrorCode::CloudTrailAccessNotEnabledException
        .because("Trusted access has not been enabled between AWS CloudTrail and AWS Organizations.")
}

/// The caller may not do what CloudTrail needs to have done.
#[must_use]
pub(crate) fn insufficient_dependency_access() -> ApiError {
    ErrorCode::InsufficientDependencyServiceAccessPermissionException.because(
        "The IAM identity that is used to create the organization resource lacks one or more required permissions for \
         creating an organization resource in a required service.",
    )
}
