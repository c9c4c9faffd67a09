//! The evaluator against the reference.

use super::choices::Choices;
use super::scene;
use crate::reference;

/// What one run met, for those who want to know whether runs are worth something.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Met {
    /// How many statements were about the request.
    pub(crate) statements: usize,
    pub(crate) allowed: bool,
}

/// Makes a question of the bytes, and has both evaluators answer it.
///
/// # Panics
/// They differ.
pub(crate) fn run(bytes: &[u8]) -> Met {
    let question = scene::question(&mut Choices::new(bytes));
    let prepared = question.prepare().unwrap_or_else(|error| panic!("{error} in {question:#?}"));
    let decision = prepared.decide();
    let verdict = reference::decide(&question);
    assert!(verdict.agrees_with(decision), "decided {decision:?}, the reference {verdict:?}: {question:#?}");
    let allowed = verdict == reference::Verdict::Allowed;
    Met { statements: reference::count_matching(&question), allowed }
}
