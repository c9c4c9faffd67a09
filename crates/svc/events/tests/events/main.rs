//! What EventBridge does, on a cloud in this process.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod api_destinations;
mod archives;
mod audit;
mod buses;
mod connections;
mod delivery;
mod double;
mod forwarding;
mod matching;
mod permissions;
mod receivers;
mod replays;
mod retries;
mod rules;
mod schedules;
mod shorthand;
mod targets;
