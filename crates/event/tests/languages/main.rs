//! The languages of events held against AWS's documentation: tables of documented cases (`data/`, each case with its
//! page), slow references that were written from the documentation alone (`reference/`), and random inputs (`fuzz/`,
//! which the fuzzers in `/fuzz` share).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod filter_policies;
mod fuzz;
mod fuzzing;
mod patterns;
mod reference;
mod schedules;
mod table;
mod transformers;
