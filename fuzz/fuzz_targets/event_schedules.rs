//! Any schedule and any time: it is due next when trying every minute finds it.
#![no_main]
#![allow(dead_code)]

#[path = "../../crates/event/tests/languages/fuzz/mod.rs"]
mod fuzz;
#[path = "../../crates/event/tests/languages/reference/mod.rs"]
mod reference;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    fuzz::scheduling::run(bytes);
});
