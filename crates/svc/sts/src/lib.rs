//! AWS Security Token Service: what it does.
//!
//! Source: <https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html>

mod caller;
mod credentials;
mod duration;
mod error;
mod member_account;
mod mfa;
pub mod operation;
mod operations;
mod packed;
mod role;
mod role_session;
mod session_policy;
mod session_tag;
mod source_identity;
mod web_identity;

use alcazar_engine::{EventDates, Service};
use alcazar_shape::common_error::INTERNAL_FAILURE;

/// The service with its operations.
pub static SERVICE: Service = Service {
    resource_control: true,
    shows_resources: true,
    event_dates: EventDates::Iso,
    ..Service::new(&alcazar_api_sts::SERVICE, operations::OPERATIONS, &INTERNAL_FAILURE)
};
