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
mod instance_profiles;
mod managed_policies;
mod mfa_devices;
mod oidc_providers;
mod own_policies;
mod passwords;
mod roles;
mod root_access;
mod service_linked_roles;
mod simulation;
mod users;
