mod limits;

use super::*;
use crate::context::Context;
use crate::denial::DenialReason;
use crate::document::{PolicyDocument, PolicyKind};
use crate::request::Principal;

const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/1234";

/// The principals of the tables below; the resource is always account 111122223333's.
fn principal(who: &str) -> Principal {
    let (account, name) = who.split_once('/').unwrap();
    let account = if account == "home" { "111122223333" } else { "444455556666" };
    let (arn, kind) = match name {
        "root" => (format!("arn:aws:iam::{account}:root"), PrincipalKind::AccountRoot),
        "alice" => (format!("arn:aws:iam::{account}:user/alice"), PrincipalKind::User),
        "deploy" => (
            format!("arn:aws:sts::{account}:assumed-role/deploy/s1"),
            PrincipalKind::AssumedRole { role_arn: format!("arn:aws:iam::{account}:role/deploy") },
        ),
        "s3" => ("s3.amazonaws.com".into(), PrincipalKind::Service("s3.amazonaws.com".into())),
        "anonymous" => ("anonymous".into(), PrincipalKind::Anonymous),
        other => panic!("no principal {other}"),
    };
    Principal { account: account.parse().unwrap(), arn, unique_id: None, kind }
}

fn compile(kind: PolicyKind, statements: &str) -> CompiledPolicy {
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#);
    CompiledPolicy::compile(&PolicyDocument::parse(&text, kind).unwrap())
}

/// Decides `kms:Encrypt` on the key. `identity` are the effects of the principal's policies; `resource` are effects
/// and the principals that they are for.
fn decision(rule: ResourceRule, who: &str, identity: &[&str], resource: &[(&str, &str)]) -> Decision {
    let identity_policies: Vec<_> = identity
        .iter()
        .map(|effect| format!(r#"{{"Effect": "{effect}", "Action": "kms:*", "Resource": "*"}}"#))
        .map(|statement| Arc::new(compile(PolicyKind::Identity, &statement)))
        .collect();
    let statements: Vec<_> = resource
        .iter()
        .map(|(effect, to)| {
            let to = match *to {
                "*" => r#""*""#.to_owned(),
                "s3" => r#"{"Service": "s3.amazonaws.com"}"#.to_owned(),
                account if account.len() == 12 => format!(r#"{{"AWS": "arn:aws:iam::{account}:root"}}"#),
                arn => format!(r#"{{"AWS": "{arn}"}}"#),
            };
            format!(r#"{{"Effect": "{effect}", "Principal": {to}, "Action": "kms:*", "Resource": "*"}}"#)
        })
        .collect();
    let resource_policy =
        (!resource.is_empty()).then(|| compile(PolicyKind::Resource, &statements.join(", ")));
    let context = Context::new();
    decide(&DecisionRequest {
        request: Request {
            principal: &principal(who),
            action: "kms:Encrypt",
            resource: KEY,
            context: &context,
        },
        principal_policies: &PrincipalPolicies {
            identity: identity_policies,
            ..PrincipalPolicies::default()
        },
        resource_control: &[],
        resource_policy: resource_policy.as_ref(),
        resource_account: "111122223333".parse().unwrap(),
        resource_rule: rule,
    })
}

#[track_caller]
fn check(
    rule: ResourceRule,
    who: &str,
    identity: &[&str],
    resource: &[(&str, &str)],
    expected: Result<(), DenialReason>,
) {
    let decided = match decision(rule, who, identity, resource) {
        Decision::Allowed => Ok(()),
        Decision::Denied(denial) => Err(denial.reason),
    };
    assert_eq!(decided, expected, "{rule:?}, {who}, {identity:?}, {resource:?}");
}

const HOME: (&str, &str) = ("Allow", "111122223333");
const OTHER: (&str, &str) = ("Allow", "444455556666");
const NO_RESOURCE_ALLOW: DenialReason = DenialReason::NoAllow(PolicyType::ResourceBased);
const NO_IDENTITY_ALLOW: DenialReason = DenialReason::NoAllow(PolicyType::IdentityBased);
const ALICE: (&str, &str) = ("Allow", "arn:aws:iam::111122223333:user/alice");
const OTHER_ALICE: (&str, &str) = ("Allow", "arn:aws:iam::444455556666:user/alice");
const ROLE: (&str, &str) = ("Allow", "arn:aws:iam::111122223333:role/deploy");
const EVERYONE: (&str, &str) = ("Allow", "*");

#[test]
fn within_an_account_either_side_suffices_for_ordinary_resources() {
    let check =
        |who, identity, resource, expected| check(ResourceRule::Ordinary, who, identity, resource, expected);
    check("home/alice", &[], &[], Err(NO_IDENTITY_ALLOW));
    check("home/alice", &["Allow"], &[], Ok(()));
    check("home/alice", &[], &[ALICE], Ok(()));
    check("home/alice", &[], &[EVERYONE], Ok(()));
    check("home/alice", &[], &[HOME], Err(NO_IDENTITY_ALLOW));
    check("home/alice", &["Allow"], &[HOME], Ok(()));
    check("home/alice", &[], &[ROLE], Err(NO_IDENTITY_ALLOW));
    check("home/deploy", &[], &[ROLE], Ok(()));
    check("home/root", &[], &[], Ok(()));
}

#[test]
fn a_key_policy_must_allow_or_delegate() {
    let check =
        |who, identity, resource, expected| check(ResourceRule::MustAllow, who, identity, resource, expected);
    check("home/alice", &["Allow"], &[], Err(NO_RESOURCE_ALLOW));
    check("home/alice", &["Allow"], &[ROLE], Err(NO_RESOURCE_ALLOW));
    check("home/alice", &["Allow"], &[OTHER], Err(NO_RESOURCE_ALLOW));
    check("home/alice", &[], &[HOME], Err(NO_IDENTITY_ALLOW));
    check("home/alice", &["Allow"], &[HOME], Ok(()));
    check("home/alice", &[], &[ALICE], Ok(()));
    check("home/alice", &[], &[HOME, ALICE], Ok(()));
    check("home/deploy", &[], &[ROLE], Ok(()));
    check("home/root", &[], &[HOME], Ok(()));
    check("home/root", &["Allow"], &[ALICE], Err(NO_RESOURCE_ALLOW));
    check("home/root", &[], &[], Err(NO_RESOURCE_ALLOW));
}

#[test]
fn across_accounts_both_sides_must_allow() {
    for rule in [ResourceRule::Ordinary, ResourceRule::MustAllow] {
        check(rule, "other/alice", &["Allow"], &[], Err(NO_RESOURCE_ALLOW));
        check(rule, "other/alice", &["Allow"], &[HOME, ALICE], Err(NO_RESOURCE_ALLOW));
        check(rule, "other/alice", &[], &[OTHER_ALICE], Err(NO_IDENTITY_ALLOW));
        check(rule, "other/alice", &[], &[EVERYONE], Err(NO_IDENTITY_ALLOW));
        check(rule, "other/alice", &["Allow"], &[OTHER_ALICE], Ok(()));
        check(rule, "other/alice", &["Allow"], &[OTHER], Ok(()));
        check(rule, "other/deploy", &["Allow"], &[EVERYONE], Ok(()));
        check(rule, "other/root", &[], &[OTHER], Ok(()));
        check(rule, "other/root", &[], &[HOME], Err(NO_RESOURCE_ALLOW));
    }
}

#[test]
fn an_explicit_deny_wins_on_either_side() {
    let identity_deny = Err(DenialReason::ExplicitDeny(PolicyType::IdentityBased));
    let resource_deny = Err(DenialReason::ExplicitDeny(PolicyType::ResourceBased));
    for rule in [ResourceRule::Ordinary, ResourceRule::MustAllow] {
        check(rule, "home/alice", &["Allow", "Deny"], &[HOME, ALICE], identity_deny);
        check(rule, "home/alice", &["Allow"], &[ALICE, ("Deny", "*")], resource_deny);
        check(rule, "home/alice", &["Allow"], &[ALICE, ("Deny", "111122223333")], resource_deny);
        check(rule, "home/root", &[], &[HOME, ("Deny", "111122223333")], resource_deny);
        check(rule, "home/alice", &["Allow"], &[ALICE, ("Deny", "444455556666")], Ok(()));
        check(rule, "home/alice", &["Deny"], &[ALICE, ("Deny", "*")], resource_deny);
    }
}

#[test]
fn services_and_anonymous_callers_need_the_resources_policy() {
    for rule in [ResourceRule::Ordinary, ResourceRule::MustAllow] {
        check(rule, "home/s3", &[], &[], Err(NO_RESOURCE_ALLOW));
        check(rule, "home/s3", &[], &[HOME], Err(NO_RESOURCE_ALLOW));
        check(rule, "home/s3", &[], &[("Allow", "s3")], Ok(()));
        check(rule, "home/anonymous", &["Allow"], &[HOME], Err(NO_RESOURCE_ALLOW));
        check(rule, "home/anonymous", &[], &[EVERYONE], Ok(()));
    }
}

#[test]
fn policies_are_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Arc<CompiledPolicy>>();
}
