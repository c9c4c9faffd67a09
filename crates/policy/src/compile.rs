//! A document made ready for many requests: patterns cut at their stars, principals told apart, operands in the
//! form in which they are compared. Compiling cannot fail, and what is compiled never changes.

use alcazar_base::AccountId;

use crate::arn::{ArnPattern, ArnText};
use crate::condition::CompiledCondition;
use crate::context::Context;
use crate::document::{Effect, PolicyDocument, PrincipalId, Principals, Resources, Statement};
use crate::evaluate::Grant;
use crate::index::{ActionIndex, ActionName};
use crate::keys::{self, AskedKey};
use crate::request::{Principal, PrincipalKind, Request};
use crate::variable::Match;

/// A policy, ready to be evaluated. It is meant to be shared between threads, in an `Arc`.
#[derive(Debug, Clone)]
pub struct CompiledPolicy {
    statements: Box<[CompiledStatement]>,
    index: ActionIndex,
    needs_context: bool,
}

impl CompiledPolicy {
    /// Compiles a document.
    #[must_use]
    pub fn compile(document: &PolicyDocument) -> Self {
        Self::compile_bound(document, |_| None)
    }

    /// Compiles a document in which ARNs of users and roles stand for those that they named when it was written:
    /// `bound` gives their unique ids. Whoever gets the name of one that was deleted is not named then.
    ///
    /// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>
    #[must_use]
    pub fn compile_bound(document: &PolicyDocument, bound: impl Fn(&str) -> Option<String>) -> Self {
        let statements: Box<[_]> = document
            .statements()
            .iter()
            .map(|statement| CompiledStatement::compile(statement, &bound))
            .collect();
        let needs_context = statements.iter().any(|statement| !statement.keys.is_empty());
        Self { statements, index: ActionIndex::of(document), needs_context }
    }

    /// Whether the request's context can make a difference: most policies have no condition and no variable, and
    /// then a caller need not find out what the context is.
    #[must_use]
    pub fn needs_context(&self) -> bool {
        self.needs_context
    }

    /// Whether a statement has a condition on this key, or a variable that it is the value of. The key's case does not
    /// count. This is for keys whose values cost something to find out.
    #[must_use]
    pub fn has_condition_on(&self, key: &str) -> bool {
        let mut keys = self.statements.iter().flat_map(|statement| &statement.keys);
        keys.any(|asked| asked.name.eq_ignore_ascii_case(key))
    }

    /// The statements that are about this action, with their indexes.
    pub(crate) fn statements_about(
        &self,
        action: ActionName<'_>,
    ) -> impl Iterator<Item = (usize, &CompiledStatement)> {
        let indexes = self.index.statements_about(action);
        indexes.filter_map(|index| Some((index, self.statements.get(index)?)))
    }
}

/// A request, cut once for many policies.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    principal: &'a Principal,
    /// Whether a permissions boundary is set for the principal.
    bounded: bool,
    pub(crate) action: ActionName<'a>,
    resource: ArnText<'a>,
    pub(crate) context: &'a Context,
}

impl<'a> Asked<'a> {
    pub(crate) fn new(request: &Request<'a>, bounded: bool) -> Self {
        let Request { principal, action, resource, context } = *request;
        let (action, resource) = (ActionName::new(action), ArnText::new(resource));
        Self { principal, bounded, action, resource, context }
    }
}

/// One statement.
#[derive(Debug, Clone)]
pub(crate) struct CompiledStatement {
    pub(crate) sid: Option<Box<str>>,
    pub(crate) effect: Effect,
    principals: Option<CompiledPrincipals>,
    resources: Option<CompiledResources>,
    conditions: Box<[CompiledCondition]>,
    pub(crate) keys: Box<[AskedKey]>,
}

impl CompiledStatement {
    fn compile(statement: &Statement, bound: &dyn Fn(&str) -> Option<String>) -> Self {
        Self {
            sid: statement.sid.as_deref().map(Into::into),
            effect: statement.effect,
            principals: statement
                .principals
                .as_ref()
                .map(|principals| CompiledPrincipals::compile(principals, bound)),
            resources: statement.resources.as_ref().map(CompiledResources::compile),
            conditions: statement.conditions.iter().map(CompiledCondition::compile).collect(),
            keys: keys::of_statement(statement),
        }
    }

    /// Whom the statement is about, if everything in it but its action matches.
    pub(crate) fn matches(&self, asked: &Asked<'_>) -> Option<Grant> {
        let grant = self.names(asked)?;
        let matches = self.covers_resource(asked)
            && self.conditions.iter().all(|condition| condition.holds(asked.context, self.effect));
        matches.then_some(grant)
    }

    /// Whether everything in it but its action and its conditions matches, or would if a variable had a value.
    pub(crate) fn may_be_about(&self, asked: &Asked<'_>) -> bool {
        let about_resource = self.resources.as_ref().is_none_or(|resources| {
            resources.match_any(asked) != if resources.negated { Match::Yes } else { Match::No }
        });
        about_resource && self.names(asked).is_some()
    }

    /// Whom the statement is about. One without principals is about whoever has it.
    fn names(&self, asked: &Asked<'_>) -> Option<Grant> {
        self.principals.as_ref().map_or(Some(Grant::Direct), |principals| principals.names(asked))
    }

    /// Whether it is about the resource. Where that hangs on a variable without a value, `NotResource` is answered on
    /// the side of refusal.
    fn covers_resource(&self, asked: &Asked<'_>) -> bool {
        let Some(resources) = &self.resources else { return true };
        match (resources.match_any(asked), resources.negated) {
            (Match::Yes, negated) => !negated,
            (Match::No, negated) => negated,
            (Match::Unknown, negated) => negated && self.effect == Effect::Deny,
        }
    }
}

#[derive(Debug, Clone)]
struct CompiledResources {
    negated: bool,
    patterns: Box<[ArnPattern]>,
}

impl CompiledResources {
    fn compile(resources: &Resources) -> Self {
        Self {
            negated: resources.negated,
            patterns: resources.patterns.iter().map(ArnPattern::resource).collect(),
        }
    }

    /// Whether a pattern matches, the element's negation left aside.
    fn match_any(&self, asked: &Asked<'_>) -> Match {
        Match::any(self.patterns.iter().map(|pattern| pattern.matches(&asked.resource, asked.context)))
    }
}

#[derive(Debug, Clone)]
struct CompiledPrincipals {
    negated: bool,
    ids: Box<[PrincipalId]>,
}

impl CompiledPrincipals {
    fn compile(principals: &Principals, bound: &dyn Fn(&str) -> Option<String>) -> Self {
        let id = |id: &PrincipalId| match id {
            PrincipalId::Identity(arn) => bound(arn).map_or_else(|| id.clone(), PrincipalId::UniqueId),
            _ => id.clone(),
        };
        Self { negated: principals.negated, ids: principals.ids.iter().map(id).collect() }
    }

    /// How the principal is named. `NotPrincipal` goes with Deny alone, and never spares a principal with a permissions
    /// boundary, whoever is named.
    ///
    /// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html>
    fn names(&self, asked: &Asked<'_>) -> Option<Grant> {
        let Asked { principal, bounded, .. } = *asked;
        if self.negated {
            let spared = !bounded && self.names_every_identity(principal);
            return (!spared).then_some(Grant::Direct);
        }
        self.ids.iter().filter_map(|id| named(id, principal)).max()
    }

    /// Whether the principal, its role and its account are all named: who is to be spared by `NotPrincipal` with
    /// Deny must be named with everything that it belongs to.
    ///
    /// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html>
    fn names_every_identity(&self, principal: &Principal) -> bool {
        if self.ids.contains(&PrincipalId::Everyone) {
            return true;
        }
        let names_account = |account: AccountId| self.ids.contains(&PrincipalId::Account(account));
        let names_arn =
            |arn: &str| self.ids.iter().any(|id| matches!(id, PrincipalId::Identity(named) if named == arn));
        let names_id = principal.unique_id.as_ref().is_some_and(|unique_id| {
            self.ids.iter().any(|id| matches!(id, PrincipalId::UniqueId(named) if named == unique_id))
        });
        match &principal.kind {
            PrincipalKind::AccountRoot => names_account(principal.account),
            PrincipalKind::User => {
                names_account(principal.account) && (names_id || names_arn(&principal.arn))
            }
            PrincipalKind::AssumedRole { role_arn } => {
                names_account(principal.account)
                    && (names_id || names_arn(role_arn))
                    && names_arn(&principal.arn)
            }
            PrincipalKind::FederatedUser { user_arn } => {
                names_account(principal.account)
                    && (principal.has_root_identity() || names_id || names_arn(user_arn))
                    && names_arn(&principal.arn)
            }
            PrincipalKind::Federated(_) | PrincipalKind::Service(_) | PrincipalKind::Anonymous => {
                self.ids.iter().any(|id| named(id, principal).is_some())
            }
        }
    }
}

/// How `id` names `principal`, if it does.
fn named(id: &PrincipalId, principal: &Principal) -> Option<Grant> {
    let direct = |named: bool| named.then_some(Grant::Direct);
    match (id, &principal.kind) {
        (PrincipalId::Everyone, _) => Some(Grant::Direct),
        (PrincipalId::Account(account), PrincipalKind::AccountRoot) => direct(*account == principal.account),
        (PrincipalId::Account(account), _) => {
            (principal.home_account() == Some(*account)).then_some(Grant::ToAccount)
        }
        (PrincipalId::Identity(arn), _) if *arn == principal.arn => {
            direct(principal.home_account().is_some())
        }
        (
            PrincipalId::Identity(arn),
            PrincipalKind::AssumedRole { role_arn: behind }
            | PrincipalKind::FederatedUser { user_arn: behind },
        ) => (arn == behind).then_some(Grant::ToIdentity),
        (PrincipalId::UniqueId(id), kind) if principal.unique_id.as_ref() == Some(id) => match kind {
            PrincipalKind::AssumedRole { .. } | PrincipalKind::FederatedUser { .. } => {
                Some(Grant::ToIdentity)
            }
            _ => Some(Grant::Direct),
        },
        (PrincipalId::Service(name), PrincipalKind::Service(service)) => direct(name == service),
        (PrincipalId::Federated(name), PrincipalKind::Federated(provider)) => direct(name == provider),
        // Nobody makes requests under a canonical name.
        (
            PrincipalId::Identity(_)
            | PrincipalId::UniqueId(_)
            | PrincipalId::Service(_)
            | PrincipalId::Federated(_)
            | PrincipalId::CanonicalUser(_),
            _,
        ) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::PolicyKind;

    #[test]
    fn a_policy_says_whether_it_looks_at_the_context() {
        let needs = |resource: &str, condition: &str| {
            let text = format!(
                r#"{{"Version": "2012-10-17", "Statement": [
                    {{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}},
                    {{"Effect": "Allow", "Action": "kms:*", "Resource": "{resource}"{condition}}}]}}"#
            );
            CompiledPolicy::compile(&PolicyDocument::parse(&text, PolicyKind::Identity).unwrap())
                .needs_context()
        };
        assert!(!needs("arn:aws:kms:*:*:key/*", ""));
        assert!(needs("arn:aws:s3:::bucket/${aws:username}/*", ""));
        assert!(needs("*", r#", "Condition": {"Bool": {"aws:SecureTransport": "true"}}"#));
    }
}
