//! Amazon Simple Queue Service: what it does.
//!
//! Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/Welcome.html>

mod attribute;
mod batch;
mod contents;
mod dead_letter;
mod deletion;
mod encryption;
mod error;
mod group;
mod handed_out;
mod index;
mod md5;
mod message;
mod message_attribute;
mod move_task;
mod mover;
pub mod operation;
mod operations;
mod page;
mod permission;
mod place;
mod policy;
mod queue;
mod quota;
mod receipt;
mod receive;
mod recent;
mod redrive;
mod send;
mod sweep;
mod tag;
mod tally;
mod target;
mod url;

use alcazar_engine::Service;
use alcazar_shape::common_error::INTERNAL_FAILURE;

/// The service with its operations.
pub static SERVICE: Service = Service {
    deliveries: &[encryption::HANDLER, contents::HANDLER, deletion::HANDLER, mover::HANDLER, sweep::HANDLER],
    denied: Some(error::denied),
    quotas: quota::QUOTAS,
    resource_control: true,
    committed: Some(index::committed),
    ..Service::new(&alcazar_api_sqs::SERVICE, operations::OPERATIONS, &INTERNAL_FAILURE)
};
