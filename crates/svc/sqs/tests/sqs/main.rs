//! What SQS does, shown over the wire on a cloud in this process.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod attributes;
mod batches;
mod client;
mod concurrency;
mod cross_account;
mod dead_letters;
mod encryption;
mod fifo;
mod lists;
mod message_refused;
mod messages;
mod model;
mod move_tasks;
mod moved;
mod permissions;
mod queues;
mod tags;
mod visibility;
mod waiting;
