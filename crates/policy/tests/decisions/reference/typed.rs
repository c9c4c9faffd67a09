//! Numbers, dates, addresses and bytes.

use std::cmp::Ordering;
use std::net::IpAddr;

use alcazar_policy::Value;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::text::Matching;

/// What is compared by its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Typed {
    Number,
    Date,
}

/// Compares a value with an operand: `equals`, `lessthan`, …
pub(super) fn ordered(of: Typed, comparison: &str, value: &Value, operand: &str) -> Matching {
    let (found, operand) = match of {
        Typed::Number => (number_of(value), number(operand)),
        Typed::Date => (date_of(value), date(operand)),
    };
    let Some(found) = found else { return Matching::Unknown };
    let order = found.partial_cmp(&operand.expect("a valid operand")).expect("no NaN");
    yes_or_no(match comparison {
        "equals" => order == Ordering::Equal,
        "lessthan" => order == Ordering::Less,
        "lessthanequals" => order != Ordering::Greater,
        "greaterthan" => order == Ordering::Greater,
        "greaterthanequals" => order != Ordering::Less,
        other => panic!("no comparison: {other}"),
    })
}

fn yes_or_no(holds: bool) -> Matching {
    if holds { Matching::Yes } else { Matching::No }
}

fn number_of(value: &Value) -> Option<f64> {
    match value {
        Value::Integer(number) => number.to_string().parse().ok(),
        Value::Time(time) => time.as_secs().to_string().parse().ok(),
        Value::Text(text) => number(text),
        _ => None,
    }
}

/// Digits with at most one point among them, and perhaps a minus.
fn number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let parts: Vec<_> = digits.split('.').collect();
    let all_digits = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (parts.len() <= 2 && parts.iter().all(all_digits)).then(|| text.parse().expect("a number"))
}

fn date_of(value: &Value) -> Option<f64> {
    match value {
        Value::Time(time) => time.as_millis().to_string().parse::<f64>().ok().map(|millis| millis / 1000.0),
        Value::Integer(seconds) => seconds.to_string().parse().ok(),
        Value::Text(text) => date(text),
        _ => None,
    }
}

/// Seconds since the epoch: a year, a month, a day, a day with its time, or the seconds themselves.
fn date(text: &str) -> Option<f64> {
    let (day, time) = text.split_once('T').map_or((text, None), |(day, time)| (day, Some(time)));
    if time.is_none() && day.len() != 4 && number(day).is_some() {
        return if day.contains('.') { None } else { day.parse().ok() };
    }
    let mut parts = day.split('-').map(|part| whole(part).map(i64::from));
    let (year, month, day) =
        (parts.next()??, parts.next().unwrap_or(Some(1))?, parts.next().unwrap_or(Some(1))?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let lengths = [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let length = *lengths.get(usize::try_from(month).ok()?.checked_sub(1)?)?;
    if parts.next().is_some() || !(1..=length).contains(&day) {
        return None;
    }
    let before = year - 1;
    let days_before_year = before * 365 + before / 4 - before / 100 + before / 400 - 719_162;
    let days_before_month: i64 = lengths.iter().take(usize::try_from(month).ok()? - 1).sum();
    let seconds = (days_before_year + days_before_month + day - 1) * 86_400;
    let seconds: f64 = seconds.to_string().parse().ok()?;
    time.map_or(Some(seconds), |time| Some(seconds + seconds_of_day(time)?))
}

/// `10:15Z`, `10:15:30.5+01:00`
fn seconds_of_day(text: &str) -> Option<f64> {
    let zone = text.find(['Z', '+', '-'])?;
    let (clock, zone) = text.split_at(zone);
    let offset = match zone.split_at(1) {
        ("Z", "") => 0.0,
        (sign, offset) if sign != "Z" => {
            let (hours, minutes) = offset.split_once(':')?;
            let minutes = f64::from(whole(hours)?) * 60.0 + f64::from(whole(minutes)?);
            if sign == "-" { -minutes } else { minutes }
        }
        _ => return None,
    };
    let parts: Vec<_> = clock.split(':').collect();
    let (hours, minutes) = (f64::from(whole(parts.first()?)?), f64::from(whole(parts.get(1)?)?));
    let seconds = parts.get(2).map_or(Some(0.0), |seconds| number(seconds))?;
    (parts.len() <= 3 && hours < 24.0 && minutes < 60.0 && seconds < 60.0)
        .then_some((hours * 60.0 + minutes - offset) * 60.0 + seconds)
}

fn whole(text: &str) -> Option<u32> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

/// Whether an address is in a range.
pub(super) fn address(value: &Value, range: &str) -> Matching {
    let found = match value {
        Value::Address(address) => Some(*address),
        Value::Text(text) => text.parse::<IpAddr>().ok(),
        _ => None,
    };
    let Some(found) = found else { return Matching::Unknown };
    let (network, length) = range.split_once('/').unwrap_or((range, ""));
    let network = bits(network.parse().expect("an address"));
    let found = bits(match found {
        IpAddr::V6(address) => address.to_ipv4_mapped().map_or(found, IpAddr::V4),
        IpAddr::V4(_) => found,
    });
    let length = length.parse().unwrap_or(network.len());
    yes_or_no(network.len() == found.len() && network[..length] == found[..length])
}

fn bits(address: IpAddr) -> Vec<bool> {
    let octets = match address {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    };
    octets.iter().flat_map(|octet| (0..8).rev().map(move |bit| octet & (1 << bit) != 0)).collect()
}

/// Whether bytes are those that the policy writes in base64.
pub(super) fn binary(value: &Value, operand: &str) -> Matching {
    let operand = STANDARD.decode(operand).expect("base64");
    yes_or_no(match value {
        Value::Binary(bytes) => *bytes == operand,
        other => other.text().as_bytes() == operand,
    })
}
