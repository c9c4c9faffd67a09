//! Messages of the AWS Encryption SDK from outside: what was written once opens for ever (`for_ever.rs`), and bytes of
//! anyone do no harm (`fuzz/`, which the fuzzer in `/fuzz` shares).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod for_ever;
mod fuzz;
mod fuzzing;
