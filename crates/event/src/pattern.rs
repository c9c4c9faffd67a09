//! Event patterns: what an event must hold for a rule to match it.
//!
//! A pattern is read once into branches (one, unless it says `$or`), each a tree of names with tests at its leaves.
//! Matching takes work in proportion to the parts of the event that the pattern names: nothing is tried twice, whatever
//! the pattern and the event.
//!
//! Sources: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html>,
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html>,
//! <https://github.com/aws/event-ruler>.

mod address;
mod compile;
mod expression;
mod fault;
mod leaf;
mod number;
mod reason;
mod test;
mod text;
mod tree;
mod wildcard;

use serde_json::Value;
use thiserror::Error;

pub(crate) use compile::{Branch, branches};
pub(crate) use fault::Fault;
pub(crate) use reason::Reason;
pub(crate) use tree::Tree;

use crate::event::Event;

/// How long a pattern may be.
pub const PATTERN_CHARACTERS_MAX: usize = 4096;

/// An event pattern, ready to be matched.
#[derive(Debug, Clone)]
pub struct Pattern {
    branches: Box<[Tree]>,
}

/// A text that is no event pattern, in AWS's words.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("Event pattern is not valid. Reason: {reason}")]
pub struct PatternError {
    /// What is wrong with it, and where.
    pub reason: String,
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// `PatternError` if the text is no pattern.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        let branches = if text.chars().count() > PATTERN_CHARACTERS_MAX {
            Err(Fault::plain(Reason::TooLong))
        } else {
            branches(text)
        };
        match branches {
            Ok(branches) => Ok(Self { branches: branches.into_iter().map(Tree::of).collect() }),
            Err(fault) => Err(PatternError { reason: fault.to_string() }),
        }
    }

    /// Whether the pattern matches an event.
    #[must_use]
    pub fn matches(&self, event: &Value) -> bool {
        self.matches_event(&Event::new(event))
    }

    /// Whether the pattern matches an event that was made ready for many patterns.
    #[must_use]
    pub fn matches_event(&self, event: &Event<'_>) -> bool {
        match event.value() {
            Value::Object(members) => self.branches.iter().any(|branch| branch.matches(members)),
            _ => false,
        }
    }
}
