//! What one policy says about a request.

use crate::compile::{Asked, CompiledPolicy};
use crate::document::Effect;
use crate::request::Request;

/// What one policy says about a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome<'p> {
    /// A statement allows it and none denies it.
    Allow(MatchedStatement<'p>, Grant),
    /// A statement denies it.
    ExplicitDeny(MatchedStatement<'p>),
    /// No statement is about it.
    NoMatch,
}

/// The statement that an outcome rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MatchedStatement<'p> {
    /// Its index in the document, counted from zero.
    pub index: usize,
    /// Its `Sid`.
    pub sid: Option<&'p str>,
}

/// To whom a statement gives what it allows. An identity policy always gives it directly.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grant {
    /// To the principal's account, which may pass it on by identity policies.
    ToAccount,
    /// To the identity behind a session: the role of a role session, the user of a federated user's. A boundary or a
    /// session policy that does not allow the request stands against it.
    ToIdentity,
    /// To the principal itself, or to everyone.
    Direct,
}

impl CompiledPolicy {
    /// Evaluates the policy. A deny wins; among statements that allow, the first one that allows most is named.
    #[must_use]
    pub fn evaluate(&self, request: &Request<'_>) -> Outcome<'_> {
        self.answer(&Asked::new(request, false))
    }

    /// Evaluates the policy for a request that has been cut.
    pub(crate) fn answer(&self, asked: &Asked<'_>) -> Outcome<'_> {
        let mut outcome = Outcome::NoMatch;
        for (index, statement) in self.statements_about(asked.action) {
            if statement.effect == Effect::Allow && matches!(outcome, Outcome::Allow(_, Grant::Direct)) {
                continue;
            }
            let Some(grant) = statement.matches(asked) else { continue };
            let matched = MatchedStatement { index, sid: statement.sid.as_deref() };
            match statement.effect {
                Effect::Deny => return Outcome::ExplicitDeny(matched),
                Effect::Allow if matches!(outcome, Outcome::Allow(_, best) if best >= grant) => {}
                Effect::Allow => outcome = Outcome::Allow(matched, grant),
            }
        }
        outcome
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::Context;
    use crate::document::{PolicyDocument, PolicyKind};
    use crate::request::{Principal, PrincipalKind};

    const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/1234";

    fn principal(arn: &str, kind: PrincipalKind) -> Principal {
        Principal { account: "111122223333".parse().unwrap(), arn: arn.into(), unique_id: None, kind }
    }

    fn alice() -> Principal {
        principal("arn:aws:iam::111122223333:user/alice", PrincipalKind::User)
    }

    fn session() -> Principal {
        principal(
            "arn:aws:sts::111122223333:assumed-role/deploy/s1",
            PrincipalKind::AssumedRole { role_arn: "arn:aws:iam::111122223333:role/ci/deploy".into() },
        )
    }

    fn federated_user() -> Principal {
        principal(
            "arn:aws:sts::111122223333:federated-user/bob",
            PrincipalKind::FederatedUser { user_arn: "arn:aws:iam::111122223333:user/alice".into() },
        )
    }

    fn root() -> Principal {
        principal("arn:aws:iam::111122223333:root", PrincipalKind::AccountRoot)
    }

    fn policy(kind: PolicyKind, statements: &str) -> CompiledPolicy {
        let text = format!(r#"{{"Version": "2012-10-17", "Statement": {statements}}}"#);
        CompiledPolicy::compile(&PolicyDocument::parse(&text, kind).unwrap())
    }

    fn outcome<'p>(
        policy: &'p CompiledPolicy,
        principal: &Principal,
        action: &str,
        resource: &str,
    ) -> Outcome<'p> {
        let mut context = Context::new();
        context.insert("aws:username", "alice");
        policy.evaluate(&Request { principal, action, resource, context: &context })
    }

    /// How a resource policy with this principal element names `who`.
    fn grant(element: &str, effect: &str, who: &Principal) -> Option<Grant> {
        let text = format!(r#"{{"Effect": "{effect}", {element}, "Action": "*", "Resource": "*"}}"#);
        match outcome(&policy(PolicyKind::Resource, &text), who, "kms:Encrypt", KEY) {
            Outcome::Allow(_, grant) => Some(grant),
            Outcome::ExplicitDeny(_) => Some(Grant::Direct),
            Outcome::NoMatch => None,
        }
    }

    #[test]
    fn the_statement_that_decides_is_named() {
        let policy = policy(
            PolicyKind::Identity,
            r#"[
                {"Sid": "First", "Effect": "Allow", "Action": "kms:*", "Resource": "*"},
                {"Effect": "Allow", "Action": "*", "Resource": "*"},
                {"Sid": "NoDelete", "Effect": "Deny", "Action": "kms:ScheduleKeyDeletion", "Resource": "*"}
            ]"#,
        );
        let first = MatchedStatement { index: 0, sid: Some("First") };
        assert_eq!(outcome(&policy, &alice(), "kms:Encrypt", KEY), Outcome::Allow(first, Grant::Direct));
        let second = MatchedStatement { index: 1, sid: None };
        assert_eq!(outcome(&policy, &alice(), "s3:GetObject", "*"), Outcome::Allow(second, Grant::Direct));
        let third = MatchedStatement { index: 2, sid: Some("NoDelete") };
        assert_eq!(outcome(&policy, &alice(), "KMS:schedulekeydeletion", KEY), Outcome::ExplicitDeny(third));
    }

    #[test]
    fn actions_and_resources_select() {
        let check = |elements: &str, action: &str, resource: &str| {
            let policy = policy(PolicyKind::Identity, &format!(r#"{{"Effect": "Allow", {elements}}}"#));
            outcome(&policy, &alice(), action, resource) != Outcome::NoMatch
        };
        let actions = r#""Action": ["kms:Encrypt", "kms:Generate*"], "Resource": "*""#;
        assert!(check(actions, "kms:encrypt", KEY));
        assert!(check(actions, "kms:GenerateRandom", "*"));
        assert!(!check(actions, "kms:Decrypt", KEY));
        let not_action = r#""NotAction": "kms:*", "Resource": "*""#;
        assert!(check(not_action, "s3:GetObject", "*"));
        assert!(!check(not_action, "kms:Decrypt", KEY));
        let resource = r#""Action": "*", "Resource": "arn:aws:kms:*:111122223333:key/*""#;
        assert!(check(resource, "kms:Decrypt", KEY));
        assert!(!check(resource, "kms:Decrypt", "arn:aws:kms:eu-west-1:444455556666:key/1234"));
        assert!(!check(resource, "kms:ListKeys", "*"));
        let not_resource = r#""Action": "*", "NotResource": "arn:aws:kms:*:*:key/1234""#;
        assert!(!check(not_resource, "kms:Decrypt", KEY));
        assert!(check(not_resource, "kms:Decrypt", "arn:aws:kms:eu-west-1:111122223333:key/5678"));
        let variable = r#""Action": "*", "Resource": "arn:aws:s3:::home/${aws:username}/*""#;
        assert!(check(variable, "s3:GetObject", "arn:aws:s3:::home/alice/x"));
        assert!(!check(variable, "s3:GetObject", "arn:aws:s3:::home/bob/x"));
        let unresolved = r#""Action": "*", "NotResource": "arn:aws:s3:::home/${aws:userid}/*""#;
        assert!(!check(unresolved, "s3:GetObject", "arn:aws:s3:::home/bob/x"));
    }

    #[test]
    fn an_account_is_delegated_to_and_its_root_is_named() {
        for element in [r#"{"AWS": "111122223333"}"#, r#"{"AWS": "arn:aws:iam::111122223333:root"}"#] {
            let element = format!(r#""Principal": {element}"#);
            assert_eq!(grant(&element, "Allow", &alice()), Some(Grant::ToAccount));
            assert_eq!(grant(&element, "Allow", &session()), Some(Grant::ToAccount));
            assert_eq!(grant(&element, "Allow", &root()), Some(Grant::Direct));
            let service = principal("s3.amazonaws.com", PrincipalKind::Service("s3.amazonaws.com".into()));
            assert_eq!(grant(&element, "Allow", &service), None);
            assert_eq!(grant(&element, "Allow", &principal("anonymous", PrincipalKind::Anonymous)), None);
        }
        assert_eq!(grant(r#""Principal": {"AWS": "444455556666"}"#, "Allow", &alice()), None);
    }

    #[test]
    fn principals_are_named_by_their_arns() {
        let granted =
            |id: &str, who: &Principal| grant(&format!(r#""Principal": {{"AWS": "{id}"}}"#), "Allow", who);
        let check = |id: &str, who: &Principal| granted(id, who) == Some(Grant::Direct);
        assert!(check("arn:aws:iam::111122223333:user/alice", &alice()));
        assert!(!check("arn:aws:iam::111122223333:user/Alice", &alice()));
        assert_eq!(granted("arn:aws:iam::111122223333:role/ci/deploy", &session()), Some(Grant::ToIdentity));
        assert!(check("arn:aws:sts::111122223333:assumed-role/deploy/s1", &session()));
        assert!(!check("arn:aws:sts::111122223333:assumed-role/deploy/s2", &session()));
        assert_eq!(granted("arn:aws:iam::111122223333:role/deploy", &session()), None);
        assert!(check("arn:aws:sts::111122223333:federated-user/bob", &federated_user()));
        assert_eq!(
            granted("arn:aws:iam::111122223333:user/alice", &federated_user()),
            Some(Grant::ToIdentity)
        );
        assert_eq!(granted("111122223333", &federated_user()), Some(Grant::ToAccount));
        assert!(check("*", &session()));
        let anonymous = principal("anonymous", PrincipalKind::Anonymous);
        assert_eq!(grant(r#""Principal": "*""#, "Allow", &anonymous), Some(Grant::Direct));
        let service = principal("s3.amazonaws.com", PrincipalKind::Service("s3.amazonaws.com".into()));
        let provider = "arn:aws:iam::111122223333:oidc-provider/example.com";
        let federated = principal(provider, PrincipalKind::Federated(provider.into()));
        let element = format!(r#""Principal": {{"Federated": "{provider}"}}"#);
        assert_eq!(grant(&element, "Allow", &federated), Some(Grant::Direct));
        assert_eq!(grant(&element, "Allow", &alice()), None);
        assert_eq!(granted("111122223333", &federated), None);
        let element = r#""Principal": {"Service": ["sns.amazonaws.com", "s3.amazonaws.com"]}"#;
        assert_eq!(grant(element, "Allow", &service), Some(Grant::Direct));
        assert_eq!(grant(element, "Allow", &alice()), None);
    }

    #[test]
    fn the_most_direct_allow_counts() {
        let policy = policy(
            PolicyKind::Resource,
            r#"[
                {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "*", "Resource": "*"},
                {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/alice"},
                 "Action": "*", "Resource": "*"}
            ]"#,
        );
        let matched = |index| MatchedStatement { index, sid: None };
        assert_eq!(outcome(&policy, &alice(), "kms:Encrypt", KEY), Outcome::Allow(matched(1), Grant::Direct));
        assert_eq!(
            outcome(&policy, &session(), "kms:Encrypt", KEY),
            Outcome::Allow(matched(0), Grant::ToAccount)
        );
    }

    /// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html>
    #[test]
    fn not_principal_spares_only_who_is_named_with_all_that_it_belongs_to() {
        let element =
            |ids: &[&str]| format!(r#""NotPrincipal": {{"AWS": {}}}"#, serde_json::to_string(ids).unwrap());
        let (account, role) = ("111122223333", "arn:aws:iam::111122223333:role/ci/deploy");
        let session_arn = "arn:aws:sts::111122223333:assumed-role/deploy/s1";
        assert!(grant(&element(&[account, role, session_arn]), "Deny", &session()).is_none());
        assert!(grant(&element(&[account, role]), "Deny", &session()).is_some());
        assert!(grant(&element(&[role, session_arn]), "Deny", &session()).is_some());
        assert!(
            grant(&element(&[account, "arn:aws:iam::111122223333:user/alice"]), "Deny", &alice()).is_none()
        );
        assert!(grant(&element(&[account]), "Deny", &alice()).is_some());
        assert!(grant(&element(&[account]), "Deny", &root()).is_none());
        assert!(grant(&element(&["*"]), "Deny", &alice()).is_none());
        let made = ["111122223333", "arn:aws:iam::111122223333:user/alice"];
        assert!(grant(&element(&made), "Deny", &federated_user()).is_some());
        let whole = [&made[..], &["arn:aws:sts::111122223333:federated-user/bob"]].concat();
        assert!(grant(&element(&whole), "Deny", &federated_user()).is_none());
    }
}
