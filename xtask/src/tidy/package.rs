//! The packages that are really built, on any platform, with their versions and licences.
//!
//! `Cargo.lock` and `cargo metadata` also name packages behind features that nobody turns on; `cargo tree`
//! does not.

use std::collections::BTreeSet;
use std::process::Command;

use semver::Version;

use crate::error::{Error, Result, fail};
use crate::files;

/// A package.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Package {
    pub(super) name: String,
    pub(super) version: Version,
    /// An SPDX expression; empty if the package names none.
    pub(super) licence: String,
}

impl Package {
    /// Every package that the workspace is built, built with or tested with.
    pub(super) fn used() -> Result<BTreeSet<Self>> {
        let output = Command::new("cargo")
            .args(["tree", "--locked", "--workspace", "--edges", "normal,build,dev", "--target", "all"])
            .args(["--prefix", "none", "--format", "{p}|{l}"])
            .current_dir(files::root())
            .output()
            .map_err(|cause| Error::new(format!("cargo tree: {cause}")))?;
        if !output.status.success() {
            return fail(format!("cargo tree: {}", String::from_utf8_lossy(&output.stderr)));
        }
        let text = String::from_utf8_lossy(&output.stdout);
        text.lines().filter(|line| !line.trim().is_empty()).map(Self::parse).collect()
    }

    /// Reads a line such as `time v0.3.55 (proc-macro)|MIT OR Apache-2.0 (*)`.
    fn parse(line: &str) -> Result<Self> {
        let strange = || Error::new(format!("cargo tree: what is {line:?}?"));
        let (package, licence) = line.split_once('|').ok_or_else(strange)?;
        let mut words = package.split_whitespace();
        let name = words.next().ok_or_else(strange)?.to_owned();
        let version = words.next().and_then(|word| word.strip_prefix('v')).ok_or_else(strange)?;
        let version = Version::parse(version).map_err(|_| strange())?;
        let licence = licence.trim().trim_end_matches("(*)").trim().to_owned();
        Ok(Self { name, version, licence })
    }

    #[cfg(test)]
    pub(super) fn of(name: &str, version: &str, licence: &str) -> Self {
        Self { name: name.to_owned(), version: Version::parse(version).unwrap(), licence: licence.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_the_tree_is_read() {
        let expected = Package::of("time-macros", "0.2.32", "MIT OR Apache-2.0");
        assert_eq!(
            Package::parse("time-macros v0.2.32 (proc-macro)|MIT OR Apache-2.0 (*)").unwrap(),
            expected
        );
        assert!(Package::parse("time-macros|MIT").is_err());
    }
}
