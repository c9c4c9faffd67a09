//! What IAM says when it refuses something about service-linked roles.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateServiceLinkedRole.html>

use alcazar_api_iam::ErrorCode;
use alcazar_shape::ApiError;

/// No service of this name has a service-linked role.
#[must_use]
pub(crate) fn no_template(service: &str) -> ApiError {
    ErrorCode::InvalidInputException
        .because(format!("Cannot find Service Linked Role template for {service}"))
}

/// The service has one service-linked role in each account.
#[must_use]
pub(crate) fn no_suffix(service: &str) -> ApiError {
    ErrorCode::InvalidInputException.because(format!("Custom suffix is not allowed for {service}"))
}

/// There is such a role already.
#[must_use]
pub(crate) fn name_taken(name: &str) -> ApiError {
    ErrorCode::InvalidInputException.because(format!(
        "Service role name {name} has been taken in this account, please try a different suffix."
    ))
}

/// No deletion of this id was asked for.
#[must_use]
pub(crate) fn no_such_task(task_id: &str) -> ApiError {
    ErrorCode::NoSuchEntityException.because(format!("Deletion task {task_id} cannot be found."))
}
