//! What the fuzzers do with their input. The tests run the same on random bytes, a set number of times.

#[path = "../../../../policy/tests/decisions/fuzz/choices.rs"]
pub(crate) mod choices;
pub(crate) mod matching;
pub(crate) mod parsing;
mod question;
pub(crate) mod scheduling;
