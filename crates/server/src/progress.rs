//! How far long work is, shown on a terminal and nowhere else.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How the line looks.
const TEMPLATE: &str = "{msg} [{wide_bar}] {bytes} of {total_bytes}, {eta} left";

/// A line that shows how far the work is; gone when this is dropped.
#[derive(Debug)]
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// Begins to show the work `what`.
    pub(crate) fn begin(what: &'static str) -> Self {
        // Where standard error is no terminal, nothing is drawn.
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr()).with_message(what);
        if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
            bar.set_style(style);
        }
        Self(bar)
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
