//! `cargo xtask tidy`: the rules of the house that neither the compiler nor clippy can check.
//!
//! Each rule is a function from facts to complaints, in a file of its own; here the facts are gathered and
//! the complaints printed.

mod advisory;
mod ambient;
mod banned;
mod direction;
mod length;
mod licence;
mod package;

use std::path::PathBuf;

use crate::error::{Result, fail};
use crate::files;
use package::Package;

/// A source file: its path below the workspace's root, and its text.
struct Source {
    path: String,
    text: String,
}

/// Applies every rule.
pub(crate) fn run() -> Result<()> {
    let root = files::root();
    let sources = sources()?;
    let packages = Package::used()?;
    let settings = root.join("xtask");
    let mut complaints = length::check(&sources);
    complaints.extend(ambient::check(&sources));
    complaints.extend(direction::check(&direction::manifests(&root)?)?);
    complaints.extend(banned::check(&packages));
    complaints.extend(licence::check(&packages, &files::read(&settings.join("licences.toml"))?)?);
    complaints.extend(advisory::check(&packages, &files::read(&settings.join("advisories.toml"))?)?);
    for complaint in &complaints {
        println!("{complaint}");
    }
    if complaints.is_empty() { Ok(()) } else { fail("the rules of the house are broken") }
}

/// Every Rust file of ours.
fn sources() -> Result<Vec<Source>> {
    let root = files::root();
    let mut paths: Vec<PathBuf> = Vec::new();
    for directory in ["crates", "bench", "fuzz", "tests", "xtask"] {
        paths.extend(files::below(&root.join(directory), "rs")?);
    }
    paths
        .into_iter()
        .map(|path| {
            let text = files::read(&path)?;
            let path = path.strip_prefix(&root).unwrap_or(&path).to_string_lossy().into_owned();
            Ok(Source { path, text })
        })
        .collect()
}
