//! Cron expressions: whether one minute is a time at which one is due.

use time::{Duration, OffsetDateTime};

const MONTHS: [&str; 12] =
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// The fields of a valid expression.
pub(crate) fn fields(expression: &str) -> Vec<String> {
    let inside = expression.trim_start_matches("cron(").trim_end_matches(')').to_uppercase();
    inside.split_ascii_whitespace().map(str::to_owned).collect()
}

/// Whether an expression of these fields is due in the minute of `moment`.
pub(crate) fn is_due(fields: &[String], moment: OffsetDateTime) -> bool {
    let month = usize::from(u8::from(moment.month()));
    let year = usize::try_from(moment.year()).unwrap();
    (1970..=2199).contains(&year)
        && allows(&fields[0], usize::from(moment.minute()), 0, 59, &[])
        && allows(&fields[1], usize::from(moment.hour()), 0, 23, &[])
        && (fields[2] == "?" || day_of_month(&fields[2], moment))
        && allows(&fields[3], month, 1, 12, &MONTHS)
        && (fields[4] == "?" || day_of_week(&fields[4], moment))
        && allows(&fields[5], year, 1970, 2199, &[])
}

fn allows(field: &str, value: usize, first: usize, last: usize, names: &[&str]) -> bool {
    let number = |text: &str| {
        names
            .iter()
            .position(|name| *name == text)
            .map_or_else(|| text.parse().unwrap(), |index| index + first)
    };
    field.split(',').any(|part| {
        let (range, step) = part.split_once('/').unwrap_or((part, "1"));
        let (from, to) = match range.split_once('-') {
            Some((from, to)) => (number(from), number(to)),
            None if range == "*" => (first, last),
            None => (number(range), if part.contains('/') { last } else { number(range) }),
        };
        // From one value to the next, over the end if need be.
        let mut current = from;
        let mut left = if to < from { to + last + 1 - first - from } else { to - from };
        let mut until_next = 0;
        loop {
            if until_next == 0 {
                if current == value {
                    return true;
                }
                until_next = step.parse::<usize>().unwrap();
            }
            if left == 0 {
                return false;
            }
            left -= 1;
            until_next -= 1;
            current = if current == last { first } else { current + 1 };
        }
    })
}

fn day_of_month(field: &str, moment: OffsetDateTime) -> bool {
    let tomorrow = moment + Duration::DAY;
    let is_last = tomorrow.month() != moment.month();
    match field {
        "L" => is_last,
        "LW" => {
            // The last day that is no weekend: no later day of the month is one either.
            let later = (1..=2).map(|days| moment + Duration::days(days));
            is_workday(moment)
                && later.filter(|day| day.month() == moment.month()).all(|day| !is_workday(day))
                && (moment + Duration::days(3)).month() != moment.month()
        }
        _ => match field.strip_suffix('W') {
            Some(day) => {
                let wanted = moment.replace_day(day.parse().unwrap());
                // The closest workdays of the month come first.
                let near = wanted.ok().and_then(|wanted| {
                    [0, -1, 1, -2, 2]
                        .into_iter()
                        .map(|days| wanted + Duration::days(days))
                        .find(|day| day.month() == wanted.month() && is_workday(*day))
                });
                near.is_some_and(|near| near.day() == moment.day())
            }
            None => allows(field, usize::from(moment.day()), 1, 31, &[]),
        },
    }
}

fn day_of_week(field: &str, moment: OffsetDateTime) -> bool {
    let weekday = usize::from(moment.weekday().number_from_sunday());
    let is = |text: &str| allows(text, weekday, 1, 7, &WEEKDAYS);
    if let Some((day, nth)) = field.split_once('#') {
        return is(day) && usize::from(moment.day()).div_ceil(7) == nth.parse::<usize>().unwrap();
    }
    match field.strip_suffix('L') {
        Some("") => weekday == 7,
        Some(day) => is(day) && (moment + Duration::WEEK).month() != moment.month(),
        None => is(field),
    }
}

fn is_workday(moment: OffsetDateTime) -> bool {
    (2..=6).contains(&moment.weekday().number_from_sunday())
}
