//! AWS Systems Manager Parameter Store: what it does.
//!
//! Source: <https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-parameter-store.html>

mod access;
mod allowed_pattern;
mod billing;
mod cost;
mod data_type;
mod deletion;
mod error;
mod event;
mod filter;
mod index;
mod label;
mod listing;
mod name;
pub mod operation;
mod operations;
mod parameter;
mod path;
mod plan;
mod policy;
mod price;
mod put;
mod quota;
mod reference;
mod resource_policy;
mod secure;
mod setting;
mod sharing;
mod shown;
mod tag;
mod throughput;
mod tier;
mod version;

use alcazar_api_ssm::ErrorCode;
use alcazar_engine::Service;

/// The service with its operations.
pub static SERVICE: Service = Service {
    tasks: &[policy::action::HANDLER],
    billing: Some(cost::of_month),
    quotas: quota::QUOTAS,
    shows_resources: true,
    ..Service::new(&alcazar_api_ssm::SERVICE, operations::OPERATIONS, ErrorCode::InternalServerError.model())
};
