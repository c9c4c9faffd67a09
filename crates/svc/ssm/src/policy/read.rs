//! Reading policies: a JSON array of up to ten objects.
//!
//! An empty array takes all policies away, and so does an array of one empty object.

use alcazar_base::Timestamp;
use alcazar_shape::ApiError;
use serde_json::{Map, Value as Json};
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::parsing::Parsed;
use time::{PrimitiveDateTime, UtcOffset};

use super::{Policy, Rule};
use crate::error::policy as error;

/// How many policies a parameter may have.
const POLICIES_MAX: usize = 10;

/// What a length of time must be smaller than, whatever the unit.
const LENGTH_BOUND: i64 = 8_760_000;

/// The version of the policy language.
const VERSION: &str = "1.0";

/// Both formats that AWS names, `ISO_INSTANT` and `ISO_OFFSET_DATE_TIME`; what follows `Z` is no offset.
const TIME: &[BorrowedFormatItem<'_>] = format_description!(
    version = 2,
    "[year]-[month]-[day]T[hour]:[minute][optional [:[second][optional [.[subsecond]]]]][first [Z] \
     [[offset_hour sign:mandatory]:[offset_minute][optional [:[offset_second]]]]]"
);

/// Reads policies.
///
/// # Errors
/// They are not right, each by itself or together.
pub(super) fn policies(text: &str) -> Result<Vec<Policy>, ApiError> {
    let malformed = || error::malformed(text);
    let listed: Vec<Map<String, Json>> = serde_json::from_str(text).map_err(|_| malformed())?;
    if matches!(listed.as_slice(), [only] if only.is_empty()) {
        return Ok(Vec::new());
    }
    if listed.len() > POLICIES_MAX {
        return Err(error::too_many(POLICIES_MAX));
    }
    let policies: Vec<Policy> = listed.iter().map(policy).collect::<Result<_, _>>()?;
    check_together(&policies)?;
    Ok(policies)
}

/// Expirations must agree, and what tells of one needs one.
fn check_together(policies: &[Policy]) -> Result<(), ApiError> {
    let mut expirations = policies.iter().filter(|policy| matches!(policy.rule, Rule::Expiration(_)));
    let expiration = expirations.next();
    if expirations.any(|other| Some(other.rule) != expiration.map(|first| first.rule)) {
        return Err(error::two_expirations());
    }
    let tells = policies.iter().any(|policy| matches!(policy.rule, Rule::ExpirationNotification(_)));
    if tells && expiration.is_none() { Err(error::no_expiration()) } else { Ok(()) }
}

fn policy(said: &Map<String, Json>) -> Result<Policy, ApiError> {
    let policy_type = match said.get("Type") {
        Some(Json::String(policy_type)) => policy_type.clone(),
        other => return Err(error::unknown_type(&other.unwrap_or(&Json::Null).to_string())),
    };
    let is_known =
        matches!(policy_type.as_str(), "Expiration" | "ExpirationNotification" | "NoChangeNotification");
    if !is_known {
        return Err(error::unknown_type(&policy_type));
    }
    if said.get("Version").and_then(Json::as_str) != Some(VERSION) {
        return Err(error::unknown_version());
    }
    let attributes = said.get("Attributes").and_then(Json::as_object);
    let attributes = attributes.ok_or_else(|| error::missing("Attributes"))?;
    let rule = match policy_type.as_str() {
        "Expiration" => Rule::Expiration(expiration(attributes)?),
        "ExpirationNotification" => Rule::ExpirationNotification(hours(attributes, "Before")?),
        _ => Rule::NoChangeNotification(hours(attributes, "After")?),
    };
    let attributes = Json::from(attributes.clone());
    let text = format!(r#"{{"Type":"{policy_type}","Version":"{VERSION}","Attributes":{attributes}}}"#);
    Ok(Policy { text, rule, is_done: false })
}

fn expiration(attributes: &Map<String, Json>) -> Result<Timestamp, ApiError> {
    let timestamp = attributes.get("Timestamp").ok_or_else(error::no_timestamp)?;
    timestamp.as_str().and_then(time).ok_or_else(error::timestamp)
}

/// A time of one of the two formats; as in Java, letters may be small.
fn time(text: &str) -> Option<Timestamp> {
    let text = text.to_ascii_uppercase();
    let mut parsed = Parsed::new();
    let rest = parsed.parse_items(text.as_bytes(), TIME).ok()?;
    let offset = UtcOffset::try_from(parsed).unwrap_or(UtcOffset::UTC);
    let time = PrimitiveDateTime::try_from(parsed).ok()?.assume_offset(offset);
    let milliseconds = i64::try_from(time.unix_timestamp_nanos() / 1_000_000).ok()?;
    rest.is_empty().then(|| Timestamp::from_millis(milliseconds))
}

/// A length of time in hours.
fn hours(attributes: &Map<String, Json>, name: &str) -> Result<i64, ApiError> {
    let length = attributes.get(name).ok_or_else(|| error::missing(name))?;
    let unit = attributes.get("Unit").ok_or_else(|| error::missing("Unit"))?;
    let length = match length {
        Json::String(digits) => digits.parse().ok(),
        other => other.as_i64(),
    };
    let length: i64 =
        length.filter(|it| *it < LENGTH_BOUND).ok_or_else(|| error::not_a_length(name, LENGTH_BOUND))?;
    if length < 1 {
        return Err(error::not_positive(name));
    }
    match unit.as_str().map(str::to_ascii_uppercase).as_deref() {
        Some("DAYS") => Ok(length * 24),
        Some("HOURS") => Ok(length),
        _ => Err(error::unit()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_formats_of_time_are_read() {
        for (text, same) in [
            ("2018-12-02T21:34:33.000Z", "2018-12-02T21:34:33Z"),
            ("2018-12-02T21:34:33z", "2018-12-02T21:34:33Z"),
            ("2018-12-02T21:34Z", "2018-12-02T21:34:00Z"),
            ("2019-11-01T22:13:48.87+10:30:00", "2019-11-01T11:43:48Z"),
            ("2019-11-01T22:13:48.123456789-01:00", "2019-11-01T23:13:48Z"),
        ] {
            assert_eq!(time(text).map(|time| time.to_string()).as_deref(), Some(same), "{text}");
        }
        assert_eq!(time("2019-11-01T22:13:48.87+10:30:00").unwrap().as_millis() % 1000, 870);
        for text in [
            "",
            "tomorrow",
            "2018-12-02",
            "2018-12-02T21:34:33",
            "2018-13-02T21:34:33Z",
            "2018-12-02T21:34:33Zx",
            "2018-12-02T25:34:33Z",
            "2018-12-02T21:34:33.Z",
            "2018-12-02 21:34:33Z",
            "1543786473",
        ] {
            assert_eq!(time(text), None, "{text}");
        }
    }
}
