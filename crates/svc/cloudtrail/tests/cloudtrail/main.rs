//! What CloudTrail does, shown over the wire on a cloud in this process.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod client;
mod destinations;
mod digest_keys;
mod lake;
mod lookup;
mod organization;
mod selectors;
mod tags;
mod trails;
