//! Generated text in the project's format.

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};

use crate::error::{Error, Result, fail};
use crate::files;

/// How many files are formatted at a time.
const PROCESSES_MAX: usize = 4;

/// Formats each text as a file of its own.
pub(super) fn format_all(texts: &[String]) -> Result<Vec<String>> {
    let mut formatted = Vec::new();
    for group in texts.chunks(PROCESSES_MAX) {
        let children: Result<Vec<Child>> = group.iter().map(|text| start(text)).collect();
        for child in children? {
            formatted.push(finish(child)?);
        }
    }
    Ok(formatted)
}

fn start(text: &str) -> Result<Child> {
    let broken = |cause: std::io::Error| Error::new(format!("rustfmt: {cause}"));
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024", "--config-path"])
        .arg(files::root().join("rustfmt.toml"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(broken)?;
    // rustfmt reads everything before it writes anything, so neither side waits for the other.
    if let Some(mut input) = child.stdin.take() {
        input.write_all(text.as_bytes()).map_err(broken)?;
    }
    Ok(child)
}

fn finish(mut child: Child) -> Result<String> {
    let broken = |cause: std::io::Error| Error::new(format!("rustfmt: {cause}"));
    let mut text = String::new();
    if let Some(mut output) = child.stdout.take() {
        output.read_to_string(&mut text).map_err(broken)?;
    }
    if !child.wait().map_err(broken)?.success() {
        return fail("rustfmt does not understand what was generated");
    }
    Ok(text)
}
