//! Amazon Simple Notification Service: what it does.
//!
//! Source: <https://docs.aws.amazon.com/sns/latest/api/Welcome.html>

mod access;
mod arn;
mod cleaning;
mod confirmation;
mod delivery_policy;
mod encryption;
mod envelope;
mod error;
mod fan_out;
mod fifo;
mod large;
mod message;
mod message_attribute;
mod notification;
pub mod operation;
mod operations;
mod page;
mod policy;
mod publishing;
mod quota;
mod service_url;
mod shown;
mod signing;
mod subscription;
mod subscription_attribute;
mod tag;
mod topic;
mod topic_attribute;

use alcazar_api_sns::ErrorCode;
use alcazar_engine::Service;

/// The service with its operations.
pub static SERVICE: Service = Service {
    tasks: &[confirmation::TASK],
    deliveries: &[fan_out::HANDLER, notification::HANDLER, confirmation::HANDLER, cleaning::HANDLER],
    documents: &[signing::DOCUMENT],
    quotas: quota::QUOTAS,
    denied: Some(error::denied),
    ..Service::new(
        &alcazar_api_sns::SERVICE,
        operations::OPERATIONS,
        ErrorCode::InternalErrorException.model(),
    )
};
