//! `ConstraintViolationException`: a request that would go beyond a limit, with the reason.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateAccount.html#API_CreateAccount_Errors>

use alcazar_api_organizations::ErrorCode;
use alcazar_shape::ApiError;

fn violated(reason: &'static str, message: &str) -> ApiError {
    ErrorCode::ConstraintViolationException.because(message).with("Reason", reason)
}

/// The organization has as many accounts as it may.
#[must_use]
pub(crate) fn too_many_accounts() -> ApiError {
    violated("ACCOUNT_NUMBER_LIMIT_EXCEEDED", "You have exceeded the allowed number of AWS accounts.")
}

/// As many accounts are being made as may be at a time.
#[must_use]
pub(crate) fn too_many_in_creation() -> ApiError {
    violated(
        "ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED",
        "You have exceeded the number of accounts that you can create at one time.",
    )
}

/// The organization has as many units as it may.
#[must_use]
pub(crate) fn too_many_units() -> ApiError {
    violated("OU_NUMBER_LIMIT_EXCEEDED", "You have exceeded the allowed number of OUs in this organization.")
}

/// The units would stand too deep in each other.
#[must_use]
pub(crate) fn units_too_deep() -> ApiError {
    violated("OU_DEPTH_LIMIT_EXCEEDED", "You have exceeded the allowed OU tree depth.")
}

/// There would be more tags than one thing may have.
#[must_use]
pub(crate) fn too_many_tags() -> ApiError {
    violated("MAX_TAG_LIMIT_EXCEEDED", "You have exceeded the number of tags allowed on this resource.")
}

/// The organization has consolidated billing alone.
#[must_use]
pub(crate) fn not_all_features() -> ApiError {
    violated(
        "ORGANIZATION_NOT_IN_ALL_FEATURES_MODE",
        "You attempted to perform an operation that requires the organization to be configured to support all \
         features.",
    )
}

/// The management account is to be closed.
#[must_use]
pub(crate) fn cannot_close_management_account() -> ApiError {
    violated("CANNOT_CLOSE_MANAGEMENT_ACCOUNT", "You cannot close the management account of an organization.")
}

/// A delegated administrator is to leave the organization.
#[must_use]
pub(crate) fn cannot_remove_delegated_administrator() -> ApiError {
    violated(
        "CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG",
        "You attempted to remove an account that is registered as a delegated administrator for a service integrated \
         with your organization. To complete this operation, you must first deregister this account as a delegated \
         administrator.",
    )
}

/// The account was made too short a time ago to leave the organization.
#[must_use]
pub(crate) fn wait_period_active() -> ApiError {
    violated(
        "WAIT_PERIOD_ACTIVE",
        "After you create an AWS account, you must wait until at least four days after the account was created. \
         Invited accounts aren't subject to this waiting period.",
    )
}

/// The organization has as many policies as it may.
#[must_use]
pub(crate) fn too_many_policies() -> ApiError {
    violated("POLICY_NUMBER_LIMIT_EXCEEDED", "You have exceeded the number of policies that you can have.")
}

/// A policy is longer than it may be.
#[must_use]
pub(crate) fn policy_too_long() -> ApiError {
    violated("POLICY_CONTENT_LIMIT_EXCEEDED", "You have exceeded the maximum policy size.")
}

/// As many policies of the type are attached as may be.
#[must_use]
pub(crate) fn too_many_attached() -> ApiError {
    violated(
        "MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
        "You have exceeded the number of policies of this type that can be attached to an entity.",
    )
}

/// The last service control policy of something is to be detached.
#[must_use]
pub(crate) fn last_policy() -> ApiError {
    violated(
        "MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
        "You cannot remove the last policy attached to the specified target. You should have at least one attached.",
    )
}

/// The management account is to become a delegated administrator, or to be one no more.
#[must_use]
pub(crate) fn cannot_register_management_account() -> ApiError {
    violated(
        "CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR",
        "You cannot register master account/yourself as delegated administrator for your organization.",
    )
}

/// A closed account is to become a delegated administrator.
#[must_use]
pub(crate) fn cannot_register_closed_account() -> ApiError {
    violated(
        "CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR",
        "You cannot register a suspended account as a delegated administrator for your organization.",
    )
}

/// A delegated administrator is to be registered for a service that the organization does not trust.
#[must_use]
pub(crate) fn service_access_not_enabled() -> ApiError {
    violated(
        "SERVICE_ACCESS_NOT_ENABLED",
        "You attempted to register a delegated administrator before you enabled service access. Call the \
         EnableAWSServiceAccess API first.",
    )
}

/// The service has as many delegated administrators as it may.
#[must_use]
pub(crate) fn too_many_administrators() -> ApiError {
    violated(
        "MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE_LIMIT_EXCEEDED",
        "You attempted to register more delegated administrators than allowed for the service principal.",
    )
}
