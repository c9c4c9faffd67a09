//! `alcazar exec`: a program with parameters as its environment.
//!
//! The program takes this one's place, so signals, the terminal and the exit status are its own. Values go into its
//! environment and nowhere else.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::sync::Arc;

use alcazar_base::SecretString;
use alcazar_crypto::SystemEntropy;
use thiserror::Error;

use super::Result;
use crate::cli::{AwsArgs, ExecArgs};
use crate::config::{Settings, Sources};
use crate::data_dir::DataDir;
use crate::parameters::client::Client;
use crate::parameters::connection::{Connection, Wanted};
use crate::parameters::path::Path;
use crate::parameters::tree::{self, Found, Reading};
use crate::parameters::variable::{Naming, NotAVariable};
use crate::process;

/// The statuses of a program that is not there, and of one that cannot be run, as shells have them.
const NOT_FOUND: u8 = 127;
const CANNOT_RUN: u8 = 126;

/// A program that was not run.
#[derive(Debug, Error)]
pub(crate) enum ExecError {
    /// A parameter gives no variable.
    #[error(transparent)]
    Name(#[from] NotAVariable),
    /// Two parameters below one path would be one variable.
    #[error(
        "{first} and {second} would both be the variable {variable}; --preserve-case may keep them apart"
    )]
    OneVariable {
        /// The variable.
        variable: String,
        /// The one parameter.
        first: String,
        /// The other.
        second: String,
    },
    /// A variable is there already, and that was to be refused.
    #[error("{parameter} would be the variable {variable}, which {other} is already (--strict)")]
    Strict {
        /// The variable.
        variable: String,
        /// The parameter.
        parameter: String,
        /// What has the variable.
        other: String,
    },
    /// A value that no environment holds.
    #[error("the value of {0} holds a NUL character, which no environment can")]
    Nul(String),
    /// The program cannot be run.
    #[error("{}: {cause}", .program.display())]
    Run {
        /// The program.
        program: OsString,
        /// Why not.
        cause: std::io::Error,
    },
}

impl ExecError {
    /// The status that this program ends with.
    pub(crate) fn status(&self) -> u8 {
        match self {
            Self::Run { cause, .. } if cause.kind() == std::io::ErrorKind::NotFound => NOT_FOUND,
            Self::Run { .. } => CANNOT_RUN,
            _ => super::FAILURE,
        }
    }
}

/// A variable's value, and the parameter that it is of.
struct Variable {
    parameter: String,
    value: SecretString,
}

/// Connects as the command line and the environment say.
pub(super) async fn connect(aws: &AwsArgs) -> Result<Client> {
    let AwsArgs { profile, region, endpoint_url, data_dir } = aws.clone();
    let wanted = Wanted { profile, region, endpoint_url, data_dir };
    let connection = Connection::find(&wanted, local_data_dir).await?;
    Ok(Client::new(connection, Arc::new(SystemEntropy::new())))
}

/// The data directory that the settings name, or the usual one.
fn local_data_dir() -> Option<DataDir> {
    let variable = |name: &str| std::env::var(name).ok();
    let sources =
        Sources { file: None, flags: Vec::new(), variable: &variable, directory: std::path::Path::new("") };
    Settings::read(sources).ok().map(|settings| DataDir::new(settings.data_dir()))
}

pub(super) async fn run(arguments: &ExecArgs) -> Result<()> {
    let client = connect(&arguments.aws).await?;
    let naming = Naming { prefix: arguments.prefix.clone(), preserve_case: arguments.preserve_case };
    let reading = Reading { recursive: !arguments.no_recursive, decrypt: true };
    let mut variables = BTreeMap::new();
    for path in &arguments.paths {
        let found = tree::values(&client, path, reading).await?;
        add(&mut variables, of_path(path, found, &naming)?, arguments.strict)?;
    }
    if !arguments.pristine {
        keep(&mut variables, arguments, &|name| std::env::var_os(name).is_some())?;
    }
    Err(replace(arguments, &variables).into())
}

/// The variables of the parameters below one path.
fn of_path(
    path: &Path,
    found: Vec<Found>,
    naming: &Naming,
) -> std::result::Result<BTreeMap<String, Variable>, ExecError> {
    let mut variables: BTreeMap<String, Variable> = BTreeMap::new();
    for Found { name, value, .. } in found {
        let variable = naming.variable(&name)?;
        let parameter = path.parameter(&name);
        let value = value.unwrap_or_default();
        if value.expose().contains('\0') {
            return Err(ExecError::Nul(parameter));
        }
        if let Some(other) = variables.get(&variable) {
            return Err(ExecError::OneVariable {
                variable,
                first: other.parameter.clone(),
                second: parameter,
            });
        }
        variables.insert(variable, Variable { parameter, value });
    }
    Ok(variables)
}

/// Adds the variables of a path to those of the paths before it.
fn add(
    variables: &mut BTreeMap<String, Variable>,
    more: BTreeMap<String, Variable>,
    strict: bool,
) -> std::result::Result<(), ExecError> {
    for (name, variable) in more {
        if let Some(other) = variables.get(&name).filter(|_| strict) {
            let (parameter, other) = (variable.parameter, other.parameter.clone());
            return Err(ExecError::Strict { variable: name, parameter, other });
        }
        variables.insert(name, variable);
    }
    Ok(())
}

/// Leaves the environment's variables alone, or refuses to touch them, if either is asked for.
fn keep(
    variables: &mut BTreeMap<String, Variable>,
    arguments: &ExecArgs,
    is_set: &dyn Fn(&str) -> bool,
) -> std::result::Result<(), ExecError> {
    if arguments.no_override {
        variables.retain(|name, _| !is_set(name));
    }
    let taken = variables.iter().find(|(name, _)| arguments.strict && is_set(name));
    match taken {
        Some((name, Variable { parameter, .. })) => Err(ExecError::Strict {
            variable: name.clone(),
            parameter: parameter.clone(),
            other: "in the environment".to_owned(),
        }),
        None => Ok(()),
    }
}

/// Has the program take this one's place; comes back only if it cannot.
fn replace(arguments: &ExecArgs, variables: &BTreeMap<String, Variable>) -> ExecError {
    let (program, rest) = match arguments.command.split_first() {
        Some((program, rest)) => (program.as_os_str(), rest),
        None => (OsStr::new(""), [].as_slice()),
    };
    let mut command = Command::new(program);
    command.args(rest);
    if arguments.pristine {
        command.env_clear();
    }
    for (name, Variable { value, .. }) in variables {
        command.env(name, value.expose());
    }
    process::hand_over();
    ExecError::Run { program: program.to_owned(), cause: command.exec() }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::{Cli, Command};
    use crate::parameters::document::Kind;

    fn found(parameters: &[(&str, &str)]) -> Vec<Found> {
        let found = |&(name, value): &(&str, &str)| {
            Found::new(name, Kind::String, Some(SecretString::new(value.to_owned())))
        };
        parameters.iter().map(found).collect()
    }

    fn arguments(line: &str) -> ExecArgs {
        let line = format!("alcazar exec --path /a {line} -- true");
        let Command::Exec(arguments) = Cli::try_parse_from(line.split_whitespace()).unwrap().command else {
            panic!("another command")
        };
        arguments
    }

    fn of(path: &str, parameters: &[(&str, &str)]) -> BTreeMap<String, Variable> {
        of_path(&path.parse().unwrap(), found(parameters), &Naming::default()).ok().unwrap()
    }

    #[test]
    fn two_parameters_that_would_be_one_variable_are_refused_with_both_names() {
        let naming = Naming::default();
        let path = "/app".parse().unwrap();
        let error = of_path(&path, found(&[("db/host", "1"), ("db-host", "2")]), &naming).err().unwrap();
        let told = error.to_string();
        assert!(
            told.contains("/app/db/host") && told.contains("/app/db-host") && told.contains("DB_HOST"),
            "{told}"
        );
        let error = of_path(&path, found(&[("x", "a\0b")]), &naming).err().unwrap();
        assert!(matches!(error, ExecError::Nul(name) if name == "/app/x"));
    }

    #[test]
    fn a_later_path_wins_unless_that_is_refused() {
        let mut variables = of("/common", &[("x", "1"), ("y", "1")]);
        add(&mut variables, of("/prod", &[("x", "2")]), false).ok().unwrap();
        assert_eq!(variables["X"].value.expose(), "2");
        assert_eq!(variables["Y"].value.expose(), "1");
        let error = add(&mut variables, of("/more", &[("y", "3")]), true).err().unwrap().to_string();
        assert!(error.contains("/more/y") && error.contains("/common/y"), "{error}");
    }

    #[test]
    fn the_environments_variables_are_overridden_kept_or_refused() {
        let is_set = |name: &str| name == "X";
        let mut variables = of("/a", &[("x", "1"), ("y", "1")]);
        keep(&mut variables, &arguments(""), &is_set).ok().unwrap();
        assert_eq!(variables.len(), 2);
        assert!(keep(&mut variables, &arguments("--strict"), &is_set).is_err());
        keep(&mut variables, &arguments("--no-override"), &is_set).ok().unwrap();
        assert_eq!(variables.keys().collect::<Vec<_>>(), ["Y"]);
    }

    #[test]
    fn a_path_and_a_program_have_to_be_named() {
        for wrong in ["alcazar exec -- env", "alcazar exec --path /a", "alcazar exec --path a -- env"] {
            assert!(Cli::try_parse_from(wrong.split_whitespace()).is_err(), "{wrong}");
        }
    }
}
