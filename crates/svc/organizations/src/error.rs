//! What Organizations says when it refuses, each text in one place.
//!
//! The texts are AWS's, as its documentation, its SDKs' issue trackers and recorded answers show them. Errors that
//! carry a reason beside the text stand in files of their own.

pub(crate) mod constraint;
pub(crate) mod handshake;
pub(crate) mod input;

use alcazar_api_organizations::ErrorCode;
use alcazar_shape::ApiError;

/// The caller's account belongs to no organization.
#[must_use]
pub(crate) fn not_in_use() -> ApiError {
    ErrorCode::AWSOrganizationsNotInUseException.because("Your account is not a member of an organization.")
}

/// The caller's account may not do this in the organization, whatever the caller's policies say.
#[must_use]
pub(crate) fn access_denied() -> ApiError {
    ErrorCode::AccessDeniedException.because("You don't have permissions to access this resource.")
}

/// The caller may not have Organizations make its service-linked role.
#[must_use]
pub(crate) fn service_linked_role_denied() -> ApiError {
    ErrorCode::AccessDeniedForDependencyException
        .because(
            "The request failed because your credentials do not have permission to create the service-linked role \
             required by AWS Organizations.",
        )
        .with("Reason", "ACCESS_DENIED_DURING_CREATE_SERVICE_LINKED_ROLE")
}

/// The account is in an organization already.
#[must_use]
pub(crate) fn already_in_organization() -> ApiError {
    ErrorCode::AlreadyInOrganizationException
        .because("The AWS account is already a member of an organization.")
}

/// The organization has other accounts than its management account.
#[must_use]
pub(crate) fn organization_not_empty() -> ApiError {
    ErrorCode::OrganizationNotEmptyException
        .because("To delete an organization you must first remove all member accounts (except the master).")
}

/// The management account is to leave its organization.
#[must_use]
pub(crate) fn management_cannot_leave() -> ApiError {
    ErrorCode::MasterCannotLeaveOrganizationException
        .because("You can't remove a management account from an organization.")
}

/// No account of this id in the organization.
#[must_use]
pub(crate) fn account_not_found() -> ApiError {
    ErrorCode::AccountNotFoundException.because("You specified an account that doesn't exist.")
}

/// The account is closed already.
#[must_use]
pub(crate) fn account_already_closed() -> ApiError {
    ErrorCode::AccountAlreadyClosedException.because("The provided account is already closed.")
}

/// The account is in the destination already.
#[must_use]
pub(crate) fn account_already_there() -> ApiError {
    ErrorCode::DuplicateAccountException
        .because("You attempted to move an account to a parent that already contains the account.")
}

/// No request of this id to create an account.
#[must_use]
pub(crate) fn create_account_status_not_found() -> ApiError {
    ErrorCode::CreateAccountStatusNotFoundException
        .because("You specified a create account request that doesn't exist.")
}

/// No root of this id.
#[must_use]
pub(crate) fn root_not_found() -> ApiError {
    ErrorCode::RootNotFoundException.because("You specified a root that doesn't exist.")
}

/// No organizational unit of this id.
#[must_use]
pub(crate) fn unit_not_found() -> ApiError {
    ErrorCode::OrganizationalUnitNotFoundException
        .because("You specified an organizational unit that doesn't exist.")
}

/// An organizational unit that still has accounts or units in it.
#[must_use]
pub(crate) fn unit_not_empty() -> ApiError {
    ErrorCode::OrganizationalUnitNotEmptyException.because(
        "The specified organizational unit (OU) is not empty. Move all accounts to another root or to other OUs, \
         remove all child OUs, and try the operation again.",
    )
}

/// The parent has an organizational unit of this name already.
#[must_use]
pub(crate) fn duplicate_unit() -> ApiError {
    ErrorCode::DuplicateOrganizationalUnitException.because("An OU with the same name already exists.")
}

/// No root or organizational unit of this id.
#[must_use]
pub(crate) fn parent_not_found() -> ApiError {
    ErrorCode::ParentNotFoundException.because("You specified parent that doesn't exist.")
}

/// No account or organizational unit of this id.
#[must_use]
pub(crate) fn child_not_found() -> ApiError {
    ErrorCode::ChildNotFoundException.because("You specified a child that doesn't exist.")
}

/// The account is not in the source, or there is no such source.
#[must_use]
pub(crate) fn source_parent_not_found() -> ApiError {
    ErrorCode::SourceParentNotFoundException.because("You specified a source parent that doesn't exist.")
}

/// There is no such destination.
#[must_use]
pub(crate) fn destination_parent_not_found() -> ApiError {
    ErrorCode::DestinationParentNotFoundException
        .because("You specified a destination parent that doesn't exist.")
}

/// No root, organizational unit, account or policy of this id.
#[must_use]
pub(crate) fn target_not_found() -> ApiError {
    ErrorCode::TargetNotFoundException.because("You specified a target that doesn't exist.")
}

/// No policy of this id.
#[must_use]
pub(crate) fn policy_not_found() -> ApiError {
    ErrorCode::PolicyNotFoundException.because("We can't find a policy with the PolicyId that you specified.")
}

/// A policy that is no policy of its type.
#[must_use]
pub(crate) fn malformed_policy() -> ApiError {
    ErrorCode::MalformedPolicyDocumentException
        .because("The provided policy document does not meet the requirements of the specified policy type.")
}

/// A policy of this name and type is there already.
#[must_use]
pub(crate) fn duplicate_policy() -> ApiError {
    ErrorCode::DuplicatePolicyException.because("A policy with the same name already exists.")
}

/// The policy is attached already.
#[must_use]
pub(crate) fn duplicate_policy_attachment() -> ApiError {
    ErrorCode::DuplicatePolicyAttachmentException
        .because("The selected policy is already attached to the specified target.")
}

/// The policy is not attached.
#[must_use]
pub(crate) fn policy_not_attached() -> ApiError {
    ErrorCode::PolicyNotAttachedException
        .because("The policy isn't attached to the specified target in the specified root.")
}

/// The policy is attached somewhere.
#[must_use]
pub(crate) fn policy_in_use() -> ApiError {
    ErrorCode::PolicyInUseException.because(
        "The policy is attached to one or more entities. You must detach it from all roots, OUs, and accounts before \
         performing this operation.",
    )
}

/// The type of policies is enabled already.
#[must_use]
pub(crate) fn policy_type_already_enabled() -> ApiError {
    ErrorCode::PolicyTypeAlreadyEnabledException.because("The specified policy type is already enabled.")
}

/// The type of policies is not enabled.
#[must_use]
pub(crate) fn policy_type_not_enabled() -> ApiError {
    ErrorCode::PolicyTypeNotEnabledException
        .because("This operation can be performed only for enabled policy types.")
}

/// The type of policies cannot be used.
#[must_use]
pub(crate) fn policy_type_not_available() -> ApiError {
    ErrorCode::PolicyTypeNotAvailableForOrganizationException.because(
        "You can't use the specified policy type with the feature set currently enabled for this organization.",
    )
}

/// The account is a delegated administrator for the service already.
#[must_use]
pub(crate) fn account_already_registered() -> ApiError {
    ErrorCode::AccountAlreadyRegisteredException
        .because("The provided account is already a delegated administrator for your organization.")
}

/// The account is no delegated administrator.
#[must_use]
pub(crate) fn account_not_registered() -> ApiError {
    ErrorCode::AccountNotRegisteredException
        .because("The provided account is not a registered delegated administrator for your organization.")
}

/// The organization has no resource policy.
#[must_use]
pub(crate) fn resource_policy_not_found() -> ApiError {
    ErrorCode::ResourcePolicyNotFoundException
        .because("We can't find a resource policy in this organization.")
}
