//! Numbers between the kinds that wires and values hold, without silent loss.

use std::time::Duration;

use alcazar_base::Timestamp;
use alcazar_shape::{Kind, Schema};

/// The whole part of a number, if it fits.
pub(crate) fn whole(number: f64) -> Option<i64> {
    let whole = i64::try_from(Duration::try_from_secs_f64(number.abs()).ok()?.as_secs()).ok()?;
    Some(if number < 0.0 { -whole } else { whole })
}

/// A whole number as a floating-point one, the nearest.
pub(crate) fn double(number: i64) -> f64 {
    let high = i32::try_from(number >> 32).unwrap_or_default();
    let low = u32::try_from(number & 0xffff_ffff).unwrap_or_default();
    f64::from(high) * 4_294_967_296.0 + f64::from(low)
}

/// Whether a whole number can be one of `schema`'s kind.
pub(crate) fn fits(schema: &Schema, number: i64) -> bool {
    match schema.kind {
        Kind::Integer => i32::try_from(number).is_ok(),
        _ => true,
    }
}

/// The time that many seconds after the epoch, if it has a four-digit year; rounded to milliseconds.
pub(crate) fn time_from_seconds(seconds: f64) -> Option<Timestamp> {
    let distance =
        Duration::try_from_secs_f64(seconds.abs()).ok()?.checked_add(Duration::from_micros(500))?;
    let milliseconds = i64::try_from(distance.as_millis()).ok()?;
    in_range(Timestamp::from_millis(if seconds < 0.0 { -milliseconds } else { milliseconds }))
}

/// The time that many whole seconds after the epoch, if it has a four-digit year.
pub(crate) fn time_from_whole_seconds(seconds: i64) -> Option<Timestamp> {
    in_range(Timestamp::from_millis(seconds.checked_mul(1000)?))
}

fn in_range(time: Timestamp) -> Option<Timestamp> {
    const MIN: Timestamp = Timestamp::from_secs(-62_135_596_800);
    (MIN..=Timestamp::MAX).contains(&time).then_some(time)
}

/// Seconds since the epoch: a whole number where there is no fraction.
pub(crate) enum EpochSeconds {
    /// Whole seconds.
    Whole(i64),
    /// With a fraction.
    Fraction(f64),
}

/// A time as seconds since the epoch.
pub(crate) fn epoch_seconds(time: Timestamp) -> EpochSeconds {
    if time.as_millis().rem_euclid(1000) == 0 {
        EpochSeconds::Whole(time.as_secs())
    } else {
        EpochSeconds::Fraction(double(time.as_millis()) / 1000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_parts_are_cut_off_and_bounded() {
        assert_eq!(whole(1.9), Some(1));
        assert_eq!(whole(-1.9), Some(-1));
        assert_eq!(whole(1e300), None);
        assert_eq!(whole(f64::NAN), None);
        assert_eq!(whole(f64::INFINITY), None);
    }

    #[test]
    fn numbers_become_floating_point() {
        for number in [0, 1, -1, 4_294_967_296, -4_294_967_297, 1_440_938_160_250] {
            assert_eq!(format!("{:.0}", double(number)), number.to_string());
        }
    }

    #[test]
    fn times_are_rounded_and_bounded() {
        assert_eq!(time_from_seconds(1_440_938_160.123), Some(Timestamp::from_millis(1_440_938_160_123)));
        assert_eq!(time_from_seconds(-0.25), Some(Timestamp::from_millis(-250)));
        assert_eq!(time_from_seconds(1e15), None);
        assert_eq!(time_from_seconds(f64::NAN), None);
        assert_eq!(time_from_whole_seconds(i64::MAX), None);
    }
}
