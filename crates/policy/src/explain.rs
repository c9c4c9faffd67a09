//! A decision with its reasons, for those who ask what would happen: what each type of policy says, by which
//! statements, and which condition keys were asked for in vain.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html>

use std::sync::Arc;

use crate::compile::CompiledPolicy;
use crate::decide::{Answer, Decision, DecisionRequest, answer, decide};
use crate::denial::PolicyType;
use crate::document::Effect;
use crate::evaluate::MatchedStatement;
use crate::keys;

/// A decision with its reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation<'p> {
    /// What [`decide`] says.
    pub decision: Decision,
    /// What each type of policy says that applies to the request; identity policies always do.
    pub findings: Vec<Finding<'p>>,
    /// The condition keys without a value that the statements about this action, resource and principal ask for,
    /// sorted by name.
    pub missing_context_keys: Vec<String>,
}

impl Explanation<'_> {
    /// What this type of policy says, if there are any of it.
    #[must_use]
    pub fn finding(&self, policy_type: PolicyType) -> Option<&Finding<'_>> {
        self.findings.iter().find(|finding| finding.policy_type == policy_type)
    }
}

/// What the policies of one type say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding<'p> {
    /// Which type.
    pub policy_type: PolicyType,
    /// What they say together.
    pub verdict: Verdict,
    /// Every statement that matches, in the order of the policies.
    pub statements: Vec<FoundStatement<'p>>,
}

/// What policies say together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// They allow the request; those of an organization on every level.
    Allowed,
    /// A statement denies it.
    ExplicitDeny,
    /// They neither deny nor allow it.
    ImplicitDeny,
}

/// A statement that matches a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FoundStatement<'p> {
    /// The level of its policy, counted from the organization's root; zero for policies of other types.
    pub level: usize,
    /// The index of its policy on that level.
    pub policy: usize,
    /// Whether it allows or denies.
    pub effect: Effect,
    /// Which statement of the policy it is.
    pub statement: MatchedStatement<'p>,
}

/// Decides a request and tells why.
#[must_use]
pub fn explain<'p>(request: &DecisionRequest<'p>) -> Explanation<'p> {
    let mut findings = Vec::new();
    let mut missing = Vec::new();
    let asked = request.asked();
    for policy_type in PolicyType::ALL {
        let verdict = match answer(request, &asked, policy_type) {
            Answer::NoPolicies => continue,
            Answer::Allow(_) => Verdict::Allowed,
            Answer::Deny => Verdict::ExplicitDeny,
            Answer::Silent => Verdict::ImplicitDeny,
        };
        let mut statements = Vec::new();
        for (level, policy, compiled) in policies(request, policy_type) {
            for (index, statement) in compiled.statements_about(asked.action) {
                if statement.matches(&asked).is_some() {
                    let statement_id = MatchedStatement { index, sid: statement.sid.as_deref() };
                    let effect = statement.effect;
                    statements.push(FoundStatement { level, policy, effect, statement: statement_id });
                }
                if statement.may_be_about(&asked) {
                    let keys = statement.keys.iter().filter(|key| key.is_missing(asked.context));
                    missing.extend(keys.map(|key| key.name.clone()));
                }
            }
        }
        findings.push(Finding { policy_type, verdict, statements });
    }
    let missing_context_keys = keys::distinct(missing.into_iter());
    Explanation { decision: decide(request), findings, missing_context_keys }
}

/// The policies of one type, each with its level and its index there.
fn policies<'p>(
    request: &DecisionRequest<'p>,
    policy_type: PolicyType,
) -> Vec<(usize, usize, &'p CompiledPolicy)> {
    let own = request.principal_policies;
    let one_level = |policies: &'p [Arc<CompiledPolicy>]| -> Vec<_> {
        policies.iter().enumerate().map(|(index, policy)| (0, index, &**policy)).collect()
    };
    let all_levels = |levels: &'p [Vec<Arc<CompiledPolicy>>]| -> Vec<_> {
        let each = levels.iter().enumerate().flat_map(|(level, policies)| {
            policies.iter().enumerate().map(move |(index, policy)| (level, index, &**policy))
        });
        each.collect()
    };
    match policy_type {
        PolicyType::ServiceControl => all_levels(&own.service_control),
        PolicyType::ResourceControl => all_levels(request.resource_control),
        PolicyType::ResourceBased => {
            request.resource_policy.map(|policy| (0, 0, policy)).into_iter().collect()
        }
        PolicyType::IdentityBased => one_level(&own.identity),
        PolicyType::PermissionsBoundary => one_level(own.boundary.as_slice()),
        PolicyType::Session => one_level(own.session.as_deref().unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests;
