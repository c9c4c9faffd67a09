//! Schedules: when one is due next is what trying every minute finds.

use alcazar_base::Timestamp;
use alcazar_event::Schedule;
use time::{Duration, OffsetDateTime};

use super::choices::Choices;
use crate::reference::schedule::{fields, is_due};

/// How many minutes are tried before the one that was told.
const MINUTES_TRIED: i64 = 24 * 60;

/// Asks one cron expression and one rate when they are due. Says whether the first ever is.
pub(crate) fn run(bytes: &[u8]) -> bool {
    let mut choices = Choices::new(bytes);
    rate(&mut choices);
    let expression = cron(&mut choices);
    let schedule = Schedule::parse(&expression).unwrap_or_else(|error| panic!("{expression}: {error}"));
    let now = moment(&mut choices);
    let next = schedule.next_after(now, now);
    assert!(next.is_none_or(|next| next > now), "{expression} after {now}");
    // Up to the time that was told, or for as long if there was none.
    let until = next.map_or(now.as_secs() + MINUTES_TRIED * 60, Timestamp::as_secs);
    let from = now.as_secs().max(until - MINUTES_TRIED * 60).div_euclid(60) + 1;
    let minutes = (from..=until.div_euclid(60)).map(|minute| minute * 60);
    let fields = fields(&expression);
    let due = |second: &i64| is_due(&fields, OffsetDateTime::from_unix_timestamp(*second).unwrap());
    let due = minutes.filter(due).map(Timestamp::from_secs).next();
    assert_eq!(due, next, "{expression} after {now}");
    next.is_some()
}

fn moment(choices: &mut Choices<'_>) -> Timestamp {
    let year = 2020 + i32::try_from(choices.below(12)).unwrap();
    let start = OffsetDateTime::UNIX_EPOCH.replace_year(year).unwrap();
    let after = Duration::days(i64::try_from(choices.below(256)).unwrap() * 3 / 2)
        + Duration::minutes(i64::try_from(choices.below(256)).unwrap() * 6)
        + Duration::seconds(i64::try_from(choices.below(61)).unwrap());
    Timestamp::from_secs((start + after).unix_timestamp())
}

fn rate(choices: &mut Choices<'_>) {
    let (number, unit) = (1 + choices.below(100), choices.pick(&["minute", "hour", "day"]));
    let text = format!("rate({number} {unit}{})", if number == 1 { "" } else { "s" });
    let schedule = Schedule::parse(&text).unwrap();
    let (start, now) = (moment(choices), moment(choices));
    let minutes = match unit {
        "minute" => 1,
        "hour" => 60,
        _ => 24 * 60,
    };
    let period = i64::try_from(number).unwrap() * minutes * 60;
    let next = schedule.next_after(start, now).unwrap().as_secs();
    assert!(next > now.as_secs() && next > start.as_secs(), "{text}");
    assert_eq!((next - start.as_secs()) % period, 0, "{text}");
    assert!(next - period <= now.as_secs().max(start.as_secs()), "{text}");
}

/// A valid expression, made so that it is due more often than not.
fn cron(choices: &mut Choices<'_>) -> String {
    let minute = field(0, 59, &[], choices);
    let hour = field(0, 23, &[], choices);
    let month = field(1, 12, &["JAN", "feb", "Mar"], choices);
    let year = ["*", "*", "*", "2024", "2020-2030", "2021/3", "1970,2199"][choices.below(7)];
    let (day, weekday) = if choices.once_in(2) {
        (day_of_month(choices), "?".to_owned())
    } else {
        ("?".to_owned(), day_of_week(choices))
    };
    format!("cron({minute} {hour} {day} {month} {weekday} {year})")
}

fn day_of_month(choices: &mut Choices<'_>) -> String {
    match choices.below(6) {
        0 => "L".to_owned(),
        1 => "LW".to_owned(),
        2 => format!("{}W", 1 + choices.below(31)),
        _ => field(1, 31, &[], choices),
    }
}

fn day_of_week(choices: &mut Choices<'_>) -> String {
    match choices.below(6) {
        0 => "L".to_owned(),
        1 => format!("{}L", 1 + choices.below(7)),
        2 => format!("{}#{}", choices.pick(&["1", "2", "TUE", "7"]), 1 + choices.below(5)),
        _ => field(1, 7, &["SUN", "mon", "Tue"], choices),
    }
}

fn field(first: usize, last: usize, names: &[&str], choices: &mut Choices<'_>) -> String {
    let value = |choices: &mut Choices<'_>| {
        if !names.is_empty() && choices.once_in(3) {
            return choices.pick(names).to_owned();
        }
        (first + choices.below(last + 1 - first)).to_string()
    };
    let part = |choices: &mut Choices<'_>| match choices.below(5) {
        0 => format!("{}-{}", value(choices), value(choices)),
        1 => format!("{}/{}", value(choices), 1 + choices.below(last)),
        2 => format!("{}-{}/{}", value(choices), value(choices), 1 + choices.below(last)),
        _ => value(choices),
    };
    if choices.below(3) < 2 {
        return if choices.once_in(3) { format!("*/{}", 1 + choices.below(last)) } else { "*".to_owned() };
    }
    choices.several(1, 3, part).join(",")
}
