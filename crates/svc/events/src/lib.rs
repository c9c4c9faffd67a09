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
    model: &alcazar_api_events::SERVICE,
    operations: operations::OPERATIONS,
    tasks: &[],
    request_class: None,
    quotas: quota::QUOTAS,
    throttling: "Rate exceeded",
    invalid_input: None,
    internal_error: ErrorCode::InternalException.model(),
    resource_control: false,
    encodes_denials: false,
    refuses_session: Service::refuses_no_session,
};
