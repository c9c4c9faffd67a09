//! The members of AWS's published example records, against those of ours.
//!
//! `examples.json` has the names that each example shows, with its source; values are examples only. What differs is
//! listed in [`DIFFERENCES`] with the reason.

use std::collections::{BTreeMap, BTreeSet};

use alcazar_shape::{Kind, Schema};
use alcazar_testkit::TestCloud;
use serde::Deserialize;
use serde_json::Value as Json;

use crate::golden::record_of;
use crate::sample;

/// What an example shows.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Example {
    source: String,
    read_only: Option<bool>,
    request: Option<BTreeSet<String>>,
    response: Option<BTreeSet<String>>,
    /// Whether it is of a call that succeeded.
    answered: bool,
    resources: bool,
    #[serde(default)]
    additional: BTreeSet<String>,
}

/// What differs: the operation or `*`, where, and why.
const DIFFERENCES: &[(&str, &str, &str)] = &[
    ("*", "credentials.sessionToken", "a token is a secret here, whoever reads the records"),
    (
        "GetFederationToken",
        "resources",
        "policies are asked about the federated user, which counts as a resource here",
    ),
    (
        "DisablePolicyType",
        "root.policyTypes.status",
        "the answer is of what is, and then the type is disabled",
    ),
    ("DisablePolicyType", "root.policyTypes.type", "the answer is of what is, and then the type is disabled"),
    ("InviteAccountToOrganization", "handshake.parties.id", "the model marks it sensitive"),
    ("InviteAccountToOrganization", "handshake.resources.resources.value", "the model marks it sensitive"),
    ("InviteAccountToOrganization", "handshake.resources.value", "the model marks it sensitive"),
    ("AddPermission", "request AWSAccountIds", "records of AWS's spell it aWSAccountIds, unlike the guide"),
    ("SendMessage", "mD5OfMessageSystemAttributes", "the sample sends no system attributes"),
    ("SendMessage", "sequenceNumber", "the sample's queue is none of FIFO"),
    ("CreateCustomKeyStore", "request clusterId", "the key stores here are external ones"),
    ("UpdateCustomKeyStore", "request clusterId", "the key stores here are external ones"),
    (
        "DeleteImportedKeyMaterial",
        "keyMaterialId",
        "the sample's key has a single material, which needs no name",
    ),
    ("*", "additional ExtendedRequestId", "there is no such id here"),
    ("*", "additional RequestDetails", "one endpoint is all there is"),
    ("*", "additional clusterId", "the key stores here are external ones"),
    ("*", "additional customKeyStoreName", "the key stores here are external ones"),
];

/// The names of a record's part, with dots between levels.
fn names(value: &Json, up: &str, found: &mut BTreeSet<String>) {
    match value {
        Json::Object(members) => {
            for (name, value) in members {
                let path = if up.is_empty() { name.clone() } else { format!("{up}.{name}") };
                names(value, &path, found);
                found.insert(path);
            }
        }
        Json::Array(items) => items.iter().for_each(|item| names(item, up, found)),
        _ => {}
    }
}

/// Whether events can show a member of this path.
fn has_member(schema: &Schema, path: &str) -> bool {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    match &schema.kind {
        Kind::List { member, .. } => has_member(member.schema, path),
        Kind::Map { value, .. } => rest.is_none_or(|rest| has_member(value.schema, rest)),
        Kind::Structure { members, .. } => members.iter().any(|member| {
            let (first, others) = member.name.split_at(1);
            name == first.to_ascii_lowercase() + others
                && rest.is_none_or(|rest| has_member(member.schema, rest))
        }),
        _ => false,
    }
}

#[tokio::test]
async fn our_records_have_what_the_examples_of_aws_have() {
    let text = include_str!("examples.json");
    let examples: BTreeMap<String, BTreeMap<String, Example>> = serde_json::from_str(text).unwrap();
    let (mut faults, mut compared) = (Vec::new(), 0);
    for operation in sample::models(&TestCloud::new(41)) {
        let of_service = examples.get(operation.service.name);
        let Some(example) = of_service.and_then(|examples| examples.get(operation.name)) else { continue };
        let Ok(record) = tokio::spawn(record_of(operation)).await else { continue };
        let name = operation.name;
        compared += 1;
        let mut fault = |what: String| {
            let excused =
                DIFFERENCES.iter().any(|(of, part, _)| (*of == "*" || *of == name) && what == *part);
            if !excused {
                faults.push(format!("{name}: {what} ({})", example.source));
            }
        };
        if example.read_only.is_some_and(|read_only| record["readOnly"] != read_only) {
            fault("readOnly".to_owned());
        }
        for member in example.request.iter().flatten() {
            if !has_member(operation.input, member) {
                fault(format!("request {member}"));
            }
        }
        if example.answered {
            let mut ours = BTreeSet::new();
            names(&record["responseElements"], "", &mut ours);
            if example.response.is_none() != record["responseElements"].is_null() {
                fault("responseElements".to_owned());
            }
            for member in example.response.iter().flatten().filter(|member| !ours.contains(*member)) {
                fault(member.clone());
            }
            for member in &example.additional {
                if record["additionalEventData"].get(member).is_none() {
                    fault(format!("additional {member}"));
                }
            }
        }
        if example.resources != record.get("resources").is_some() {
            fault("resources".to_owned());
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(compared > 50, "{compared}");
}
