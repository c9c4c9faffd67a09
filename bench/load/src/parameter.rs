//! Parameter Store's operations: parameters in paths, and what is asked about them.
//!
//! Paths have as many parameters each, in the order of their numbers. One in a hundred is a list; ten in a hundred have
//! a tag of their own, up to a hundred tags.

use serde_json::{Value, json};

use crate::error::BenchError;
use crate::fixture::Fixture;
use crate::operation::Operation;

/// How many secure strings there are beside the other parameters.
pub(crate) const SECURE: usize = 1000;
/// How many parameters have one tag.
const TAGGED: usize = 10;
/// Every how many-th parameter is a list.
const LISTS: usize = 100;
/// How many bytes a value has.
const VALUE_BYTES: usize = 64;

/// The path of a parameter.
fn path(fixture: &Fixture, index: usize) -> String {
    let (count, paths) = fixture.parameters;
    let each = count.checked_div(paths).unwrap_or_default().max(1);
    format!("/bench/path-{:06}", index / each)
}

/// Its name.
fn name(fixture: &Fixture, index: usize) -> String {
    format!("{}/name-{index:07}", path(fixture, index))
}

fn secure_name(index: usize) -> String {
    format!("/secure/name-{:07}", index % SECURE)
}

fn value(index: usize) -> String {
    format!("{index:0VALUE_BYTES$}")
}

/// A request that makes a parameter of the fixture.
pub(crate) fn new_body(fixture: &Fixture, index: usize) -> Value {
    let kind = if index.is_multiple_of(LISTS) { "StringList" } else { "String" };
    let mut body = json!({ "Name": name(fixture, index), "Value": value(index), "Type": kind });
    if index % LISTS < TAGGED && index / LISTS < LISTS {
        put(&mut body, "Tags", json!([{ "Key": "group", "Value": (index / LISTS).to_string() }]));
    }
    body
}

/// A request that makes a secure string.
pub(crate) fn new_secure_body(index: usize) -> Value {
    json!({ "Name": secure_name(index), "Value": value(index), "Type": "SecureString" })
}

/// How many requests of an operation differ.
pub(crate) fn different(operation: Operation, fixture: &Fixture) -> usize {
    match operation {
        Operation::PutParameter => usize::MAX,
        _ => fixture.parameters.0,
    }
}

/// The body of the `index`-th request.
pub(crate) fn body(operation: Operation, fixture: &Fixture, index: usize) -> Result<Value, BenchError> {
    let count = fixture.parameters.0;
    let known = index.checked_rem(count).ok_or(BenchError::EmptyFixture("parameters"))?;
    let filter = |key: &str, option: &str, value: String| json!({ "ParameterFilters": [{ "Key": key, "Option": option, "Values": [value] }], "MaxResults": 50 });
    Ok(match operation {
        Operation::PutParameter => {
            let name = format!("/run/{}/name-{index:07}", fixture.run);
            json!({ "Name": name, "Value": value(index), "Type": "String", "Overwrite": true })
        }
        Operation::OverwriteParameter => {
            json!({ "Name": name(fixture, known), "Value": value(index), "Overwrite": true })
        }
        Operation::GetSecureParameter => json!({ "Name": secure_name(index), "WithDecryption": true }),
        Operation::GetParametersByPath => json!({ "Path": path(fixture, known) }),
        Operation::DescribeByPath => filter("Path", "OneLevel", path(fixture, known)),
        Operation::DescribeByName => {
            let mut name = name(fixture, known);
            name.pop();
            filter("Name", "BeginsWith", name)
        }
        Operation::DescribeByType => filter("Type", "Equals", "StringList".to_owned()),
        Operation::DescribeByTag => {
            let groups = (count / LISTS).clamp(1, LISTS);
            filter("tag:group", "Equals", (index % groups).to_string())
        }
        _ => json!({ "Name": name(fixture, known) }),
    })
}

/// What the body of a right answer contains.
pub(crate) fn expected(operation: Operation) -> &'static str {
    match operation {
        Operation::PutParameter | Operation::OverwriteParameter => "\"Version\":",
        Operation::GetParameter | Operation::GetSecureParameter => "\"Value\":\"000",
        _ => "\"Name\":",
    }
}

/// What the file of a recorded answer is called.
pub(crate) fn answer_name(operation: Operation) -> &'static str {
    match operation {
        Operation::GetSecureParameter => "GetSecureParameter",
        operation => operation.name(),
    }
}

fn put(body: &mut Value, member: &str, value: Value) {
    if let Some(members) = body.as_object_mut() {
        members.insert(member.to_owned(), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parameter_that_is_asked_for_was_made() {
        let fixture = Fixture { parameters: (20_000, 10), ..Fixture::default() };
        let made: Vec<Value> = (0..20_000).map(|index| new_body(&fixture, index)).collect();
        for index in [0, 1, 19_999, 20_000, 31_234] {
            let asked = body(Operation::GetParameter, &fixture, index).unwrap();
            assert!(made.iter().any(|made| made["Name"] == asked["Name"]), "{asked}");
        }
        let tagged = made.iter().filter(|made| made["Tags"][0]["Value"] == "7").count();
        assert_eq!(tagged, TAGGED);
        assert_eq!(made.iter().filter(|made| made["Type"] == "StringList").count(), 200);
        assert!(body(Operation::GetParameter, &Fixture::default(), 0).is_err());
    }

    #[test]
    fn each_run_makes_parameters_of_its_own() {
        let of_run = |run| Fixture { parameters: (1, 1), run, ..Fixture::default() };
        let [one, other] = [1, 2].map(|run| body(Operation::PutParameter, &of_run(run), 0).unwrap());
        assert_ne!(one["Name"], other["Name"]);
    }
}
