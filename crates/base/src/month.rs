//! Calendar months, by which use is counted and billed. They begin and end in UTC.

use std::fmt;
use std::str::FromStr;

use minicbor::{Decode, Encode};
use thiserror::Error;
use time::{Date, OffsetDateTime};

use crate::timestamp::Timestamp;

/// A text that is not a month.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("not a month, as 2026-01 is one: {0:?}")]
pub struct InvalidMonth(String);

/// A month, counted from January of the year 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct Month(#[n(0)] u32);

impl Month {
    /// The month that `time` is in. Times outside of the years 0 to 9999 count to the epoch's month.
    #[must_use]
    pub fn of(time: Timestamp) -> Self {
        let day = OffsetDateTime::from_unix_timestamp(time.as_secs()).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        let year = u32::try_from(day.year()).unwrap_or(1970);
        Self(year * 12 + u32::from(u8::from(day.month())) - 1)
    }

    /// Its first moment.
    #[must_use]
    pub fn start(self) -> Timestamp {
        Timestamp::from_secs(first_day(self.0).map_or(0, |day| day.midnight().assume_utc().unix_timestamp()))
    }

    /// The first moment after it.
    #[must_use]
    pub fn end(self) -> Timestamp {
        Self(self.0.saturating_add(1)).start()
    }

    /// How many hours it has.
    #[must_use]
    pub fn hours(self) -> u64 {
        (self.end() - self.start()).as_secs() / 3600
    }
}

fn first_day(month: u32) -> Option<Date> {
    let year = i32::try_from(month / 12).ok()?;
    let of_year = u8::try_from(month % 12 + 1).ok()?;
    Date::from_calendar_date(year, time::Month::try_from(of_year).ok()?, 1).ok()
}

/// `YYYY-MM`.
impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0 / 12, self.0 % 12 + 1)
    }
}

impl FromStr for Month {
    type Err = InvalidMonth;

    /// Reads `YYYY-MM`.
    fn from_str(text: &str) -> Result<Self, InvalidMonth> {
        let is_number = |text: &str, digits: usize| {
            text.len() == digits && text.bytes().all(|letter| letter.is_ascii_digit())
        };
        let read = || {
            let (year, of_year) = text.split_once('-')?;
            if !is_number(year, 4) || !is_number(of_year, 2) {
                return None;
            }
            let (year, of_year): (u32, u32) = (year.parse().ok()?, of_year.parse().ok()?);
            // The end of the last month of the year 9999 is no time.
            ((1..=12).contains(&of_year) && year < 9999).then(|| Self(year * 12 + of_year - 1))
        };
        read().ok_or_else(|| InvalidMonth(text.chars().take(64).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_has_its_first_and_last_moment() {
        let month: Month = "2024-02".parse().unwrap();
        assert_eq!(month.to_string(), "2024-02");
        assert_eq!(month.start(), Timestamp::parse_iso8601("2024-02-01T00:00:00Z").unwrap());
        assert_eq!(month.end(), Timestamp::parse_iso8601("2024-03-01T00:00:00Z").unwrap());
        assert_eq!(month.hours(), 29 * 24);
        assert_eq!("2025-12".parse::<Month>().unwrap().end().to_string(), "2026-01-01T00:00:00Z");
    }

    #[test]
    fn a_time_is_in_one_month() {
        let month = |text: &str| Month::of(Timestamp::parse_iso8601(text).unwrap()).to_string();
        assert_eq!(month("2026-01-31T23:59:59.999Z"), "2026-01");
        assert_eq!(month("2026-02-01T00:00:00Z"), "2026-02");
        assert_eq!(Month::of(Timestamp::MAX).to_string(), "9999-12");
    }

    #[test]
    fn what_is_no_month_is_refused() {
        for bad in [
            "",
            "2026",
            "2026-13",
            "2026-00",
            "2026-1",
            "26-01",
            "2026-01-01",
            "+026-01",
            "9999-12",
            "2026/01",
        ] {
            assert!(bad.parse::<Month>().is_err(), "{bad}");
        }
    }
}
