//! The request to decide: who wants to do what to which resource.

use alcazar_base::AccountId;

use crate::context::Context;

/// Who makes a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The account that the principal belongs to. It means nothing for a service or an anonymous caller.
    pub account: AccountId,
    /// The principal's ARN, e.g. `arn:aws:sts::111122223333:assumed-role/deploy/session-1`; for a service or an
    /// identity provider its name, for an anonymous caller `anonymous`.
    pub arn: String,
    /// The unique id of the user or role that it is or speaks for, e.g. `AIDA…`; others have none.
    pub unique_id: Option<String>,
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
    /// A federated user's session, made by `GetFederationToken`; its ARN is
    /// `arn:aws:sts::111122223333:federated-user/name`.
    FederatedUser {
        /// The ARN of the user that made it, or that of the account's root user.
        user_arn: String,
    },
    /// Someone whom an identity provider vouches for and who asks to assume a role: the provider's ARN, or its name
    /// if it is one that every account knows, e.g. `accounts.google.com`.
    Federated(String),
    /// A service in its own name, e.g. `s3.amazonaws.com`.
    Service(String),
    /// Someone who did not sign the request.
    Anonymous,
}

impl Principal {
    /// The account whose identity policies speak for the principal. Services, anonymous callers and those who are
    /// known by an identity provider alone have none.
    #[must_use]
    pub fn home_account(&self) -> Option<AccountId> {
        match self.kind {
            PrincipalKind::AccountRoot
            | PrincipalKind::User
            | PrincipalKind::AssumedRole { .. }
            | PrincipalKind::FederatedUser { .. } => Some(self.account),
            PrincipalKind::Federated(_) | PrincipalKind::Service(_) | PrincipalKind::Anonymous => None,
        }
    }

    /// Whether it speaks with the power of the account's root user, whose identity allows everything: the root user
    /// itself, or a federated user that it made.
    pub(crate) fn has_root_identity(&self) -> bool {
        match &self.kind {
            PrincipalKind::AccountRoot => true,
            PrincipalKind::FederatedUser { user_arn } => user_arn.ends_with(":root"),
            _ => false,
        }
    }

    /// Whether it is a session of a service-linked role. The organization's policies do not limit those.
    ///
    /// Sources: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html>,
    /// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html>
    pub(crate) fn is_service_linked(&self) -> bool {
        match &self.kind {
            PrincipalKind::AssumedRole { role_arn } => role_arn.contains(":role/aws-service-role/"),
            _ => false,
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
