//! Points in time, in milliseconds since the Unix epoch.

use std::fmt;
use std::ops::{Add, Sub};
use std::time::Duration;

use minicbor::{Decode, Encode};
use thiserror::Error;
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, PrimitiveDateTime};

/// A text that is not an ISO 8601 time.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("not an ISO 8601 time: {0:?}")]
pub struct InvalidTimestamp(String);

/// A point in time: whole milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Encode, Decode)]
#[cbor(transparent)]
pub struct Timestamp(#[n(0)] i64);

impl Timestamp {
    /// The last time that has a four-digit year, 9999-12-31T23:59:59.999Z.
    pub const MAX: Self = Self(253_402_300_799_999);

    /// The time `milliseconds` after the epoch.
    #[must_use]
    pub const fn from_millis(milliseconds: i64) -> Self {
        Self(milliseconds)
    }

    /// The time `seconds` after the epoch.
    #[must_use]
    pub const fn from_secs(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1000))
    }

    /// Milliseconds since the epoch.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, rounded down.
    #[must_use]
    pub const fn as_secs(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// Reads an ISO 8601 time, with or without fractions of a second; without an offset it is UTC.
    ///
    /// # Errors
    /// `InvalidTimestamp` if the text is no such time.
    pub fn parse_iso8601(text: &str) -> Result<Self, InvalidTimestamp> {
        let invalid = || InvalidTimestamp(text.chars().take(64).collect());
        let moment = OffsetDateTime::parse(text, &Rfc3339)
            .or_else(|_| {
                PrimitiveDateTime::parse(&format!("{text}Z"), &Rfc3339).map(PrimitiveDateTime::assume_utc)
            })
            .or_else(|_| OffsetDateTime::parse(&format!("{text}T00:00:00Z"), &Rfc3339))
            .map_err(|_| invalid())?;
        i64::try_from(moment.unix_timestamp_nanos() / 1_000_000).map(Self).map_err(|_| invalid())
    }

    /// Reads the time of a signature, `YYYYMMDD'T'HHMMSS'Z'`.
    ///
    /// # Errors
    /// `InvalidTimestamp` if the text is no such time.
    pub fn parse_amz_date(text: &str) -> Result<Self, InvalidTimestamp> {
        let invalid = || InvalidTimestamp(text.chars().take(64).collect());
        let format = time::macros::format_description!("[year][month][day]T[hour][minute][second]Z");
        let moment = PrimitiveDateTime::parse(text, &format).map_err(|_| invalid())?;
        Ok(Self::from_secs(moment.assume_utc().unix_timestamp()))
    }

    /// `YYYYMMDD'T'HHMMSS'Z'`, as signatures write it.
    #[must_use]
    pub fn to_amz_date(self) -> String {
        let t = self.civil();
        format!(
            "{:04}{:02}{:02}T{:02}{:02}{:02}Z",
            t.year(),
            u8::from(t.month()),
            t.day(),
            t.hour(),
            t.minute(),
            t.second()
        )
    }

    fn civil(self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000_000)
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}

/// `YYYY-MM-DDTHH:MM:SSZ`, whole seconds, as AWS writes times in events and XML.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let t = self.civil();
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
            t.year(),
            u8::from(t.month()),
            t.day(),
            t.hour(),
            t.minute(),
            t.second()
        )
    }
}

impl Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)))
    }
}

/// How long after `earlier` this is; nothing if it is not after it.
impl Sub for Timestamp {
    type Output = Duration;

    fn sub(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_and_written() {
        let t = Timestamp::parse_iso8601("2015-08-30T12:36:00Z").unwrap();
        assert_eq!(t.as_secs(), 1_440_938_160);
        assert_eq!(t.to_string(), "2015-08-30T12:36:00Z");
        assert_eq!(t.to_amz_date(), "20150830T123600Z");
        assert_eq!(Timestamp::parse_amz_date("20150830T123600Z").unwrap(), t);
        assert_eq!(Timestamp::parse_iso8601("2015-08-30T14:36:00+02:00").unwrap(), t);
        assert_eq!(Timestamp::parse_iso8601("2015-08-30").unwrap().to_string(), "2015-08-30T00:00:00Z");
        assert_eq!(
            Timestamp::parse_iso8601("2015-08-30T12:36:00.250").unwrap().as_millis(),
            1_440_938_160_250
        );
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for bad in ["", "yesterday", "2015-13-01T00:00:00Z", "20150830T123600Z"] {
            assert!(Timestamp::parse_iso8601(bad).is_err(), "{bad}");
        }
        for bad in ["", "20150830", "20150830T126000Z", "2015-08-30T12:36:00Z"] {
            assert!(Timestamp::parse_amz_date(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn differences_do_not_go_below_nothing() {
        let (early, late) = (Timestamp::from_secs(1), Timestamp::from_secs(3));
        assert_eq!(late - early, Duration::from_secs(2));
        assert_eq!(early - late, Duration::ZERO);
        assert_eq!(early + Duration::from_secs(2), late);
    }
}
