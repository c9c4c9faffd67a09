//! AWS Organizations: what it does.
//!
//! The records that decide about accounts stand in `alcazar_identity`; here are the operations that write them.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/APIReference/Welcome.html>

mod access;
mod arn;
mod closing;
mod creation;
mod error;
mod handshake;
mod id;
mod membership;
pub mod operation;
mod operations;
mod page;
mod place;
mod policy;
mod policy_attachment;
mod quota;
mod resource_policy;
mod role;
mod shown;
mod tag;
mod tagged;
mod target;
mod trusted;

use alcazar_api_organizations::ErrorCode;
use alcazar_engine::schedule::TaskHandler;
use alcazar_engine::{EventDates, Service};

/// The service with its operations.
pub static SERVICE: Service = Service {
    tasks: TASKS,
    event_dates: EventDates::NoComma,
    quotas: quota::QUOTAS,
    throttling: "You have sent too many requests in too short a period of time.",
    invalid_input: Some(error::input::invalid),
    ..Service::new(
        &alcazar_api_organizations::SERVICE,
        operations::OPERATIONS,
        ErrorCode::ServiceException.model(),
    )
};

/// What Organizations does by itself.
const TASKS: &[TaskHandler] = {
    let [create, forget_creation] = creation::TASKS;
    let [expire, forget] = handshake::TASKS;
    &[create, forget_creation, closing::TASK, expire, forget]
};
