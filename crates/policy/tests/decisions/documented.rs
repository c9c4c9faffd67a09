//! The decision table: what AWS documents about who may do what, as cases. The files in `data/` hold them by topic,
//! each with the page that it comes from; every case must be decided as it says, by both evaluators.

use std::collections::BTreeSet;

use crate::reference;
use crate::table::{self, Case};

/// The files of the table.
const FILES: [(&str, &str); 12] = [
    ("boundaries", include_str!("data/boundaries.json")),
    ("cross_account", include_str!("data/cross_account.json")),
    ("elements", include_str!("data/elements.json")),
    ("evaluation", include_str!("data/evaluation.json")),
    ("examples", include_str!("data/examples.json")),
    ("keys", include_str!("data/keys.json")),
    ("keys_and_roles", include_str!("data/keys_and_roles.json")),
    ("operators_plain", include_str!("data/operators_plain.json")),
    ("operators_sets", include_str!("data/operators_sets.json")),
    ("organizations", include_str!("data/organizations.json")),
    ("principals", include_str!("data/principals.json")),
    ("variables", include_str!("data/variables.json")),
];

/// The least number of cases.
const CASES_MIN: usize = 500;

fn cases() -> Vec<Case> {
    FILES.iter().flat_map(|(name, text)| table::read(name, text)).collect()
}

/// Fails with the titles of all cases on which `decide` disagrees with the table.
fn agrees(decide: impl Fn(&Case) -> Result<(), String>) {
    let disagreements: Vec<_> = cases()
        .iter()
        .filter_map(|case| {
            let told = decide(case).err()?;
            Some(format!("{}: {}\n    {told}\n    see {}", case.file, case.title, case.source))
        })
        .collect();
    assert!(disagreements.is_empty(), "{} disagreements\n{}", disagreements.len(), disagreements.join("\n"));
}

#[test]
fn every_case_is_decided_as_aws_documents_it() {
    agrees(|case| {
        let decision = case.question.prepare().map_err(|error| error.to_string())?.decide();
        case.expect.agrees_with_decision(decision)
    });
}

#[test]
fn the_reference_decides_every_case_as_aws_documents_it() {
    agrees(|case| case.expect.agrees_with_verdict(&reference::decide(&case.question)));
}

#[test]
fn the_table_is_large_and_every_case_has_its_page() {
    let cases = cases();
    assert!(cases.len() >= CASES_MIN, "{} cases", cases.len());
    for case in &cases {
        let is_page =
            case.source.starts_with("https://docs.aws.amazon.com/") && case.source.contains(".html");
        assert!(is_page, "{} has no page of AWS's: {}", case.title, case.source);
    }
    let titles: BTreeSet<_> = cases.iter().map(|case| (&case.file, &case.title)).collect();
    assert_eq!(titles.len(), cases.len(), "a title stands twice");
    // A table that expects one answer throughout would be passed by whoever always gives it.
    let allowed = cases.iter().filter(|case| case.expect.is_allowed()).count();
    assert!((cases.len() / 4..cases.len() * 3 / 4).contains(&allowed), "{allowed} are allowed");
}
