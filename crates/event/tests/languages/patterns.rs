//! Event patterns against their table.

use alcazar_event::Pattern;
use serde::Deserialize;
use serde_json::Value;

use crate::table::{self, Documented, agrees, same};

/// A pattern with an event and whether they match, or with what is wrong with the pattern.
#[derive(Deserialize)]
#[serde(untagged)]
enum Case {
    Match { pattern: String, event: Value, expect: bool },
    Error(Fault),
}

#[derive(Deserialize)]
struct Fault {
    pattern: String,
    error: String,
    /// Where the error is told to be, if it is told.
    column: Option<usize>,
    line: Option<usize>,
    /// Whether the place is told twice.
    #[serde(default)]
    twice: bool,
}

fn cases() -> Vec<(Documented, Case)> {
    table::read(include_str!("data/patterns.jsonl"), 150)
}

#[test]
fn every_pattern_matches_as_aws_documents_it() {
    agrees(&cases(), |case| match case {
        Case::Match { pattern, event, expect } => {
            let pattern = Pattern::parse(pattern).map_err(|error| error.to_string())?;
            same(&pattern.matches(event), expect)
        }
        Case::Error(fault) => {
            let mut wanted = format!("Event pattern is not valid. Reason: {}", fault.error);
            if let Some(column) = fault.column {
                let line = fault.line.unwrap_or(1);
                let place =
                    format!("\n at [Source: (String)\"{}\"; line: {line}, column: {column}]", fault.pattern);
                wanted.push_str(&place.repeat(if fault.twice { 2 } else { 1 }));
            }
            match Pattern::parse(&fault.pattern) {
                Ok(_) => Err("was read".to_owned()),
                Err(error) => same(&error.to_string(), &wanted),
            }
        }
    });
}

#[test]
fn the_table_expects_both_answers() {
    let cases = cases();
    let count = |wanted| {
        let of = |(_, case): &&(_, Case)| matches!(case, Case::Match { expect, .. } if *expect == wanted);
        cases.iter().filter(of).count()
    };
    assert!(count(true) > 60 && count(false) > 60, "{} and {}", count(true), count(false));
}
