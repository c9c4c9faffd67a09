//! A second evaluator, simple and slow, written from AWS's documentation over the plain JSON of the policies. It shares
//! nothing with the crate's own but the question, so the two are held against each other.
//!
//! It takes for granted that every policy is valid.

mod condition;
mod principal;
mod statement;
mod text;
mod typed;

use alcazar_policy::{Decision, DenialReason, PolicyType, PrincipalKind, ResourceRule};
use serde_json::Value as Json;

use crate::question::Question;
use principal::Named;
use statement::Matched;

/// A decision with every type of policies that it could be blamed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    Allowed,
    /// Policies of these types deny the request.
    Explicit(Vec<PolicyType>),
    /// None denies it; policies of these types would have to allow it, and do not.
    Implicit(Vec<PolicyType>),
}

impl Verdict {
    /// Whether `decision` is the same, and blames a type of policies that can be blamed.
    pub(crate) fn agrees_with(&self, decision: Decision) -> bool {
        match (self, decision) {
            (Self::Allowed, Decision::Allowed) => true,
            (Self::Explicit(types), Decision::Denied(denial)) => {
                matches!(denial.reason, DenialReason::ExplicitDeny(blamed) if types.contains(&blamed))
            }
            (Self::Implicit(types), Decision::Denied(denial)) => {
                matches!(denial.reason, DenialReason::NoAllow(blamed) if types.contains(&blamed))
            }
            _ => false,
        }
    }
}

/// Decides a question.
pub(crate) fn decide(question: &Question) -> Verdict {
    let matched = Collected::new(question);
    let explicit = matched.denying();
    if !explicit.is_empty() {
        return Verdict::Explicit(explicit);
    }
    let lacking = matched.lacking(question);
    if lacking.is_empty() { Verdict::Allowed } else { Verdict::Implicit(lacking) }
}

/// How many statements, of whatever policy, are about the question.
pub(crate) fn count_matching(question: &Question) -> usize {
    let Collected { identity, boundary, session, service_control, resource_control, resource } =
        Collected::new(question);
    let levels = service_control.iter().chain(&resource_control).flatten();
    let session = session.iter().flatten();
    identity.iter().chain(boundary.iter().flatten()).chain(session).chain(levels).chain(&resource).count()
}

/// The statements that match, by type of policy.
struct Collected {
    identity: Vec<Matched>,
    boundary: Option<Vec<Matched>>,
    session: Option<Vec<Matched>>,
    service_control: Vec<Vec<Matched>>,
    resource_control: Vec<Vec<Matched>>,
    resource: Vec<Matched>,
}

impl Collected {
    fn new(question: &Question) -> Self {
        let of = |text: &String| statement::matching(&json(text), question);
        let all = |texts: &Vec<String>| texts.iter().flat_map(of).collect::<Vec<_>>();
        let limited = !is_service_linked(&question.principal.kind);
        let levels = |levels: &[Vec<String>]| {
            if limited { levels.iter().map(all).collect() } else { Vec::new() }
        };
        Self {
            identity: all(&question.identity),
            boundary: question.boundary.as_ref().map(of),
            session: question.session.as_ref().map(all),
            service_control: levels(&question.service_control),
            resource_control: levels(&question.resource_control),
            resource: question.resource_policy.iter().flat_map(|(_, text)| of(text)).collect(),
        }
    }

    fn denying(&self) -> Vec<PolicyType> {
        let denies = |matched: &[Matched]| matched.contains(&Matched::Deny);
        let any_level_denies = |levels: &[Vec<Matched>]| levels.iter().any(|level| denies(level));
        [
            (PolicyType::IdentityBased, denies(&self.identity)),
            (PolicyType::PermissionsBoundary, self.boundary.as_deref().is_some_and(denies)),
            (PolicyType::Session, self.session.as_deref().is_some_and(denies)),
            (PolicyType::ServiceControl, any_level_denies(&self.service_control)),
            (PolicyType::ResourceControl, any_level_denies(&self.resource_control)),
            (PolicyType::ResourceBased, denies(&self.resource)),
        ]
        .into_iter()
        .filter_map(|(policy_type, denies)| denies.then_some(policy_type))
        .collect()
    }

    /// The types that would have to allow the request and do not.
    fn lacking(&self, question: &Question) -> Vec<PolicyType> {
        let allows = |matched: &Vec<Matched>| matched.iter().any(|one| matches!(one, Matched::Allow(_)));
        let grants = |wanted: Named| self.resource.contains(&Matched::Allow(wanted));
        let mut lacking = Vec::new();
        let mut need = |holds: bool, policy_type| {
            if !holds {
                lacking.push(policy_type);
            }
        };
        need(self.service_control.iter().all(allows), PolicyType::ServiceControl);
        need(self.resource_control.iter().all(allows), PolicyType::ResourceControl);

        let kind = &question.principal.kind;
        if matches!(kind, PrincipalKind::Service(_) | PrincipalKind::Anonymous | PrincipalKind::Federated(_))
        {
            need(grants(Named::Itself), PolicyType::ResourceBased);
            return lacking;
        }
        let is_root = *kind == PrincipalKind::AccountRoot;
        let of_root =
            matches!(kind, PrincipalKind::FederatedUser { user_arn } if user_arn.ends_with(":root"));
        let identity_allows = is_root || of_root || allows(&self.identity);
        let boundary_allows = is_root || self.boundary.as_ref().is_none_or(allows);
        let session_allows = match &self.session {
            Some(matched) => allows(matched),
            // A federated user's session has no permissions but those of the policies that it was made with.
            None => !matches!(kind, PrincipalKind::FederatedUser { .. }),
        };
        if question.principal.account != question.resource_account {
            need(allows(&self.resource), PolicyType::ResourceBased);
            need(identity_allows, PolicyType::IdentityBased);
            need(boundary_allows, PolicyType::PermissionsBoundary);
            need(session_allows, PolicyType::Session);
            return lacking;
        }
        let to_itself = grants(Named::Itself);
        let to_behind = grants(Named::Behind);
        if question.rule == ResourceRule::MustAllow {
            need(allows(&self.resource), PolicyType::ResourceBased);
        }
        need(to_itself || to_behind || identity_allows, PolicyType::IdentityBased);
        need(to_itself || boundary_allows, PolicyType::PermissionsBoundary);
        // A session of the root user never has more than the policy of the task that it was made for.
        need((to_itself && !is_root) || session_allows, PolicyType::Session);
        lacking
    }
}

/// The organization's policies do not limit service-linked roles.
fn is_service_linked(kind: &PrincipalKind) -> bool {
    matches!(kind, PrincipalKind::AssumedRole { role_arn } if role_arn.contains(":role/aws-service-role/"))
}

fn json(text: &str) -> Json {
    serde_json::from_str(text).expect("a policy is JSON")
}

/// What stands there once, or in an array.
fn each(json: &Json) -> Vec<&Json> {
    match json {
        Json::Array(items) => items.iter().collect(),
        one => vec![one],
    }
}

/// A text, number or boolean as text.
fn plain(json: &Json) -> String {
    json.as_str().map_or_else(|| json.to_string(), str::to_owned)
}
