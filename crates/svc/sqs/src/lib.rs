//! Amazon Simple Queue Service: what it does.
//!
//! Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/Welcome.html>

mod attribute;
mod deletion;
mod encryption;
mod error;
pub mod operation;
mod operations;
mod policy;
mod queue;
mod quota;
mod redrive;
mod tag;
mod target;
mod url;

use alcazar_engine::Service;
use alcazar_shape::common_error::INTERNAL_FAILURE;

/// The service with its operations.
pub static SERVICE: Service = Service {
    deliveries: &[encryption::HANDLER],
    quotas: quota::QUOTAS,
    resource_control: true,
    ..Service::new(&alcazar_api_sqs::SERVICE, operations::OPERATIONS, &INTERNAL_FAILURE)
};
