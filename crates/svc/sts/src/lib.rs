//! AWS Security Token Service: what it does.
//!
//! Source: <https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html>

pub mod operation;
mod operations;

use alcazar_engine::Service;
use alcazar_shape::common_error::INTERNAL_FAILURE;

/// The service with its operations.
pub static SERVICE: Service = Service {
    model: &alcazar_api_sts::SERVICE,
    operations: operations::OPERATIONS,
    tasks: &[],
    request_class: None,
    quotas: &[],
    throttling: "Rate exceeded",
    internal_error: &INTERNAL_FAILURE,
    resource_control: true,
};
