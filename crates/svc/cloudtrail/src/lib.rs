//! AWS CloudTrail: what it does.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/Welcome.html>

mod access;
mod digest_key;
mod error;
mod insight;
mod insighted;
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
    deliveries: &[lake::running::HANDLER, lake::query::REMOVAL, lake::store::REMOVAL],
    committed: Some(lake::running::committed),
    audit_retention: Some(lake::kept::retention),
    quotas: quota::QUOTAS,
    ..Service::new(&alcazar_api_cloudtrail::SERVICE, operations::OPERATIONS, &INTERNAL_FAILURE)
};
