//! Dates as policies write them: the W3C's forms of ISO 8601, or seconds since the Unix epoch.
//!
//! Sources: <https://www.w3.org/TR/NOTE-datetime>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date>

use alcazar_base::Timestamp;

/// Reads a date: `2020`, `2020-05`, `2020-05-17`, `2020-05-17T10:15Z`, `2020-05-17T10:15:30.5+01:00`, or seconds
/// since the epoch. Four digits are a year.
pub(super) fn parse(text: &str) -> Option<Timestamp> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let full = match text.split_once('T') {
        None if text.len() != 4 && digits(text.strip_prefix('-').unwrap_or(text)) => {
            return text.parse().ok().map(Timestamp::from_secs);
        }
        None => match text.len() {
            4 => format!("{text}-01-01"),
            7 => format!("{text}-01"),
            _ => text.to_owned(),
        },
        Some((date, time)) => match (time.get(..5), time.get(5..)) {
            (Some(minutes), Some(zone)) if !zone.starts_with(':') => format!("{date}T{minutes}:00{zone}"),
            _ => text.to_owned(),
        },
    };
    Timestamp::parse_iso8601(&full).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_date_is_read() {
        for (text, expected) in [
            ("2020", "2020-01-01T00:00:00Z"),
            ("2020-05", "2020-05-01T00:00:00Z"),
            ("2020-05-17", "2020-05-17T00:00:00Z"),
            ("2020-05-17T10:15Z", "2020-05-17T10:15:00Z"),
            ("2020-05-17T10:15+01:00", "2020-05-17T09:15:00Z"),
            ("2020-05-17T10:15:30Z", "2020-05-17T10:15:30Z"),
            ("2020-05-17T10:15:30.45-01:00", "2020-05-17T11:15:30Z"),
            ("0", "1970-01-01T00:00:00Z"),
            ("1589710530", "2020-05-17T10:15:30Z"),
            ("-1", "1969-12-31T23:59:59Z"),
        ] {
            assert_eq!(parse(text).map(|time| time.to_string()).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for bad in [
            "",
            "-",
            "T",
            "now",
            "2020-13",
            "2020-05-17T",
            "2020-05-17T25:00Z",
            "2020-05-1é",
            "99999999999999999999",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
