//! The arithmetic of reports.

use std::time::Duration;

/// `value` for each one of `count`; nothing for none.
#[expect(clippy::cast_precision_loss, reason = "counts of requests are far below 2^52")]
pub(crate) fn per(value: f64, count: u64) -> f64 {
    if count == 0 { 0.0 } else { value / count as f64 }
}

/// How many a second.
pub(crate) fn rate(count: u64, elapsed: Duration) -> f64 {
    let seconds_for_each = per(elapsed.as_secs_f64(), count);
    if seconds_for_each > 0.0 { 1.0 / seconds_for_each } else { 0.0 }
}

/// Microseconds.
pub(crate) fn micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_and_shares_are_those_of_the_count() {
        assert!((rate(500, Duration::from_secs(2)) - 250.0).abs() < 1e-9);
        assert!((per(micros(Duration::from_millis(3)), 100) - 30.0).abs() < 1e-9);
        assert!(rate(0, Duration::from_secs(1)) == 0.0 && per(1.0, 0) == 0.0);
    }
}
