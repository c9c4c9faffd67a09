//! Patterns and events out of choices. They are made of few names and values, so that they meet often.

use serde_json::{Map, Value, json};

use super::choices::Choices;

const NAMES: [&str; 3] = ["a", "b", "c"];
/// Names in `$or`, which nothing else uses, so that the order of members does not count.
const OTHER_NAMES: [&str; 2] = ["x", "y"];
const TEXTS: [&str; 9] = ["", "a", "ab", "abab", "AB", "b*", "10.0.0.1", "10.1.0.1", "::1"];
const PARTS: [&str; 5] = ["a", "b", "A", "aB", "10."];
const WILDCARDS: [&str; 7] = ["*", "a*", "*b", "a*b*", "*ab*", "\\*", ""];
const RANGES: [&str; 4] = ["10.0.0.0/24", "10.0.0.0/8", "::/0", "0.0.0.0/0"];

/// A valid pattern. Says more of what is found in events than of what is not.
pub(crate) fn pattern(choices: &mut Choices<'_>) -> Value {
    Value::Object(members(&NAMES, 0, choices))
}

fn members(names: &[&str], depth: usize, choices: &mut Choices<'_>) -> Map<String, Value> {
    let count = 1 + choices.below(2);
    let mut members = Map::new();
    for _ in 0..count {
        let name = choices.pick(names);
        // Each dot takes a level of the event.
        let (name, depth) = if depth < 2 && choices.once_in(8) {
            (format!("{name}.a"), depth + 1)
        } else {
            (name.to_owned(), depth)
        };
        let value = if depth < 3 && choices.once_in(3) {
            Value::Object(self::members(names, depth + 1, choices))
        } else {
            Value::Array(choices.several(1, 2, test))
        };
        members.insert(name, value);
    }
    if names.len() == NAMES.len() && choices.once_in(6) {
        let alternatives =
            choices.several(2, 3, |choices| Value::Object(self::members(&OTHER_NAMES, depth, choices)));
        members.insert("$or".to_owned(), Value::Array(alternatives));
    }
    members
}

fn test(choices: &mut Choices<'_>) -> Value {
    match choices.below(16) {
        0 => json!({"exists": true}),
        1 | 2 => json!({"exists": false}),
        3 => json!({"prefix": choices.pick(&PARTS)}),
        4 => json!({"suffix": choices.pick(&PARTS)}),
        5 => json!({"equals-ignore-case": choices.pick(&TEXTS)}),
        6 => json!({"wildcard": choices.pick(&WILDCARDS)}),
        7 => json!({"cidr": choices.pick(&RANGES)}),
        8 => json!({"numeric": [choices.pick(&["=", "<", "<=", ">", ">="]), number(choices)]}),
        9 => {
            json!({"numeric": [choices.pick(&[">", ">="]), -2, choices.pick(&["<", "<="]), number_above(choices)]})
        }
        10 => {
            let affix = choices.pick(&["prefix", "suffix"]);
            json!({affix: {"equals-ignore-case": choices.pick(&PARTS)}})
        }
        11 | 12 => json!({"anything-but": but(choices)}),
        _ => plain(choices),
    }
}

fn but(choices: &mut Choices<'_>) -> Value {
    match choices.below(6) {
        0 => json!(choices.pick(&TEXTS)),
        1 => json!(choices.several(1, 3, |choices| choices.pick(&TEXTS))),
        2 => number(choices),
        3 => json!(choices.several(1, 3, number)),
        4 => {
            let affix = choices.pick(&["prefix", "suffix", "equals-ignore-case"]);
            json!({affix: choices.several(1, 2, |choices| choices.pick(&PARTS))})
        }
        _ => json!({"wildcard": choices.pick(&WILDCARDS)}),
    }
}

fn number(choices: &mut Choices<'_>) -> Value {
    [json!(0), json!(1), json!(1.5), json!(-2), json!(2.0), json!(5e9)][choices.below(6)].clone()
}

fn number_above(choices: &mut Choices<'_>) -> Value {
    [json!(1), json!(1.5), json!(5e9)][choices.below(3)].clone()
}

fn plain(choices: &mut Choices<'_>) -> Value {
    match choices.below(8) {
        0 => Value::Null,
        1 => json!(choices.once_in(2)),
        2 => number(choices),
        3 => json!(6_000_000_000_u64),
        _ => json!(choices.pick(&TEXTS)),
    }
}

/// An event, with arrays in arrays.
pub(crate) fn event(choices: &mut Choices<'_>) -> Value {
    object(0, choices)
}

fn object(depth: usize, choices: &mut Choices<'_>) -> Value {
    let count = 1 + choices.below(4);
    let names = [NAMES[0], NAMES[1], NAMES[2], OTHER_NAMES[0], OTHER_NAMES[1]];
    let members = (0..count).map(|_| (choices.pick(&names).to_owned(), value(depth, choices)));
    Value::Object(members.collect())
}

fn value(depth: usize, choices: &mut Choices<'_>) -> Value {
    match choices.below(8) {
        0 | 1 if depth < 3 => object(depth + 1, choices),
        2 | 3 if depth < 4 => Value::Array(choices.several(0, 3, |choices| value(depth + 1, choices))),
        _ => plain(choices),
    }
}
