//! The fuzzers' bodies on random bytes, a set number of times and always the same: what `make test` has of them. `/fuzz`
//! runs them for as long as one likes, guided by coverage.

use crate::fuzz::{evaluator, parser};

/// How often each body runs; a few seconds in a debug build.
const RUNS: u64 = 6_000;

/// The most bytes of a run. A question takes about as many.
const BYTES_MAX: usize = 512;

/// Random bytes of random length, by SplitMix64.
fn bytes(run: u64) -> Vec<u8> {
    let mut state = run.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mut next = || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)).to_le_bytes()
    };
    let length = usize::from(u16::from_le_bytes([next()[0], next()[1]])) % BYTES_MAX;
    std::iter::repeat_with(next).flatten().take(length).collect()
}

#[test]
fn the_evaluator_agrees_with_the_reference_on_random_questions() {
    let met: Vec<_> = (0..RUNS).map(|run| evaluator::run(&bytes(run))).collect();
    let share =
        |of: &dyn Fn(&evaluator::Met) -> bool| met.iter().filter(|met| of(met)).count() * 100 / met.len();
    let (matched, allowed) = (share(&|met| met.statements > 0), share(&|met| met.allowed));
    assert!(matched >= 33, "only {matched} % of the requests met a statement");
    assert!((10..90).contains(&allowed), "{allowed} % of the requests were allowed");
}

#[test]
fn the_parser_takes_any_text_and_what_it_takes_means_the_same_however_it_is_written() {
    let valid: usize = (0..RUNS).map(|run| parser::run(&bytes(run))).sum();
    let valid = u64::try_from(valid).unwrap();
    assert!(valid * 3 >= RUNS, "only {valid} texts of {RUNS} runs were valid policies");
}
