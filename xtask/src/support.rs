//! `cargo xtask support`: the tables of supported operations in docs/SUPPORT.md and README.md.
//!
//! They follow from the catalogue and the models, so that they cannot promise what is not built.

use std::path::Path;

use crate::catalogue::Catalogue;
use crate::error::{Error, Result, fail};
use crate::files;
use crate::model::Model;

const BEGIN: &str = "<!-- support:begin -->";
const END: &str = "<!-- support:end -->";

/// What the tables say of one service.
struct Support {
    service: String,
    full_name: String,
    /// Every operation of the model, and whether it is built; sorted.
    operations: Vec<(String, bool)>,
}

/// Writes the tables, or only checks that they are right.
pub(crate) fn run(check: bool) -> Result<()> {
    let root = files::root();
    let services = services(&root.join("models"))?;
    let places = [("docs/SUPPORT.md", whole(&services)), ("README.md", summary(&services))];
    let mut stale = Vec::new();
    for (name, table) in places {
        let path = root.join(name);
        // The README may say nothing of it.
        let Some(text) = files::read_if_present(&path)? else { continue };
        let Some(renewed) = replace(&text, &table).map_err(|cause| Error::at(&path, cause))? else {
            continue;
        };
        if renewed != text {
            stale.push(name);
        }
        if !check {
            files::write_if_changed(&path, &renewed)?;
        }
    }
    match (check, stale.is_empty()) {
        (true, false) => fail(format!("{} out of date: run `cargo xtask support`", stale.join(", "))),
        _ => Ok(()),
    }
}

fn services(models: &Path) -> Result<Vec<Support>> {
    let catalogue = Catalogue::read(models)?;
    let mut services = Vec::new();
    for (service, listed) in catalogue.operations {
        let model = Model::read(models, &service)?;
        let mut operations: Vec<(String, bool)> = model
            .operations
            .iter()
            .map(|(name, _)| (name.to_owned(), listed.iter().any(|built| built == name)))
            .collect();
        operations.sort();
        services.push(Support { service, full_name: model.metadata.service_full_name, operations });
    }
    Ok(services)
}

/// Puts `table` between the markers; nothing if there are none.
fn replace(text: &str, table: &str) -> Result<Option<String>> {
    let Some((before, rest)) = text.split_once(BEGIN) else { return Ok(None) };
    let Some((_, after)) = rest.split_once(END) else {
        return fail(format!("{BEGIN} has no {END}"));
    };
    Ok(Some(format!("{before}{BEGIN}\n{table}{END}{after}")))
}

impl Support {
    fn built(&self) -> impl Iterator<Item = &str> {
        self.operations.iter().filter(|(_, built)| *built).map(|(name, _)| name.as_str())
    }

    /// `24 of 56`
    fn share(&self) -> String {
        format!("{} of {}", self.built().count(), self.operations.len())
    }
}

/// A line for each service.
fn summary(services: &[Support]) -> String {
    let lines: String = services
        .iter()
        .map(|support| {
            let list: Vec<&str> = support.built().collect();
            format!("| {} | {} | {} |\n", support.full_name, support.share(), list.join(", "))
        })
        .collect();
    format!("\n| service | operations | which |\n|---|---|---|\n{lines}\n")
}

/// A line for each operation of each service.
fn whole(services: &[Support]) -> String {
    services
        .iter()
        .map(|support| {
            let lines: String = support
                .operations
                .iter()
                .map(|(name, built)| format!("| {name} | {} |\n", if *built { "yes" } else { "" }))
                .collect();
            format!(
                "\n## {} (`{}`): {}\n\n| operation | works |\n|---|---|\n{lines}\n",
                support.full_name,
                support.service,
                support.share()
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_between_the_markers_is_replaced() {
        let text = format!("a\n{BEGIN}\nold\n{END}\nb\n");
        let renewed = replace(&text, "new\n").unwrap().unwrap();
        assert_eq!(renewed, format!("a\n{BEGIN}\nnew\n{END}\nb\n"));
        assert_eq!(replace(&renewed, "new\n").unwrap().unwrap(), renewed);
    }

    #[test]
    fn a_text_without_markers_is_left_alone() {
        assert_eq!(replace("a\n", "new\n").unwrap(), None);
        assert!(replace(&format!("{BEGIN} and no end"), "new\n").is_err());
    }

    #[test]
    fn the_tables_tell_what_is_built_and_what_is_not() {
        let services = [Support {
            service: "kms".to_owned(),
            full_name: "KMS".to_owned(),
            operations: vec![("Decrypt".to_owned(), true), ("Verify".to_owned(), false)],
        }];
        assert!(summary(&services).contains("| KMS | 1 of 2 | Decrypt |\n"));
        assert!(whole(&services).contains("| Decrypt | yes |\n| Verify |  |\n"));
    }
}
