//! The passphrase of the root of trust: from the environment, from a file, or from the terminal.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::sync::OnceLock;

use alcazar_base::SecretString;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use zeroize::Zeroizing;

use super::DataDirError;

/// The longest passphrase, in bytes.
const PASSPHRASE_BYTES_MAX: u64 = 4096;

/// The variables that a passphrase, and a new one, may be in.
const VARIABLE: &str = "ALCAZAR_PASSPHRASE";
const NEW_VARIABLE: &str = "ALCAZAR_NEW_PASSPHRASE";

/// Where a passphrase comes from, unless the terminal is to be asked.
#[derive(Debug, Clone, Default)]
struct Source {
    variable: Option<SecretString>,
    /// Its first line counts. It goes before the variable.
    file: Option<PathBuf>,
}

/// Where the secrets of the root of trust come from. Each is asked for once at most, and only if it is needed.
#[derive(Debug, Default)]
pub(crate) struct Secrets {
    current: Source,
    new: Source,
    asked: OnceLock<SecretString>,
}

impl Secrets {
    /// Takes the passphrase of the root of trust, there is one or it is made, from `file`, the environment or the terminal.
    #[must_use]
    pub(crate) fn new(file: Option<PathBuf>) -> Self {
        let current = Source { variable: read_variable(VARIABLE), file };
        Self { new: current.clone(), current, asked: OnceLock::new() }
    }

    /// Takes the passphrase of a root that is made in place of another from `file`, another variable or the terminal.
    #[must_use]
    pub(crate) fn with_new(self, file: Option<PathBuf>) -> Self {
        Self { new: Source { variable: read_variable(NEW_VARIABLE), file }, ..self }
    }

    /// The passphrase of the root of trust that there is.
    pub(super) fn passphrase(&self) -> Result<SecretString, DataDirError> {
        if let Some(passphrase) = self.asked.get() {
            return Ok(passphrase.clone());
        }
        let passphrase = match given(&self.current)? {
            Some(passphrase) => passphrase,
            None => ask("Passphrase of the root of trust: ")?,
        };
        Ok(self.asked.get_or_init(|| passphrase).clone())
    }

    /// The passphrase of the first root of trust, which it opens from now on.
    pub(super) fn first_passphrase(&self) -> Result<SecretString, DataDirError> {
        let passphrase = self.new_passphrase()?;
        Ok(self.asked.get_or_init(|| passphrase).clone())
    }

    /// The passphrase of a root of trust that is made; the terminal is asked twice.
    pub(super) fn new_passphrase(&self) -> Result<SecretString, DataDirError> {
        if let Some(passphrase) = given(&self.new)? {
            return checked(passphrase);
        }
        let passphrase = checked(ask("New passphrase of the root of trust: ")?)?;
        if ask("The same once more: ")? == passphrase {
            Ok(passphrase)
        } else {
            Err(DataDirError::Passphrase("the two passphrases differ; nothing was changed".to_owned()))
        }
    }
}

fn read_variable(name: &str) -> Option<SecretString> {
    std::env::var(name).ok().map(SecretString::new)
}

fn checked(passphrase: SecretString) -> Result<SecretString, DataDirError> {
    if passphrase.expose().is_empty() {
        return Err(DataDirError::Passphrase("the passphrase is empty; choose one".to_owned()));
    }
    Ok(passphrase)
}

fn given(source: &Source) -> Result<Option<SecretString>, DataDirError> {
    let Some(path) = &source.file else { return Ok(source.variable.clone()) };
    let failed = |what: String| DataDirError::Failed { path: path.clone(), what };
    let file = File::open(path).map_err(|error| failed(error.to_string()))?;
    let passphrase = first_line(file).map_err(|error| failed(error.to_string()))?;
    checked(passphrase).map(Some)
}

fn first_line(source: impl Read) -> std::io::Result<SecretString> {
    // Room for the longest from the start: a buffer that grows leaves copies behind.
    let mut line =
        Zeroizing::new(Vec::with_capacity(usize::try_from(PASSPHRASE_BYTES_MAX).unwrap_or_default()));
    BufReader::new(source).take(PASSPHRASE_BYTES_MAX).read_until(b'\n', &mut line)?;
    while line.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
        line.pop();
    }
    let text = String::from_utf8(std::mem::take(&mut *line))
        .map_err(|_| std::io::Error::other("the passphrase is not UTF-8"))?;
    Ok(SecretString::new(text))
}

/// Asks on the terminal, which does not show the answer.
fn ask(question: &str) -> Result<SecretString, DataDirError> {
    let terminal = File::options().read(true).write(true).open("/dev/tty").map_err(|_| {
        DataDirError::Passphrase(
            "the root of trust is under a passphrase, and there is no terminal to ask for it: set --passphrase-file \
             or ALCAZAR_PASSPHRASE"
                .to_owned(),
        )
    })?;
    let failed = |error: std::io::Error| DataDirError::Passphrase(format!("the terminal failed: {error}"));
    let silent = Silent::begin(&terminal).map_err(failed)?;
    (&terminal).write_all(question.as_bytes()).map_err(failed)?;
    let answer = first_line(&terminal).map_err(failed);
    drop(silent);
    let _ = (&terminal).write_all(b"\n");
    checked(answer?)
}

/// A terminal that shows nothing of what is typed until this is dropped.
struct Silent<'a> {
    terminal: &'a File,
    before: Termios,
}

impl<'a> Silent<'a> {
    fn begin(terminal: &'a File) -> std::io::Result<Self> {
        let before = tcgetattr(terminal)?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        tcsetattr(terminal, OptionalActions::Flush, &silent)?;
        Ok(Self { terminal, before })
    }
}

impl Drop for Silent<'_> {
    fn drop(&mut self) {
        let _ = tcsetattr(self.terminal, OptionalActions::Flush, &self.before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_of_a_file_is_the_passphrase() {
        assert_eq!(first_line(&b"a b \r\nmore"[..]).unwrap().expose(), "a b ");
        assert_eq!(first_line(&b"alone"[..]).unwrap().expose(), "alone");
        assert!(first_line(&b"\xff\n"[..]).is_err());
    }

    #[test]
    fn the_passphrase_that_a_first_root_is_made_with_opens_it() {
        let source = Source { variable: Some(SecretString::new("chosen".into())), file: None };
        let secrets = Secrets { new: source, ..Secrets::default() };
        assert_eq!(secrets.first_passphrase().unwrap(), secrets.passphrase().unwrap());
    }

    #[test]
    fn an_empty_passphrase_is_refused() {
        let source = Source { variable: Some(SecretString::default()), file: None };
        let secrets = Secrets { new: source, ..Secrets::default() };
        assert!(secrets.new_passphrase().unwrap_err().to_string().contains("empty"));
    }
}
