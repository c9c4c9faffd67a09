//! Points in time as text.

use alcazar_base::Timestamp;
use alcazar_shape::TimestampFormat;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;
use time::macros::format_description;

use crate::number;

/// Reads a time that is written in `format`.
pub(crate) fn read(format: TimestampFormat, text: &str) -> Option<Timestamp> {
    match format {
        TimestampFormat::DateTime => Timestamp::parse_iso8601(text).ok(),
        TimestampFormat::EpochSeconds => text.parse().ok().and_then(number::time_from_seconds),
        TimestampFormat::HttpDate => {
            let moment = OffsetDateTime::parse(text, &Rfc2822).ok()?;
            number::time_from_whole_seconds(moment.unix_timestamp())
        }
    }
}

/// Writes a time in `format`.
pub(crate) fn write(format: TimestampFormat, time: Timestamp) -> String {
    match format {
        TimestampFormat::DateTime => time.to_string(),
        TimestampFormat::EpochSeconds => match number::epoch_seconds(time) {
            number::EpochSeconds::Whole(seconds) => seconds.to_string(),
            number::EpochSeconds::Fraction(seconds) => seconds.to_string(),
        },
        TimestampFormat::HttpDate => {
            let description = format_description!(
                "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
            );
            civil(time).format(&description).unwrap_or_default()
        }
    }
}

/// How a service's audit events write times inside parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventDates {
    /// `Aug 30, 2015, 12:36:00 PM`, as most do.
    ///
    /// Source: <https://docs.aws.amazon.com/kms/latest/developerguide/ct-createkey.html>
    Comma,
    /// `Aug 30, 2015 12:36:00 PM`, as IAM and Organizations do.
    ///
    /// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_security_incident-response.html>
    NoComma,
    /// `2015-08-30T12:36:00Z`, as STS does by now.
    Iso,
}

/// Writes a time as audit events carry it inside parameters.
pub(crate) fn for_events(dates: EventDates, time: Timestamp) -> String {
    let civil = civil(time);
    let written = match dates {
        EventDates::Comma => civil.format(&format_description!(
            "[month repr:short] [day padding:none], [year], [hour padding:none repr:12]:[minute]:[second] [period]"
        )),
        EventDates::NoComma => civil.format(&format_description!(
            "[month repr:short] [day padding:none], [year] [hour padding:none repr:12]:[minute]:[second] [period]"
        )),
        EventDates::Iso => return time.to_string(),
    };
    written.unwrap_or_default()
}

fn civil(time: Timestamp) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(time.as_secs()).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_reads_what_it_writes() {
        let time = Timestamp::from_secs(1_440_938_160);
        for (format, text) in [
            (TimestampFormat::DateTime, "2015-08-30T12:36:00Z"),
            (TimestampFormat::EpochSeconds, "1440938160"),
            (TimestampFormat::HttpDate, "Sun, 30 Aug 2015 12:36:00 GMT"),
        ] {
            assert_eq!(write(format, time), text);
            assert_eq!(read(format, text), Some(time));
            assert_eq!(read(format, "yesterday"), None);
        }
        assert_eq!(for_events(EventDates::Comma, time), "Aug 30, 2015, 12:36:00 PM");
        assert_eq!(for_events(EventDates::NoComma, time), "Aug 30, 2015 12:36:00 PM");
        assert_eq!(for_events(EventDates::Iso, time), "2015-08-30T12:36:00Z");
    }
}
