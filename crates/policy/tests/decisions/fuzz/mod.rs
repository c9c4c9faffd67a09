//! What the fuzzers do with their input. The tests run the same on random bytes, a set number of times.

pub(crate) mod choices;
pub(crate) mod evaluator;
mod operand;
pub(crate) mod parser;
mod policy;
mod scene;
