//! What IAM says when it refuses to manage root users centrally.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_EnableOrganizationsRootSessions.html>

use alcazar_api_iam::ErrorCode;
use alcazar_shape::ApiError;

/// The account is in no organization.
#[must_use]
pub(crate) fn no_organization() -> ApiError {
    ErrorCode::OrganizationNotFoundException.because("No organization is associated with your account.")
}

/// The organization has consolidated billing alone.
#[must_use]
pub(crate) fn not_all_features() -> ApiError {
    ErrorCode::OrganizationNotInAllFeaturesModeException
        .because("Your organization does not have All features enabled.")
}

/// The organization does not let IAM work in it.
#[must_use]
pub(crate) fn not_trusted() -> ApiError {
    ErrorCode::ServiceAccessNotEnabledException
        .because("Trusted access is not enabled for IAM in Organizations.")
}

/// The account neither manages the organization nor administers IAM for it.
#[must_use]
pub(crate) fn neither_manages_nor_administers() -> ApiError {
    ErrorCode::AccountNotManagementOrDelegatedAdministratorException.because(
        "The account making the request is not the management account or delegated administrator account for \
         centralized root access.",
    )
}

/// Only the management account may do this.
#[must_use]
pub(crate) fn not_management_account() -> ApiError {
    ErrorCode::CallerIsNotManagementAccountException
        .because("The account making the request is not the management account for the organization.")
}
