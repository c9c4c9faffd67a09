//! What KMS does, shown over the wire on a cloud in this process.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod algorithms;
mod aliases;
mod client;
mod condition_keys;
mod cross_account;
mod custom_key_stores;
mod custom_key_stores_refused;
mod data_key_pairs;
mod deletion;
mod encapsulation;
mod encryption;
mod grants;
mod grants_ended;
mod grants_made;
mod import;
mod import_again;
mod import_destroyed;
mod import_refused;
mod key_agreement;
mod lists;
mod managed_keys;
mod multi_region;
mod names;
mod policies;
mod quotas;
mod recipients;
mod rotation;
mod rsa_encryption;
mod samples;
mod signing;
mod states;
mod tags;
mod through;
mod transcripts;
mod usage;
mod wrapping;
