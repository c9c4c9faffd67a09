//! Schedule expressions against their table.

use alcazar_base::Timestamp;
use alcazar_event::Schedule;
use serde::Deserialize;

use crate::table::{self, agrees, same};

/// An expression with the times at which it is due after a time, one after the other; or one that is none.
#[derive(Deserialize)]
#[serde(untagged)]
enum Case {
    Due { expression: String, start: Option<String>, after: String, due: Vec<String> },
    Error { expression: String, error: bool },
}

#[test]
fn every_schedule_is_due_as_aws_documents_it() {
    let cases = table::read(include_str!("data/schedules.jsonl"), 80);
    let time = |text: &str| Timestamp::parse_iso8601(text).unwrap();
    agrees(&cases, |case| match case {
        Case::Due { expression, start, after, due } => {
            let schedule = Schedule::parse(expression).map_err(|error| error.to_string())?;
            let start = start.as_deref().map_or(Timestamp::from_secs(0), time);
            let mut now = time(after);
            // Where the table gives no time, there is none.
            let wanted =
                if due.is_empty() { vec![None] } else { due.iter().map(|due| Some(time(due))).collect() };
            let mut told = Vec::new();
            for _ in &wanted {
                let next = schedule.next_after(start, now);
                told.push(next);
                now = next.unwrap_or(now);
            }
            same(&told, &wanted)
        }
        Case::Error { expression, error } => {
            assert!(error);
            let told = Schedule::parse(expression).map_err(|error| error.to_string());
            same(&told, &Err("Parameter ScheduleExpression is not valid.".to_owned()))
        }
    });
}
