//! Any text: the parsers take or refuse it, and what they take can be used.
#![no_main]
#![allow(dead_code)]

#[path = "../../crates/event/tests/languages/fuzz/mod.rs"]
mod fuzz;
#[path = "../../crates/event/tests/languages/reference/mod.rs"]
mod reference;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    fuzz::parsing::run(bytes);
});
