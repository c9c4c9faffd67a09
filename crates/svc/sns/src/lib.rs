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
    quotas: quota::QUOTAS,
    ..Service::new(
        &alcazar_api_sns::SERVICE,
        operations::OPERATIONS,
        ErrorCode::InternalErrorException.model(),
    )
};
