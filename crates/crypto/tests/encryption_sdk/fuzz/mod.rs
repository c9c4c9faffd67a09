//! What the fuzzer does with its input. The tests run the same on random bytes, a set number of times.

#[path = "../../../../policy/tests/decisions/fuzz/choices.rs"]
#[allow(dead_code, reason = "the fuzzers of policies and events choose in more ways")]
pub(crate) mod choices;
pub(crate) mod reading;
