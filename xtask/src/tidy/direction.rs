//! Dependencies between our crates point one way, so that no cycle can form and each crate can be read alone.
//!
//! A crate may only depend on crates of lower layers. So no service depends on another's crate, and the engine
//! on no service and no API. What tests depend on is not looked at: they may use the testkit.

use std::path::Path;

use toml::{Table, Value};

use crate::error::{Error, Result};
use crate::files;

/// A crate's name, and the names of ours that it depends on.
pub(super) struct Manifest {
    name: String,
    dependencies: Vec<String>,
}

/// Our crates, lowest layer first. A name that ends with `-` stands for every crate whose name begins so.
const LAYERS: [&[&str]; 10] = [
    &["alcazar-base", "alcazar-sys"],
    &["alcazar-shape"],
    &["alcazar-crypto", "alcazar-policy", "alcazar-event", "alcazar-wire"],
    &["alcazar-engine"],
    // Above the engine, which names no service.
    &["alcazar-api-"],
    // Whom decisions are about; what several services write of it.
    &["alcazar-identity"],
    &["alcazar-store", "alcazar-svc-", "alcazar-frontend"],
    &["alcazar-testkit"],
    &["alcazar-server"],
    // Tools.
    &["alcazar-bench-", "alcazar-load", "xtask"],
];

/// Dependencies that the layers would allow, but that must not be: a model's shapes need nothing but their language.
const FORBIDDEN: [(&str, &str); 6] = [
    ("alcazar-api-", "alcazar-crypto"),
    ("alcazar-api-", "alcazar-policy"),
    ("alcazar-api-", "alcazar-wire"),
    ("alcazar-api-", "alcazar-engine"),
    ("alcazar-svc-", "alcazar-wire"),
    // It serves any service, and so may know none.
    ("alcazar-frontend", "alcazar-api-"),
];

pub(super) fn check(manifests: &[Manifest]) -> Result<Vec<String>> {
    let mut complaints = Vec::new();
    for Manifest { name, dependencies } in manifests {
        let Some(own) = layer(name) else {
            complaints.push(format!("{name} has no layer: give it one in xtask/src/tidy/direction.rs"));
            continue;
        };
        for dependency in dependencies {
            let lower = layer(dependency).is_some_and(|layer| layer < own);
            let forbidden =
                FORBIDDEN.iter().any(|(from, to)| is_called(name, from) && is_called(dependency, to));
            if !lower || forbidden {
                complaints.push(format!("{name} must not depend on {dependency}"));
            }
        }
    }
    Ok(complaints)
}

fn layer(name: &str) -> Option<usize> {
    LAYERS.iter().position(|names| names.iter().any(|layered| is_called(name, layered)))
}

fn is_called(name: &str, pattern: &str) -> bool {
    if pattern.ends_with('-') { name.starts_with(pattern) } else { name == pattern }
}

/// The manifests of the workspace's members.
pub(super) fn manifests(root: &Path) -> Result<Vec<Manifest>> {
    let workspace = table(&root.join("Cargo.toml"))?;
    let members = workspace.get("workspace").and_then(|table| table.get("members")).and_then(Value::as_array);
    members
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(|member| {
            let path = root.join(member).join("Cargo.toml");
            manifest(&table(&path)?).map_err(|cause| Error::at(&path, cause))
        })
        .collect()
}

fn table(path: &Path) -> Result<Table> {
    files::read(path)?.parse().map_err(|cause| Error::at(path, cause))
}

fn manifest(table: &Table) -> Result<Manifest> {
    let name = table.get("package").and_then(|package| package.get("name")).and_then(Value::as_str);
    let name = name.ok_or_else(|| Error::new("the package has no name"))?.to_owned();
    let targets = table.get("target").and_then(Value::as_table).into_iter().flatten();
    let tables = std::iter::once(table).chain(targets.filter_map(|(_, target)| target.as_table()));
    let dependencies = tables
        .flat_map(|table| [table.get("dependencies"), table.get("build-dependencies")])
        .flatten()
        .filter_map(Value::as_table)
        .flat_map(Table::keys)
        .filter(|dependency| dependency.starts_with("alcazar-"))
        .cloned()
        .collect();
    Ok(Manifest { name, dependencies })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(text: &str) -> usize {
        check(&[manifest(&text.parse().unwrap()).unwrap()]).unwrap().len()
    }

    fn depends(name: &str, on: &str) -> bool {
        complaints(&format!("[package]\nname = \"{name}\"\n[dependencies]\n{on}.workspace = true")) == 0
    }

    #[test]
    fn dependencies_point_down_only() {
        assert!(depends("alcazar-svc-kms", "alcazar-api-sts"));
        assert!(depends("alcazar-engine", "alcazar-wire"));
        assert!(depends("alcazar-crypto", "alcazar-sys"));
        assert!(!depends("alcazar-svc-kms", "alcazar-svc-sts"));
        assert!(!depends("alcazar-engine", "alcazar-svc-kms"));
        assert!(!depends("alcazar-engine", "alcazar-api-kms"));
        assert!(!depends("alcazar-api-kms", "alcazar-engine"));
        assert!(!depends("alcazar-base", "alcazar-shape"));
        assert!(!depends("alcazar-newcomer", "alcazar-base"));
    }

    #[test]
    fn tests_may_use_the_testkit_and_builds_may_not() {
        let with = |section: &str| {
            complaints(&format!(
                "[package]\nname = \"alcazar-svc-kms\"\n[{section}]\nalcazar-testkit = \"1\""
            ))
        };
        assert_eq!(with("dev-dependencies"), 0);
        assert_eq!(with("build-dependencies"), 1);
        assert_eq!(with("target.'cfg(unix)'.dependencies"), 1);
    }
}
