//! The request to decide: who wants to do what to which resource.

use alcazar_base::AccountId;

use crate::context::Context;

/// Who makes a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The account that the principal belongs to. It means nothing for a service or an anonymous caller.
    pub account: AccountId,
    /// The principal's ARN, e.g. `arn:aws:sts::111122223333:assumed-role/deploy/session-1`; for a service its name,
    /// for an anonymous caller `anonymous`.
    pub arn: String,
    /// What kind of principal it is.
    pub kind: PrincipalKind,
}

/// The kinds of principals.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PrincipalKind {
    /// The account's own root user.
    AccountRoot,
    /// An IAM user.
    User,
    /// A session of a role.
    AssumedRole {
        /// The role's ARN with its path, e.g. `arn:aws:iam::111122223333:role/ci/deploy`.
        role_arn: String,
    },
    /// A service in its own name, e.g. `s3.amazonaws.com`.
    Service(String),
    /// Someone who did not sign the request.
    Anonymous,
}

impl Principal {
    /// The account whose identity policies speak for the principal; services and anonymous callers have none.
    #[must_use]
    pub fn home_account(&self) -> Option<AccountId> {
        match self.kind {
            PrincipalKind::AccountRoot | PrincipalKind::User | PrincipalKind::AssumedRole { .. } => {
                Some(self.account)
            }
            PrincipalKind::Service(_) | PrincipalKind::Anonymous => None,
        }
    }
}

/// One request.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Who makes it.
    pub principal: &'a Principal,
    /// The action, e.g. `kms:Encrypt`.
    pub action: &'a str,
    /// The resource's ARN, or `*` where an action has no resource.
    pub resource: &'a str,
    /// What else is known about it.
    pub context: &'a Context,
}
