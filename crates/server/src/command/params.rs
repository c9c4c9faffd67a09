//! `alcazar params`: trees of parameters, to and from files.
//!
//! What always holds: files are their owner's alone; no value of a SecureString is written unless that is asked for,
//! and none is ever shown.

mod export;
mod import;

use std::path::{Path, PathBuf};

use thiserror::Error;

use super::Result;
use crate::cli::{ParamsCommand, ParamsFormat};
use crate::data_dir::DataDirError;
use crate::parameters::apply::ApplyError;
use crate::parameters::document::{DocumentError, Form};
use crate::parameters::dotenv::DotenvError;
use crate::parameters::path::NoPath;
use crate::parameters::plan::PlanError;
use crate::parameters::variable::NotAVariable;

/// How standard input and output are named.
const STANDARD: &str = "-";

/// Parameters that were not moved.
#[derive(Debug, Error)]
pub(crate) enum ParamsError {
    /// The file cannot be read.
    #[error("{}: {cause}", .file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// Why not.
        cause: std::io::Error,
    },
    /// The file is too long.
    #[error("{}: the file is longer than {most} bytes", .file.display())]
    Long {
        /// The file.
        file: PathBuf,
        /// How long files may be.
        most: u64,
    },
    /// The file holds no document of parameters.
    #[error("{}: {cause}", .file.display())]
    Document {
        /// The file.
        file: PathBuf,
        /// Why not.
        cause: DocumentError,
    },
    /// The file is no dotenv file.
    #[error("{}: {cause}", .file.display())]
    Dotenv {
        /// The file.
        file: PathBuf,
        /// Why not.
        cause: DotenvError,
    },
    /// What was found cannot be written.
    #[error("the document cannot be written: {0}")]
    Write(DocumentError),
    /// The file cannot be written.
    #[error(transparent)]
    File(#[from] DataDirError),
    /// The file does not say where its parameters belong.
    #[error("{}: the file names no path; name one with --path", .0.display())]
    NoPath(PathBuf),
    /// The file's path is none.
    #[error("{}: Path: {cause}", .file.display())]
    WrongPath {
        /// The file.
        file: PathBuf,
        /// Why not.
        cause: NoPath,
    },
    /// A parameter gives no variable.
    #[error(transparent)]
    Name(#[from] NotAVariable),
    /// Two parameters would be one variable.
    #[error(
        "{first} and {second} would both be the variable {variable}, so that a dotenv file cannot hold both"
    )]
    OneVariable {
        /// The variable.
        variable: String,
        /// The one parameter.
        first: String,
        /// The other.
        second: String,
    },
    /// A parameter cannot be made.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// Parameters would be changed, and nobody said that they may be.
    #[error(
        "{0} parameters differ from the file, so nothing was done; --dry-run shows them, --overwrite changes them"
    )]
    Differs(usize),
    /// It was not done whole.
    #[error(transparent)]
    Apply(#[from] ApplyError),
}

pub(super) async fn run(command: &ParamsCommand) -> Result<()> {
    match command {
        ParamsCommand::Export(arguments) => export::run(arguments).await,
        ParamsCommand::Import(arguments) => import::run(arguments).await,
    }
}

/// The form of a file: as is said, or as its name says.
fn format_of(file: Option<&Path>, said: Option<ParamsFormat>) -> ParamsFormat {
    let name = file.and_then(Path::file_name).and_then(|name| name.to_str()).unwrap_or_default();
    let by_name = match name.rsplit_once('.') {
        Some((_, "yaml" | "yml")) => ParamsFormat::Yaml,
        // `.env`, `prod.env`, and `.env.prod`, as people name them.
        Some((_, "env")) => ParamsFormat::Dotenv,
        _ if name.starts_with(".env.") => ParamsFormat::Dotenv,
        _ => ParamsFormat::Json,
    };
    said.unwrap_or(by_name)
}

/// The form of a document; none if the file holds variables alone.
fn form_of(format: ParamsFormat) -> Option<Form> {
    match format {
        ParamsFormat::Json => Some(Form::Json),
        ParamsFormat::Yaml => Some(Form::Yaml),
        ParamsFormat::Dotenv => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_the_form_that_its_name_says_unless_another_is_named() {
        for (name, format) in [
            ("a.json", ParamsFormat::Json),
            ("a", ParamsFormat::Json),
            ("a.yaml", ParamsFormat::Yaml),
            ("b/a.yml", ParamsFormat::Yaml),
            (".env", ParamsFormat::Dotenv),
            ("prod.env", ParamsFormat::Dotenv),
            ("x/.env.local", ParamsFormat::Dotenv),
        ] {
            assert_eq!(format_of(Some(Path::new(name)), None), format, "{name}");
        }
        assert_eq!(format_of(Some(Path::new("a.yaml")), Some(ParamsFormat::Json)), ParamsFormat::Json);
    }
}
