//! Numbers as policies compare them: decimals, held exactly.

/// The factor between a number and what is held of it; nine decimal places.
const SCALE: i128 = 1_000_000_000;

/// The most digits before and behind the decimal point.
const WHOLE_DIGITS_MAX: usize = 18;
const FRACTION_DIGITS_MAX: usize = 9;

/// A decimal number with at most 18 digits before its point and 9 behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number(i128);

impl Number {
    /// Reads `-12` or `3.14`; `None` for anything else, exponents and infinities included.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let all_digits =
            |part: &str, max| (1..=max).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        if !all_digits(whole, WHOLE_DIGITS_MAX) || !all_digits(fraction, FRACTION_DIGITS_MAX) {
            return None;
        }
        let whole: i128 = whole.parse().ok()?;
        let fraction: i128 = format!("{fraction:0<FRACTION_DIGITS_MAX$}").parse().ok()?;
        let magnitude = whole * SCALE + fraction;
        Some(Self(if negative { -magnitude } else { magnitude }))
    }
}

impl From<i64> for Number {
    fn from(number: i64) -> Self {
        Self(i128::from(number) * SCALE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_compare_by_value() {
        let number = |text| Number::parse(text).unwrap();
        assert_eq!(number("10"), Number::from(10));
        assert_eq!(number("10.0"), number("010"));
        assert_eq!(number("-0"), number("0"));
        assert!(number("9.999999999") < number("10"));
        assert!(number("-1.5") < number("-1.25"));
        assert!(number("999999999999999998") < number("999999999999999999"));
        assert!(Number::from(i64::MIN) < Number::from(i64::MAX));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for bad in ["", "-", "+1", "1.", ".5", "1e3", "inf", "NaN", "0x10", "1 ", "１", "1.2.3", "--1"] {
            assert_eq!(Number::parse(bad), None, "{bad}");
        }
        assert_eq!(Number::parse(&"9".repeat(19)), None);
        assert_eq!(Number::parse("0.1234567891"), None);
    }
}
