//! AWS Security Token Service: what it does.
//!
//! Source: <https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html>

pub mod operation;

use alcazar_engine::{Entry, Service};
use alcazar_shape::common_error::INTERNAL_FAILURE;

/// The service with its operations.
pub static SERVICE: Service = Service {
    model: &alcazar_api_sts::SERVICE,
    operations: &[Entry::of::<operation::GetCallerIdentity>()],
    tasks: &[],
    request_class: None,
    quotas: &[],
    throttling: "Rate exceeded",
    internal_error: &INTERNAL_FAILURE,
};
