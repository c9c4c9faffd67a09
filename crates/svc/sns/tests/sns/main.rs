//! What SNS does, shown over the wire on a cloud in this process.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod client;
mod confirmation;
mod encryption;
mod filters;
mod http;
mod lists;
mod permissions;
mod publishing;
mod queues;
mod queues_fifo;
mod retries;
mod signatures;
mod subscriptions;
mod tags;
mod topics;
