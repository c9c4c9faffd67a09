//! Why a request was denied, in AWS's words.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html>

use std::fmt;

/// The types of policies that can deny a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PolicyType {
    /// The principal's own policies.
    IdentityBased,
    /// The resource's policy.
    ResourceBased,
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
}

impl Denial {
    /// Whether a grant on the resource can make up for it: only where the principal's or the resource's policies
    /// failed to allow the request. A grant never outweighs a deny.
    #[must_use]
    pub fn grants_count(&self) -> bool {
        match self.reason {
            DenialReason::NoAllow(PolicyType::IdentityBased | PolicyType::ResourceBased) => true,
            DenialReason::ExplicitDeny(_) => false,
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
            DenialReason::ExplicitDeny(PolicyType::IdentityBased) => {
                format!("{denied} with an explicit deny in an identity-based policy")
            }
            DenialReason::ExplicitDeny(PolicyType::ResourceBased) => {
                format!("{denied} with an explicit deny in a resource-based policy")
            }
            DenialReason::NoAllow(policy_type) => {
                format!("{denied} because no {policy_type} policy allows the {action} action")
            }
        }
    }
}

impl fmt::Display for PolicyType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::IdentityBased => "identity-based",
            Self::ResourceBased => "resource-based",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_messages_are_those_of_the_documentation() {
        let message = |reason| {
            Denial { reason }.message(
                "arn:aws:iam::123456789012:user/JohnDoe",
                "codedeploy:ListDeployments",
                "arn:aws:codedeploy:us-east-1:123456789012:deploymentgroup:*",
            )
        };
        let denied = "User: arn:aws:iam::123456789012:user/JohnDoe is not authorized to perform: \
                      codedeploy:ListDeployments on resource: \
                      arn:aws:codedeploy:us-east-1:123456789012:deploymentgroup:*";
        for (reason, because) in [
            (
                DenialReason::NoAllow(PolicyType::IdentityBased),
                "because no identity-based policy allows the codedeploy:ListDeployments action",
            ),
            (
                DenialReason::NoAllow(PolicyType::ResourceBased),
                "because no resource-based policy allows the codedeploy:ListDeployments action",
            ),
            (
                DenialReason::ExplicitDeny(PolicyType::IdentityBased),
                "with an explicit deny in an identity-based policy",
            ),
            (
                DenialReason::ExplicitDeny(PolicyType::ResourceBased),
                "with an explicit deny in a resource-based policy",
            ),
        ] {
            assert_eq!(message(reason), format!("{denied} {because}"));
        }
    }
}
