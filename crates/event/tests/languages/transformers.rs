//! Input paths and transformers against their table.

use std::collections::BTreeMap;

use alcazar_base::Timestamp;
use alcazar_event::{
    InputPath, InputTransformer, TRANSFORMED_BYTES_MAX, TransformedTooLong, TransformerInput,
};
use serde::Deserialize;

use crate::table::{self, agrees, same};

/// Paths and a template, or a path alone, with what they make of an event, or with what is wrong with them.
#[derive(Deserialize)]
#[serde(untagged)]
enum Case {
    Transformed { event: String, paths: BTreeMap<String, String>, template: String, expect: String },
    Selected { event: String, path: String, expect: Option<String> },
    NoTransformer { paths: BTreeMap<String, String>, template: String, error: String },
    NoPath { path: String, error: String },
}

fn transformer(paths: &BTreeMap<String, String>, template: &str) -> Result<InputTransformer, String> {
    let paths = paths.iter().map(|(name, path)| (name.as_str(), path.as_str()));
    InputTransformer::parse(paths, template).map_err(|error| error.message("my-target"))
}

fn input(event: &str) -> TransformerInput<'_> {
    TransformerInput {
        event,
        rule_arn: "arn:aws:events:us-east-2:123456789012:rule/example",
        rule_name: "example",
        ingestion_time: Timestamp::parse_iso8601("2015-11-11T21:30:00Z").unwrap(),
    }
}

#[test]
fn every_event_is_transformed_as_aws_documents_it() {
    agrees(&table::read(include_str!("data/transformers.jsonl"), 30), |case| match case {
        Case::Transformed { event, paths, template, expect } => {
            same(&transformer(paths, template)?.apply(&input(event)), &Ok(expect.clone()))
        }
        Case::Selected { event, path, expect } => {
            same(&InputPath::parse(path).map_err(|error| error.to_string())?.select(event), expect)
        }
        Case::NoTransformer { paths, template, error } => {
            same(&transformer(paths, template).map(|_| ()), &Err(error.clone()))
        }
        Case::NoPath { path, error } => {
            same(&InputPath::parse(path).map_err(|error| error.to_string()).map(|_| ()), &Err(error.clone()))
        }
    });
}

#[test]
fn what_a_template_makes_is_bounded() {
    let event = format!("{{\"a\":\"{}\"}}", "x".repeat(1000));
    let template = format!("\"{}\"", "<a>".repeat(2000));
    let paths = BTreeMap::from([("a".to_owned(), "$.a".to_owned())]);
    const { assert!(2000 * 1000 > TRANSFORMED_BYTES_MAX) };
    assert_eq!(transformer(&paths, &template).unwrap().apply(&input(&event)), Err(TransformedTooLong));
}
