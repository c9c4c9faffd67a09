//! The files of the tables: one case a line.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;

/// What every case has, whatever its language.
#[derive(Deserialize)]
pub(crate) struct Documented {
    pub(crate) title: String,
    pub(crate) source: String,
}

/// Reads the cases of a file, which must be at least `least`.
pub(crate) fn read<T: for<'t> Deserialize<'t>>(text: &str, least: usize) -> Vec<(Documented, T)> {
    let mut titles = BTreeSet::new();
    let cases: Vec<_> = text
        .lines()
        .map(|line| {
            let read =
                |text| serde_json::from_str::<Value>(text).unwrap_or_else(|error| panic!("{line}: {error}"));
            let documented: Documented = serde_json::from_value(read(line)).unwrap();
            let case = serde_json::from_value(read(line)).unwrap_or_else(|error| panic!("{line}: {error}"));
            let pages = ["https://docs.aws.amazon.com/", "https://github.com/aws/"];
            assert!(
                pages.iter().any(|page| documented.source.starts_with(page)),
                "{line} has no page of AWS's"
            );
            assert!(titles.insert(documented.title.clone()), "{} stands twice", documented.title);
            (documented, case)
        })
        .collect();
    assert!(cases.len() >= least, "{} cases", cases.len());
    cases
}

/// Fails with all cases on which `check` disagrees with the table.
pub(crate) fn agrees<T>(cases: &[(Documented, T)], check: impl Fn(&T) -> Result<(), String>) {
    let disagreements: Vec<_> = cases
        .iter()
        .filter_map(|(documented, case)| {
            let told = check(case).err()?;
            Some(format!("{}\n    {told}\n    see {}", documented.title, documented.source))
        })
        .collect();
    assert!(disagreements.is_empty(), "{} disagreements\n{}", disagreements.len(), disagreements.join("\n"));
}

/// Whether two things are equal, and what they are if not.
pub(crate) fn same<T: PartialEq + std::fmt::Debug>(told: &T, wanted: &T) -> Result<(), String> {
    if told == wanted { Ok(()) } else { Err(format!("wanted {wanted:?}\n       got {told:?}")) }
}
