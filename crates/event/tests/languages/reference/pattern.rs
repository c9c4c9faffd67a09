//! Event patterns: the event is taken apart into fields, each of which knows in which items of which arrays it stands;
//! then every way to find the fields of the pattern among them is tried, in the order of their names.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::value;

/// Where in arrays something stands: which item, by array.
type Membership = BTreeMap<usize, usize>;

struct Field {
    path: String,
    value: Value,
    membership: Membership,
}

/// Whether a valid pattern matches an event. Its `$or`s say nothing about a field of which more is said elsewhere.
pub(crate) fn matches(pattern: &Value, event: &Value) -> bool {
    let mut fields = Vec::new();
    take_apart(event, "", &Membership::new(), &mut 0, &mut fields);
    let branches = branches(pattern.as_object().unwrap(), "");
    branches.iter().any(|branch| found(&branch.iter().collect::<Vec<_>>(), &fields, &Membership::new()))
}

fn take_apart(
    value: &Value,
    path: &str,
    membership: &Membership,
    arrays: &mut usize,
    fields: &mut Vec<Field>,
) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                take_apart(value, &path, membership, arrays, fields);
            }
        }
        Value::Array(items) => {
            let array = *arrays;
            *arrays += 1;
            for (index, item) in items.iter().enumerate() {
                let mut membership = membership.clone();
                // Values that stand in an array themselves are not bound to an item.
                if item.is_object() || item.is_array() {
                    membership.insert(array, index);
                }
                take_apart(item, path, &membership, arrays, fields);
            }
        }
        value => {
            fields.push(Field {
                path: path.to_owned(),
                value: value.clone(),
                membership: membership.clone(),
            });
        }
    }
}

/// What must hold at each path, for each way through the `$or`s.
fn branches(pattern: &Map<String, Value>, prefix: &str) -> Vec<BTreeMap<String, Vec<Value>>> {
    let mut all = vec![BTreeMap::new()];
    for (name, value) in pattern {
        let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        let added = match value {
            Value::Array(items) if name == "$or" => {
                items.iter().flat_map(|item| branches(item.as_object().unwrap(), prefix)).collect()
            }
            Value::Array(tests) => vec![BTreeMap::from([(path, tests.clone())])],
            Value::Object(members) => branches(members, &path),
            other => panic!("no pattern: {other}"),
        };
        let both = |one: &BTreeMap<_, _>| {
            let one = one.clone();
            added
                .iter()
                .map(move |other| one.clone().into_iter().chain(other.clone()).collect())
                .collect::<Vec<_>>()
        };
        all = all.iter().flat_map(both).collect();
    }
    all
}

/// Whether the fields that are left can be found so that all stand in the same items.
fn found(wanted: &[(&String, &Vec<Value>)], fields: &[Field], so_far: &Membership) -> bool {
    let Some(((path, tests), rest)) = wanted.split_first() else { return true };
    let agrees = |field: &Field| {
        field.membership.iter().all(|(array, item)| so_far.get(array).is_none_or(|other| other == item))
    };
    let candidates: Vec<_> = fields.iter().filter(|field| field.path == **path && agrees(field)).collect();
    if tests.contains(&json!({"exists": false})) && candidates.is_empty() && found(rest, fields, so_far) {
        return true;
    }
    candidates.iter().any(|field| {
        let passes = tests.iter().any(|test| match test.get("exists") {
            Some(exists) => exists == true,
            None => value::passes(test, &field.value),
        });
        let mut together = so_far.clone();
        together.extend(&field.membership);
        passes && found(rest, fields, &together)
    })
}
