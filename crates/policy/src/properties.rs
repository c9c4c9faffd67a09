//! What must hold for every policy and every request, tried on random ones.

mod limits;

use std::sync::Arc;

use proptest::prelude::*;

use crate::CompiledPolicy;
use crate::condition::operator::Operator;
use crate::context::{Context, Value};
use crate::decide::{Decision, DecisionRequest, PrincipalPolicies, ResourceRule, decide};
use crate::denial::{Denial, DenialReason};
use crate::document::{PolicyDocument, PolicyKind};
use crate::evaluate::{Grant, Outcome};
use crate::request::{Principal, PrincipalKind, Request};
use crate::wildcard::{Case, Pattern};

const HOME: &str = "111122223333";
const OTHER: &str = "444455556666";

const KINDS: [PolicyKind; 5] = [
    PolicyKind::Identity,
    PolicyKind::Resource,
    PolicyKind::Trust,
    PolicyKind::ServiceControl,
    PolicyKind::ResourceControl,
];

fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, cases: 512, ..ProptestConfig::default() }
}

/// The plainest matcher there is, by its definition.
fn reference(pattern: &[char], text: &[char]) -> bool {
    match (pattern, text) {
        ([], []) => true,
        (['*', rest @ ..], _) if reference(rest, text) => true,
        (['*', ..], [_, others @ ..]) => reference(pattern, others),
        (['?', rest @ ..], [_, others @ ..]) => reference(rest, others),
        ([wanted, rest @ ..], [found, others @ ..]) => wanted == found && reference(rest, others),
        _ => false,
    }
}

fn principal() -> impl Strategy<Value = Principal> {
    let account = prop_oneof![Just(HOME), Just(OTHER)];
    (account, 0..6usize).prop_map(|(account, kind)| {
        let (arn, kind) = match kind {
            0 => (format!("arn:aws:iam::{account}:root"), PrincipalKind::AccountRoot),
            1 => (format!("arn:aws:iam::{account}:user/alice"), PrincipalKind::User),
            2 => (
                format!("arn:aws:sts::{account}:assumed-role/deploy/s1"),
                PrincipalKind::AssumedRole { role_arn: format!("arn:aws:iam::{account}:role/deploy") },
            ),
            3 => (
                format!("arn:aws:sts::{account}:federated-user/alice"),
                PrincipalKind::FederatedUser { user_arn: format!("arn:aws:iam::{account}:user/alice") },
            ),
            4 => ("s3.amazonaws.com".into(), PrincipalKind::Service("s3.amazonaws.com".into())),
            _ => ("anonymous".into(), PrincipalKind::Anonymous),
        };
        Principal { account: account.parse().unwrap(), arn, unique_id: None, kind }
    })
}

fn pick(texts: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::sample::select(texts).prop_map(str::to_owned)
}

fn principal_element(effect: &'static str) -> impl Strategy<Value = String> {
    let element = pick(&[
        r#""*""#,
        r#"{"AWS": "111122223333"}"#,
        r#"{"AWS": "arn:aws:iam::111122223333:user/alice"}"#,
        r#"{"AWS": ["444455556666", "arn:aws:iam::444455556666:role/deploy"]}"#,
        r#"{"AWS": "arn:aws:sts::111122223333:assumed-role/deploy/s1"}"#,
        r#"{"Service": "s3.amazonaws.com"}"#,
        r#"{}"#,
    ]);
    let names: &[&str] = if effect == "Deny" { &["Principal", "NotPrincipal"] } else { &["Principal"] };
    (pick(names), element).prop_map(|(name, element)| format!(r#""{name}": {element},"#))
}

fn statement(effect: &'static str, kind: PolicyKind) -> impl Strategy<Value = String> {
    let principal = match kind {
        PolicyKind::Resource => principal_element(effect).boxed(),
        _ => Just(String::new()).boxed(),
    };
    let action = pick(&[
        r#""Action": "*""#,
        r#""Action": "kms:*""#,
        r#""Action": ["KMS:encrypt", "s3:*"]"#,
        r#""NotAction": "kms:Decrypt""#,
    ]);
    let resource = pick(&[
        r#""Resource": "*""#,
        r#""Resource": "arn:aws:kms:*:111122223333:key/*""#,
        r#""NotResource": "arn:aws:kms:*:*:key/${aws:username}""#,
    ]);
    let condition = pick(&[
        "{}",
        r#"{"StringEquals": {"aws:username": "alice"}}"#,
        r#"{"StringNotLike": {"aws:username": ["a*", "${aws:userid}"]}}"#,
        r#"{"ForAnyValue:StringEquals": {"aws:TagKeys": ["a", "b"]}}"#,
        r#"{"ForAllValues:StringLike": {"aws:TagKeys": "a*"}, "Null": {"aws:TagKeys": false}}"#,
        r#"{"NumericGreaterThan": {"aws:username": 3}}"#,
    ]);
    (principal, action, resource, condition).prop_map(move |(principal, action, resource, condition)| {
        format!(r#"{{"Effect": "{effect}", {principal} {action}, {resource}, "Condition": {condition}}}"#)
    })
}

fn statements(kind: PolicyKind) -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(prop_oneof![statement("Allow", kind), statement("Deny", kind)], 1..4)
}

fn compile(statements: &[String], kind: PolicyKind) -> CompiledPolicy {
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#, statements.join(", "));
    CompiledPolicy::compile(&PolicyDocument::parse(&text, kind).unwrap())
}

fn context() -> impl Strategy<Value = Context> {
    let value = prop_oneof![
        pick(&["alice", "bob", "a", "abc", "", "7"]).prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<std::net::IpAddr>().prop_map(Value::from),
        any::<Vec<u8>>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    prop::collection::vec((pick(&["aws:username", "aws:userid", "aws:TagKeys"]), value), 0..5).prop_map(
        |entries| {
            let mut context = Context::new();
            for (key, value) in entries {
                context.insert(key, value);
            }
            context
        },
    )
}

#[derive(Debug, Clone)]
struct Asked {
    principal: Principal,
    action: String,
    resource: String,
    context: Context,
    rule: ResourceRule,
}

impl Asked {
    fn request(&self) -> Request<'_> {
        let Self { principal, action, resource, context, .. } = self;
        Request { principal, action, resource, context }
    }

    fn decide(&self, identity: &[String], resource: Option<&[String]>) -> Decision {
        let identity_policies: Vec<_> = if identity.is_empty() {
            Vec::new()
        } else {
            vec![Arc::new(compile(identity, PolicyKind::Identity))]
        };
        let resource_policy = resource.map(|statements| compile(statements, PolicyKind::Resource));
        decide(&DecisionRequest {
            request: self.request(),
            principal_policies: &PrincipalPolicies {
                identity: identity_policies,
                ..PrincipalPolicies::default()
            },
            resource_control: &[],
            resource_policy: resource_policy.as_ref(),
            resource_account: HOME.parse().unwrap(),
            resource_rule: self.rule,
        })
    }
}

fn asked() -> impl Strategy<Value = Asked> {
    let action = pick(&["kms:Encrypt", "kms:Decrypt", "s3:GetObject"]);
    let resource = pick(&["*", "arn:aws:kms:eu-west-1:111122223333:key/alice", "arn:aws:s3:::bucket/x"]);
    let rule = prop_oneof![Just(ResourceRule::Ordinary), Just(ResourceRule::MustAllow)];
    (principal(), action, resource, context(), rule).prop_map(
        |(principal, action, resource, context, rule)| Asked { principal, action, resource, context, rule },
    )
}

fn denied_explicitly(decision: Decision) -> bool {
    matches!(decision, Decision::Denied(Denial { reason: DenialReason::ExplicitDeny(_), .. }))
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn wildcards_agree_with_their_definition(pattern in "[ab*?é]{0,10}", text in "[abé]{0,12}") {
        let chars = |text: &str| text.chars().collect::<Vec<_>>();
        let expected = reference(&chars(&pattern), &chars(&text));
        prop_assert_eq!(Pattern::new(&pattern).matches(&text, Case::Sensitive), expected);
    }

    #[test]
    fn wildcards_without_case_agree_with_their_definition(pattern in "[abAB*?]{0,10}", text in "[abAB]{0,12}") {
        let chars = |text: &str| text.to_ascii_lowercase().chars().collect::<Vec<_>>();
        let expected = reference(&chars(&pattern), &chars(&text));
        prop_assert_eq!(Pattern::new(&pattern).matches(&text, Case::Insensitive), expected);
    }

    #[test]
    fn a_deny_that_matches_wins(
        asked in asked(),
        identity in statements(PolicyKind::Identity),
        resource in statements(PolicyKind::Resource),
        deny_identity in statement("Deny", PolicyKind::Identity),
        deny_resource in statement("Deny", PolicyKind::Resource),
    ) {
        for (kind, deny) in [(PolicyKind::Identity, &deny_identity), (PolicyKind::Resource, &deny_resource)] {
            let alone = compile(std::slice::from_ref(deny), kind);
            let matches = matches!(alone.evaluate(&asked.request()), Outcome::ExplicitDeny(_));
            let with = |statements: &[String]| [statements, std::slice::from_ref(deny)].concat();
            let decision = match kind {
                PolicyKind::Resource => asked.decide(&identity, Some(&with(&resource))),
                _ => asked.decide(&with(&identity), Some(&resource)),
            };
            let without = asked.decide(&identity, Some(&resource));
            prop_assert_eq!(denied_explicitly(decision), matches || denied_explicitly(without));
        }
    }

    #[test]
    fn an_allow_more_never_denies(
        asked in asked(),
        identity in statements(PolicyKind::Identity),
        resource in statements(PolicyKind::Resource),
        allow_identity in statement("Allow", PolicyKind::Identity),
        allow_resource in statement("Allow", PolicyKind::Resource),
    ) {
        if asked.decide(&identity, Some(&resource)) == Decision::Allowed {
            let more = [identity.as_slice(), &[allow_identity]].concat();
            prop_assert_eq!(asked.decide(&more, Some(&resource)), Decision::Allowed);
            let more = [resource.as_slice(), &[allow_resource]].concat();
            prop_assert_eq!(asked.decide(&identity, Some(&more)), Decision::Allowed);
        }
    }

    #[test]
    fn nothing_is_allowed_that_no_policy_allows(
        asked in asked(),
        deny in prop::collection::vec(statement("Deny", PolicyKind::Resource), 1..3),
    ) {
        let root_at_home = asked.principal.kind == PrincipalKind::AccountRoot
            && asked.principal.account.as_str() == HOME
            && asked.rule == ResourceRule::Ordinary;
        if !root_at_home {
            prop_assert_ne!(asked.decide(&[], Some(&deny)), Decision::Allowed);
            prop_assert_ne!(asked.decide(&[], None), Decision::Allowed);
        }
    }

    #[test]
    fn identity_policies_alone_never_open_a_key(
        asked in asked(),
        identity in statements(PolicyKind::Identity),
        resource in statements(PolicyKind::Resource),
    ) {
        let asked = Asked { rule: ResourceRule::MustAllow, ..asked };
        let key_policy = compile(&resource, PolicyKind::Resource);
        let granted = matches!(key_policy.evaluate(&asked.request()), Outcome::Allow(..));
        prop_assert!(granted || asked.decide(&identity, Some(&resource)) != Decision::Allowed);
        let direct = matches!(key_policy.evaluate(&asked.request()), Outcome::Allow(_, Grant::Direct));
        let at_home = asked.principal.home_account().is_none_or(|home| home.as_str() == HOME);
        if direct && at_home {
            prop_assert_eq!(asked.decide(&[], Some(&resource)), Decision::Allowed);
        }
    }

    #[test]
    fn parsing_takes_any_text(text in any::<String>()) {
        for kind in KINDS {
            let _ = PolicyDocument::parse(&text, kind);
        }
    }

    #[test]
    fn what_parses_is_evaluated_whatever_stands_in_it(
        asked in asked(),
        operator in "(ForAllValues:|ForAnyValue:)?(String(Not)?(Equals|Like)|Bool|NumericLessThan|DateEquals|NotIpAddress|ArnNotLike|BinaryEquals|Null)(IfExists)?",
        operand in any::<String>(),
        resource in any::<String>(),
        action in any::<String>(),
        target in any::<String>(),
    ) {
        let asked = Asked { action, resource: target, ..asked };
        let json = |text: &str| serde_json::to_string(text).unwrap();
        let text = format!(
            r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Deny", "Action": "*", "Resource": ["*", {}],
                "Condition": {{"{operator}": {{"aws:username": [{}]}}}}}}}}"#,
            json(&format!("arn:{resource}")),
            json(&operand),
        );
        if let Ok(document) = PolicyDocument::parse(&text, PolicyKind::Identity) {
            prop_assert!(Operator::parse(&operator).is_some());
            let _ = CompiledPolicy::compile(&document).evaluate(&asked.request());
        }
    }
}
