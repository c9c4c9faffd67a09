//! The commands.

use std::path::PathBuf;
use std::sync::Arc;

use alcazar_base::SecretString;
use alcazar_crypto::SystemEntropy;
use thiserror::Error;

use crate::cli::{Cli, Command, CommonArgs, Flags};
use crate::config::{ConfigError, Settings, Sources};
use crate::data_dir::{DataDir, DataDirError, Ports, Secrets};
use crate::serve::wall_clock::WallClock;
use crate::serve::{self, ServeError};

/// Why a command failed.
#[derive(Debug, Error)]
pub(crate) enum CommandError {
    /// The settings cannot be.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The data directory is not used.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// The server does not run.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// The operating system refused.
    #[error("{0}")]
    Failed(String),
}

impl CommandError {
    /// Whether the program was asked wrongly.
    pub(crate) fn is_usage(&self) -> bool {
        matches!(self, Self::Config(_))
    }
}

impl From<alcazar_store::OpenError> for CommandError {
    fn from(error: alcazar_store::OpenError) -> Self {
        DataDirError::from(error).into()
    }
}

/// Does what the command line asks for.
pub(crate) fn run(cli: Cli) -> Result<(), CommandError> {
    match cli.command {
        Command::Serve(arguments) => {
            let flags = arguments.flags();
            let settings = read_settings(&arguments.common, flags, Settings::read_for_serving)?;
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
            runtime.map_err(failed)?.block_on(serve::run(settings))?;
            Ok(())
        }
        _ => Ok(()),
    }
}

fn failed(error: impl ToString) -> CommandError {
    CommandError::Failed(error.to_string())
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn read_settings(
    common: &CommonArgs,
    flags: Flags,
    read: fn(Sources<'_>) -> Result<Settings, ConfigError>,
) -> Result<Settings, CommandError> {
    let directory = PathBuf::from(".");
    let sources = Sources { file: common.config.clone(), flags, variable: &variable, directory: &directory };
    Ok(read(sources)?)
}
