//! Amazon EventBridge: what it does.
//!
//! An event comes to a bus ([`arrival`]) by `PutEvents`, from another service ([`trail`]) or by a schedule; for each
//! target of each rule that it is for, a delivery is written ([`dispatch`]), and done after the commit.
//!
//! Source: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/Welcome.html>

mod access;
mod api_destination;
mod archive;
mod arn;
mod arrival;
mod bus;
mod connection;
mod dead_letter;
mod dispatch;
mod entry;
mod envelope;
mod error;
mod failure;
mod forward;
mod id;
mod input;
mod matching;
mod named;
pub mod operation;
mod operations;
mod page;
mod policy;
mod quota;
mod replay;
mod role;
mod rule;
mod schedule;
mod sending;
mod tag;
mod tagged;
mod target;
mod trail;

use alcazar_api_events::ErrorCode;
use alcazar_engine::Service;

/// The service with its operations.
pub static SERVICE: Service = Service {
    tasks: &[archive::retention::HANDLER, replay::EXPIRY, schedule::HANDLER],
    deliveries: &[
        archive::held::HANDLER,
        arrival::HANDLER,
        connection::authorization::HANDLER,
        dispatch::HANDLER,
        replay::HANDLER,
        trail::HANDLER,
    ],
    wants_event: Some(trail::wants),
    followers: &[trail::FOLLOWER],
    committed: Some(matching::committed),
    quotas: quota::QUOTAS,
    ..Service::new(&alcazar_api_events::SERVICE, operations::OPERATIONS, ErrorCode::InternalException.model())
};
