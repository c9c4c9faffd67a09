//! Which statements of a policy are about a question.

use alcazar_policy::Context;
use serde_json::Value as Json;

use super::principal::{self, Named};
use super::text::{self, Matching, Symbol};
use super::{condition, each, plain};
use crate::question::Question;

/// A statement that is about the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Matched {
    /// It allows it, and names the principal in this way.
    Allow(Named),
    Deny,
}

/// The statements of `policy` that are about `question`.
pub(super) fn matching(policy: &Json, question: &Question) -> Vec<Matched> {
    let variables = policy["Version"] == "2012-10-17";
    each(&policy["Statement"])
        .into_iter()
        .filter_map(|statement| matched(statement, question, variables))
        .collect()
}

fn matched(statement: &Json, question: &Question, variables: bool) -> Option<Matched> {
    let denies = statement["Effect"] == "Deny";
    let named = principal::named(statement, question)?;
    let about = is_about_action(statement, &question.action)
        && is_about_resource(statement, question, variables, denies)
        && condition::all_hold(&statement["Condition"], &question.context, variables, denies);
    about.then_some(if denies { Matched::Deny } else { Matched::Allow(named) })
}

fn is_about_action(statement: &Json, action: &str) -> bool {
    let any = |patterns: &Json| {
        each(patterns).into_iter().any(|pattern| {
            let pattern = text::symbols(&plain(pattern).to_ascii_lowercase(), &Context::new(), false);
            text::matches(&pattern, &action.to_ascii_lowercase()) == Matching::Yes
        })
    };
    match statement.get("Action") {
        Some(patterns) => any(patterns),
        None => !any(&statement["NotAction"]),
    }
}

fn is_about_resource(statement: &Json, question: &Question, variables: bool, denies: bool) -> bool {
    let any = |patterns: &Json| {
        Matching::any(each(patterns).into_iter().map(|pattern| {
            let pattern = text::symbols(&plain(pattern), &question.context, variables);
            match_resource(&pattern, &question.resource)
        }))
    };
    match (statement.get("Resource"), statement.get("NotResource")) {
        (Some(patterns), _) => any(patterns) == Matching::Yes,
        (None, Some(patterns)) => match any(patterns) {
            Matching::Yes => false,
            Matching::No => true,
            Matching::Unknown => denies,
        },
        // A trust policy is about the role that it is attached to.
        (None, None) => true,
    }
}

/// Each part of an ARN by itself. Parts that the pattern leaves out match anything.
fn match_resource(pattern: &[Symbol], resource: &str) -> Matching {
    if pattern.iter().all(|symbol| *symbol == Symbol::Any) {
        return Matching::Yes;
    }
    let mut parts = text::split_at_colons(pattern);
    while parts.len() < 6 {
        parts.push(vec![Symbol::Any]);
    }
    text::match_parts(&parts, resource)
}
