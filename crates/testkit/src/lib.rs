//! A whole cloud in one process, for tests: its clock and randomness follow from a seed, so that a test can move
//! a year in a second, and a failure can be replayed.
//!
//! [`TestCloud`] is called in three ways: typed ([`TestCloud::call`]), by name with a value
//! ([`TestCloud::invoke`]), and as a client over the wire ([`TestCloud::send`]), through the very code that the
//! server's listener calls. Faults come in through [`FaultyStore`] and [`FaultyAuditLog`], which every test cloud
//! stands on.
//!
//! A test that cannot set itself up has failed, so what goes wrong here panics.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "only tests use this crate, and a test that cannot go on has failed"
)]

mod caller;
mod client;
mod clock;
mod cloud;
mod document;
mod encode;
mod fault;
mod outside;
mod sign;
mod transcript;

pub use caller::TestCaller;
pub use client::{WireRequest, WireResponse};
pub use clock::TestClock;
pub use cloud::{Builder, TestCloud};
pub use document::value;
pub use encode::encode_input;
pub use fault::{FaultyAuditLog, FaultyStore};
pub use outside::Outside;
pub use transcript::Transcript;
