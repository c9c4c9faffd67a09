//! Amazon Simple Notification Service: what it does.
//!
//! Source: <https://docs.aws.amazon.com/sns/latest/api/Welcome.html>

mod error;
pub mod operation;
mod operations;
mod quota;

use alcazar_api_sns::ErrorCode;
use alcazar_engine::Service;

/// The service with its operations.
pub static SERVICE: Service = Service {
    model: &alcazar_api_sns::SERVICE,
    operations: operations::OPERATIONS,
    tasks: &[],
    request_class: None,
    quotas: quota::QUOTAS,
    throttling: "Rate exceeded",
    invalid_input: None,
    internal_error: ErrorCode::InternalErrorException.model(),
    resource_control: false,
    encodes_denials: false,
    refuses_session: Service::refuses_no_session,
};
