//! The decision over all policies that apply to a request.
//!
//! The order is AWS's: an explicit deny in any policy, then the resource's policy, then the principal's own.
//! Nothing is allowed unless a policy allows it; the one exception is an account's root user in its own account,
//! and even that does not hold for a key.
//!
//! Sources: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html>,
//! <https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html>

use std::sync::Arc;

use alcazar_base::AccountId;

use crate::compile::CompiledPolicy;
use crate::denial::{Denial, DenialReason, PolicyType};
use crate::evaluate::{Grant, Outcome};
use crate::request::{PrincipalKind, Request};

/// A request with the policies that apply to it.
#[derive(Debug, Clone, Copy)]
pub struct DecisionRequest<'a> {
    /// Who wants to do what to which resource.
    pub request: Request<'a>,
    /// The principal's own policies: those of the user and its groups, or of the role.
    pub identity_policies: &'a [Arc<CompiledPolicy>],
    /// The resource's policy, if it has one.
    pub resource_policy: Option<&'a CompiledPolicy>,
    /// The account that owns the resource; the principal's own where an action has no resource.
    pub resource_account: AccountId,
    /// What the resource's policy must say.
    pub resource_rule: ResourceRule,
}

/// How a resource's policy and the principal's own work together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ResourceRule {
    /// Within one account either side suffices, as for buckets and queues.
    Ordinary,
    /// The resource's policy must name the principal, or its account; only in the latter case do the principal's
    /// own policies count. So it is with KMS keys.
    KeyPolicy,
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
    match allowed(request) {
        Ok(()) => Decision::Allowed,
        Err(reason) => Decision::Denied(Denial { reason }),
    }
}

const NO_RESOURCE_ALLOW: DenialReason = DenialReason::NoAllow(PolicyType::ResourceBased);
const NO_IDENTITY_ALLOW: DenialReason = DenialReason::NoAllow(PolicyType::IdentityBased);

fn allowed(request: &DecisionRequest<'_>) -> Result<(), DenialReason> {
    let resource = resource_grant(request)?;
    let identity = identity_allows(request)?;
    let need_identity = || if identity { Ok(()) } else { Err(NO_IDENTITY_ALLOW) };

    let Some(home) = request.request.principal.home_account() else {
        // No identity policy speaks for a service or an anonymous caller.
        return if resource == Some(Grant::Direct) { Ok(()) } else { Err(NO_RESOURCE_ALLOW) };
    };
    let same_account = home == request.resource_account;
    match (same_account, request.resource_rule, resource) {
        // In another account both sides must agree, whatever the resource.
        (false, _, None) => Err(NO_RESOURCE_ALLOW),
        (false, _, Some(_)) => need_identity(),
        (true, _, Some(Grant::Direct)) => Ok(()),
        (true, ResourceRule::Ordinary, _) => need_identity(),
        (true, ResourceRule::KeyPolicy, Some(Grant::ToAccount)) => need_identity(),
        (true, ResourceRule::KeyPolicy, None) => Err(NO_RESOURCE_ALLOW),
    }
}

/// What the resource's policy grants.
fn resource_grant(request: &DecisionRequest<'_>) -> Result<Option<Grant>, DenialReason> {
    match request.resource_policy.map(|policy| policy.evaluate(&request.request)) {
        Some(Outcome::ExplicitDeny(_)) => Err(DenialReason::ExplicitDeny(PolicyType::ResourceBased)),
        Some(Outcome::Allow(_, grant)) => Ok(Some(grant)),
        Some(Outcome::NoMatch) | None => Ok(None),
    }
}

/// Whether the principal's own side allows the request; a root user's always does.
fn identity_allows(request: &DecisionRequest<'_>) -> Result<bool, DenialReason> {
    let mut allows = request.request.principal.kind == PrincipalKind::AccountRoot;
    for policy in request.identity_policies {
        match policy.evaluate(&request.request) {
            Outcome::ExplicitDeny(_) => return Err(DenialReason::ExplicitDeny(PolicyType::IdentityBased)),
            Outcome::Allow(..) => allows = true,
            Outcome::NoMatch => {}
        }
    }
    Ok(allows)
}

#[cfg(test)]
mod tests;
