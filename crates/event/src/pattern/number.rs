//! Numbers as patterns compare them: six digits behind the point, between minus and plus five billion.
//!
//! 300, 300.0 and 3.0e2 are one number. What lies outside, an account ID for example, is compared as it is written, and
//! by exact values only.
//!
//! Source: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html#eb-filtering-numeric-matching>

use serde_json::Number;

use super::Reason;

/// The greatest number that can be compared; the least is its negative.
const COMPARABLE_MAX: f64 = 5.0e9;

/// What a number is multiplied by, so that no digit that counts is behind the point.
const SCALE: f64 = 1.0e6;

/// A number, in whole millionths.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub(crate) struct Comparable(f64);

impl Comparable {
    /// The least and the greatest there are.
    pub(crate) const LEAST: Self = Self(-COMPARABLE_MAX * SCALE);
    pub(crate) const GREATEST: Self = Self(COMPARABLE_MAX * SCALE);

    pub(crate) fn new(number: f64) -> Option<Self> {
        // Adding nothing makes -0 into 0.
        (number.abs() <= COMPARABLE_MAX).then(|| Self((number * SCALE).round() + 0.0))
    }

    /// A number of a pattern, as it is written there.
    pub(crate) fn written(raw: &str) -> Result<Self, Reason> {
        raw.parse().ok().and_then(Self::new).ok_or(Reason::OutOfRange)
    }

    /// A number of an event.
    pub(crate) fn of(number: &Number) -> Option<Self> {
        number.as_f64().and_then(Self::new)
    }
}

/// The numbers between two bounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Range {
    pub(crate) bottom: Comparable,
    pub(crate) bottom_open: bool,
    pub(crate) top: Comparable,
    pub(crate) top_open: bool,
}

impl Range {
    pub(crate) fn at_least(bottom: Comparable, open: bool) -> Self {
        Self { bottom, bottom_open: open, top: Comparable::GREATEST, top_open: false }
    }

    pub(crate) fn at_most(top: Comparable, open: bool) -> Self {
        Self { bottom: Comparable::LEAST, bottom_open: false, top, top_open: open }
    }

    pub(crate) fn contains(&self, number: Comparable) -> bool {
        let above = if self.bottom_open { number > self.bottom } else { number >= self.bottom };
        let below = if self.top_open { number < self.top } else { number <= self.top };
        above && below
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_digits_behind_the_point_count() {
        let written = |raw| Comparable::written(raw).unwrap();
        for (one, other) in [
            ("300", "3.0e2"),
            ("0.1", "0.1000000001"),
            ("0", "-0.0"),
            ("5000000000", "5e9"),
            ("0.30000000000000004", "0.3"),
        ] {
            assert_eq!(written(one), written(other), "{one} and {other}");
        }
        for (less, more) in [("1", "1.000001"), ("-2", "-1"), ("4999999999.999998", "4999999999.999999")] {
            assert!(written(less) < written(more), "{less} and {more}");
        }
        for raw in ["5000000000.1", "-5.1e9", "1e400", "123456789012"] {
            assert_eq!(Comparable::written(raw), Err(Reason::OutOfRange), "{raw}");
        }
    }
}
