//! What IAM does, shown on a cloud in this process.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod access_keys;
mod account;
mod account_alias;
mod client;
mod groups;
mod mfa_devices;
mod own_policies;
mod passwords;
mod simulation;
mod users;
