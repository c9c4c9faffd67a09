//! The benchmarks' tools: a load generator, the bare server that it compares with, and what both need.
//!
//! `bench/run.py` drives them; each command prints one JSON object. A wrong answer anywhere fails the run, so
//! a number is never the rate of errors.

mod bare;
mod batch;
mod clock;
mod commit;
mod connection;
mod error;
mod fixture;
mod histogram;
mod load;
mod operation;
mod parameter;
mod prepare;
mod primitive;
mod process;
mod queue;
mod report;
mod request;
mod sigv4;
mod touch;

use std::process::ExitCode;

use clap::Parser;

/// Load, and what it is compared with.
#[derive(Debug, Parser)]
#[command(name = "alcazar-bench")]
enum Command {
    /// Answer every request with the same recorded bytes, after some work if there is any.
    Bare(bare::Options),
    /// Make keys and what belongs to them on a server, and record one answer of each operation.
    Prepare(prepare::Options),
    /// Send one operation's requests over many connections, and measure.
    Load(load::Options),
    /// Sign or verify in a loop, without a server.
    Primitive(primitive::Options),
    /// Use keys of a server once each.
    Touch(touch::Options),
    /// Send to a queue, receive and delete over many connections, and measure.
    Queue(queue::Options),
    /// Commit transactions to a store of its own, without a server.
    Commit(commit::Options),
}

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "the report is this program's output")]
fn main() -> ExitCode {
    let outcome = match Command::parse() {
        Command::Bare(options) => bare::run(&options),
        Command::Prepare(options) => prepare::run(&options),
        Command::Load(options) => load::run(&options),
        Command::Primitive(options) => primitive::run(&options),
        Command::Touch(options) => touch::run(&options),
        Command::Queue(options) => queue::run(&options),
        Command::Commit(options) => commit::run(&options),
    };
    match outcome {
        Ok(report) => {
            println!("{report}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("alcazar-bench: {error}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Command::command().debug_assert();
    }
}
