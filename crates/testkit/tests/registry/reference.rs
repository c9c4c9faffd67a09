//! AWS's Service Authorization Reference, as `models/authorization/` has it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

/// What AWS says of a service.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reference {
    actions: BTreeMap<String, Action>,
    resources: BTreeMap<String, Resource>,
    #[serde(default)]
    operations: BTreeMap<String, Taken>,
}

/// What AWS says of an action.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Action {
    #[serde(rename = "access_level")]
    _access_level: String,
    #[serde(default)]
    pub(crate) resources: BTreeMap<String, ResourceType>,
    #[serde(default)]
    condition_keys: BTreeSet<String>,
    #[serde(default)]
    pub(crate) dependent_actions: BTreeSet<String>,
}

/// What AWS says of a resource type of an action.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResourceType {
    pub(crate) required: bool,
    #[serde(default)]
    condition_keys: BTreeSet<String>,
}

/// What AWS says of a resource type, whatever is done to it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Resource {
    arn: String,
    #[serde(default)]
    condition_keys: BTreeSet<String>,
}

/// What an operation takes, where that is not just the action of its own name.
#[derive(Debug, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Taken {
    actions: Vec<String>,
    also: Vec<String>,
    open: Option<String>,
}

/// A correction: a JSON merge patch with its reason.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Correction {
    reason: String,
    patch: Json,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Corrections {
    corrections: Vec<Correction>,
}

impl Reference {
    /// What AWS says of a service, corrected.
    pub(crate) fn of(service: &str) -> Self {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models/authorization");
        let mut reference: Json = read(&directory.join(format!("{service}.json")))
            .unwrap_or_else(|| panic!("give {service} its facts: cargo xtask authorization"));
        let corrections = read(&directory.join("corrections").join(format!("{service}.json")));
        for Correction { reason, patch } in corrections.map_or(Vec::new(), |all: Corrections| all.corrections)
        {
            assert!(reason.contains("https://"), "a correction names its source: {reason}");
            merge(&mut reference, &patch);
        }
        serde_json::from_value(reference).unwrap()
    }

    /// What AWS says of an action, by its name without the service.
    pub(crate) fn action(&self, action: &str) -> Option<&Action> {
        self.actions.get(action)
    }

    /// The actions that an operation takes for its sample, without the service's name.
    pub(crate) fn actions_of<'a>(&'a self, operation: &'a str) -> Vec<&'a str> {
        match self.operations.get(operation) {
            Some(Taken { open: Some(_), .. }) => Vec::new(),
            Some(Taken { actions, also, .. }) => {
                let own = if actions.is_empty() { Some(operation) } else { None };
                own.into_iter().chain(actions.iter().chain(also).map(String::as_str)).collect()
            }
            None => vec![operation],
        }
    }

    /// Whether nobody needs a permission for an operation.
    pub(crate) fn is_open(&self, operation: &str) -> bool {
        self.operations.get(operation).is_some_and(|taken| taken.open.is_some())
    }

    /// The resource types of an action whose ARNs are of the form of this one.
    pub(crate) fn types_of(&self, action: &str, arn: &str) -> Vec<&str> {
        let Some(action) = self.actions.get(action) else { return Vec::new() };
        let types = action.resources.keys().map(String::as_str);
        types.filter(|kind| fits(&self.resources[*kind].arn, arn)).collect()
    }

    /// Whether an ARN is that of all resources of a type, such as `arn:aws:iam::111122223333:user/`: what AWS names when it
    /// denies a list for which its reference gives no resource type.
    pub(crate) fn is_collection(&self, arn: &str) -> bool {
        let templates = self.resources.values().filter_map(|resource| resource.arn.rsplit_once("${"));
        templates.into_iter().any(|(collection, _)| fits(collection, arn))
    }

    /// Every condition key of the service that has no variable part.
    pub(crate) fn all_keys(&self) -> BTreeSet<&str> {
        let of_actions = self.actions.values().flat_map(|action| &action.condition_keys);
        let of_resources = self.resources.values().flat_map(|resource| &resource.condition_keys);
        of_actions.chain(of_resources).map(String::as_str).filter(|key| !key.contains("${")).collect()
    }

    /// The condition keys of an action on this resource.
    pub(crate) fn keys(&self, name: &str, arn: &str) -> BTreeSet<&str> {
        let Some(action) = self.actions.get(name) else { return BTreeSet::new() };
        let of_types = self.types_of(name, arn).into_iter().flat_map(|kind| {
            self.resources[kind].condition_keys.union(&action.resources[kind].condition_keys)
        });
        action.condition_keys.iter().chain(of_types).map(String::as_str).collect()
    }
}

/// Whether a text has the form of a template, in which `${Name}` stands for one character or more.
pub(crate) fn fits(template: &str, text: &str) -> bool {
    let Some((literal, rest)) = template.split_once("${") else { return template == text };
    let (Some(text), Some((_, rest))) = (text.strip_prefix(literal), rest.split_once('}')) else {
        return false;
    };
    text.char_indices()
        .skip(1)
        .map(|(at, _)| at)
        .chain([text.len()])
        .any(|at| at > 0 && fits(rest, &text[at..]))
}

/// Applies a JSON merge patch (RFC 7396).
fn merge(target: &mut Json, patch: &Json) {
    let Json::Object(changes) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Json::Object(serde_json::Map::new());
    }
    let members = target.as_object_mut().unwrap();
    for (name, change) in changes {
        if change.is_null() {
            members.remove(name);
        } else {
            merge(members.entry(name.as_str()).or_insert(Json::Null), change);
        }
    }
}

fn read<T: DeserializeOwned>(path: &Path) -> Option<T> {
    let text = fs::read_to_string(path).ok()?;
    Some(serde_json::from_str(&text).unwrap_or_else(|cause| panic!("{}: {cause}", path.display())))
}

#[test]
fn a_template_fits_what_has_something_for_each_name() {
    let template = "arn:${Partition}:kms:${Region}:${Account}:key/${KeyId}";
    assert!(fits(template, "arn:aws:kms:us-east-1:111122223333:key/abc"));
    assert!(!fits(template, "arn:aws:kms:us-east-1:111122223333:key/"));
    assert!(!fits(template, "arn:aws:kms:us-east-1:111122223333:alias/abc"));
    assert!(fits("aws:RequestTag/${TagKey}", "aws:RequestTag/Team"));
    assert!(!fits("aws:TagKeys", "aws:TagKey"));
}
