//! The commands of the command line, each in its own file.

mod audit;
mod backup;
mod cost;
mod credentials;
mod exec;
mod init;
mod params;
mod restore;
mod rotate_root;
mod status;

use std::path::Path;
use std::sync::Arc;

use alcazar_crypto::SystemEntropy;
use thiserror::Error;
use tracing::level_filters::LevelFilter;

use self::exec::ExecError;
use self::params::ParamsError;
use crate::cli::{Cli, Command, CommonArgs, Flags};
use crate::config::{ConfigError, Settings, Sources};
use crate::control::ControlError;
use crate::data_dir::{DataDir, DataDirError, Ports, Secrets};
use crate::logging;
use crate::parameters::client::CallError;
use crate::parameters::connection::ConnectionError;
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
    /// The running server did not do it.
    #[error(transparent)]
    Control(#[from] ControlError),
    /// The server does not run.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// The records or the audit log cannot be read.
    #[error(transparent)]
    Cloud(#[from] alcazar_engine::Error),
    /// The operating system refused.
    #[error("{0}")]
    System(#[from] std::io::Error),
    /// Parameter Store did not do it.
    #[error(transparent)]
    Call(#[from] CallError),
    /// The program was not run.
    #[error(transparent)]
    Exec(#[from] ExecError),
    /// The parameters were not moved.
    #[error(transparent)]
    Params(#[from] ParamsError),
    /// The audit log holds what is no event.
    #[error("the record {sequence} of the audit log cannot be read: {what}")]
    AuditRecord {
        /// Its place in the log.
        sequence: u64,
        /// What is wrong with it.
        what: String,
    },
}

/// The status of a program that could not do what it was asked.
const FAILURE: u8 = 1;

/// The status of a program that was asked wrongly.
const USAGE: u8 = 2;

impl CommandError {
    /// The status that the program ends with.
    pub(crate) fn status(&self) -> u8 {
        match self {
            Self::Config(_) => USAGE,
            Self::Exec(error) => error.status(),
            _ => FAILURE,
        }
    }
}

impl From<ConnectionError> for CommandError {
    fn from(error: ConnectionError) -> Self {
        CallError::from(error).into()
    }
}

impl From<alcazar_store::OpenError> for CommandError {
    fn from(error: alcazar_store::OpenError) -> Self {
        DataDirError::from(error).into()
    }
}

type Result<T> = std::result::Result<T, CommandError>;

/// What the operator's commands work with.
struct Context {
    settings: Settings,
    data_dir: DataDir,
    secrets: Secrets,
    ports: Ports,
}

impl Context {
    fn new(common: &CommonArgs, flags: Flags) -> Result<Self> {
        let settings = read_settings(common, flags, Settings::read)?;
        // A command answers by itself; only what goes wrong is worth a message beside that.
        logging::begin(settings.log_level.min(LevelFilter::WARN), settings.log_format);
        Ok(Self {
            data_dir: DataDir::new(settings.data_dir()),
            secrets: Secrets::new(settings.passphrase_file.clone()),
            ports: Ports { clock: Arc::new(WallClock), entropy: Arc::new(SystemEntropy::new()) },
            settings,
        })
    }

    fn common(common: &CommonArgs) -> Result<Self> {
        Self::new(common, common.flags())
    }

    /// The URL of a server with these settings.
    fn endpoint_url(&self) -> String {
        self.settings.endpoint_url(self.settings.listen)
    }
}

/// Does what the command line asks for.
pub(crate) fn run(cli: Cli) -> Result<()> {
    if let Command::Serve(arguments) = &cli.command {
        let settings = read_settings(&arguments.common, arguments.flags(), Settings::read_for_serving)?;
        logging::begin(settings.log_level, settings.log_format);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        return Ok(runtime.block_on(serve::run(settings))?);
    }
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(run_for_operator(cli.command))
}

async fn run_for_operator(command: Command) -> Result<()> {
    match command {
        Command::Serve(_) => Ok(()),
        Command::Init(arguments) => init::run(&arguments).await,
        Command::Status(arguments) => status::run(&arguments).await,
        Command::Cost(arguments) => cost::run(&arguments).await,
        Command::Backup(arguments) => backup::run(arguments).await,
        Command::Restore(arguments) => restore::run(&arguments).await,
        Command::Credentials(arguments) => credentials::run(&arguments).await,
        Command::RotateRoot(arguments) => rotate_root::run(arguments).await,
        Command::Audit(arguments) => audit::run(&arguments),
        Command::Exec(arguments) => exec::run(&arguments).await,
        Command::Params(arguments) => params::run(&arguments).await,
    }
}

fn read_settings(
    common: &CommonArgs,
    flags: Flags,
    read: fn(Sources<'_>) -> std::result::Result<Settings, ConfigError>,
) -> Result<Settings> {
    let variable = |name: &str| std::env::var(name).ok();
    let file = common.config.clone();
    Ok(read(Sources { file, flags, variable: &variable, directory: Path::new("") })?)
}
