//! What the user of the command line reads: answers on standard output, everything else on standard error.
//!
//! A reader that has gone away, as when the output is piped into `head`, is no error of ours.

use std::fmt::Display;
use std::io::{Write, stderr, stdout};

/// Writes a line of an answer; false when nobody reads it any more.
pub(crate) fn answer(line: impl Display) -> bool {
    writeln!(stdout().lock(), "{line}").is_ok()
}

/// Writes a line that is not part of the answer.
pub(crate) fn note(line: impl Display) {
    let _ = writeln!(stderr().lock(), "{line}");
}

/// Writes why the program ends without having done what it was asked.
pub(crate) fn failure(why: impl Display) {
    note(format_args!("alcazar: {why}"));
}
