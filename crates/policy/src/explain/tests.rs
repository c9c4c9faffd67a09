use super::*;
use crate::context::Context;
use crate::decide::{PrincipalPolicies, ResourceRule};
use crate::document::{PolicyDocument, PolicyKind};
use crate::request::{Principal, PrincipalKind, Request};

fn policy(kind: PolicyKind, statements: &str) -> Arc<CompiledPolicy> {
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#);
    Arc::new(CompiledPolicy::compile(&PolicyDocument::parse(&text, kind).unwrap()))
}

/// A user's policies, its boundary, and an organization's on two levels.
fn policies() -> PrincipalPolicies {
    let identity = |statements| policy(PolicyKind::Identity, statements);
    let service_control = |statements| policy(PolicyKind::ServiceControl, statements);
    let everything = r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#;
    let no_encrypt = r#"{"Effect": "Deny", "Action": "kms:E*", "Resource": "*"}"#;
    PrincipalPolicies {
        identity: vec![
            identity(r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}"#),
            identity(
                r#"{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"},
                   {"Sid": "All", "Effect": "Allow", "Action": "kms:*", "Resource": "*",
                    "Condition": {"StringEquals": {"aws:PrincipalTag/team": "${aws:userid}"}}},
                   {"Sid": "Any", "Effect": "Allow", "Action": "*", "Resource": "*"}"#,
            ),
        ],
        boundary: Some(identity(
            r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::${aws:userid}",
                "Condition": {"Bool": {"aws:SecureTransport": true}}},
               {"Effect": "Allow", "Action": "kms:*", "Resource": "arn:aws:kms:*:*:${aws:PrincipalTag/x}"},
               {"Effect": "Allow", "Action": "kms:*", "Resource": "arn:aws:s3:::${aws:PrincipalTag/y}"}"#,
        )),
        session: None,
        service_control: vec![
            vec![service_control(everything)],
            vec![service_control(everything), service_control(no_encrypt)],
        ],
    }
}

#[test]
fn every_type_of_policy_is_explained_with_its_statements() {
    let own = policies();
    let account = "111122223333".parse().unwrap();
    let arn = String::from("arn:aws:iam::111122223333:user/alice");
    let principal = Principal { account, arn, unique_id: None, kind: PrincipalKind::User };
    let context = Context::new();
    let request = DecisionRequest {
        request: Request {
            principal: &principal,
            action: "kms:Encrypt",
            resource: "arn:aws:kms:eu-west-1:111122223333:key/1",
            context: &context,
        },
        principal_policies: &own,
        resource_control: &[],
        resource_policy: None,
        resource_account: account,
        resource_rule: ResourceRule::Ordinary,
    };
    let explanation = explain(&request);
    assert_eq!(explanation.decision, decide(&request));
    let told: Vec<_> = explanation.findings.iter().map(|told| (told.policy_type, told.verdict)).collect();
    assert_eq!(
        told,
        [
            (PolicyType::ServiceControl, Verdict::ExplicitDeny),
            (PolicyType::IdentityBased, Verdict::Allowed),
            (PolicyType::PermissionsBoundary, Verdict::ImplicitDeny),
        ]
    );
    let statements = |policy_type| {
        let found = explanation.finding(policy_type).unwrap().statements.iter();
        found
            .map(|found| (found.level, found.policy, found.statement.index, found.effect))
            .collect::<Vec<_>>()
    };
    assert_eq!(statements(PolicyType::IdentityBased), [(0, 1, 2, Effect::Allow)]);
    assert_eq!(
        statements(PolicyType::ServiceControl),
        [(0, 0, 0, Effect::Allow), (1, 0, 0, Effect::Allow), (1, 1, 0, Effect::Deny)]
    );
    // Neither the keys of other actions are asked for, nor those of resources that are not this one.
    assert_eq!(
        explanation.missing_context_keys,
        ["aws:PrincipalTag/team", "aws:PrincipalTag/x", "aws:userid"]
    );
}
