//! Why a request was denied, in AWS's words.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html>

use std::fmt;

use alcazar_base::AccountId;

use crate::request::Principal;

/// The types of policies that can deny a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PolicyType {
    /// The principal's own policies.
    IdentityBased,
    /// The resource's policy.
    ResourceBased,
    /// The principal's permissions boundary.
    PermissionsBoundary,
    /// The policies of the principal's session.
    Session,
    /// The policies that the principal's organization sets for it.
    ServiceControl,
    /// The policies that the resource's organization sets for it.
    ResourceControl,
}

impl PolicyType {
    /// All of them, in the order in which an explicit deny is told.
    pub const ALL: [Self; 6] = [
        Self::ServiceControl,
        Self::ResourceControl,
        Self::ResourceBased,
        Self::IdentityBased,
        Self::PermissionsBoundary,
        Self::Session,
    ];
}

/// Why a request was denied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DenialReason {
    /// A statement of a policy of this type denies it.
    ExplicitDeny(PolicyType),
    /// It needs a policy of this type that allows it, and none does.
    NoAllow(PolicyType),
}

/// A request that was denied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Denial {
    /// Why.
    pub reason: DenialReason,
    /// Whether a permissions boundary or a session's policies do not allow the request either.
    limited: bool,
}

impl Denial {
    pub(crate) fn explicit(policy_type: PolicyType) -> Self {
        Self { reason: DenialReason::ExplicitDeny(policy_type), limited: false }
    }

    pub(crate) fn implicit(policy_type: PolicyType, limited: bool) -> Self {
        Self { reason: DenialReason::NoAllow(policy_type), limited }
    }

    /// Whether a grant on the resource can make up for it: only where nothing but the principal's or the resource's
    /// policies failed to allow the request. A grant never outweighs a deny, nor what limits the principal.
    #[must_use]
    pub fn grants_count(&self) -> bool {
        match self.reason {
            DenialReason::NoAllow(PolicyType::IdentityBased | PolicyType::ResourceBased) => !self.limited,
            DenialReason::NoAllow(_) | DenialReason::ExplicitDeny(_) => false,
        }
    }

    /// The message that AWS answers with.
    ///
    /// Where several types of policies deny a request, AWS names one; so does this.
    #[must_use]
    pub fn message(&self, principal_arn: &str, action: &str, resource: &str) -> String {
        let denied =
            format!("User: {principal_arn} is not authorized to perform: {action} on resource: {resource}");
        match self.reason {
            DenialReason::ExplicitDeny(policy_type) => {
                let article = if policy_type == PolicyType::IdentityBased { "an" } else { "a" };
                format!("{denied} with an explicit deny in {article} {policy_type}")
            }
            DenialReason::NoAllow(policy_type) => {
                format!("{denied} because no {policy_type} allows the {action} action")
            }
        }
    }

    /// The message where the resource is a role of `owner` that is to be assumed.
    ///
    /// Whoever is not trusted by a role is told the same as of a role that does not exist, and so is whoever calls
    /// from another account, whose own policies do not allow it.
    #[must_use]
    pub fn message_of_trust(
        &self,
        principal: &Principal,
        action: &str,
        resource: &str,
        owner: AccountId,
    ) -> String {
        let denied =
            format!("User: {} is not authorized to perform: {action} on resource: {resource}", principal.arn);
        match self.reason {
            DenialReason::ExplicitDeny(PolicyType::ResourceBased) => {
                format!("{denied} with an explicit deny in the role trust policy")
            }
            DenialReason::NoAllow(policy_type)
                if policy_type == PolicyType::ResourceBased || principal.home_account() != Some(owner) =>
            {
                denied
            }
            DenialReason::ExplicitDeny(_) | DenialReason::NoAllow(_) => {
                self.message(&principal.arn, action, resource)
            }
        }
    }
}

impl fmt::Display for PolicyType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::IdentityBased => "identity-based policy",
            Self::ResourceBased => "resource-based policy",
            Self::PermissionsBoundary => "permissions boundary",
            Self::Session => "session policy",
            Self::ServiceControl => "service control policy",
            Self::ResourceControl => "resource control policy",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_messages_are_those_of_the_documentation() {
        let message = |reason| {
            Denial { reason, limited: false }.message(
                "arn:aws:iam::123456789012:user/JohnDoe",
                "codedeploy:ListDeployments",
                "arn:aws:codedeploy:us-east-1:123456789012:deploymentgroup:*",
            )
        };
        let denied = "User: arn:aws:iam::123456789012:user/JohnDoe is not authorized to perform: \
                      codedeploy:ListDeployments on resource: \
                      arn:aws:codedeploy:us-east-1:123456789012:deploymentgroup:*";
        for (policy_type, name) in [
            (PolicyType::IdentityBased, "identity-based policy"),
            (PolicyType::ResourceBased, "resource-based policy"),
            (PolicyType::PermissionsBoundary, "permissions boundary"),
            (PolicyType::Session, "session policy"),
            (PolicyType::ServiceControl, "service control policy"),
            (PolicyType::ResourceControl, "resource control policy"),
        ] {
            let because = format!("because no {name} allows the codedeploy:ListDeployments action");
            assert_eq!(message(DenialReason::NoAllow(policy_type)), format!("{denied} {because}"));
            let article = if name.starts_with('i') { "an" } else { "a" };
            let with = format!("with an explicit deny in {article} {name}");
            assert_eq!(message(DenialReason::ExplicitDeny(policy_type)), format!("{denied} {with}"));
        }
    }
}
