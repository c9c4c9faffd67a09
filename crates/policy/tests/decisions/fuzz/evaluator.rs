//! The evaluator against the reference.

use std::collections::HashSet;

use alcazar_policy::{Explanation, PolicyType, Verdict as Finding};

use super::choices::Choices;
use super::scene;
use crate::reference::{self, Verdict};

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
/// They differ, be it in the decision or in how it is explained.
pub(crate) fn run(bytes: &[u8]) -> Met {
    let question = scene::question(&mut Choices::new(bytes));
    let prepared = question.prepare().unwrap_or_else(|error| panic!("{error} in {question:#?}"));
    let decision = prepared.decide();
    let verdict = reference::decide(&question);
    assert!(verdict.agrees_with(decision), "decided {decision:?}, the reference {verdict:?}: {question:#?}");

    let explanation = prepared.explain();
    let statements = reference::count_matching(&question);
    let denying: HashSet<_> = match &verdict {
        Verdict::Explicit(types) => types.iter().copied().collect(),
        Verdict::Allowed | Verdict::Implicit(_) => HashSet::new(),
    };
    let is_same = explanation.decision == decision
        && explanation.findings.iter().map(|finding| finding.statements.len()).sum::<usize>() == statements
        && denying_types(&explanation) == denying;
    assert!(
        is_same,
        "explained as {explanation:#?}, the reference {verdict:?} by {statements}: {question:#?}"
    );
    Met { statements, allowed: verdict == Verdict::Allowed }
}

fn denying_types(explanation: &Explanation<'_>) -> HashSet<PolicyType> {
    let denying = explanation.findings.iter().filter(|finding| finding.verdict == Finding::ExplicitDeny);
    denying.map(|finding| finding.policy_type).collect()
}
