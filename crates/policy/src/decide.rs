//! The decision over all policies that apply to a request.
//!
//! The order is AWS's: an explicit deny in any policy; then the organization's policies, which must allow the request
//! too; then the resource's policy; then the principal's own, within its permissions boundary and the policies of its
//! session. Nothing is allowed unless a policy allows it; the one exception is an account's root user in its own
//! account, and even that does not hold for a resource whose policy must allow.
//!
//! Every type of policy gives one answer, and [`judge`] makes the decision from the answers alone, so [`decide`] and
//! [`crate::explain`] cannot differ.
//!
//! Sources: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html>,
//! <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html>,
//! <https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html>

use std::sync::Arc;

use alcazar_base::AccountId;

use crate::compile::{Asked, CompiledPolicy};
use crate::denial::{Denial, PolicyType};
use crate::evaluate::{Grant, Outcome};
use crate::request::{PrincipalKind, Request};

/// The policies that are about a principal, whatever it does.
#[derive(Debug, Clone, Default)]
pub struct PrincipalPolicies {
    /// The principal's own: those of the user and its groups, or of the role.
    pub identity: Vec<Arc<CompiledPolicy>>,
    /// The permissions boundary, if one is set.
    pub boundary: Option<Arc<CompiledPolicy>>,
    /// The session's policies; `None` if it has none. A role's session is then not limited by them, while a federated
    /// user's has only what a resource's policy grants to it by its own ARN.
    pub session: Option<Vec<Arc<CompiledPolicy>>>,
    /// The service control policies: a list for each level, from the organization's root down to the account. On
    /// every level one must allow the request. Empty where none apply.
    pub service_control: Vec<Vec<Arc<CompiledPolicy>>>,
}

impl PrincipalPolicies {
    /// Whether the request's context can make a difference to any of them.
    #[must_use]
    pub fn needs_context(&self) -> bool {
        self.all().any(CompiledPolicy::needs_context)
    }

    /// Whether any of them has a condition on this key, whose case does not count.
    #[must_use]
    pub fn has_condition_on(&self, key: &str) -> bool {
        self.all().any(|policy| policy.has_condition_on(key))
    }

    fn all(&self) -> impl Iterator<Item = &CompiledPolicy> {
        let Self { identity, boundary, session, service_control } = self;
        let session = session.iter().flatten();
        let policies = identity.iter().chain(boundary).chain(session).chain(service_control.iter().flatten());
        policies.map(AsRef::as_ref)
    }
}

/// A request with the policies that apply to it.
#[derive(Debug, Clone, Copy)]
pub struct DecisionRequest<'a> {
    /// Who wants to do what to which resource.
    pub request: Request<'a>,
    /// The policies that are about the principal.
    pub principal_policies: &'a PrincipalPolicies,
    /// The resource control policies of the resource's organization: a list for each level, as for service control
    /// policies. Empty where none apply.
    pub resource_control: &'a [Vec<Arc<CompiledPolicy>>],
    /// The resource's policy, if it has one.
    pub resource_policy: Option<&'a CompiledPolicy>,
    /// The account that owns the resource; the principal's own where an action has no resource.
    pub resource_account: AccountId,
    /// What the resource's policy must say.
    pub resource_rule: ResourceRule,
}

impl<'a> DecisionRequest<'a> {
    pub(crate) fn asked(&self) -> Asked<'a> {
        Asked::new(&self.request, self.principal_policies.boundary.is_some())
    }
}

/// How a resource's policy and the principal's own work together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ResourceRule {
    /// Within one account either side suffices, as for buckets and queues.
    Ordinary,
    /// The resource's policy must name the principal, or its account; only in the latter case do the principal's
    /// own policies count. So it is with KMS keys and with roles.
    MustAllow,
}

/// Whether a request may go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[must_use]
pub enum Decision {
    /// It may.
    Allowed,
    /// It may not.
    Denied(Denial),
}

/// Decides a request.
pub fn decide(request: &DecisionRequest<'_>) -> Decision {
    match answers(request).and_then(|answers| judge(request, &answers)) {
        Ok(()) => Decision::Allowed,
        Err(denial) => Decision::Denied(denial),
    }
}

/// What all policies of one type say together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// None of this type applies, which is no limit.
    NoPolicies,
    /// There are some, and they leave the request open.
    Silent,
    /// They allow it.
    Allow(Grant),
    /// One denies it.
    Deny,
}

impl Answer {
    /// Whether policies of a type that only limits let the request pass.
    fn passes(self) -> bool {
        matches!(self, Self::NoPolicies | Self::Allow(_))
    }

    fn grant(self) -> Option<Grant> {
        match self {
            Self::Allow(grant) => Some(grant),
            Self::NoPolicies | Self::Silent | Self::Deny => None,
        }
    }
}

impl From<Outcome<'_>> for Answer {
    fn from(outcome: Outcome<'_>) -> Self {
        match outcome {
            Outcome::Allow(_, grant) => Self::Allow(grant),
            Outcome::ExplicitDeny(_) => Self::Deny,
            Outcome::NoMatch => Self::Silent,
        }
    }
}

/// The answers of all types of policies, none of which is a deny.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Answers {
    service_control: Answer,
    resource_control: Answer,
    resource: Answer,
    identity: Answer,
    boundary: Answer,
    session: Answer,
}

/// Asks every type of policy, in the order in which an explicit deny is told.
///
/// # Errors
/// A policy denies the request.
fn answers(request: &DecisionRequest<'_>) -> Result<Answers, Denial> {
    let asked = request.asked();
    let answer = |policy_type| match answer(request, &asked, policy_type) {
        Answer::Deny => Err(Denial::explicit(policy_type)),
        other => Ok(other),
    };
    Ok(Answers {
        service_control: answer(PolicyType::ServiceControl)?,
        resource_control: answer(PolicyType::ResourceControl)?,
        resource: answer(PolicyType::ResourceBased)?,
        identity: answer(PolicyType::IdentityBased)?,
        boundary: answer(PolicyType::PermissionsBoundary)?,
        session: answer(PolicyType::Session)?,
    })
}

/// What the policies of one type say.
pub(crate) fn answer(request: &DecisionRequest<'_>, asked: &Asked<'_>, policy_type: PolicyType) -> Answer {
    let own = request.principal_policies;
    let one = |policy: &CompiledPolicy| Answer::from(policy.answer(asked));
    let of_organization = !request.request.principal.is_service_linked();
    match policy_type {
        PolicyType::ServiceControl if of_organization => on_every_level(&own.service_control, asked),
        PolicyType::ResourceControl if of_organization => on_every_level(request.resource_control, asked),
        PolicyType::ServiceControl | PolicyType::ResourceControl => Answer::NoPolicies,
        PolicyType::ResourceBased => request.resource_policy.map_or(Answer::NoPolicies, one),
        PolicyType::IdentityBased => any_of(&own.identity, asked),
        PolicyType::PermissionsBoundary => own.boundary.as_deref().map_or(Answer::NoPolicies, one),
        PolicyType::Session => match &own.session {
            Some(policies) => any_of(policies, asked),
            // A role's session without policies has what the role has; a federated user's has nothing.
            None if matches!(request.request.principal.kind, PrincipalKind::FederatedUser { .. }) => {
                Answer::Silent
            }
            None => Answer::NoPolicies,
        },
    }
}

/// One policy that allows suffices, one that denies decides.
fn any_of(policies: &[Arc<CompiledPolicy>], asked: &Asked<'_>) -> Answer {
    let mut answer = Answer::Silent;
    for policy in policies {
        match policy.answer(asked) {
            Outcome::ExplicitDeny(_) => return Answer::Deny,
            Outcome::Allow(_, grant) => answer = Answer::Allow(grant),
            Outcome::NoMatch => {}
        }
    }
    answer
}

/// On every level a policy must allow; a deny on any level decides.
fn on_every_level(levels: &[Vec<Arc<CompiledPolicy>>], asked: &Asked<'_>) -> Answer {
    let mut answer = if levels.is_empty() { Answer::NoPolicies } else { Answer::Allow(Grant::Direct) };
    for policies in levels {
        match any_of(policies, asked) {
            Answer::Deny => return Answer::Deny,
            Answer::Allow(_) => {}
            Answer::NoPolicies | Answer::Silent => answer = Answer::Silent,
        }
    }
    answer
}

/// The decision, where no policy denies the request.
pub(crate) fn judge(request: &DecisionRequest<'_>, answers: &Answers) -> Result<(), Denial> {
    let principal = request.request.principal;
    let must = |passes: bool, policy_type| {
        let limited = !(answers.boundary.passes() && answers.session.passes());
        if passes { Ok(()) } else { Err(Denial::implicit(policy_type, limited)) }
    };
    must(answers.resource_control.passes(), PolicyType::ResourceControl)?;
    must(answers.service_control.passes(), PolicyType::ServiceControl)?;

    let grant = answers.resource.grant();
    let Some(home) = principal.home_account() else {
        // No identity policy speaks for a service, an identity provider or an anonymous caller.
        return must(grant == Some(Grant::Direct), PolicyType::ResourceBased);
    };
    let same_account = home == request.resource_account;
    let must_be_granted = !same_account || request.resource_rule == ResourceRule::MustAllow;
    must(grant.is_some() || !must_be_granted, PolicyType::ResourceBased)?;

    // What the policies of the principal's own side have left to say. In another account both sides must agree,
    // whatever the resource's policy grants.
    let own_grant = grant.filter(|_| same_account);
    let is_root = principal.kind == PrincipalKind::AccountRoot;
    if !matches!(own_grant, Some(Grant::ToIdentity | Grant::Direct)) {
        must(principal.has_root_identity() || answers.identity.grant().is_some(), PolicyType::IdentityBased)?;
    }
    if own_grant != Some(Grant::Direct) {
        must(is_root || answers.boundary.passes(), PolicyType::PermissionsBoundary)?;
    }
    // A root user's session, which `AssumeRoot` made, has no more than the policy of its task.
    if own_grant != Some(Grant::Direct) || is_root {
        must(answers.session.passes(), PolicyType::Session)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
