//! Every dependency may be used, changed and shipped on the terms of a permissive licence.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use spdx::{Expression, ParseMode};

use super::package::Package;
use crate::error::{Error, Result};

/// `xtask/licences.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Terms {
    /// SPDX identifiers of the licences that are accepted.
    allowed: BTreeSet<String>,
    /// Package → the SPDX expression for it, where it names none itself.
    #[serde(default)]
    clarified: BTreeMap<String, String>,
}

pub(super) fn check(packages: &BTreeSet<Package>, terms: &str) -> Result<Vec<String>> {
    let terms: Terms =
        toml::from_str(terms).map_err(|cause| Error::new(format!("licences.toml: {cause}")))?;
    Ok(packages.iter().filter_map(|package| complaint(package, &terms)).collect())
}

fn complaint(package: &Package, terms: &Terms) -> Option<String> {
    let Package { name, version, licence } = package;
    let clarified = terms.clarified.get(name).filter(|_| licence.is_empty());
    let licence = clarified.unwrap_or(licence);
    let Ok(expression) = Expression::parse_mode(licence, ParseMode::LAX) else {
        return Some(format!("{name} {version}: its licence {licence:?} is no SPDX expression"));
    };
    let accepted = expression
        .evaluate(|requirement| requirement.license.id().is_some_and(|id| terms.allowed.contains(id.name)));
    (!accepted).then(|| format!("{name} {version}: {licence} is not among xtask/licences.toml's licences"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(licence: &str) -> bool {
        let terms = "allowed = [\"MIT\", \"Apache-2.0\"]";
        check(&BTreeSet::from([Package::of("a", "1.0.0", licence)]), terms).unwrap().is_empty()
    }

    #[test]
    fn one_accepted_choice_is_enough_and_every_part_is_needed() {
        assert!(accepted("MIT"));
        assert!(accepted("MIT/Apache-2.0"));
        assert!(accepted("Apache-2.0 OR GPL-2.0-only"));
        assert!(accepted("Apache-2.0 WITH LLVM-exception"));
        assert!(!accepted("GPL-3.0-only"));
        assert!(!accepted("MIT AND ISC"));
        assert!(!accepted("do what you want"));
        assert!(!accepted(""));
    }
}
