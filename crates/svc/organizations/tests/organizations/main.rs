//! What Organizations does, shown over the wire on a cloud in this process.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod accounts;
mod administrators;
mod client;
mod delegation;
mod features;
mod handshakes;
mod leaving;
mod organization;
mod permissions;
mod policies;
mod resource_control;
mod service_control;
mod tags;
mod units;
