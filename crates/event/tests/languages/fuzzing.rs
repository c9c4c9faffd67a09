//! The fuzzers' bodies on random bytes, a set number of times and always the same: what `make test` has of them. `/fuzz`
//! runs them for as long as one likes, guided by coverage.

use crate::fuzz::choices::random_bytes;
use crate::fuzz::{matching, parsing, scheduling};

/// How often each body runs; a few seconds in a debug build.
const RUNS: u64 = 6_000;

#[test]
fn the_matcher_agrees_with_the_reference_on_random_patterns_and_events() {
    let met: Vec<_> = (0..RUNS).map(|run| matching::run(&random_bytes(run))).collect();
    let (matched, asked) =
        met.iter().fold((0, 0), |(matched, asked), (more, of)| (matched + more, asked + of));
    let share = matched * 100 / asked;
    assert!((10..90).contains(&share), "{share} % of the events were matched");
}

#[test]
fn the_parsers_take_any_text_and_what_they_take_can_be_used() {
    let valid: usize = (0..RUNS).map(|run| parsing::run(&random_bytes(run))).sum();
    let valid = u64::try_from(valid).unwrap();
    assert!((RUNS / 4..RUNS).contains(&valid), "{valid} texts of {RUNS} runs were valid patterns");
}

#[test]
fn a_schedule_is_due_at_the_first_minute_that_fits() {
    let due = (0..RUNS / 6).filter(|run| scheduling::run(&random_bytes(*run))).count();
    assert!(due > 300, "{due} schedules were ever due");
}
