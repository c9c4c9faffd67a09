//! The engine's promises, shown on a service of the tests' own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod audit_log;
mod authorization_message;
mod by_service;
mod concurrency;
mod delivery;
mod due;
mod faults;
mod follow;
mod granted;
mod ledger;
mod nested;
mod sealing;
mod transactions;
mod usage;
mod wait;
