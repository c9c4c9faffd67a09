//! Why a sample's check is without a condition key that AWS names for its action.

/// A condition key that a check is without.
#[derive(Debug)]
pub(crate) struct Excuse {
    /// The operation, or `*`.
    operation: &'static str,
    /// The action, or how it begins and `*`.
    action: &'static str,
    /// How the key begins.
    key: &'static str,
    /// Why it is not there.
    #[allow(dead_code, reason = "readers want to know")]
    why: &'static str,
}

impl Excuse {
    const fn new(
        operation: &'static str,
        action: &'static str,
        key: &'static str,
        why: &'static str,
    ) -> Self {
        Self { operation, action, key, why }
    }

    /// Whether it is for this key of this action.
    pub(crate) fn is_for(&self, operation: &str, action: &str, key: &str) -> bool {
        let is = |of: &str, this: &str| of.strip_suffix('*').map_or(of == this, |of| this.starts_with(of));
        is(self.operation, operation) && is(self.action, action) && key.starts_with(self.key)
    }
}

const NOT_MADE: &str = "nothing is known of what is only to be made";
const FEDERATED: &str = "only a caller whom another identity provider vouches for has it";

/// Every excuse; one that nothing needs fails the test.
pub(crate) const EXCUSES: &[Excuse] = &[
    Excuse::new("*", "kms:*", "kms:ViaService", "only a call of a service on the caller's behalf has it"),
    Excuse::new("*", "kms:*", "kms:RecipientAttestation:", "only an attested caller has it"),
    Excuse::new("CreateKey", "kms:TagResource", "", NOT_MADE),
    Excuse::new("ReplicateKey", "kms:TagResource", "", NOT_MADE),
    Excuse::new("*", "kms:CreateKey", "aws:ResourceTag/", NOT_MADE),
    Excuse::new("Create*", "iam:*", "aws:ResourceTag/", NOT_MADE),
    Excuse::new("Create*", "iam:*", "iam:ResourceTag/", NOT_MADE),
    Excuse::new("GetServiceLinkedRoleDeletionStatus", "*", "aws:ResourceTag/", "the role is gone"),
    Excuse::new("GetServiceLinkedRoleDeletionStatus", "*", "iam:ResourceTag/", "the role is gone"),
    Excuse::new("AcceptHandshake", "iam:CreateServiceLinkedRole", "aws:ResourceTag/", NOT_MADE),
    Excuse::new("AcceptHandshake", "iam:CreateServiceLinkedRole", "iam:ResourceTag/", NOT_MADE),
    Excuse::new("EnableMFADevice", "iam:EnableMFADevice", "iam:FIDO-", "only a security key has it"),
    Excuse::new(
        "EnableMFADevice",
        "iam:EnableMFADevice",
        "iam:RegisterSecurityKey",
        "only a security key has it",
    ),
    Excuse::new("CreateEventBus", "events:*", "aws:ResourceTag/", NOT_MADE),
    Excuse::new("PutRule", "events:*", "aws:ResourceTag/", NOT_MADE),
    Excuse::new("CreateTopic", "sns:*", "aws:ResourceTag/", NOT_MADE),
    Excuse::new("*", "events:*", "events:ManagedBy", "only a rule that a service made has it"),
    Excuse::new("CreateEventBus", "events:TagResource", "events:creatorAccount", "only a rule has it"),
    Excuse::new("Create*", "cloudtrail:*", "aws:ResourceTag/", NOT_MADE),
    Excuse::new("Create*", "organizations:*", "aws:ResourceTag/", NOT_MADE),
    Excuse::new("PutResourcePolicy", "organizations:*", "aws:ResourceTag/", NOT_MADE),
    Excuse::new(
        "PutResourcePolicy",
        "organizations:TagResource",
        "organizations:PolicyType",
        "only a policy has it",
    ),
    Excuse::new("Create*", "organizations:TagResource", "organizations:PolicyType", "only a policy has it"),
    Excuse::new(
        "Invite*",
        "organizations:*",
        "aws:ResourceTag/",
        "only an account that is a member has tags",
    ),
    Excuse::new("Invite*", "organizations:*", "organizations:PolicyType", "only a policy has it"),
    Excuse::new(
        "GetFederationToken",
        "sts:TagSession",
        "sts:TransitiveTagKeys",
        "no role is assumed with it",
    ),
    Excuse::new("PutParameter", "ssm:*", "aws:ResourceTag/", NOT_MADE),
    Excuse::new("PutParameter", "ssm:*", "ssm:resourceTag/", NOT_MADE),
    Excuse::new("GetParametersByPath", "ssm:*", "aws:ResourceTag/", "a path has no tags"),
    Excuse::new("GetParametersByPath", "ssm:*", "ssm:resourceTag/", "a path has no tags"),
    Excuse::new("CreateQueue", "sqs:*", "aws:ResourceTag/", NOT_MADE),
    Excuse::new("*", "sts:*", "accounts.google.com:", FEDERATED),
    Excuse::new("*", "sts:*", "cognito-identity.amazonaws.com:", FEDERATED),
    Excuse::new("*", "sts:*", "graph.facebook.com:", FEDERATED),
    Excuse::new("*", "sts:*", "saml:", FEDERATED),
    Excuse::new("*", "sts:*", "www.amazon.com:", FEDERATED),
];
