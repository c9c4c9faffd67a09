//! AWS CloudTrail: what it does.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/Welcome.html>

mod error;
pub mod operation;
mod operations;
mod quota;

use alcazar_engine::Service;
use alcazar_shape::common_error::INTERNAL_FAILURE;

/// The service with its operations.
pub static SERVICE: Service = Service {
    model: &alcazar_api_cloudtrail::SERVICE,
    operations: operations::OPERATIONS,
    tasks: &[],
    request_class: None,
    quotas: quota::QUOTAS,
    throttling: "Rate exceeded",
    invalid_input: None,
    internal_error: &INTERNAL_FAILURE,
    resource_control: false,
    encodes_denials: false,
    refuses_session: Service::refuses_no_session,
};
