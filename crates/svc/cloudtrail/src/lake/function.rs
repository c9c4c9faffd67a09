//! The functions that queries may call: those that the engine has under the same name, and Trino's that are made here.
//!
//! Source: <https://trino.io/docs/current/functions.html>

use regex_lite::Regex;
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Result};
use serde_json::Value as Json;
use sqlparser::ast::{Function, FunctionArguments, Ident, ObjectName};

use alcazar_base::Timestamp;

use super::column;
use super::statement::StatementError;

/// The engine's own functions that mean the same.
const SAME: &[&str] = &[
    "abs",
    "avg",
    "coalesce",
    "concat",
    "concat_ws",
    "count",
    "date",
    "dense_rank",
    "first_value",
    "instr",
    "json_array",
    "json_extract",
    "lag",
    "last_value",
    "lead",
    "length",
    "lower",
    "ltrim",
    "max",
    "min",
    "nth_value",
    "ntile",
    "nullif",
    "percent_rank",
    "rank",
    "replace",
    "round",
    "row_number",
    "rtrim",
    "sign",
    "substr",
    "substring",
    "sum",
    "total",
    "trim",
    "upper",
];

/// Trino's names for functions that the engine has under others.
const OTHERWISE_NAMED: &[(&str, &str)] = &[
    ("any_value", "min"),
    ("approx_distinct", "count"),
    ("arbitrary", "min"),
    ("array_agg", "json_group_array"),
    ("greatest", "max"),
    ("if", "iif"),
    ("json_extract_scalar", "json_extract"),
    ("least", "min"),
    ("strpos", "instr"),
];

/// What a function gives of its arguments; null where it gives nothing.
type Made = fn(&Context<'_>) -> Option<Out>;

/// Those that are made here.
const MADE: &[(&str, Made)] = &[
    ("cardinality", |context| count(&json(context, 0)?)),
    ("contains", |context| Some(Out::Truth(contains(&json(context, 0)?, &told(context, 1)?)))),
    ("date_add", |context| add(&told(context, 0)?, told(context, 1)?.parse().ok()?, &told(context, 2)?)),
    ("date_diff", |context| difference(&told(context, 0)?, &told(context, 1)?, &told(context, 2)?)),
    ("date_trunc", |context| truncated(&told(context, 0)?, &told(context, 1)?)),
    ("element_at", |context| element(&json(context, 0)?, &told(context, 1)?)),
    ("from_iso8601_timestamp", |context| column::time(&told(context, 0)?).map(Out::Text)),
    ("from_unixtime", |context| {
        Some(Out::Text(column::shown(Timestamp::from_secs(told(context, 0)?.parse().ok()?))))
    }),
    ("is_json_scalar", |context| {
        Some(Out::Truth(!json(context, 0)?.is_object() && !json(context, 0)?.is_array()))
    }),
    ("json_array_contains", |context| Some(Out::Truth(contains(&json(context, 0)?, &told(context, 1)?)))),
    ("json_array_get", |context| {
        json(context, 0)?
            .get(told(context, 1)?.parse::<usize>().ok()?)
            .map(|value| Out::Text(value.to_string()))
    }),
    ("json_array_length", |context| count(&json(context, 0)?)),
    ("json_format", |context| told(context, 0).map(Out::Text)),
    ("json_parse", |context| told(context, 0).map(Out::Text)),
    ("lake_boolean", |context| match told(context, 0)?.to_ascii_lowercase().as_str() {
        "true" | "t" | "1" => Some(Out::Truth(true)),
        "false" | "f" | "0" => Some(Out::Truth(false)),
        _ => None,
    }),
    ("lake_field", |context| field(&json(context, 0)?, &told(context, 1)?)),
    ("lake_part", |context| part(&told(context, 0)?, &told(context, 1)?)),
    ("lake_time", |context| column::time(&told(context, 0)?).map(Out::Text)),
    ("map_keys", |context| {
        Some(Out::Text(json(context, 0)?.as_object()?.keys().cloned().collect::<Json>().to_string()))
    }),
    ("map_values", |context| {
        Some(Out::Text(json(context, 0)?.as_object()?.values().cloned().collect::<Json>().to_string()))
    }),
    ("regexp_extract", |context| {
        let text = told(context, 0)?;
        let group = if context.len() > 2 { told(context, 2)?.parse().ok()? } else { 0 };
        let found = pattern(context, 1)?.captures(&text)?.get(group)?.as_str().to_owned();
        Some(Out::Text(found))
    }),
    ("regexp_like", |context| Some(Out::Truth(pattern(context, 1)?.is_match(&told(context, 0)?)))),
    ("regexp_replace", |context| {
        let with = if context.len() > 2 { told(context, 2)? } else { String::new() };
        let text = told(context, 0)?;
        Some(Out::Text(pattern(context, 1)?.replace_all(&text, with.as_str()).into_owned()))
    }),
    ("reverse", |context| Some(Out::Text(told(context, 0)?.chars().rev().collect()))),
    ("split_part", |context| {
        let place = told(context, 2)?.parse::<usize>().ok()?.checked_sub(1)?;
        Some(Out::Text(told(context, 0)?.split(&told(context, 1)?).nth(place)?.to_owned()))
    }),
    ("starts_with", |context| Some(Out::Truth(told(context, 0)?.starts_with(&told(context, 1)?)))),
    ("to_iso8601", |context| {
        Some(Out::Text(format!("{}Z", column::time(&told(context, 0)?)?.replace(' ', "T"))))
    }),
    ("to_unixtime", |context| Some(Out::Number(time(&told(context, 0)?)?.as_secs()))),
];

/// The functions that give a part of a time under its name.
const PARTS: &[&str] = &[
    "day",
    "day_of_month",
    "day_of_week",
    "day_of_year",
    "dow",
    "doy",
    "hour",
    "millisecond",
    "minute",
    "month",
    "quarter",
    "second",
    "week",
    "week_of_year",
    "year",
];

/// The functions that say what time it is. The time is put in when the statement runs.
const NOW: &[&str] = &["current_date", "current_timestamp", "localtimestamp", "now"];

/// The longest regular expression, in bytes.
const PATTERN_LENGTH_MAX: usize = 1000;

/// What a function gives.
enum Out {
    Text(String),
    Number(i64),
    Truth(bool),
}

/// Passes if a function is known, and names it as the engine does.
///
/// # Errors
/// It is not.
pub(crate) fn check(function: &mut Function) -> std::result::Result<(), StatementError> {
    let name = function.name.to_string().to_ascii_lowercase();
    if let Some((_, other)) = OTHERWISE_NAMED.iter().find(|(trino, _)| *trino == name) {
        if name == "approx_distinct"
            && let FunctionArguments::List(list) = &mut function.args
        {
            list.duplicate_treatment = Some(sqlparser::ast::DuplicateTreatment::Distinct);
        }
        function.name = ObjectName::from(vec![Ident::new(*other)]);
        return Ok(());
    }
    let is_made = MADE.iter().any(|(made, _)| *made == name) || PARTS.contains(&name.as_str());
    if is_made || SAME.contains(&name.as_str()) || NOW.contains(&name.as_str()) {
        if NOW.contains(&name.as_str()) {
            function.name = ObjectName::from(vec![Ident::new("lake_now")]);
            function.args = FunctionArguments::List(sqlparser::ast::FunctionArgumentList {
                duplicate_treatment: None,
                args: Vec::new(),
                clauses: Vec::new(),
            });
        }
        return Ok(());
    }
    Err(StatementError(format!("function {name} is not supported")))
}

/// Whether a function gives a time.
pub(crate) fn gives_time(name: &str) -> bool {
    const TIMES: &[&str] =
        &["date_add", "date_trunc", "from_iso8601_timestamp", "from_unixtime", "lake_now", "lake_time"];
    TIMES.contains(&name.to_ascii_lowercase().as_str())
}

/// Makes the functions known to a connection whose time is `now`.
///
/// # Errors
/// The engine's.
pub(crate) fn register(connection: &Connection, now: Timestamp) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    for (name, run) in MADE {
        connection
            .create_scalar_function(*name, -1, flags, move |context| Ok(run(context).map(Out::into_sql)))?;
    }
    for name in PARTS {
        connection.create_scalar_function(*name, 1, flags, move |context| {
            Ok(told(context, 0).and_then(|time| part(name, &time)).map(Out::into_sql))
        })?;
    }
    let now = column::shown(now);
    connection.create_scalar_function("lake_now", 0, flags, move |_| Ok(now.clone()))
}

impl Out {
    fn into_sql(self) -> rusqlite::types::Value {
        match self {
            Self::Text(text) => text.into(),
            Self::Number(number) => number.into(),
            Self::Truth(truth) => i64::from(truth).into(),
        }
    }
}

/// An argument as text; none if it is null or not there.
fn told(context: &Context<'_>, place: usize) -> Option<String> {
    if place >= context.len() {
        return None;
    }
    match context.get_raw(place) {
        ValueRef::Null | ValueRef::Blob(_) => None,
        ValueRef::Integer(number) => Some(number.to_string()),
        ValueRef::Real(number) => Some(number.to_string()),
        ValueRef::Text(text) => std::str::from_utf8(text).ok().map(str::to_owned),
    }
}

fn json(context: &Context<'_>, place: usize) -> Option<Json> {
    serde_json::from_str(&told(context, place)?).ok()
}

fn pattern(context: &Context<'_>, place: usize) -> Option<Regex> {
    let pattern = told(context, place).filter(|pattern| pattern.len() <= PATTERN_LENGTH_MAX)?;
    Regex::new(&pattern).ok()
}

/// A value as a query sees it: texts as they are, structures as JSON.
fn shown(value: &Json) -> Option<Out> {
    match value {
        Json::Null => None,
        Json::String(text) => Some(Out::Text(text.clone())),
        Json::Bool(truth) => Some(Out::Text(truth.to_string())),
        other => Some(Out::Text(other.to_string())),
    }
}

/// A field of a structure, however its name is written.
fn field(of: &Json, name: &str) -> Option<Out> {
    let fields = of.as_object()?;
    shown(fields.iter().find(|(field, _)| field.eq_ignore_ascii_case(name))?.1)
}

/// The value of a key of a map, or an element of a list, the first being 1.
fn element(of: &Json, key: &str) -> Option<Out> {
    match of {
        Json::Object(fields) => shown(fields.get(key)?),
        Json::Array(items) => match key.parse::<i64>().ok()? {
            0 => None,
            place if place > 0 => shown(items.get(usize::try_from(place - 1).ok()?)?),
            place => shown(items.iter().nth_back(usize::try_from(-(place + 1)).ok()?)?),
        },
        _ => None,
    }
}

fn count(of: &Json) -> Option<Out> {
    let count = of.as_array().map(Vec::len).or_else(|| of.as_object().map(serde_json::Map::len))?;
    i64::try_from(count).ok().map(Out::Number)
}

fn contains(list: &Json, wanted: &str) -> bool {
    let text = |item: &Json| item.as_str().map_or_else(|| item.to_string(), str::to_owned);
    list.as_array().is_some_and(|items| items.iter().any(|item| text(item) == wanted))
}

fn time(text: &str) -> Option<Timestamp> {
    Timestamp::parse_iso8601(&format!("{}Z", column::time(text)?.replace(' ', "T"))).ok()
}

const DAY_MILLIS: i64 = 86_400_000;

/// How long a unit of time is that is always the same, in milliseconds.
fn unit(name: &str) -> Option<i64> {
    Some(match name.trim_end_matches('s') {
        "millisecond" => 1,
        "second" => 1000,
        "minute" => 60_000,
        "hour" => 3_600_000,
        "day" => DAY_MILLIS,
        "week" => 7 * DAY_MILLIS,
        _ => return None,
    })
}

fn add(unit_name: &str, number: i64, to: &str) -> Option<Out> {
    let from = time(to)?;
    let unit_name = unit_name.to_ascii_lowercase();
    let Some(unit) = unit(&unit_name) else {
        let months = match unit_name.trim_end_matches('s') {
            "month" => number,
            "quarter" => number.checked_mul(3)?,
            "year" => number.checked_mul(12)?,
            _ => return None,
        };
        return Some(Out::Text(column::shown(civil::add_months(from, months)?)));
    };
    let millis = from.as_millis().checked_add(number.checked_mul(unit)?)?;
    Some(Out::Text(column::shown(Timestamp::from_millis(millis))))
}

fn difference(unit_name: &str, from: &str, to: &str) -> Option<Out> {
    let unit = unit(&unit_name.to_ascii_lowercase())?;
    Some(Out::Number((time(to)?.as_millis() - time(from)?.as_millis()) / unit))
}

fn truncated(unit_name: &str, text: &str) -> Option<Out> {
    let at = time(text)?;
    let shown = column::shown(at);
    let text = match unit_name.to_ascii_lowercase().as_str() {
        "year" => format!("{}-01-01 00:00:00.000", shown.get(..4)?),
        "month" => format!("{}-01 00:00:00.000", shown.get(..7)?),
        "week" => {
            let days = at.as_millis().div_euclid(DAY_MILLIS);
            // The first of January 1970 was a Thursday; weeks begin on Mondays.
            let monday = days - (days + 3).rem_euclid(7);
            column::shown(Timestamp::from_millis(monday * DAY_MILLIS))
        }
        other => {
            let unit = unit(other)?;
            column::shown(Timestamp::from_millis(at.as_millis().div_euclid(unit) * unit))
        }
    };
    Some(Out::Text(text))
}

fn part(name: &str, text: &str) -> Option<Out> {
    let at = time(text)?;
    let shown = column::shown(at);
    let number = |range: std::ops::Range<usize>| shown.get(range)?.parse::<i64>().ok();
    let days = at.as_millis().div_euclid(DAY_MILLIS);
    let day_of_year = || {
        let first = time(&format!("{}-01-01", shown.get(..4)?))?;
        Some(days - first.as_millis().div_euclid(DAY_MILLIS) + 1)
    };
    let day_of_week = (days + 3).rem_euclid(7) + 1;
    let value = match name.to_ascii_lowercase().as_str() {
        "year" => number(0..4)?,
        "quarter" => (number(5..7)? + 2) / 3,
        "month" => number(5..7)?,
        "day" | "day_of_month" => number(8..10)?,
        "hour" => number(11..13)?,
        "minute" => number(14..16)?,
        "second" => number(17..19)?,
        "millisecond" => at.as_millis().rem_euclid(1000),
        "day_of_week" | "dow" => day_of_week,
        "day_of_year" | "doy" => day_of_year()?,
        // The week that has this week's Thursday in it.
        "week" | "week_of_year" => {
            let thursday = column::shown(Timestamp::from_millis((days - day_of_week + 4) * DAY_MILLIS));
            let Some(Out::Number(day)) = part("doy", &thursday) else { return None };
            (day - 1) / 7 + 1
        }
        _ => return None,
    };
    Some(Out::Number(value))
}

mod civil {
    use alcazar_base::Timestamp;

    /// The same day and time some months later, or the last day of that month.
    pub(super) fn add_months(from: Timestamp, months: i64) -> Option<Timestamp> {
        let text = super::column::shown(from);
        let (year, month): (i64, i64) = (text.get(..4)?.parse().ok()?, text.get(5..7)?.parse().ok()?);
        let day: i64 = text.get(8..10)?.parse().ok()?;
        let total = year.checked_mul(12)?.checked_add(month - 1)?.checked_add(months)?;
        let (year, month) = (total.div_euclid(12), total.rem_euclid(12) + 1);
        let rest = text.get(10..)?;
        (0..4).find_map(|fewer| super::time(&format!("{year:04}-{month:02}-{:02}{rest}", day - fewer)))
    }
}
