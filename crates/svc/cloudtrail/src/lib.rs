//! AWS CloudTrail: what it does.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/Welcome.html>

mod access;
mod digest_key;
mod error;
mod insight;
mod insighted;
#[allow(dead_code, reason = "the operations that use it come next")]
mod lake;
mod lookup;
pub mod operation;
mod operations;
mod page;
mod quota;
mod selector;
mod tag;
mod tagged;
mod trail;

use alcazar_engine::Service;
use alcazar_shape::common_error::INTERNAL_FAILURE;

/// The service with its operations.
pub static SERVICE: Service = Service {
    quotas: quota::QUOTAS,
    ..Service::new(&alcazar_api_cloudtrail::SERVICE, operations::OPERATIONS, &INTERNAL_FAILURE)
};
