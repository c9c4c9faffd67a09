//! `cargo xtask models`: imports API models from botocore into `models/`, facts only.
//!
//! What is kept: names, types, constraints, protocols, errors. What is not: documentation, examples, and
//! every other text written for readers.

use std::path::{Path, PathBuf};

use crate::catalogue::Catalogue;
use crate::error::{Error, Result, fail};
use crate::files;
use crate::json::{Json, Ordered};
use crate::pypi;

/// Reads a model out of an installed botocore (the package's directory) or a wheel, in the newest API version.
/// Models are gzipped or plain. Arguments: the source and the service. Prints botocore's version, then the model.
const READ_MODEL: &str = r#"
import gzip, pathlib, re, sys, zipfile
source, service = pathlib.Path(sys.argv[1]), sys.argv[2]
package = source if source.is_dir() else zipfile.Path(source, "botocore/")
version = re.search(r"__version__ = '([^']+)'", (package / "__init__.py").read_text()).group(1)
newest = max((package / "data" / service).iterdir(), key=lambda entry: entry.name)
packed, plain = newest / "service-2.json.gz", newest / "service-2.json"
model = gzip.decompress(packed.read_bytes()) if packed.exists() else plain.read_bytes()
sys.stdout.buffer.write(version.encode() + b"\n" + model)
"#;

/// Members of a model's objects that hold prose.
const PROSE: [&str; 5] = ["documentation", "documentationUrl", "deprecatedMessage", "examples", "synopsis"];

/// Members of a model's objects whose own members are names that the service chose.
const NAME_MAPS: [&str; 3] = ["operations", "shapes", "members"];

/// Imports the models of every service in the catalogue.
pub(crate) fn run(botocore: Option<PathBuf>) -> Result<()> {
    let models = files::root().join("models");
    let catalogue = Catalogue::read(&models)?;
    let directory = tempfile::tempdir().map_err(|cause| Error::new(cause.to_string()))?;
    let source = match botocore {
        Some(path) => path,
        None => pypi::download("botocore", &catalogue.botocore, directory.path())?,
    };
    for service in catalogue.operations.keys() {
        let json = read(&source, service, &catalogue.botocore)?;
        let path = models.join(format!("{service}.json"));
        let changed = files::write_if_changed(&path, &facts(&json, false).to_text())?;
        println!("{} {}", if changed { "written" } else { "unchanged" }, path.display());
    }
    Ok(())
}

/// A service's model, as botocore has it.
fn read(source: &Path, service: &str, version: &str) -> Result<Json> {
    let text = pypi::python(READ_MODEL, &[source, Path::new(service)])?;
    let Some((found, model)) = text.split_once('\n') else {
        return fail(format!("{service}: botocore gave no model"));
    };
    if found != version {
        return fail(format!("models/operations.toml wants botocore {version}, but this is {found}"));
    }
    serde_json::from_str(model).map_err(|cause| Error::new(format!("{service}: {cause}")))
}

/// A model without its prose. In a map of names, a name such as `documentation` is kept.
fn facts(json: &Json, names: bool) -> Json {
    match json {
        Json::Object(entries) => Json::Object(Ordered(
            entries
                .iter()
                .filter(|(name, _)| names || !PROSE.contains(name))
                .map(|(name, value)| {
                    let names = !names && NAME_MAPS.contains(&name);
                    (name.to_owned(), facts(value, names))
                })
                .collect(),
        )),
        Json::Array(items) => Json::Array(items.iter().map(|item| facts(item, false)).collect()),
        Json::Scalar(value) => Json::Scalar(value.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_goes_and_names_stay() {
        let model = r#"{"documentation":"x","shapes":{"documentation":{"type":"structure","documentation":"x",
            "members":{"documentation":{"shape":"A","documentation":"x"},"members":{"shape":"B"}}}}}"#;
        let facts = facts(&serde_json::from_str(model).unwrap(), false);
        assert_eq!(
            serde_json::to_string(&facts).unwrap(),
            r#"{"shapes":{"documentation":{"type":"structure","members":{"documentation":{"shape":"A"},"members":{"shape":"B"}}}}}"#
        );
    }
}
