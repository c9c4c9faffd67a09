//! What holds for every operation of every service, whatever it does: nobody calls it unproven or denied, no
//! input breaks it, and every call leaves its event.
//!
//! An operation that is added needs nothing here but a line in [`sample`]; without one these tests fail.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod broken;
mod calls;
mod inputs;
mod recorded;
mod sample;
