//! Any text: the parser takes or refuses it, and what it takes means the same however it is written.
#![no_main]
#![allow(dead_code)]

#[path = "../../crates/policy/tests/decisions/fuzz/mod.rs"]
mod fuzz;
#[path = "../../crates/policy/tests/decisions/question.rs"]
mod question;
#[path = "../../crates/policy/tests/decisions/reference/mod.rs"]
mod reference;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    fuzz::parser::run(bytes);
});
