//! A question to the policies, in plain form: texts of policies, as someone would write them. Both evaluators, the
//! crate's and the reference, answer it.

use std::sync::Arc;

use alcazar_base::AccountId;
use alcazar_policy::{
    CompiledPolicy, Context, Decision, DecisionRequest, Explanation, ParseError, PolicyDocument, PolicyKind,
    Principal, PrincipalPolicies, Request, ResourceRule, decide, explain,
};

/// Who wants to do what to which resource, and every policy that has something to say about it.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    pub(crate) principal: Principal,
    pub(crate) action: String,
    pub(crate) resource: String,
    pub(crate) context: Context,
    pub(crate) identity: Vec<String>,
    pub(crate) boundary: Option<String>,
    /// `None` if the session was made without policies, or the principal is no session.
    pub(crate) session: Option<Vec<String>>,
    /// By level, as are resource control policies.
    pub(crate) service_control: Vec<Vec<String>>,
    pub(crate) resource_control: Vec<Vec<String>>,
    pub(crate) resource_policy: Option<(PolicyKind, String)>,
    pub(crate) resource_account: AccountId,
    pub(crate) rule: ResourceRule,
}

/// A question whose policies are compiled.
pub(crate) struct Prepared<'q> {
    question: &'q Question,
    principal_policies: PrincipalPolicies,
    resource_control: Vec<Vec<Arc<CompiledPolicy>>>,
    resource_policy: Option<Arc<CompiledPolicy>>,
}

impl Question {
    /// Parses and compiles the policies.
    ///
    /// # Errors
    /// One of them is no valid policy of its kind.
    pub(crate) fn prepare(&self) -> Result<Prepared<'_>, ParseError> {
        let all = |texts: &[String], kind| texts.iter().map(|text| compile(text, kind)).collect();
        let levels = |levels: &[Vec<String>], kind| {
            levels.iter().map(|texts| all(texts, kind)).collect::<Result<Vec<Vec<_>>, _>>()
        };
        let boundary = self.boundary.as_ref().map(|text| compile(text, PolicyKind::Identity)).transpose()?;
        let session = self.session.as_ref().map(|texts| all(texts, PolicyKind::Identity)).transpose()?;
        let resource_policy = self.resource_policy.as_ref().map(|(kind, text)| compile(text, *kind));
        Ok(Prepared {
            question: self,
            principal_policies: PrincipalPolicies {
                identity: all(&self.identity, PolicyKind::Identity)?,
                boundary,
                session,
                service_control: levels(&self.service_control, PolicyKind::ServiceControl)?,
            },
            resource_control: levels(&self.resource_control, PolicyKind::ResourceControl)?,
            resource_policy: resource_policy.transpose()?,
        })
    }
}

impl Prepared<'_> {
    pub(crate) fn decide(&self) -> Decision {
        decide(&self.request())
    }

    pub(crate) fn explain(&self) -> Explanation<'_> {
        explain(&self.request())
    }

    fn request(&self) -> DecisionRequest<'_> {
        let Question { principal, action, resource, context, resource_account, rule, .. } = self.question;
        DecisionRequest {
            request: Request { principal, action, resource, context },
            principal_policies: &self.principal_policies,
            resource_control: &self.resource_control,
            resource_policy: self.resource_policy.as_deref(),
            resource_account: *resource_account,
            resource_rule: *rule,
        }
    }
}

fn compile(text: &str, kind: PolicyKind) -> Result<Arc<CompiledPolicy>, ParseError> {
    // The one resource control policy that allows is AWS's own, and no customer can write it.
    let allows = text.contains(r#""Allow""#);
    let kind = if kind == PolicyKind::ResourceControl && allows { PolicyKind::Resource } else { kind };
    PolicyDocument::parse(text, kind).map(|document| Arc::new(CompiledPolicy::compile(&document)))
}
