//! What SQS does, shown over the wire on a cloud in this process.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod attributes;
mod client;
mod cross_account;
mod dead_letters;
mod encryption;
mod lists;
mod move_tasks;
mod permissions;
mod queues;
mod tags;
