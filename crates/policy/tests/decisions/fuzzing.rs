//! The fuzzers' bodies on random bytes, a set number of times and always the same: what `make test` has of them. `/fuzz`
//! runs them for as long as one likes, guided by coverage.

use crate::fuzz::choices::random_bytes;
use crate::fuzz::{evaluator, parser};

/// How often each body runs; a few seconds in a debug build.
const RUNS: u64 = 6_000;

#[test]
fn the_evaluator_agrees_with_the_reference_on_random_questions() {
    let met: Vec<_> = (0..RUNS).map(|run| evaluator::run(&random_bytes(run))).collect();
    let share =
        |of: &dyn Fn(&evaluator::Met) -> bool| met.iter().filter(|met| of(met)).count() * 100 / met.len();
    let (matched, allowed) = (share(&|met| met.statements > 0), share(&|met| met.allowed));
    assert!(matched >= 33, "only {matched} % of the requests met a statement");
    assert!((10..90).contains(&allowed), "{allowed} % of the requests were allowed");
}

#[test]
fn the_parser_takes_any_text_and_what_it_takes_means_the_same_however_it_is_written() {
    let valid: usize = (0..RUNS).map(|run| parser::run(&random_bytes(run))).sum();
    let valid = u64::try_from(valid).unwrap();
    assert!(valid * 3 >= RUNS, "only {valid} texts of {RUNS} runs were valid policies");
}
