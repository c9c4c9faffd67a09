//! Any pattern and any event: the matcher answers as the reference does.
#![no_main]
#![allow(dead_code)]

#[path = "../../crates/event/tests/languages/fuzz/mod.rs"]
mod fuzz;
#[path = "../../crates/event/tests/languages/reference/mod.rs"]
mod reference;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    fuzz::matching::run(bytes);
});
