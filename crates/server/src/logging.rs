//! Log messages, on standard error.
//!
//! What libraries say is logged from warnings on only: finer messages of theirs are not known to keep secrets out.

use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::config::LogFormat;

/// What the names of all our own crates begin with.
const OWN: &str = "alcazar";

/// Begins to log, once in the life of the process.
pub(crate) fn begin(level: LevelFilter, format: LogFormat) {
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = match format {
        LogFormat::Text => lines.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    // A second beginning, as in tests, changes nothing.
    let _ = tracing_subscriber::registry().with(lines.with_filter(filter(level))).try_init();
}

fn filter(level: LevelFilter) -> Targets {
    Targets::new().with_target(OWN, level).with_default(level.min(LevelFilter::WARN))
}

#[cfg(test)]
mod tests {
    use tracing::Level;

    use super::*;

    #[test]
    fn libraries_are_heard_from_warnings_on() {
        let finest = filter(LevelFilter::TRACE);
        assert!(finest.would_enable("alcazar_store::committer", &Level::TRACE));
        assert!(
            finest.would_enable("h2::codec", &Level::WARN) && !finest.would_enable("h2::codec", &Level::INFO)
        );
        let errors = filter(LevelFilter::ERROR);
        assert!(!errors.would_enable("alcazar", &Level::WARN) && !errors.would_enable("h2", &Level::WARN));
    }
}
