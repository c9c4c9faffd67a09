//! Every operator against the table in `testdata/conditions.json`, whose rows name the pages that they came from.

use std::collections::BTreeMap;

use alcazar_base::Timestamp;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use super::CompiledCondition;
use super::operator::Operator;
use crate::context::{Context, Value};
use crate::document::{Effect, PolicyDocument, PolicyKind};

const TABLE: &str = include_str!("../../testdata/conditions.json");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    page: String,
    condition: BTreeMap<String, BTreeMap<String, serde_json::Value>>,
    context: BTreeMap<String, Values>,
    /// Whether the condition of an Allow holds, and that of a Deny if the two are not the same.
    holds: bool,
    holds_in_deny: Option<bool>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Values {
    Several(Vec<One>),
    One(One),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum One {
    Bool(bool),
    Integer(i64),
    Text(String),
    Time { time: String },
    Address { ip: String },
    Binary { binary: String },
}

impl From<One> for Value {
    fn from(one: One) -> Self {
        match one {
            One::Bool(value) => Self::Bool(value),
            One::Integer(number) => Self::Integer(number),
            One::Text(text) => Self::from(text),
            One::Time { time } => Self::Time(Timestamp::parse_iso8601(&time).unwrap()),
            One::Address { ip } => Self::Address(ip.parse().unwrap()),
            One::Binary { binary } => Self::Binary(STANDARD.decode(binary).unwrap()),
        }
    }
}

fn rows() -> Vec<Row> {
    serde_json::from_str(TABLE).unwrap()
}

#[test]
fn conditions_hold_as_the_table_says() {
    for row in rows() {
        let mut context = Context::new();
        for (key, values) in row.context {
            let values = match values {
                Values::Several(several) => several,
                Values::One(one) => vec![one],
            };
            for value in values {
                context.insert(key.clone(), value);
            }
        }
        let condition = serde_json::to_string(&row.condition).unwrap();
        let text = format!(
            r#"{{"Version": "2012-10-17", "Statement":
                {{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {condition}}}}}"#
        );
        let document = PolicyDocument::parse(&text, PolicyKind::Identity).unwrap();
        let compiled = CompiledCondition::compile(&document.statements()[0].conditions[0]);
        let told = || format!("{condition} with {context:?}, after {}", row.page);
        assert_eq!(compiled.holds(&context, Effect::Allow), row.holds, "an Allow: {}", told());
        let in_deny = row.holds_in_deny.unwrap_or(row.holds);
        assert_eq!(compiled.holds(&context, Effect::Deny), in_deny, "a Deny: {}", told());
    }
}

#[test]
fn the_table_knows_every_operator_and_every_page() {
    let rows = rows();
    for (name, ..) in super::operator::OPERATORS {
        let operator = Operator::parse(name).unwrap();
        let plain =
            rows.iter().flat_map(|row| row.condition.keys()).filter(|key| key.eq_ignore_ascii_case(name));
        assert!(plain.count() >= 3, "{operator:?} has too few rows");
    }
    assert!(rows.iter().all(|row| row.page.starts_with("https://docs.aws.amazon.com/")));
}
