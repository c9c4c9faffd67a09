//! Rates: a number of minutes, hours or days.
//!
//! Source: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rate-expressions.html>

use alcazar_base::Timestamp;

/// A period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rate {
    milliseconds: i64,
}

impl Rate {
    /// Reads `1 minute`, `5 minutes` and so on. The unit is singular for 1, and plural for all else.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (number, unit) = text.split_once(' ')?;
        if !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let number: u32 = number.parse().ok()?;
        let minutes = match (number, unit) {
            (0, _) => return None,
            (1, "minute") | (2.., "minutes") => 1,
            (1, "hour") | (2.., "hours") => 60,
            (1, "day") | (2.., "days") => 24 * 60,
            _ => return None,
        };
        Some(Self { milliseconds: i64::from(number) * minutes * 60_000 })
    }

    pub(super) fn next_after(self, start: Timestamp, now: Timestamp) -> Option<Timestamp> {
        let passed = now.as_millis().checked_sub(start.as_millis())?;
        let periods = passed.div_euclid(self.milliseconds).max(0).checked_add(1)?;
        let due = start.as_millis().checked_add(periods.checked_mul(self.milliseconds)?)?;
        (due <= Timestamp::MAX.as_millis()).then(|| Timestamp::from_millis(due))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_counts_from_its_start() {
        let rate = Rate::parse("5 minutes").unwrap();
        let next = |start, now| {
            rate.next_after(Timestamp::from_secs(start), Timestamp::from_secs(now)).unwrap().as_secs()
        };
        assert_eq!(next(7, 7), 307);
        assert_eq!(next(7, 306), 307);
        assert_eq!(next(7, 307), 607);
        assert_eq!(next(7, 100_000), 100_207);
        assert_eq!(next(1000, 0), 1300);
    }

    #[test]
    fn the_end_of_time_is_no_time() {
        let rate = Rate::parse("4294967295 days").unwrap();
        assert_eq!(rate.next_after(Timestamp::from_secs(0), Timestamp::from_secs(0)), None);
        let far = Timestamp::from_millis(i64::MAX);
        assert_eq!(Rate::parse("1 minute").unwrap().next_after(Timestamp::from_secs(0), far), None);
        assert_eq!(Rate::parse("1 minute").unwrap().next_after(Timestamp::from_millis(i64::MIN), far), None);
    }
}
