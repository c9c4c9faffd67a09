//! No dependency has a version that is known to be unsafe.
//!
//! Best effort: the table is kept by hand, so that the check needs no network. It holds what is known of the
//! packages that are used here; it is no substitute for a scanner with the whole RustSec database.

use std::collections::BTreeSet;

use semver::VersionReq;
use serde::Deserialize;

use super::package::Package;
use crate::error::{Error, Result};

/// `xtask/advisories.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    advisory: Vec<Advisory>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Advisory {
    id: String,
    package: String,
    /// The versions that must not be used.
    versions: VersionReq,
    reason: String,
}

pub(super) fn check(packages: &BTreeSet<Package>, table: &str) -> Result<Vec<String>> {
    let table: Table =
        toml::from_str(table).map_err(|cause| Error::new(format!("advisories.toml: {cause}")))?;
    let mut complaints = Vec::new();
    for Advisory { id, package: name, versions, reason } in &table.advisory {
        for package in packages.iter().filter(|package| package.name == *name) {
            if versions.matches(&package.version) {
                complaints.push(format!("{name} {}: {id}: {reason}", package.version));
            }
        }
    }
    Ok(complaints)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unsafe_version_is_found() {
        let table =
            "[[advisory]]\nid = \"X\"\npackage = \"a\"\nversions = \">=1.2, <1.2.5\"\nreason = \"it leaks\"";
        let complaints =
            |version| check(&BTreeSet::from([Package::of("a", version, "MIT")]), table).unwrap().len();
        assert_eq!(complaints("1.2.4"), 1);
        assert_eq!(complaints("1.2.5"), 0);
        assert_eq!(complaints("1.1.0"), 0);
    }
}
