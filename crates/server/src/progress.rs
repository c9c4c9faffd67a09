//! How far long work is, shown on a terminal and nowhere else.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How the line looks.
const TEMPLATE: &str = "{msg} [{wide_bar}] {bytes} of {total_bytes}, {eta} left";

/// How it looks where things are counted.
const COUNTING_TEMPLATE: &str = "{msg} [{wide_bar}] {pos} of {len}, {eta} left";

/// A line that shows how far the work is; gone when this is dropped.
#[derive(Debug)]
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// Begins to show the work `what`.
    pub(crate) fn begin(what: &'static str) -> Self {
        Self::with(what, 0, TEMPLATE)
    }

    /// Begins to show the work `what` on `total` things.
    pub(crate) fn counting(what: &'static str, total: u64) -> Self {
        Self::with(what, total, COUNTING_TEMPLATE)
    }

    fn with(what: &'static str, total: u64, template: &str) -> Self {
        // Where standard error is no terminal, nothing is drawn.
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr()).with_message(what);
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self(bar)
    }

    /// Shows that so many things are done.
    pub(crate) fn count(&self, done: u64) {
        self.0.set_position(done);
    }

    /// Shows that `done` bytes of about `total` are done.
    pub(crate) fn set(&self, done: u64, total: u64) {
        self.0.set_length(total);
        self.0.set_position(done);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
