//! What Parameter Store does, shown over the wire on a cloud in this process.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod client;
mod cost;
mod data_types;
mod describe;
mod events;
mod filters;
mod history;
mod labels;
mod listener;
mod model;
mod names;
mod paging;
mod paths;
mod policies;
mod policy_times;
mod rates;
mod reads;
mod resource_policies;
mod secure_strings;
mod settings;
mod sharing;
mod tags;
mod tiers;
mod versions;
