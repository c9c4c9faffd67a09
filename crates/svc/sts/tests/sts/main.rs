//! What STS does, shown on a cloud in this process.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod assume_role;
mod caller_identity;
mod ended_sessions;
mod federated_users;
mod mfa;
mod own_sessions;
mod root_sessions;
mod scene;
mod session_policies;
mod session_tags;
mod source_identity;
mod web_identity;
mod wire;
