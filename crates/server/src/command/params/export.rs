//! `alcazar params export`: the parameters below a path, as a file.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

use super::{ParamsError, STANDARD, form_of, format_of};
use crate::cli::ExportArgs;
use crate::command::{Result, exec};
use crate::data_dir::private_file;
use crate::output;
use crate::parameters::document::{Document, Entry, Kind};
use crate::parameters::dotenv;
use crate::parameters::path::Path;
use crate::parameters::secret_buffer::SecretBuffer;
use crate::parameters::tree::{self, Reading};
use crate::parameters::variable::Naming;

pub(super) async fn run(arguments: &ExportArgs) -> Result<()> {
    let client = Arc::new(exec::connect(&arguments.aws).await?);
    let reading = Reading { recursive: !arguments.no_recursive, decrypt: arguments.decrypt };
    let found = tree::read(&client, &arguments.path, reading).await?;
    let hidden = found.values().filter(|entry| entry.value.is_none()).count();
    let count = found.len();
    let format = format_of(arguments.output.as_deref(), arguments.format);
    let text = match form_of(format) {
        Some(form) => {
            let document = Document { path: Some(arguments.path.to_string()), parameters: found };
            document.write(form).map_err(ParamsError::Write)?
        }
        None => variables(&arguments.path, &found)?,
    };
    match arguments.output.as_deref().filter(|file| *file != std::path::Path::new(STANDARD)) {
        Some(file) => {
            private_file::replace(file, text.bytes()).map_err(ParamsError::File)?;
            output::note(format_args!("{count} parameters of {} in {}", arguments.path, file.display()));
        }
        // A reader that has gone away is no error of ours.
        None => drop(std::io::stdout().lock().write_all(text.bytes())),
    }
    if hidden > 0 {
        output::note(format_args!("{hidden} SecureStrings are without their values; --decrypt writes them"));
    }
    Ok(())
}

/// The values that are in the clear, as a dotenv file.
fn variables(path: &Path, found: &BTreeMap<String, Entry>) -> std::result::Result<SecretBuffer, ParamsError> {
    let mut named: BTreeMap<String, &str> = BTreeMap::new();
    let mut buffer = SecretBuffer::new();
    for (name, entry) in found {
        let variable = Naming::default().variable(name)?;
        if let Some(other) = named.get(&variable) {
            let (first, second) = (path.parameter(other), path.parameter(name));
            return Err(ParamsError::OneVariable { variable, first, second });
        }
        if let Some(value) = &entry.value {
            dotenv::write(&mut buffer, &variable, &value.0);
        } else if entry.kind == Some(Kind::SecureString) {
            // So that who reads the file sees that something is missing.
            buffer.push(format!("# {variable} is a SecureString\n").as_bytes());
        }
        named.insert(variable, name);
    }
    Ok(buffer)
}

#[cfg(test)]
mod tests {
    use alcazar_base::SecretString;

    use super::*;
    use crate::parameters::document::Value;

    fn entry(kind: Kind, value: Option<&str>) -> Entry {
        let value = value.map(|value| Value(SecretString::new(value.to_owned())));
        Entry { kind: Some(kind), value, ..Entry::default() }
    }

    #[test]
    fn a_dotenv_file_holds_what_is_in_the_clear() {
        let found = BTreeMap::from([
            ("db/host".to_owned(), entry(Kind::String, Some("two words"))),
            ("db/password".to_owned(), entry(Kind::SecureString, None)),
        ]);
        let text = variables(&"/app".parse().unwrap(), &found).ok().unwrap();
        assert_eq!(text.bytes(), b"DB_HOST='two words'\n# DB_PASSWORD is a SecureString\n");
    }

    #[test]
    fn what_a_dotenv_file_cannot_hold_is_refused() {
        let found = BTreeMap::from([
            ("a/b".to_owned(), entry(Kind::String, Some("1"))),
            ("a_b".to_owned(), entry(Kind::String, Some("2"))),
        ]);
        let error = variables(&"/app".parse().unwrap(), &found).err().unwrap().to_string();
        assert!(error.contains("/app/a/b and /app/a_b"), "{error}");
        let found = BTreeMap::from([("1".to_owned(), entry(Kind::String, Some("1")))]);
        assert!(variables(&"/app".parse().unwrap(), &found).is_err());
    }
}
