//! `alcazar params import`: parameters as a file has them.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, stdin};
use std::sync::Arc;

use alcazar_base::SecretString;
use zeroize::Zeroizing;

use super::{ParamsError, STANDARD, form_of, format_of};
use crate::cli::ImportArgs;
use crate::command::{Result, exec};
use crate::output;
use crate::parameters::apply::apply;
use crate::parameters::document::{Document, Entry, Kind, Value};
use crate::parameters::dotenv;
use crate::parameters::path::Path;
use crate::parameters::plan::Plan;
use crate::parameters::tree::{self, Reading};
use crate::parameters::variable::Naming;
use crate::progress::Progress;

/// The longest file that is read, in bytes.
const FILE_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// What a file holds.
enum Content {
    /// Parameters by their names below the path.
    Document(Document),
    /// Variables, which may stand for parameters that there are.
    Variables(Vec<(String, SecretString)>),
}

pub(super) async fn run(arguments: &ImportArgs) -> Result<()> {
    let content = content(arguments)?;
    let path = path(arguments, &content)?;
    let client = Arc::new(exec::connect(&arguments.aws).await?);
    // Values are compared, those of SecureStrings too.
    let reading = Reading { recursive: true, decrypt: true };
    let found = tree::read(&client, &path, reading).await?;
    let mut wanted = match content {
        Content::Document(document) => document.parameters,
        Content::Variables(variables) => entries(&path, variables, &found, arguments.kind)?,
    };
    if let Some(key_id) = &arguments.key_id {
        set_key(&mut wanted, &found, key_id);
    }
    // What is there keeps its tier.
    for (_, added) in wanted.iter_mut().filter(|(name, _)| !found.contains_key(*name)) {
        added.tier = added.tier.or(arguments.tier);
    }
    let plan = Plan::new(&path, &found, wanted, arguments.delete).map_err(ParamsError::from)?;
    let counts = plan.counts();
    if arguments.dry_run {
        for change in &plan.changes {
            if !output::answer(change) {
                return Ok(());
            }
        }
        output::answer(format_args!("a dry run: {counts}"));
        return Ok(());
    }
    if counts.changed > 0 && !arguments.overwrite {
        return Err(ParamsError::Differs(counts.changed).into());
    }
    let progress = Progress::counting("importing", plan.changes.len() as u64);
    apply(&client, plan, &mut |done| progress.count(done as u64)).await.map_err(ParamsError::from)?;
    drop(progress);
    output::answer(counts);
    Ok(())
}

fn content(arguments: &ImportArgs) -> std::result::Result<Content, ParamsError> {
    let file = &arguments.file;
    let text = read(file)?;
    match form_of(format_of(Some(file), arguments.format)) {
        Some(form) => Document::read(&text, form)
            .map(Content::Document)
            .map_err(|cause| ParamsError::Document { file: file.clone(), cause }),
        None => dotenv::read(&text)
            .map(Content::Variables)
            .map_err(|cause| ParamsError::Dotenv { file: file.clone(), cause }),
    }
}

fn read(file: &std::path::Path) -> std::result::Result<Zeroizing<String>, ParamsError> {
    let failed = |cause| ParamsError::Read { file: file.to_owned(), cause };
    let mut text = Zeroizing::new(String::new());
    let length = if file == std::path::Path::new(STANDARD) {
        stdin().lock().take(FILE_BYTES_MAX + 1).read_to_string(&mut text).map_err(failed)?
    } else {
        let opened = File::open(file).map_err(failed)?;
        let length = opened.metadata().map_err(failed)?.len().min(FILE_BYTES_MAX + 1);
        // Room for everything from the start: a text that grows leaves copies behind.
        text.reserve(usize::try_from(length).unwrap_or_default() + 1);
        opened.take(FILE_BYTES_MAX + 1).read_to_string(&mut text).map_err(failed)?
    };
    if length as u64 > FILE_BYTES_MAX {
        return Err(ParamsError::Long { file: file.to_owned(), most: FILE_BYTES_MAX });
    }
    Ok(text)
}

/// Where the parameters belong.
fn path(arguments: &ImportArgs, content: &Content) -> std::result::Result<Path, ParamsError> {
    let file = || arguments.file.clone();
    let of_file = match content {
        Content::Document(document) => document.path.as_deref(),
        Content::Variables(_) => None,
    };
    match (&arguments.path, of_file) {
        (Some(path), _) => Ok(path.clone()),
        (None, Some(path)) => path.parse().map_err(|cause| ParamsError::WrongPath { file: file(), cause }),
        (None, None) => Err(ParamsError::NoPath(file())),
    }
}

/// Variables as parameters: those that there are by the variables that they would be, new ones by the variables' names.
fn entries(
    path: &Path,
    variables: Vec<(String, SecretString)>,
    found: &BTreeMap<String, Entry>,
    kind: Kind,
) -> std::result::Result<BTreeMap<String, Entry>, ParamsError> {
    let mut names: BTreeMap<String, &String> = BTreeMap::new();
    for name in found.keys() {
        let Ok(variable) = Naming::default().variable(name) else { continue };
        if let Some(first) = names.insert(variable.clone(), name)
            && variables.iter().any(|(named, _)| *named == variable)
        {
            let (first, second) = (path.parameter(first), path.parameter(name));
            return Err(ParamsError::OneVariable { variable, first, second });
        }
    }
    let entry = |(variable, value)| {
        let there = names.get(&variable).map(|name| (*name).clone());
        let kind = if there.is_some() { None } else { Some(kind) };
        let entry = Entry { kind, value: Some(Value(value)), ..Entry::default() };
        (there.unwrap_or(variable), entry)
    };
    Ok(variables.into_iter().map(entry).collect())
}

/// Has all SecureStrings encrypted under one key.
fn set_key(wanted: &mut BTreeMap<String, Entry>, found: &BTreeMap<String, Entry>, key_id: &str) {
    for (name, entry) in wanted {
        let kind = entry.kind.or_else(|| found.get(name).and_then(|found| found.kind));
        if kind == Some(Kind::SecureString) {
            entry.key_id = Some(key_id.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> SecretString {
        SecretString::new(text.to_owned())
    }

    #[test]
    fn a_variable_stands_for_the_parameter_that_it_would_be_or_for_a_new_one() {
        let found = BTreeMap::from([("db/host".to_owned(), Entry::default())]);
        let variables = vec![("DB_HOST".to_owned(), secret("a")), ("NEW".to_owned(), secret("b"))];
        let entries = entries(&"/app".parse().unwrap(), variables, &found, Kind::String).ok().unwrap();
        assert_eq!(entries.keys().collect::<Vec<_>>(), ["NEW", "db/host"]);
        assert_eq!(entries["db/host"].kind, None);
        assert_eq!(entries["NEW"].kind, Some(Kind::String));
    }

    #[test]
    fn a_variable_that_stands_for_two_parameters_is_refused() {
        let found =
            BTreeMap::from([("a/b".to_owned(), Entry::default()), ("a-b".to_owned(), Entry::default())]);
        let path = "/app".parse().unwrap();
        assert!(entries(&path, vec![("A_B".to_owned(), secret("a"))], &found, Kind::String).is_err());
        assert!(entries(&path, vec![("B".to_owned(), secret("a"))], &found, Kind::String).is_ok());
    }

    #[test]
    fn a_key_is_set_for_secure_strings_alone() {
        let entry = |kind| Entry { kind, ..Entry::default() };
        let found = BTreeMap::from([("there".to_owned(), entry(Some(Kind::SecureString)))]);
        let mut wanted = BTreeMap::from([
            ("there".to_owned(), entry(None)),
            ("new".to_owned(), entry(Some(Kind::SecureString))),
            ("text".to_owned(), entry(Some(Kind::String))),
        ]);
        set_key(&mut wanted, &found, "alias/mine");
        let set: Vec<_> =
            wanted.iter().filter(|(_, entry)| entry.key_id.is_some()).map(|(name, _)| name).collect();
        assert_eq!(set, ["new", "there"]);
    }
}
