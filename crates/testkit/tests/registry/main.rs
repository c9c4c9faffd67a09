//! What holds for every operation of every service, whatever it does: nobody calls it unproven or denied, it asks
//! for the permissions that AWS names, no input breaks it, and every call leaves its event.
//!
//! An operation that is added needs nothing here but a line in [`sample`] and its facts in `models/authorization/`;
//! without them these tests fail.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod allowed;
mod authorization;
mod broken;
mod calls;
mod examples;
mod excuse;
mod golden;
mod inputs;
mod permission;
mod recorded;
mod reference;
mod sample;
mod secrets;
