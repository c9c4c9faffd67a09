//! Packages that must not come in by a back door: a second cryptographic library beside aws-lc.

use std::collections::{BTreeMap, BTreeSet};

use super::package::Package;

/// What must not be built at all, and why.
const BANNED: [(&str, &str); 3] = [
    ("ring", "aws-lc-rs is the one provider of cryptography"),
    ("openssl-sys", "aws-lc-rs is the one provider of cryptography"),
    ("native-tls", "rustls is the one implementation of TLS"),
];

/// What must be there in one version only.
const SINGLE: [&str; 3] = ["aws-lc-rs", "aws-lc-sys", "rustls"];

pub(super) fn check(packages: &BTreeSet<Package>) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut versions: BTreeMap<&str, usize> = BTreeMap::new();
    for package in packages {
        *versions.entry(&package.name).or_default() += 1;
    }
    for (name, reason) in BANNED {
        if versions.contains_key(name) {
            complaints.push(format!("{name} is built in, but {reason}: see `cargo tree --invert {name}`"));
        }
    }
    for name in SINGLE {
        if versions.get(name).is_some_and(|count| *count > 1) {
            complaints
                .push(format!("{name} is built in more than one version: see `cargo tree --duplicates`"));
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(packages: &[(&str, &str)]) -> usize {
        check(&packages.iter().map(|(name, version)| Package::of(name, version, "MIT")).collect()).len()
    }

    #[test]
    fn what_is_banned_is_found() {
        assert_eq!(complaints(&[("aws-lc-sys", "0.47.0"), ("syn", "1.0.0"), ("syn", "2.0.0")]), 0);
        assert_eq!(complaints(&[("ring", "0.17.14")]), 1);
        assert_eq!(complaints(&[("aws-lc-sys", "0.47.0"), ("aws-lc-sys", "0.46.0")]), 1);
    }
}
