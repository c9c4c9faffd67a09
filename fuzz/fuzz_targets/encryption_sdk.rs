//! Any bytes, and spoilt messages of the AWS Encryption SDK: nothing opens that was not encrypted.
#![no_main]
#![allow(dead_code)]

#[path = "../../crates/crypto/tests/encryption_sdk/fuzz/mod.rs"]
mod fuzz;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    fuzz::reading::run(bytes);
});
