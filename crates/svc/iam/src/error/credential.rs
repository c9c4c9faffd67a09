//! What IAM says of users' and groups' belongings: access keys, passwords, MFA devices, and of the account's alias.

use alcazar_api_iam::ErrorCode;
use alcazar_shape::ApiError;
use alcazar_shape::common_error::{ACCESS_DENIED, VALIDATION};

/// What keeps a user or group from being deleted. AWS names it so: `must delete access keys first`.
#[must_use]
pub(crate) fn delete_conflict(must: &str) -> ApiError {
    ErrorCode::DeleteConflictException.because(format!("Cannot delete entity, must {must} first."))
}

/// No access key of this id belongs to whom the request is about.
#[must_use]
pub(crate) fn no_such_access_key(id: &str) -> ApiError {
    ErrorCode::NoSuchEntityException.because(format!("The Access Key with id {id} cannot be found."))
}

/// An access key whose last use nobody may see, since there is none in the account.
#[must_use]
pub(crate) fn access_key_is_hidden(caller: &str, id: &str) -> ApiError {
    ACCESS_DENIED.because(format!(
        "User: {caller} is not authorized to perform iam:GetAccessKeyLastUsed on resource: access key {id}"
    ))
}

/// A status that access keys get by themselves only.
#[must_use]
pub(crate) fn status_cannot_be_set(status: &str) -> ApiError {
    ErrorCode::InvalidInputException
        .because(format!("The status of an access key cannot be set to {status}."))
}

/// The user has no password.
#[must_use]
pub(crate) fn no_login_profile(user_name: &str) -> ApiError {
    ErrorCode::NoSuchEntityException.because(format!("Login Profile for User {user_name} cannot be found."))
}

/// The user has a password already.
#[must_use]
pub(crate) fn login_profile_exists(user_name: &str) -> ApiError {
    ErrorCode::EntityAlreadyExistsException
        .because(format!("Login Profile for user {user_name} already exists."))
}

/// A new user's password that is missing.
#[must_use]
pub(crate) fn password_needed() -> ApiError {
    VALIDATION.because(
        "1 validation error detected: Value at 'password' failed to satisfy constraint: Member must not be null",
    )
}

/// A root user's password, which only its owner sets.
#[must_use]
pub(crate) fn root_password_is_not_set_here() -> ApiError {
    ErrorCode::InvalidInputException.because("The password of the root user cannot be set by this operation.")
}

/// A password of fewer characters than the account's passwords have.
#[must_use]
pub(crate) fn password_too_short(least: u32) -> ApiError {
    ErrorCode::PasswordPolicyViolationException
        .because(format!("Password should have a minimum length of {least}"))
}

/// A password without a character of some class, e.g. `uppercase letter`.
#[must_use]
pub(crate) fn password_lacks(class: &str) -> ApiError {
    ErrorCode::PasswordPolicyViolationException.because(format!("Password should have at least one {class}"))
}

/// A password that is too simple in another way.
#[must_use]
pub(crate) fn password_does_not_conform() -> ApiError {
    ErrorCode::PasswordPolicyViolationException
        .because("Password does not conform to the account password policy.")
}

/// A password that the user had before.
#[must_use]
pub(crate) fn password_reused() -> ApiError {
    ErrorCode::PasswordPolicyViolationException
        .because("Policy constraint violation with password reuse prevention during password change.")
}

/// The old password is another one.
#[must_use]
pub(crate) fn wrong_old_password() -> ApiError {
    ACCESS_DENIED.because("The old password was incorrect.")
}

/// A caller who has no password of its own to change.
#[must_use]
pub(crate) fn only_users_change_passwords() -> ApiError {
    ErrorCode::InvalidUserTypeException.because("Only IAM Users can change their own password")
}

/// The account has no password policy to show.
#[must_use]
pub(crate) fn no_password_policy(account: &str) -> ApiError {
    ErrorCode::NoSuchEntityException
        .because(format!("The Password Policy with domain name {account} cannot be found."))
}

/// The account has no password policy to delete.
#[must_use]
pub(crate) fn no_password_policy_to_delete() -> ApiError {
    ErrorCode::NoSuchEntityException.because("The account policy with name PasswordPolicy cannot be found.")
}

/// Some account has this alias already.
#[must_use]
pub(crate) fn account_alias_exists(alias: &str) -> ApiError {
    ErrorCode::EntityAlreadyExistsException.because(format!("The account alias {alias} already exists."))
}

/// The account does not have this alias.
#[must_use]
pub(crate) fn no_such_account_alias(alias: &str) -> ApiError {
    ErrorCode::NoSuchEntityException.because(format!("The account alias {alias} cannot be found."))
}

/// There is a device of this path and name.
#[must_use]
pub(crate) fn mfa_device_exists() -> ApiError {
    ErrorCode::EntityAlreadyExistsException.because("MFA device already exists.")
}

/// The device is enabled for a user.
#[must_use]
pub(crate) fn mfa_device_in_use() -> ApiError {
    ErrorCode::EntityAlreadyExistsException.because("MFA Device is already in use.")
}

/// The device is enabled for a user, and cannot be deleted.
#[must_use]
pub(crate) fn mfa_device_to_detach() -> ApiError {
    ErrorCode::DeleteConflictException
        .because("Cannot delete entity, MFA VirtualDevice in use. Must detach first.")
}

/// No device of this serial number, or it is not the user's.
#[must_use]
pub(crate) fn no_such_mfa_device(serial_number: &str) -> ApiError {
    ErrorCode::NoSuchEntityException
        .because(format!("MFA Device with serial number {serial_number} does not exist."))
}

/// Codes that are not those of the device.
#[must_use]
pub(crate) fn wrong_authentication_code() -> ApiError {
    ErrorCode::InvalidAuthenticationCodeException.because("Authentication code for device is not valid.")
}

/// No credential report was ever made.
#[must_use]
pub(crate) fn no_credential_report() -> ApiError {
    ErrorCode::CredentialReportNotPresentException
        .because("No report exists. Use GenerateCredentialReport to generate a new report.")
}

/// A credential report that is still being made.
#[must_use]
pub(crate) fn credential_report_not_ready() -> ApiError {
    ErrorCode::CredentialReportNotReadyException.because("Report generation is in progress.")
}

/// A credential report that is too old.
#[must_use]
pub(crate) fn credential_report_expired() -> ApiError {
    ErrorCode::CredentialReportExpiredException
        .because("The most recent credential report has expired. Use GenerateCredentialReport to generate a new report.")
}
