//! The fuzzer's body on random bytes, a set number of times and always the same: what `make test` has of it. `/fuzz` runs
//! it for as long as one likes, guided by coverage.

use crate::fuzz::choices::random_bytes;
use crate::fuzz::reading;

/// How often the body runs; a few seconds in a debug build.
const RUNS: u64 = 6_000;

#[test]
fn any_bytes_can_be_read_and_nothing_opens_that_was_not_encrypted() {
    let parsed = (0..RUNS).filter(|run| reading::run(&random_bytes(*run))).count();
    let share = parsed * 100 / usize::try_from(RUNS).unwrap();
    assert!((10..90).contains(&share), "{share} % of the spoilt messages still had a header");
}
