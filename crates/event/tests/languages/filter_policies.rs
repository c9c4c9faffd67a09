//! Filter policies against their table.

use std::collections::BTreeMap;

use alcazar_event::{FilterPolicy, FilterPolicyScope, MessageAttribute};
use serde::Deserialize;
use serde_json::Value;

use crate::table::{self, agrees, same};

/// A policy with a message's attributes or body and whether the message passes, or with what is wrong with the policy.
#[derive(Deserialize)]
#[serde(untagged)]
enum Case {
    Attributes { policy: String, attributes: BTreeMap<String, (String, String)>, expect: bool },
    Body { policy: String, body: Value, expect: bool },
    Error { policy: String, scope: String, error: String },
}

fn parse(policy: &str, scope: FilterPolicyScope) -> Result<FilterPolicy, String> {
    FilterPolicy::parse(policy, scope).map_err(|error| error.to_string())
}

#[test]
fn every_filter_policy_matches_as_aws_documents_it() {
    agrees(&table::read(include_str!("data/filter_policies.jsonl"), 40), |case| match case {
        Case::Attributes { policy, attributes, expect } => {
            let policy = parse(policy, FilterPolicyScope::MessageAttributes)?;
            let attributes = attributes.iter().map(|(name, (of_type, value))| {
                let attribute = match of_type.as_str() {
                    "String" => MessageAttribute::String(value),
                    "Number" => MessageAttribute::Number(value),
                    "String.Array" => MessageAttribute::StringArray(value),
                    "Binary" => MessageAttribute::Binary,
                    other => panic!("no type of attributes: {other}"),
                };
                (name.as_str(), attribute)
            });
            same(&policy.matches_attributes(attributes), expect)
        }
        Case::Body { policy, body, expect } => {
            same(&parse(policy, FilterPolicyScope::MessageBody)?.matches_body(body), expect)
        }
        Case::Error { policy, scope, error } => {
            let scope = match scope.as_str() {
                "MessageAttributes" => FilterPolicyScope::MessageAttributes,
                _ => FilterPolicyScope::MessageBody,
            };
            same(&parse(policy, scope).map(|_| ()), &Err(error.clone()))
        }
    });
}
