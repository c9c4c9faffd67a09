//! Decisions held against AWS's documentation, in three ways: a table of documented cases (`data/`), a second evaluator
//! that was written from the documentation alone (`reference/`), and random questions that both must answer alike
//! (`fuzz/`, which the fuzzers in `/fuzz` share).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod documented;
mod fuzz;
mod fuzzing;
mod question;
mod reference;
mod table;
