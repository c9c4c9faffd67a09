//! A policy document as it was written: statements, and in each its effect, principals, actions, resources and
//! conditions.
//!
//! A document exists only if it is valid, because parsing is the only way to one: patterns are well-formed,
//! variables are recognised, operators hold operands of their own type, and the elements fit the kind of policy.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>

use std::fmt;

use alcazar_base::AccountId;

use crate::condition::Condition;
use crate::variable::Template;

/// What a policy is attached to. It settles which elements the policy must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PolicyKind {
    /// Attached to a user, group or role: names no principal. Permissions boundaries and session policies are
    /// written in the same way.
    Identity,
    /// Attached to a resource, such as a key: every statement names its principals.
    Resource,
    /// The policy that says who may assume a role: it names principals, and no resource, which is the role itself.
    Trust,
    /// Attached to an organization's root, unit or account, for the principals in it: names no principal.
    ///
    /// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html>
    ServiceControl,
    /// Attached to an organization's root, unit or account, for the resources in it: denies only, and everyone.
    /// `RCPFullAWSAccess`, which AWS itself attaches, allows; it is read as a policy of kind [`Self::Resource`].
    ///
    /// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html>
    ResourceControl,
}

impl PolicyKind {
    /// Whether statements of this kind of policy name principals.
    #[must_use]
    pub fn has_principals(self) -> bool {
        match self {
            Self::Resource | Self::Trust | Self::ResourceControl => true,
            Self::Identity | Self::ServiceControl => false,
        }
    }
}

impl fmt::Display for PolicyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Identity => "identity-based policy",
            Self::Resource => "resource-based policy",
            Self::Trust => "role trust policy",
            Self::ServiceControl => "service control policy",
            Self::ResourceControl => "resource control policy",
        })
    }
}

/// The version of the policy language, which settles whether `${…}` is a variable or plain text.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Version {
    /// `2008-10-17`, the version of a document that names none. It has no variables.
    V2008,
    /// `2012-10-17`
    V2012,
}

/// What a statement does when it matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Allows the request, unless some statement denies it.
    Allow,
    /// Denies the request, whatever else allows it.
    Deny,
}

/// A valid policy document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyDocument {
    pub(crate) kind: PolicyKind,
    pub(crate) version: Version,
    pub(crate) id: Option<String>,
    pub(crate) statements: Vec<Statement>,
}

impl PolicyDocument {
    /// The kind of policy that this was parsed as.
    #[must_use]
    pub fn kind(&self) -> PolicyKind {
        self.kind
    }

    /// The version of the policy language that it is written in.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// The document's `Id`.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// The ARNs of users, roles and their sessions that `Principal` and `NotPrincipal` elements name.
    pub fn identities(&self) -> impl Iterator<Item = &str> {
        let ids = self.statements.iter().flat_map(|statement| &statement.principals);
        ids.flat_map(|principals| &principals.ids).filter_map(|id| match id {
            PrincipalId::Identity(arn) => Some(arn.as_str()),
            _ => None,
        })
    }

    /// The statements, in the order in which they were written.
    #[must_use]
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The statement's id, for people.
    pub sid: Option<String>,
    /// What it does when it matches.
    pub effect: Effect,
    /// Whom it is about; given where [`PolicyKind::has_principals`] says so, and never elsewhere.
    pub principals: Option<Principals>,
    /// Which actions it is about.
    pub actions: Actions,
    /// Which resources it is about; in a trust policy none is named, because it is the role.
    pub resources: Option<Resources>,
    /// What else must hold; all of them.
    pub conditions: Vec<Condition>,
}

/// `Action` or `NotAction`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Actions {
    /// Whether it is `NotAction`: every action but these.
    pub negated: bool,
    /// `*`, or `service:name` in which `*` and `?` may stand.
    pub patterns: Vec<String>,
}

/// `Resource` or `NotResource`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resources {
    /// Whether it is `NotResource`: every resource but these.
    pub negated: bool,
    /// `*`, or ARNs in which wildcards and, in the sixth part, variables may stand.
    pub patterns: Vec<Template>,
}

/// `Principal` or `NotPrincipal`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principals {
    /// Whether it is `NotPrincipal`: everyone but these.
    pub negated: bool,
    /// Who is named.
    pub ids: Vec<PrincipalId>,
}

/// One principal as a policy names it.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PrincipalId {
    /// `"*"` or `{"AWS": "*"}`: everyone, anonymous callers too.
    Everyone,
    /// An account, by its id or by its root ARN; both mean the same.
    Account(AccountId),
    /// The ARN of a user, a role, a role session or a federated user.
    Identity(String),
    /// The user or role of a unique id, whatever its name is by now. No document says so: an ARN is
    /// [bound](crate::CompiledPolicy::compile_bound) to the id of whom it named when the policy was written.
    UniqueId(String),
    /// A service, e.g. `s3.amazonaws.com`.
    Service(String),
    /// An identity provider.
    Federated(String),
    /// The canonical id of an account, as object storage has it.
    CanonicalUser(String),
}

impl PrincipalId {
    /// Whether a service may be called so: the names of AWS's services end with its domains.
    #[must_use]
    pub fn is_service(name: &str) -> bool {
        const DOMAINS: [&str; 4] = [".amazonaws.com", ".amazonaws.com.cn", ".amazon.com", ".aws.internal"];
        DOMAINS.iter().any(|domain| name.ends_with(domain))
    }
}
