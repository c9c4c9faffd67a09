//! What a simulation answers for one action: the decision on every resource, and what it rests on.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html>

use std::collections::{BTreeMap, BTreeSet};

use alcazar_api_iam::types::{
    EvaluationResult, OrganizationsDecisionDetail, PermissionsBoundaryDecisionDetail,
    PolicyEvaluationDecisionType as Told, Position, ResourceSpecificResult, Statement,
};
use alcazar_base::{AccountId, Arn};
use alcazar_policy::{
    Decision, DecisionRequest, Denial, DenialReason, Effect, Explanation, PolicyType, PrincipalPolicies,
    Request, ResourceRule, Verdict, explain,
};

use super::{Simulation, Source};

/// The policy types of `EvalDecisionDetails`, as answers name them.
const DETAILS: [(PolicyType, &str); 3] = [
    (PolicyType::IdentityBased, "IAM policy"),
    (PolicyType::ResourceBased, "Resource policy"),
    (PolicyType::PermissionsBoundary, "Permissions boundary policy"),
];

/// What is known of an action on one resource.
struct OnResource {
    resource: String,
    decision: Told,
    statements: Vec<Statement>,
    missing: Vec<String>,
    allowed_by_organizations: Option<bool>,
    allowed_by_boundary: Option<bool>,
    /// Present if the resource is another account's.
    details: Option<BTreeMap<String, Told>>,
}

/// The result for an action, on all resources of the simulation.
pub(super) fn of_action(simulation: &Simulation, action: &str) -> EvaluationResult {
    let named = simulation.resources.as_deref();
    let everything = ["*".to_owned()];
    let each: Vec<OnResource> = named
        .unwrap_or(&everything)
        .iter()
        .map(|resource| on_resource(simulation, action, resource))
        .collect();
    let is_specific = named.is_some_and(|resources| resources.iter().any(|resource| resource != "*"));
    let all = |passes: fn(&OnResource) -> Option<bool>| {
        let known: Vec<bool> = each.iter().filter_map(passes).collect();
        (!known.is_empty()).then(|| known.iter().all(|passes| *passes))
    };
    let organizations = all(|on| on.allowed_by_organizations);
    let boundary = all(|on| on.allowed_by_boundary);
    let mut statements: Vec<Statement> = Vec::new();
    for statement in each.iter().flat_map(|on| &on.statements) {
        if !statements.contains(statement) {
            statements.push(statement.clone());
        }
    }
    let missing: BTreeSet<String> = each.iter().flat_map(|on| on.missing.iter().cloned()).collect();
    let mut details: BTreeMap<String, Told> = BTreeMap::new();
    for (name, told) in each.iter().flat_map(|on| on.details.iter().flatten()) {
        let known = details.entry(name.clone()).or_insert(*told);
        *known = stricter(*known, *told);
    }
    EvaluationResult {
        eval_action_name: action.to_owned(),
        eval_resource_name: Some("*".to_owned()),
        eval_decision: each.iter().map(|on| on.decision).reduce(stricter).unwrap_or(Told::ImplicitDeny),
        matched_statements: Some(statements.into()),
        missing_context_values: Some(missing.into_iter().collect::<Vec<_>>().into()),
        organizations_decision_detail: organizations
            .map(|allowed| OrganizationsDecisionDetail { allowed_by_organizations: Some(allowed) }),
        permissions_boundary_decision_detail: boundary.map(by_boundary),
        eval_decision_details: is_specific.then_some(details),
        resource_specific_results: is_specific
            .then(|| each.into_iter().map(OnResource::shown).collect::<Vec<_>>().into()),
    }
}

impl OnResource {
    fn shown(self) -> ResourceSpecificResult {
        ResourceSpecificResult {
            eval_resource_name: self.resource,
            eval_resource_decision: self.decision,
            matched_statements: Some(self.statements.into()),
            missing_context_values: Some(self.missing.into()),
            eval_decision_details: self.details,
            permissions_boundary_decision_detail: self.allowed_by_boundary.map(by_boundary),
        }
    }
}

fn by_boundary(allowed: bool) -> PermissionsBoundaryDecisionDetail {
    PermissionsBoundaryDecisionDetail { allowed_by_permissions_boundary: Some(allowed) }
}

fn stricter(one: Told, other: Told) -> Told {
    match (one, other) {
        (Told::ExplicitDeny, _) | (_, Told::ExplicitDeny) => Told::ExplicitDeny,
        (Told::ImplicitDeny, _) | (_, Told::ImplicitDeny) => Told::ImplicitDeny,
        (Told::Allowed, Told::Allowed) => Told::Allowed,
    }
}

fn on_resource(simulation: &Simulation, action: &str, resource: &str) -> OnResource {
    let owner = owner(simulation, resource);
    let request = request(simulation, &simulation.policies, action, resource, owner);
    let explanation = explain(&request);
    let verdict = |policy_type| explanation.finding(policy_type).map(|finding| finding.verdict);
    let allows = |policy_type| verdict(policy_type).map(|verdict| verdict == Verdict::Allowed);
    let allowed_by_organizations = allows(PolicyType::ServiceControl);
    let is_foreign = owner != simulation.principal.account;
    let details = (is_foreign && allowed_by_organizations != Some(false)).then(|| {
        let told = |(policy_type, name): (PolicyType, &str)| {
            verdict(policy_type).map(|verdict| (name.to_owned(), told(verdict)))
        };
        DETAILS.into_iter().filter_map(told).collect()
    });
    let decision = match explanation.decision {
        Decision::Allowed => Told::Allowed,
        Decision::Denied(Denial { reason: DenialReason::ExplicitDeny(_), .. }) => Told::ExplicitDeny,
        Decision::Denied(_) => Told::ImplicitDeny,
    };
    OnResource {
        resource: resource.to_owned(),
        decision,
        statements: statements(simulation, &explanation, decision),
        missing: missing(simulation, &request, &explanation),
        allowed_by_organizations,
        allowed_by_boundary: allows(PolicyType::PermissionsBoundary),
        details,
    }
}

fn request<'a>(
    simulation: &'a Simulation,
    policies: &'a PrincipalPolicies,
    action: &'a str,
    resource: &'a str,
    owner: AccountId,
) -> DecisionRequest<'a> {
    // Where a key's policy is simulated it rules, as it does over real calls.
    let must_allow = action.starts_with("kms:") && simulation.resource_policy.is_some();
    DecisionRequest {
        request: Request { principal: &simulation.principal, action, resource, context: &simulation.context },
        principal_policies: policies,
        resource_control: &[],
        resource_policy: simulation.resource_policy.as_ref().map(|policy| policy.compiled.as_ref()),
        resource_account: owner,
        resource_rule: if must_allow { ResourceRule::MustAllow } else { ResourceRule::Ordinary },
    }
}

/// The account that owns a resource: that of its ARN, if that names one.
fn owner(simulation: &Simulation, resource: &str) -> AccountId {
    let of_arn = || resource.parse::<Arn>().ok().and_then(|arn| arn.account.parse().ok());
    of_arn().unwrap_or(match resource {
        "*" if simulation.resource_policy.is_none() => simulation.principal.account,
        _ => simulation.owner,
    })
}

fn told(verdict: Verdict) -> Told {
    match verdict {
        Verdict::Allowed => Told::Allowed,
        Verdict::ExplicitDeny => Told::ExplicitDeny,
        Verdict::ImplicitDeny => Told::ImplicitDeny,
    }
}

/// The statements that the decision rests on, as far as they are in policies of the principal or of the resource: those
/// that deny if it is an explicit deny, those that allow if it is an allow.
fn statements(simulation: &Simulation, explanation: &Explanation<'_>, decision: Told) -> Vec<Statement> {
    let effect = match decision {
        Told::Allowed => Effect::Allow,
        Told::ExplicitDeny => Effect::Deny,
        Told::ImplicitDeny => return Vec::new(),
    };
    let of_type = |policy_type| explanation.finding(policy_type).map(|finding| finding.statements.as_slice());
    let identity = of_type(PolicyType::IdentityBased).unwrap_or_default().iter();
    let identity = identity.filter_map(|found| Some((simulation.sources.get(found.policy)?, found)));
    let resource = of_type(PolicyType::ResourceBased).unwrap_or_default().iter();
    let resource = resource.filter_map(|found| Some((simulation.resource_policy.as_ref()?, found)));
    let deciding = identity.chain(resource).filter(|(_, found)| found.effect == effect);
    deciding.map(|(source, found)| statement(source, found.statement.index)).collect()
}

fn statement(source: &Source, index: usize) -> Statement {
    let span = source.spans().get(index).copied();
    let position = |position: alcazar_policy::Position| Position {
        line: i32::try_from(position.line).ok(),
        column: i32::try_from(position.column).ok(),
    };
    Statement {
        source_policy_id: Some(source.id.clone()),
        source_policy_type: Some(source.kind),
        start_position: span.map(|span| position(span.start)),
        end_position: span.map(|span| position(span.end)),
    }
}

/// The keys that the policies ask for in vain; what service control policies ask for is not told.
fn missing(
    simulation: &Simulation,
    request: &DecisionRequest<'_>,
    explanation: &Explanation<'_>,
) -> Vec<String> {
    if simulation.policies.service_control.is_empty() {
        return explanation.missing_context_keys.clone();
    }
    let own = PrincipalPolicies { service_control: Vec::new(), ..simulation.policies.clone() };
    explain(&DecisionRequest { principal_policies: &own, ..*request }).missing_context_keys
}
