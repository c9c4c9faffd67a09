//! `alcazar`: AWS's security plane on a machine of your own, and its operator's tool.

mod cli;
mod command;
mod config;
mod control;
mod cost;
mod data_dir;
mod logging;
mod outbound;
mod output;
mod parameters;
mod process;
mod progress;
mod serve;
mod status;

use std::process::ExitCode;

use mimalloc::MiMalloc;

use self::cli::Command;

/// A request makes many small allocations; the system's allocator took a tenth of its time.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// The status of a program that was asked wrongly.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let cli = match cli::parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { USAGE } else { 0 });
        }
    };
    // Before the first secret is read. What the system refuses is no reason not to serve, but worth a word.
    if let Err(error) = process::prepare(matches!(cli.command, Command::Exec(_))) {
        output::note(format_args!("alcazar: warning: {error}"));
    }
    match command::run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::failure(&error);
            ExitCode::from(error.status())
        }
    }
}
