//! Amazon EventBridge: what it does.
//!
//! Source: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/Welcome.html>

mod error;
pub mod operation;
mod operations;
mod quota;

use alcazar_api_events::ErrorCode;
use alcazar_engine::Service;

/// The service with its operations.
pub static SERVICE: Service = Service {
    quotas: quota::QUOTAS,
    ..Service::new(&alcazar_api_events::SERVICE, operations::OPERATIONS, ErrorCode::InternalException.model())
};
